import { callCard, limitsFor } from '#modules/recognition/call.queries.ts'
import { panelsOf } from '#modules/recognition/panel.queries.ts'
import { clauseLabel } from '#policy/clauses.ts'
import { current, fail } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { stageWords } from '../../recognition/desk.ts'
import { SchemeFacts, Undecided } from '../../recognition/parts.tsx'
import { title } from '../../site.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, LongText, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/call.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.call.title ?? '申报通知')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const { call, scheme, open } = await callCard(ctx, isId(params.id)).catch(fail(request))
  const limits = await limitsFor(ctx, scheme, { call_id: call.id, organisation_id: null })
  const panels = await panelsOf(ctx.db, call.id)
  const area = ctx.actor.holdings.some((one) => one.role.startsWith('enterprise')) ? 'enterprise' : 'provider'
  const mayApply = scheme.applicants.by === 'person' ? ctx.actor.personId !== null : ctx.actor.can('recognition.apply')
  return {
    call,
    scheme,
    open,
    limits: limits.filter((one) => one.scope === 'total' || one.scope === 'year'),
    quotas: scheme.quotas.map((quota) => ({
      label: quota.label,
      most: limits.find((one) => one.quota === quota.id)?.most ?? null,
    })),
    panels: panels.map(({ id, number, seed }) => ({ id, number, seed })),
    clause: { id: scheme.clause, label: clauseLabel(ctx.plan, scheme.clause) },
    undecided: ctx.plan.undecidedText,
    apply: open && mayApply ? paths.startTitle(scheme.applicants.by === 'person' ? 'my' : area, call.id) : null,
  }
}

export default function Call({ loaderData }: Route.ComponentProps) {
  const { call, scheme, open, limits, quotas, panels, clause, apply, undecided } = loaderData
  return (
    <PageBody>
      <PageHeader
        title={call.title}
        caption={call.number}
        crumbs={[{ label: '认定和聘任', href: paths.titles() }]}
        tag={open ? <StatusTag tone="good">正在申报</StatusTag> : <StatusTag>不在申报时间</StatusTag>}
        actions={
          apply && (
            <LinkButton href={apply} kind="primary">
              我要申报
            </LinkButton>
          )
        }
      />
      <div className="stack">
        <LongText>{call.announcement}</LongText>
        <SummaryList
          rows={[
            { label: '认定项目', value: scheme.name, note: scheme.summary },
            { label: '依据', value: <a href={paths.clause(clause.id)}>{clause.label}</a> },
            { label: '谁可以申报', value: scheme.applicants.description },
            {
              label: '申报时间',
              value: `${dayText(call.opensOn)}起${call.closesOn ? `，${dayText(call.closesOn)}止` : '，常年受理'}`,
            },
            ...quotas.map((one) => ({
              label: `名额：${one.label}`,
              value: one.most === null ? undecided : `${one.most} 名`,
            })),
            ...limits.map((one) => ({ label: `已认定（${one.label}）`, value: `${one.taken} 名` })),
          ]}
        />
        <Undecided scheme={scheme} />
        <SchemeFacts scheme={scheme} words={stageWords} />
        {scheme.scoring && (
          <Section title="评分表" description="专家评审时看不到申请人是谁，也看不到别人的分。">
            <DataTable
              caption="评分表"
              rows={scheme.scoring.dimensions}
              rowKey={(row) => row.id}
              columns={[
                { key: 'title', header: '评分项', cell: (row) => row.title },
                { key: 'weight', header: '权重', end: true, cell: (row) => `${row.weight}%` },
                { key: 'statement', header: '看什么', cell: (row) => row.statement },
              ]}
              empty={null}
            />
            <p>
              专家达到 {scheme.scoring.drop.dropFrom} 名的，去掉 {scheme.scoring.drop.highest} 个最高分和{' '}
              {scheme.scoring.drop.lowest} 个最低分后取平均。
            </p>
          </Section>
        )}
        {scheme.benefits.length > 0 && (
          <Section title="认定后可以享受">
            <ul className="list-disc ps-5">
              {scheme.benefits.map((one) => (
                <li key={one.label}>{one.label}</li>
              ))}
            </ul>
          </Section>
        )}
        {call.commitment && scheme.scoring && (
          <Section
            title="抽取专家的种子"
            description="种子在通知发布时已经定下，抽取后公开；任何人都可以用它重新抽一遍。"
          >
            <SummaryList
              rows={[
                { label: '种子的 SHA-256', value: <Copyable>{call.commitment}</Copyable> },
                ...panels.map((one) => ({
                  label: `第 ${one.number} 组的种子`,
                  value: <Copyable>{one.seed}</Copyable>,
                })),
              ]}
            />
          </Section>
        )}
      </div>
    </PageBody>
  )
}
