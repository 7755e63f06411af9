import { dutiesOf } from '#modules/reports/clause.queries.ts'
import { settingsToday } from '#modules/settings/setting.queries.ts'
import { clauseLabel } from '#policy/clauses.ts'
import { current } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { FigureTable } from '../plan/figure-table.tsx'
import { coverageTexts, shownFigure } from '../plan/words.ts'
import { title } from '../site.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { dayText } from '../ui/format.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { More, Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import type { Route } from './+types/policy.ts'

export const meta = () => title('政策原文和执行情况')

export async function loader({ context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const { plan } = ctx
  const { figures, decisions } = await settingsToday(ctx)
  const clauses = plan.clauses
    .filter((clause) => clause.kind !== 'preamble')
    .map((clause) => {
      const { leads, cooperating, stated, suggested } = dutiesOf(plan, clause.id)
      const names = (list: typeof leads) => list.map((one) => one.body.shortName).join('、')
      return {
        id: clause.id,
        part: clause.part,
        label: clauseLabel(plan, clause.id),
        summary: clause.summary,
        coverage: clause.coverage,
        coverageNote: clause.coverageNote,
        kind: clause.kind,
        stated,
        leads: names(leads),
        shared: leads.length > 1,
        cooperating: names(cooperating),
        suggested: names(suggested),
      }
    })
  const live = new Set(plan.rules.filter((rule) => rule.state !== 'later').flatMap((rule) => rule.figures))
  return {
    document: `${plan.docNo}《${plan.title}》`,
    issued: `${plan.issuer}　${dayText(plan.issuedOn)}印发　${plan.docNo}`,
    officialText: plan.officialText.split(/\n+/).filter((line) => line.trim() !== ''),
    parts: [...Map.groupBy(clauses, (clause) => clause.part)].map(([part, list]) => ({ part, list })),
    figures: figures.filter((figure) => live.has(figure.id)).map((figure) => shownFigure(plan, figure)),
    decisions: decisions.map((decision) => ({
      ...decision,
      indicators: plan.indicators
        .filter((k) => k.decisions.includes(decision.id))
        .map((k) => ({ id: k.id, title: k.title })),
    })),
    undecided: plan.undecidedText,
  }
}

type Listed = Awaited<ReturnType<typeof loader>>['parts'][number]['list'][number]

export default function Policy({ loaderData }: Route.ComponentProps) {
  const { parts, figures, decisions, undecided } = loaderData
  return (
    <PageBody>
      <PageHeader
        title="政策原文和执行情况"
        lead={`${loaderData.document}的每一条：一句话说明、谁来做、现在做到哪一步。`}
      />
      <div className="stack">
        <More label="看计划全文">
          <article className="panel letter">
            <p className="letter-to">{loaderData.issued}</p>
            {loaderData.officialText.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </article>
        </More>
        {parts.map(({ part, list }) => (
          <Section key={part} title={part}>
            <ul className="clause-list">
              {list.map((clause) => (
                <ClauseItem key={clause.id} clause={clause} undecided={undecided} />
              ))}
            </ul>
          </Section>
        ))}
        <Section
          title="补贴标准、名额和办理时限"
          id="money"
          description={`系统正在使用的参数。没有对本区有效的文件的，写明“${undecided}”，不用外地的数代替。`}
        >
          <FigureTable caption="正在使用的参数" figures={figures} />
        </Section>
        <Section title="计划没有写明的事" id="decisions" description="定下来之前，页面上都注明是暂按哪种口径。">
          <DataTable
            caption="待定事项"
            rows={decisions}
            rowKey={(row) => row.id}
            columns={[
              { key: 'question', header: '问题', cell: (row) => `${row.id}　${row.question}` },
              {
                key: 'answer',
                header: '现在怎么办',
                cell: (row) => (row.decided ? row.label : row.label ? `暂按：${row.label}` : '明确前不办理、不计数'),
              },
              {
                key: 'state',
                header: '状态',
                cell: (row) =>
                  row.decided ? (
                    <StatusTag tone="good">已明确</StatusTag>
                  ) : (
                    <StatusTag tone="wait">{undecided}</StatusTag>
                  ),
              },
              { key: 'source', header: '依据', cell: (row) => row.source ?? '—' },
              {
                key: 'for',
                header: '影响的指标',
                cell: (row) =>
                  row.indicators.map((k, at) => (
                    <span key={k.id}>
                      {at > 0 && '、'}
                      <a href={paths.figure(k.id)}>{k.title}</a>
                    </span>
                  )),
              },
            ]}
            empty={<EmptyState title="没有待定事项" />}
          />
        </Section>
      </div>
    </PageBody>
  )
}

function ClauseItem({ clause, undecided }: { clause: Listed; undecided: string }) {
  const coverage = coverageTexts[clause.coverage]
  return (
    <li>
      <h3>
        <a href={paths.clause(clause.id)}>{clause.label}</a>
      </h3>
      {coverage && <StatusTag tone={coverage.tone}>{coverage.text}</StatusTag>}
      <p>{clause.summary}</p>
      <p className="duties">
        {clause.kind === 'measure' &&
          (clause.stated ? (
            <>
              {clause.shared ? '分工牵头' : '牵头'}：{clause.leads}　配合：{clause.cooperating || '—'}
            </>
          ) : (
            `牵头单位计划没有写明（${undecided}）；建议：${clause.suggested}`
          ))}
        {clause.kind === 'goal' && clause.coverageNote}
      </p>
    </li>
  )
}
