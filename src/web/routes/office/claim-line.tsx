import { redirect } from 'react-router'
import { recordCallback } from '#modules/subsidy/callback.commands.ts'
import { claimForReview } from '#modules/subsidy/casefile.queries.ts'
import { excludeAtFirst, excludeAtSecond, keepAtFirst, keepAtSecond } from '#modules/subsidy/exclusion.commands.ts'
import { deskFile } from '#modules/subsidy/review.queries.ts'
import { callMethods, callOutcomes } from '#modules/subsidy/review.schema.ts'
import { missing } from '#platform/errors.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Changes, Steps } from '../../subsidy/parts.tsx'
import { todoOf } from '../../subsidy/review-desk.ts'
import { HoursGrid } from '../../subsidy/review-parts.tsx'
import { reasonOptions, wordsAt } from '../../subsidy/words.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { SelectField, TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/claim-line.ts'

export const meta = () => title('申领明细')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const id = isId(params.id)
  const file = await claimForReview(ctx, id).catch(fail(request))
  const line = file.lines.find((one) => one.id === params.line) ?? fail(request)(missing('claim-line'))
  const desk = await deskFile(ctx, id)
  const todo = todoOf(ctx.actor, file, desk)
  return {
    claim: file.claim,
    line,
    stage: todo.decide && (todo.stage === 'first' || todo.stage === 'second') ? todo.stage : null,
    why: todo.why || '请先在申领页面领取办理。',
    exclusion: desk.exclusions.find((one) => one.lineId === line.id) ?? null,
    calls: desk.calls.filter((call) => call.lineId === line.id),
    sessions: file.sessions.filter((session) => session.minutes[line.enrolmentId]),
    findings: (file.run?.controls ?? []).flatMap((control) =>
      control.lines.filter((one) => one.lineId === line.id).map((one) => ({ id: control.id, ...one })),
    ),
    reasons: reasonOptions(ctx.plan, 'claim'),
    mayCall: ctx.actor.can('class.inspect'),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const form = await request.formData()
  const given = { ...formObject(form), claimId: isId(params.id), lineId: isId(params.line) }
  const work: Record<string, () => Promise<unknown>> = {
    'exclude-first': () => excludeAtFirst(ctx, given),
    'exclude-second': () => excludeAtSecond(ctx, given),
    'keep-first': () => keepAtFirst(ctx, given),
    'keep-second': () => keepAtSecond(ctx, given),
    call: () => recordCallback(ctx, given),
  }
  const intent = String(form.get('intent') ?? '')
  const doing = work[intent]
  if (!doing) throw new Response(null, { status: 400 })
  const tried = await attempt(doing(), form, wordsAt('review', ctx))
  const back = intent === 'call' ? paths.reviewLine(given.claimId, given.lineId) : paths.claimReview(given.claimId)
  return tried.ok ? redirect(done(back, 'saved')) : tried.answer
}

const options = (of: Record<string, string>) => Object.entries(of).map(([value, label]) => ({ value, label }))

export default function ClaimLine({ loaderData, actionData }: Route.ComponentProps) {
  const { claim, line, stage, exclusion, calls } = loaderData
  const failed = (intent: string) =>
    String(actionData?.values.intent ?? '').startsWith(intent) ? actionData : undefined
  return (
    <>
      <PageHeader
        title={line.person}
        caption={`申领 ${claim.number}　${claim.organisation}`}
        crumbs={[
          { label: '补贴审核', href: paths.reviews() },
          { label: claim.number, href: paths.claimReview(claim.id) },
        ]}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '证件号码', value: line.document },
            { label: '课时', value: `${line.classHours} 课时（${line.minutes} 分钟）` },
            { label: '金额', value: <Money fen={line.amountFen} /> },
            { label: '计算过程', value: <Steps steps={line.explanation} /> },
          ]}
        />
        {line.changes.length > 0 && (
          <Notice tone="warn" title="记录与申领时不同">
            <Changes changes={line.changes} />
          </Notice>
        )}
        {loaderData.findings.length > 0 && (
          <Notice tone="bad" title="核查发现的问题">
            <ul className="list-disc ps-5">
              {loaderData.findings.map((one) => (
                <li key={one.id}>
                  {one.id}：{one.message}。{one.remedy}
                </li>
              ))}
            </ul>
          </Notice>
        )}
        <Section title="逐次课时">
          <HoursGrid sessions={loaderData.sessions} lines={[line]} />
        </Section>
        <Section title="剔除">
          {line.dropped ? (
            <p>这一行已不在申领中：{line.dropped.reason}</p>
          ) : exclusion && stage ? (
            <Form failed={failed('keep')}>
              <p>
                拟剔除：{exclusion.note}（{exclusion.byName}）
              </p>
              <Button kind="plain" name="intent" value={`keep-${stage}`}>
                取消剔除
              </Button>
            </Form>
          ) : stage ? (
            <Form failed={failed('exclude')} labels={{ reasonCode: '原因', note: '理由' }}>
              <p>复核同意后生效：本人的课时和额度释放，金额重新合计，其他人照常办理。</p>
              <SelectField name="reasonCode" label="原因" options={loaderData.reasons} />
              <TextArea name="note" label="理由" rows={3} maxLength={1000} hint="写明事实，单位能看到。" />
              <Button kind="danger" name="intent" value={`exclude-${stage}`}>
                拟剔除
              </Button>
            </Form>
          ) : (
            <DisabledButton reason={loaderData.why}>拟剔除</DisabledButton>
          )}
        </Section>
        <Section title="回访">
          {calls.length > 0 && (
            <ul className="list-disc ps-5">
              {calls.map((call) => (
                <li key={call.id}>
                  {instantText(call.at)}　{call.byName}　{callMethods[call.method]}：{callOutcomes[call.outcome]}
                  {call.note && `（${call.note}）`}
                </li>
              ))}
            </ul>
          )}
          {loaderData.mayCall ? (
            <Form failed={failed('call')} labels={{ method: '方式', outcome: '结果', note: '说明' }}>
              <RadioGroup name="method" label="回访方式" options={options(callMethods)} />
              <RadioGroup name="outcome" label="回访结果" options={options(callOutcomes)} />
              <TextArea name="note" label="说明" optional rows={3} maxLength={1000} />
              <Button kind="plain" name="intent" value="call">
                记录回访
              </Button>
            </Form>
          ) : (
            <DisabledButton reason="由受理、初审人员记录回访。">记录回访</DisabledButton>
          )}
        </Section>
      </div>
    </>
  )
}
