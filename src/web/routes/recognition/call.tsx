import { callCard, limitsFor } from '#modules/recognition/call.queries.ts'
import { openDraws } from '#modules/recognition/draw.queries.ts'
import { type Passed, passedWords } from '#modules/recognition/panel.rules.ts'
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
  const draws = await openDraws(ctx, call.id)
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
    draws,
    clause: { id: scheme.clause, label: clauseLabel(ctx.plan, scheme.clause) },
    undecided: ctx.plan.undecidedText,
    apply: open && mayApply ? paths.startTitle(scheme.applicants.by === 'person' ? 'my' : area, call.id) : null,
  }
}

export default function Call({ loaderData }: Route.ComponentProps) {
  const { call, scheme, open, limits, quotas, draws, clause, apply, undecided } = loaderData
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
        {draws && scheme.scoring && <Draws draws={draws} />}
      </div>
    </PageBody>
  )
}

type Draws = NonNullable<Route.ComponentProps['loaderData']['draws']>

function Draws({ draws }: { draws: Draws }) {
  const { commitment, callSeed, panels, faults } = draws
  return (
    <Section
      title="抽取专家"
      description="种子在发布通知时已经定下，先公布它的 SHA-256。打分结束后公布每组的排序，全部抽取结束后公布种子，任何人都可以照着重算。"
    >
      <SummaryList
        rows={[
          { label: '种子的 SHA-256', value: <Copyable>{commitment}</Copyable> },
          { label: '种子', value: callSeed ? <Copyable>{callSeed}</Copyable> : '通知截止、全部抽取结束后公布' },
          ...(faults
            ? [{ label: '重算结果', value: faults.length === 0 ? '一致' : `不一致：${faults.join('；')}` }]
            : []),
          ...panels.map((one) => ({ label: `第 ${one.number} 组的种子`, value: <Copyable>{one.seed}</Copyable> })),
        ]}
      />
      {panels.map(
        (one) =>
          one.order && (
            <DataTable
              key={one.number}
              caption={`第 ${one.number} 组的排序，${one.order.length} 名专家`}
              rows={one.order}
              rowKey={(row) => row.id}
              columns={[
                { key: 'id', header: '专家代号', cell: (row) => <code>{row.id}</code> },
                { key: 'key', header: '排序值', cell: (row) => <code>{row.key.slice(0, 16)}…</code> },
                { key: 'seat', header: '结果', cell: seatText },
              ]}
              empty={null}
            />
          ),
      )}
      <p>
        算法：组种子是“种子:组号”的 SHA-256；排序值是“组种子:专家代号”的
        SHA-256，从小到大；要回避的跳过，本人退出的由后一名接替。
      </p>
    </Section>
  )
}

const seatText = (row: { passed: Passed | null; seat: 'sat' | 'recused' | null }) =>
  row.passed
    ? `回避：${passedWords[row.passed]}`
    : row.seat === 'sat'
      ? '抽中'
      : row.seat === 'recused'
        ? '抽中后退出'
        : '未抽中'
