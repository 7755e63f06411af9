import { rulePage } from '#modules/reports/clause.queries.ts'
import { clauseLabel } from '#policy/clauses.ts'
import { current, fail } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { FigureTable, SourceLine, spanText } from '../plan/figure-table.tsx'
import { figureText, ruleStates, shownFigure, sourceText } from '../plan/words.ts'
import { title } from '../site.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import { LinkList } from '../ui/tile.tsx'
import type { Route } from './+types/rule.ts'

export const meta = ({ loaderData }: Route.MetaArgs) =>
  title(loaderData && `${loaderData.rule.id} ${loaderData.rule.title}`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const { plan } = ctx
  const { rule, figures, clauses, programmes } = await rulePage(ctx, params.id).catch(fail(request))
  const series = plan.figures
    .filter((figure) => rule.figures.includes(figure.id))
    .flatMap((figure) =>
      figure.series.map((entry) => ({
        id: figure.id,
        label: figure.label,
        from: entry.from,
        to: entry.to,
        value: figureText(entry.value, figure.unit, plan.undecidedText),
        source: sourceText(plan, entry.source),
      })),
    )
  return {
    rule,
    series,
    figures: figures.map((figure) => shownFigure(plan, figure)),
    sources: rule.sources.map((source) => sourceText(plan, source)),
    clauses: clauses.map((clause) => ({
      href: paths.clause(clause.id),
      label: clauseLabel(plan, clause.id),
      meta: clause.id,
    })),
    programmes: programmes.map((programme) => programme.name),
  }
}

export default function RulePage({ loaderData }: Route.ComponentProps) {
  const { rule, series, figures, sources, clauses, programmes } = loaderData
  const state = ruleStates[rule.state]
  return (
    <PageBody>
      <PageHeader
        title={rule.title}
        caption={`${rule.kind === 'control' ? '拨付前控制' : '规则'} ${rule.id}`}
        crumbs={[
          { label: '首页', href: paths.home() },
          { label: '政策原文和执行情况', href: paths.policies() },
        ]}
        tag={state && <StatusTag tone={state.tone}>{state.text}</StatusTag>}
        lead={rule.statement}
      />
      <div className="stack">
        <SummaryList
          rows={[
            {
              label: '出处',
              value: (
                <>
                  {sources.map((source) => (
                    <p key={source.text}>
                      <SourceLine source={source} />
                    </p>
                  ))}
                </>
              ),
            },
            { label: '用在', value: programmes.length > 0 ? programmes.join('、') : '各项目通用' },
          ]}
        />
        <Section title="落实哪些条款">
          <LinkList items={clauses} />
        </Section>
        <Section title="今天的参数">
          <FigureTable caption="参数" figures={figures} />
        </Section>
        {series.length > 0 && (
          <Section
            title="各时期的值"
            description="区人社局另有设置的，以上表“今天的值”为准；历史设置由两人经手，全部留痕。"
          >
            <DataTable
              caption="计划文件夹里的值"
              rows={series}
              rowKey={(row) => `${row.id} ${row.from}`}
              columns={[
                { key: 'label', header: '参数', cell: (row) => row.label },
                { key: 'span', header: '日期', cell: (row) => spanText(row.from, row.to) },
                { key: 'value', header: '值', cell: (row) => row.value },
                { key: 'source', header: '出处', cell: (row) => <SourceLine source={row.source} /> },
              ]}
              empty={<EmptyState title="没有参数" />}
            />
          </Section>
        )}
      </div>
    </PageBody>
  )
}
