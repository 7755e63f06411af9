import type { ReactNode } from 'react'
import { type AssessmentTab, paths } from '../paths.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { Tabs } from '../ui/tabs.tsx'
import type { FrameData } from './desk.ts'

const tabs: [AssessmentTab, string][] = [
  ['', '考核安排'],
  ['scores', '成绩表'],
  ['import', '导入成绩'],
  ['changes', '成绩更改'],
  ['results', '考核结果'],
  ['certificates', '证书'],
]

/** The heading and tabs of everything about the assessment of one class. */
export function AssessmentFrame(props: { frame: FrameData; tab: AssessmentTab; children: ReactNode }) {
  const { area, cls, state } = props.frame
  return (
    <>
      <PageHeader
        title="结业考核"
        caption={`${cls.title}　班号 ${cls.number}　${cls.organisation}`}
        crumbs={[{ label: cls.title, href: paths.orgClass(area, cls.id) }]}
        tag={<StatusTag tone={state.tone}>{state.label}</StatusTag>}
      />
      <div className="stack">
        <Tabs
          label="结业考核"
          tabs={tabs.map(([tab, label]) => ({ href: paths.assessment(area, cls.id, tab), label }))}
          current={paths.assessment(area, cls.id, props.tab)}
        />
        {props.children}
      </div>
    </>
  )
}
