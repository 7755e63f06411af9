import { planBoard } from '#modules/reports/board.queries.ts'
import { tallyFaults } from '#modules/reports/count.queries.ts'
import { bases } from '#modules/reports/count.schema.ts'
import { recordedSince } from '#modules/reports/event.queries.ts'
import { clauseLabel } from '#policy/clauses.ts'
import { measuresOf } from '#policy/matrix.ts'
import { dayOf } from '#shared/dates.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { BoardFilterBar, PeriodNotice } from '../../plan/board-filter.tsx'
import { CountedTable, GivenTable } from '../../plan/board-table.tsx'
import { boardFilter, filterValues, split } from '../../plan/board-view.ts'
import { count } from '../../plan/words.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { LinkList } from '../../ui/tile.tsx'
import type { Route } from './+types/board.ts'

export const meta = () => title('进度看板')

const parts = { lead: '牵头', colead: '分工牵头', cooperating: '配合' }

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'board.read-internal')
  const filter = boardFilter(request)
  const board = await planBoard(ctx, filter)
  // goes through every record, so it is done when somebody asks
  const check = new URL(request.url).searchParams.get('check') === 'yes'
  const faults = check ? await tallyFaults(ctx.db, 20) : []
  const bodies = new Set(ctx.actor.holdings.flatMap((holding) => (holding.body ? [holding.body] : [])))
  const duties = [...bodies].flatMap((body) => measuresOf(ctx.plan, body))
  const own = new Set(duties.map((duty) => duty.clause))
  // a department's own indicators stand first
  const mineFirst = board.rows.toSorted(
    (a, b) =>
      Number(bodies.has(b.indicator.owner) || own.has(b.indicator.clause)) -
      Number(bodies.has(a.indicator.owner) || own.has(a.indicator.clause)),
  )
  const { counted, given } = split({ rows: mineFirst })
  return {
    ...board,
    counted,
    given,
    basis: filter.basis ?? 'completedAndPassed',
    values: filterValues(filter),
    today: dayOf(ctx.now),
    check,
    faults: faults.map(
      (fault) => `${fault.indicator} ${fault.basis} ${fault.on_day}：${fault.tallied} ≠ ${fault.counted}`,
    ),
    undecided: ctx.plan.undecidedText,
    duties: duties.map((duty) => ({
      href: paths.clause(duty.clause),
      label: clauseLabel(ctx.plan, duty.clause),
      meta: parts[duty.part] + (duty.scope ? `：${duty.scope}` : ''),
    })),
    since: board.known ? await recordedSince(ctx, board.known, board.asOf) : [],
  }
}

export default function BoardPage({ loaderData }: Route.ComponentProps) {
  const { counted, given, basis, values, asOf, duties, since, known } = loaderData
  const hrefOf = (id: string) => paths.boardIndicator(id, values)
  return (
    <>
      <PageHeader
        title="进度看板"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
        lead="每个数都能点到班、到人、到课时、到条款。"
      />
      <div className="stack">
        <BoardFilterBar action={paths.board()} values={values} max={loaderData.today} />
        <PeriodNotice {...loaderData} />
        <Agreement check={loaderData.check} faults={loaderData.faults} />
        {duties.length > 0 && (
          <Section title="本单位的措施">
            <LinkList items={duties} />
          </Section>
        )}
        <CountedTable rows={counted} asOf={asOf} hrefOf={hrefOf} basis={basis} />
        <GivenTable rows={given} asOf={asOf} hrefOf={hrefOf} />
        {known && (
          <Section title="与现在的差别" description="这一天以后补记和冲减的，就是两个数之间全部的差。">
            <DataTable
              caption="以后记入的"
              rows={since}
              rowKey={(row) => `${row.indicator} ${row.basis}`}
              columns={[
                {
                  key: 'indicator',
                  header: '指标',
                  cell: (row) => (
                    <a href={paths.boardEvents(row.indicator, { basis: row.basis, since: known, asOf })}>
                      {row.indicator}
                    </a>
                  ),
                },
                { key: 'basis', header: '口径', cell: (row) => bases[row.basis].label },
                { key: 'added', header: '补记', end: true, cell: (row) => count(row.added) },
                { key: 'reversed', header: '冲减', end: true, cell: (row) => count(row.reversed) },
              ]}
              empty={<EmptyState title="没有差别">这一天以后没有补记或冲减这段时间的记录。</EmptyState>}
            />
          </Section>
        )}
      </div>
    </>
  )
}

/** Are the sums on this page the records, to the last one. */
function Agreement({ check, faults }: { check: boolean; faults: string[] }) {
  if (!check) {
    return (
      <p>
        <a href={paths.board({ check: 'yes' })}>逐条核对合计与明细</a>
      </p>
    )
  }
  return faults.length === 0 ? (
    <Notice tone="good" live title="合计与明细逐条一致" />
  ) : (
    <Notice tone="bad" live title="合计与明细不一致">
      <p>请不要使用下面的数，并立即联系系统管理员。</p>
      <ul className="plain-list">
        {faults.map((fault) => (
          <li key={fault}>{fault}</li>
        ))}
      </ul>
    </Notice>
  )
}
