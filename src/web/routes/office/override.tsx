import { data, redirect } from 'react-router'
import { controlWords } from '#modules/subsidy/control.schema.ts'
import { decideOverride, revokeOverride } from '#modules/subsidy/override.commands.ts'
import { overrideById } from '#modules/subsidy/override.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subsidyWords } from '../../subsidy/desk.ts'
import { overrideTone } from '../../subsidy/override.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { LongText, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/override.ts'

export const meta = () => title('人工放行')

export async function loader(args: Route.LoaderArgs) {
  const { ctx } = signedIn(args, 'casework.read')
  const one = await overrideById(ctx.db, isId(args.params.id)).catch(fail(args.request))
  return {
    one,
    asks: controlWords[one.control]?.asks ?? one.control,
    tag: overrideTone(one, dayOf(ctx.now)),
    may: ctx.actor.can('control.approve-override'),
    own: one.requestedById === ctx.actor.id,
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx } = signedIn(args, 'control.approve-override')
  const overrideId = isId(args.params.id)
  const form = await args.request.formData()
  const intent = form.get('intent')
  if (intent !== 'decide' && intent !== 'revoke') throw data(null, 400)
  const work =
    intent === 'revoke'
      ? revokeOverride(ctx, { overrideId, reason: form.get('reason') })
      : decideOverride(ctx, { overrideId, decision: form.get('decision') ?? undefined, note: form.get('note') ?? '' })
  const tried = await attempt(work, form, subsidyWords(ctx))
  return tried.ok ? redirect(done(paths.override(overrideId), `override-${tried.value.state}`)) : tried.answer
}

export default function Override({ loaderData, actionData }: Route.ComponentProps) {
  const { one, asks, tag, may, own } = loaderData
  return (
    <>
      <PageHeader
        title={`放行 ${one.control}`}
        caption={asks}
        crumbs={[{ label: '人工放行', href: paths.overrides() }]}
        tag={<StatusTag tone={tag.tone}>{tag.label}</StatusTag>}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '申领', value: <a href={paths.claimReview(one.claimId)}>{one.claimNumber}</a> },
            {
              label: '核查项',
              value: (
                <a href={paths.clause(one.control)}>
                  {one.control}　{asks}
                </a>
              ),
            },
            { label: '范围', value: one.person ?? '整件申领' },
            { label: '理由', value: <LongText>{one.reason}</LongText> },
            { label: '到期日', value: one.expiresOn, note: '到期自动失效，申领重新核查' },
            { label: '申请', value: `${one.requestedBy}　${instantText(one.requestedAt)}` },
            {
              label: '批准',
              value: one.decidedAt ? `${one.decidedBy}　${instantText(one.decidedAt)}` : '等待另一人批准',
              note: one.decisionNote,
            },
          ]}
        />
        {one.state === 'requested' && (
          <Section title="批准或不批准">
            {may && !own ? (
              <Form failed={actionData} labels={{ decision: '决定' }}>
                <RadioGroup
                  name="decision"
                  label="决定"
                  options={[
                    { value: 'approve', label: '批准放行' },
                    { value: 'refuse', label: '不批准' },
                  ]}
                />
                <TextArea name="note" label="意见" rows={3} maxLength={500} optional />
                <Button name="intent" value="decide">
                  提交决定
                </Button>
              </Form>
            ) : (
              <DisabledButton reason={own ? '申请人不能批准自己的申请，请由另一人办理。' : '由复核人员批准。'}>
                批准
              </DisabledButton>
            )}
          </Section>
        )}
        {one.state === 'approved' && may && (
          <Section title="撤销放行" description="情况有变化时撤销，申领随即重新核查。">
            <Form failed={actionData}>
              <TextArea name="reason" label="撤销原因" rows={3} maxLength={500} />
              <Button kind="danger" name="intent" value="revoke">
                撤销放行
              </Button>
            </Form>
          </Section>
        )}
      </div>
    </>
  )
}
