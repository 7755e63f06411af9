import type { ReactNode } from 'react'
import { type ClassState, classStates } from '#modules/training/class.schema.ts'
import type { Area } from '../nav.ts'
import { paths } from '../paths.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { classTones } from './desk.ts'

export type ClassHead = { id: string; number: string; title: string; state: ClassState; organisation: string }

/** The heading and tabs of everything about one class. */
export function ClassFrame(props: {
  area: Area
  cls: ClassHead
  tab: 'class' | 'roster' | 'sessions' | 'hours' | 'quote'
  actions?: ReactNode
  children: ReactNode
}) {
  const { area, cls, tab } = props
  const tabs = {
    class: { href: paths.orgClass(area, cls.id), label: '班级和开班材料' },
    roster: { href: paths.roster(area, cls.id), label: '花名册' },
    sessions: { href: paths.classSessions(area, cls.id), label: '课表' },
    hours: { href: paths.hoursSheet(area, cls.id), label: '课时' },
    quote: { href: paths.quote(area, cls.id), label: '预计金额' },
  }
  // what a class would earn is its institution's question; the office reads it in the claim
  const { quote, ...shared } = tabs
  return (
    <>
      <PageHeader
        title={cls.title}
        caption={`班号 ${cls.number}　${cls.organisation}`}
        crumbs={[{ label: area === 'office' ? '开班审核' : '班级', href: paths.orgClasses(area) }]}
        tag={<StatusTag tone={classTones[cls.state]}>{classStates[cls.state]}</StatusTag>}
        {...(props.actions && { actions: props.actions })}
      />
      <Tabs
        label="班级"
        current={tabs[tab].href}
        tabs={[
          ...Object.values(shared),
          { href: paths.assessment(area, cls.id), label: '考核和证书' },
          ...(area === 'office' ? [] : [quote]),
        ]}
      />
      <div className="stack">{props.children}</div>
    </>
  )
}
