import { redirect } from 'react-router'
import { applications } from '#modules/recognition/application.queries.ts'
import { applicationStates } from '#modules/recognition/application.schema.ts'
import { closeCall, publishCall } from '#modules/recognition/call.commands.ts'
import { callCard, limitsFor } from '#modules/recognition/call.queries.ts'
import { callStates } from '#modules/recognition/call.schema.ts'
import { drawPanel } from '#modules/recognition/panel.commands.ts'
import { panelsOf } from '#modules/recognition/panel.queries.ts'
import { publicise } from '#modules/recognition/publication.commands.ts'
import { shortlist } from '#modules/recognition/visit.commands.ts'
import { attempt, fail, signedIn } from '../../../ctx.ts'
import { formObject } from '../../../form-object.ts'
import { isId } from '../../../params.ts'
import { done, paths } from '../../../paths.ts'
import { CallSteps } from '../../../recognition/call-steps.tsx'
import { applicationTones, recognitionWords } from '../../../recognition/desk.ts'
import { title } from '../../../site.ts'
import { DataTable } from '../../../ui/data-table.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { dayText } from '../../../ui/format.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { LongText, Section } from '../../../ui/section.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import { SummaryList } from '../../../ui/summary-list.tsx'
import type { Route } from './+types/call.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.call.title ?? '申报通知')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const { call, scheme, open } = await callCard(ctx, isId(params.id)).catch(fail(request))
  const limits = await limitsFor(ctx, scheme, { call_id: call.id, organisation_id: null })
  const rows = await applications(ctx.db)
    .where('a.call_id', '=', call.id)
    .where('a.number', 'is not', null)
    .orderBy('a.score', (o) => o.desc().nullsLast())
    .orderBy('a.number')
    .limit(500)
    .execute()
  const { actor } = ctx
  return {
    call,
    scheme: { name: scheme.name, rule: scheme.rule, scored: scheme.scoring !== null },
    open,
    rows,
    limits: limits.filter((one) => one.scope === 'total' || one.scope === 'year'),
    panels: await panelsOf(ctx.db, call.id),
    undecided: ctx.plan.undecidedText,
    may: {
      manage: actor.can('recognition.manage'),
      publish: actor.can('recognition.decide'),
      own: call.draftedBy === actor.id,
      publicise: actor.can('publicity.run'),
    },
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const callId = isId(params.id)
  const form = await request.formData()
  const given = { ...formObject(form), callId }
  const intents = { publish: publishCall, close: closeCall, draw: drawPanel, shortlist, publicise } as const
  const intent = String(form.get('intent')) as keyof typeof intents
  const tried = await attempt<unknown>((intents[intent] ?? closeCall)(ctx, given), form, recognitionWords(ctx))
  return tried.ok ? redirect(done(paths.officeTitleCall(callId), `title-${intent}`)) : tried.answer
}

export default function Call({ loaderData, actionData }: Route.ComponentProps) {
  const { call, scheme, open, rows, limits, panels, undecided } = loaderData
  return (
    <>
      <PageHeader
        title={call.title}
        caption={`${scheme.name}　${call.number}`}
        crumbs={[{ label: '申报通知', href: paths.titleCalls() }]}
        tag={
          <StatusTag tone={open ? 'good' : call.state === 'draft' ? 'wait' : 'neutral'}>
            {open ? '正在申报' : callStates[call.state]}
          </StatusTag>
        }
      />
      <div className="stack">
        <SummaryList
          rows={[
            {
              label: '申报时间',
              value: `${dayText(call.opensOn)}起${call.closesOn ? `，${dayText(call.closesOn)}止` : '，常年受理'}`,
            },
            { label: '起草', value: call.draftedByName },
            ...(call.publishedByName ? [{ label: '发布', value: call.publishedByName }] : []),
            ...limits.map((one) => ({
              label: one.label,
              value: `${one.most === null ? undecided : `最多 ${one.most} 名`}，已认定 ${one.taken} 名`,
            })),
            { label: '正文', value: <LongText>{call.announcement}</LongText> },
          ]}
        />
        <CallSteps data={loaderData} failed={actionData} />
        {panels.length > 0 && (
          <Section title="评审组">
            <ul className="list-disc ps-5">
              {panels.map((one) => (
                <li key={one.id}>
                  <a href={paths.titlePanel(one.id)}>第 {one.number} 组</a>（
                  {one.state === 'open' ? '正在评审' : '已结束'}）
                </li>
              ))}
            </ul>
          </Section>
        )}
        <Section title="申请">
          <DataTable
            caption="申请"
            captionNote={scheme.scored ? '按评审得分排列' : ''}
            rows={rows}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'number',
                header: '编号',
                keep: true,
                cell: (row) => <a href={paths.officeTitle(row.id)}>{row.number}</a>,
              },
              { key: 'name', header: '人选或单位', cell: (row) => row.name },
              { key: 'unit', header: '申报单位', cell: (row) => row.organisation || '本人' },
              {
                key: 'score',
                header: '得分',
                end: true,
                cell: (row) => (row.score === null ? '—' : row.score.toFixed(2)),
              },
              {
                key: 'state',
                header: '环节',
                keep: true,
                cell: (row) => <StatusTag tone={applicationTones[row.state]}>{applicationStates[row.state]}</StatusTag>,
              },
            ]}
            empty={<EmptyState title="还没有申请">单位提交后会列在这里。</EmptyState>}
          />
        </Section>
      </div>
    </>
  )
}
