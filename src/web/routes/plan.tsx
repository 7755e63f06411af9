import { planBoard } from '#modules/reports/board.queries.ts'
import { bases } from '#modules/reports/count.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { current } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { BoardFilterBar, PeriodNotice } from '../plan/board-filter.tsx'
import { CountedTable, GivenTable } from '../plan/board-table.tsx'
import { boardFilter, filterValues, indicatorCharts, split } from '../plan/board-view.ts'
import { IndicatorCharts } from '../plan/indicator-view.tsx'
import { title } from '../site.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { More, Section } from '../ui/section.tsx'
import type { Route } from './+types/plan.ts'

export const meta = () => title('看成效：行动计划进度')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const filter = boardFilter(request)
  const board = await planBoard(ctx, filter)
  const { counted, given } = split(board)
  const [first] = counted
  const basis = filter.basis ?? first?.basis ?? 'completedAndPassed'
  return {
    ...board,
    counted,
    given,
    basis,
    values: filterValues(filter),
    today: dayOf(ctx.now),
    charts: first ? indicatorCharts(first, basis, board.asOf) : null,
    document: `${ctx.plan.docNo}《${ctx.plan.title}》`,
    undecided: ctx.plan.undecidedText,
  }
}

export default function Plan({ loaderData }: Route.ComponentProps) {
  const { counted, given, basis, values, asOf, charts } = loaderData
  const hrefOf = (id: string) => paths.figure(id, values)
  return (
    <PageBody>
      <PageHeader
        title="行动计划进度"
        lead={`${loaderData.document}写明的每一项指标、目标和现在的数。数字由平台记录逐人计出，点开能看到口径、依据和每月明细。`}
      />
      <div className="stack">
        <More label="换口径、换时间看" open={Object.values(values).some(Boolean)}>
          <BoardFilterBar action={paths.figures()} values={values} max={loaderData.today} />
        </More>
        <PeriodNotice {...loaderData} />
        <IndicatorCharts charts={charts} />
        <CountedTable rows={counted} asOf={asOf} hrefOf={hrefOf} basis={basis} />
        <GivenTable rows={given} asOf={asOf} hrefOf={hrefOf} />
        <Section title="怎么数的">
          <ul className="plain-list">
            {Object.values(bases).map((one) => (
              <li key={one.label}>
                <b>{one.label}</b>：{one.help}。
              </li>
            ))}
            <li>同一人同一班只计一次；同一次培训可以同时计入几项指标，各项之间不能相加。</li>
            <li>退出、撤销证书、追回补贴的，另记一笔冲减，不改以前的数。</li>
            <li>
              计数规则见 <a href={paths.rule('R35')}>R35</a>；计划没有写明的口径见
              <a href={`${paths.policies()}#decisions`}>待定事项</a>。
            </li>
          </ul>
        </Section>
      </div>
    </PageBody>
  )
}
