import { redirect } from 'react-router'
import { type ClauseTrail, clauseEvents, clauseTrail, type Role } from '#modules/reports/clause.queries.ts'
import { bases } from '#modules/reports/count.schema.ts'
import { clauseLabel, ruleOf } from '#policy/clauses.ts'
import { dayOf } from '#shared/dates.ts'
import { current, fail } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { FigureTable, RuleLink } from '../plan/figure-table.tsx'
import { coverageTexts, ruleStates, shownFigure, standing, targetText, valueText } from '../plan/words.ts'
import { title } from '../site.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { dayText } from '../ui/format.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { SummaryList, type SummaryRow } from '../ui/summary-list.tsx'
import { LinkList } from '../ui/tile.tsx'
import type { Route } from './+types/clause.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.label)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const rule = ruleOf(ctx.plan, params.clause.split('.')[0] ?? '')
  if (rule) throw redirect(paths.rule(rule.id)) // refusals name clauses and rules alike
  const trail = await clauseTrail(ctx, params.clause).catch(fail(request))
  const events = await clauseEvents(ctx, params.clause)
  return {
    trail,
    events,
    label: clauseLabel(ctx.plan, trail.clause.id),
    document: `${ctx.plan.docNo}《${ctx.plan.title}》`,
    figures: trail.figures.map((figure) => shownFigure(ctx.plan, figure)),
    through: trail.through.map((one) => ({ href: paths.clause(one.id), label: clauseLabel(ctx.plan, one.id) })),
    undecided: ctx.plan.undecidedText,
    asOf: dayOf(ctx.now),
    internal: ctx.actor.can('board.read-internal'),
  }
}

export default function ClausePage({ loaderData }: Route.ComponentProps) {
  const { trail, label, events, figures, undecided, internal } = loaderData
  const coverage = coverageTexts[trail.clause.coverage]
  return (
    <PageBody>
      <PageHeader
        title={label}
        caption={trail.clause.id}
        crumbs={[
          { label: '首页', href: paths.home() },
          { label: '政策原文和执行情况', href: paths.policies() },
        ]}
        tag={coverage && <StatusTag tone={coverage.tone}>{coverage.text}</StatusTag>}
        lead={trail.clause.summary}
      />
      <div className="stack">
        <blockquote className="clause-text">
          <p>{trail.quote}</p>
          <footer>原文，出自{loaderData.document}</footer>
        </blockquote>
        <SummaryList rows={dutyRows(trail, undecided)} />
        {loaderData.through.length > 0 && (
          <Section title="由这些条款落实">
            <LinkList items={loaderData.through} />
          </Section>
        )}
        <Numbers trail={trail} asOf={loaderData.asOf} />
        <Section title="怎么执行">
          <div className="stack">
            {trail.programmes.length > 0 && (
              <SummaryList
                rows={trail.programmes.map((programme) => ({
                  label: '培训项目',
                  value: programme.name,
                  note: `${programme.undertaker.description}。依据：${programme.legalLine}`,
                }))}
              />
            )}
            <Rules trail={trail} />
            {figures.length > 0 && <FigureTable caption="用到的参数" figures={figures} />}
          </div>
        </Section>
        {events.length > 0 && (
          <Section title="最近计入的人次" description="只列班级，不列个人。">
            <LinkList
              items={events.map((event) => ({
                href: internal ? paths.eventTrail(event.id) : paths.class(event.classId),
                label: `${event.classTitle}　${event.n > 0 ? '计入' : '冲减'} 1 人次`,
                meta: `${bases[event.basis].label}，${dayText(event.countedOn)}`,
              }))}
            />
          </Section>
        )}
      </div>
    </PageBody>
  )
}

function dutyRows({ duties, clause }: ClauseTrail, undecided: string): SummaryRow[] {
  const list = (roles: readonly Role[]) =>
    roles.map(({ body, scope }) => (
      <p key={body.id}>
        {body.shortName}
        {scope && <span className="soft">　{scope}</span>}
      </p>
    ))
  const now: SummaryRow = { label: '做到哪一步', value: clause.coverageNote }
  if (clause.kind !== 'measure') return [now]
  return [
    duties.stated
      ? { label: duties.leads.length > 1 ? '分工牵头' : '牵头', value: <>{list(duties.leads)}</> }
      : { label: '牵头', value: undecided, note: duties.note ?? undefined },
    ...(duties.cooperating.length > 0
      ? [{ label: '配合', value: duties.cooperating.map((role) => role.body.shortName).join('、') }]
      : []),
    now,
  ]
}

function Numbers({ trail, asOf }: { trail: ClauseTrail; asOf: string }) {
  if (trail.numbers.length === 0) return null
  return (
    <Section title="这一条的指标" more={{ href: paths.figures(), label: '全部指标' }}>
      <DataTable
        caption="指标和现在的数"
        rows={trail.numbers}
        rowKey={(row) => row.indicator.id}
        columns={[
          {
            key: 'title',
            header: '指标',
            cell: ({ indicator }) => <a href={paths.figure(indicator.id)}>{indicator.title}</a>,
          },
          { key: 'target', header: '目标', end: true, cell: ({ indicator }) => targetText(indicator) },
          { key: 'value', header: '现值', end: true, cell: (row) => valueText(row.value, row.indicator.unit) },
          {
            key: 'state',
            header: '进展',
            cell: (row) => {
              const { tone, text } = standing(row, asOf)
              return <StatusTag tone={tone}>{text}</StatusTag>
            },
          },
        ]}
        empty={<EmptyState title="没有指标" />}
      />
    </Section>
  )
}

function Rules({ trail }: { trail: ClauseTrail }) {
  return (
    <DataTable
      caption="规则和控制"
      rows={trail.rules}
      rowKey={(rule) => rule.id}
      columns={[
        { key: 'title', header: '规则', cell: (rule) => <RuleLink id={rule.id} title={rule.title} /> },
        { key: 'statement', header: '说的是', cell: (rule) => rule.statement },
        {
          key: 'state',
          header: '状态',
          cell: (rule) => {
            const state = ruleStates[rule.state]
            return state ? <StatusTag tone={state.tone}>{state.text}</StatusTag> : rule.state
          },
        },
      ]}
      empty={<EmptyState title="没有对应的系统规则">这一条由各单位的工作落实，平台展示进展。</EmptyState>}
    />
  )
}
