import { data } from 'react-router'
import { deskWork, type RunningClock, runningClocks, type WorkCode } from '#modules/reports/desk.queries.ts'
import type { ClockKind } from '#modules/subsidy/clock.queries.ts'
import type { Actor } from '#platform/actor.ts'
import { workdaysBetween } from '#policy/workdays.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { signedIn } from '../../ctx.ts'
import { areasOf, navFor } from '../../nav.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { clockWords } from '../../subsidy/clock-tag.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/home.ts'

export const meta = () => title('经办工作台')

/** Where each kind of work is done. */
const places: Record<WorkCode, string> = {
  'plans-filed': paths.orgPlans('office', { state: 'filed' }),
  'classes-applied': paths.orgClasses('office', { state: 'applied' }),
  'first-review': paths.reviews(),
  'second-review': paths.reviews(),
  'to-publish': paths.officePublicity(),
  objections: paths.officeObjections(),
  problems: paths.officeFeedback({ state: 'open' }),
  'to-approve': paths.reviews(),
  'to-pay': paths.payments(),
  bounced: paths.payments(),
  batches: paths.payments(),
  returns: paths.payments(),
  budgets: paths.budget(),
  'recoveries-to-decide': paths.recoveries(),
  'recoveries-to-demand': paths.recoveries(),
  overrides: paths.overrides(),
  settings: paths.settings(),
  grants: paths.officeAccess(),
  names: paths.officeNameRequests(),
}

const clocks: Record<string, string> = {
  review: '初审',
  approve: '审批',
  publicity: '公示',
  payment: '拨付',
  objection: '异议处理',
}

/** The record a clock belongs to, for whoever may read it. */
const records: Record<string, { word: string; href: (id: string) => string }> = {
  plan: { word: '培训计划', href: (id) => paths.orgPlan('office', id) },
  class: { word: '班级', href: (id) => paths.orgClass('office', id) },
  claim: { word: '申领', href: (id) => paths.claimReview(id) },
  recovery: { word: '追回', href: (id) => paths.recovery(id) },
  objection: { word: '异议', href: (id) => paths.officeObjection(id) },
}

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  if (!areasOf(ctx.actor).includes('office')) {
    throw data({ fault: { kind: 'forbidden', permission: 'casework.read' } }, 403)
  }
  const [work, running] = await Promise.all([deskWork(ctx), runningClocks(ctx)])
  const today = dayOf(ctx.now)
  return {
    work,
    running: running.map((clock) => ({
      ...clock,
      ...standing(today, clock.dueOn),
      basis: ctx.plan.figures.find(({ id }) => id === clock.ruleId)?.label ?? '办理时限',
    })),
    readsCases: ctx.actor.can('casework.read'),
    first: firstPlace(ctx.actor),
  }
}

/** Where somebody without a queue begins: the first page of the menu after this one. */
function firstPlace(actor: Actor): { href: string; label: string } | null {
  const [item] = navFor('office', actor).flatMap((group) => group.items.slice(group.title ? 0 : 1))
  return item ? { href: item.href, label: `去“${item.label}”` } : null
}

/** Working days to the last day, or past it; none of these clocks stands still. */
function standing(today: Day, due: Day): { state: 'overdue' | 'due-today' | 'running'; left: number } {
  if (due < today) return { state: 'overdue', left: -workdaysBetween(due, today).days }
  return { state: due === today ? 'due-today' : 'running', left: workdaysBetween(today, due).days }
}

export default function OfficeHome({ loaderData: { work, running, readsCases, first } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="经办工作台" lead="等您办的事，快到期的在前。" />
      <div className="stack">
        <DataTable
          caption="等您办的事"
          rows={work}
          rowKey={(row) => row.code}
          columns={[
            { key: 'label', header: '事项', cell: (row) => <a href={places[row.code]}>{row.label}</a> },
            { key: 'n', header: '件数', end: true, cell: (row) => row.n },
            {
              key: 'clock',
              header: '时限',
              cell: (row) => (
                <>
                  {row.late > 0 && <StatusTag tone="bad">{`已超期 ${row.late} 件`}</StatusTag>}{' '}
                  {row.soon > 0 && <StatusTag tone="warn">{`三天内到期 ${row.soon} 件`}</StatusTag>}
                  {row.late + row.soon === 0 && <span className="soft">三天内没有到期的</span>}
                </>
              ),
            },
          ]}
          empty={
            <EmptyState icon="check" title="没有等您办的事" {...(first && { action: first })}>
              新的申请到您这一步时会列在这里。您不能办的事不会出现。
            </EmptyState>
          }
        />
        {readsCases && (
          <Section title="最先到期的时限" description="按工作日计算；补正和处理异议期间停止计时。">
            <DataTable
              caption="最先到期的时限"
              rows={running}
              rowKey={(row) => `${row.subjectId} ${row.clock}`}
              columns={[
                { key: 'label', header: '事项', cell: (row) => <RecordLink clock={row} /> },
                { key: 'clock', header: '环节', cell: (row) => clocks[row.clock] ?? row.clock },
                { key: 'due', header: '到期日', keep: true, cell: (row) => dayText(row.dueOn) },
                {
                  key: 'left',
                  header: '剩余',
                  keep: true,
                  cell: (row) => {
                    const { text, tone } = clockWords({ ...row, kind: row.clock as ClockKind })
                    return <StatusTag tone={tone}>{text}</StatusTag>
                  },
                },
                { key: 'rule', header: '依据', cell: (row) => <a href={paths.rule('R33')}>{row.basis}</a> },
              ]}
              empty={<EmptyState icon="clock" title="没有正在走的时限" />}
            />
          </Section>
        )}
      </div>
    </>
  )
}

function RecordLink({ clock }: { clock: RunningClock }) {
  const record = records[clock.subjectKind]
  if (!record) return <>{clock.label}</>
  return (
    <a href={record.href(clock.subjectId)}>
      {record.word}　{clock.label}
    </a>
  )
}
