import { redirect } from 'react-router'
import { withdrawCompletion } from '#modules/learning/completion.commands.ts'
import { replayHead } from '#modules/learning/replay.queries.ts'
import { missing } from '#platform/errors.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { replayFor } from '../../learning/replay-data.ts'
import { ReplayView } from '../../learning/replay-view.tsx'
import { learningWords } from '../../learning/words.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { areaAt } from '../../training/desk.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { type Failed, Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/learner-minutes.ts'

export const meta = () => title('学习时间逐段')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const area = areaAt(request)
  const office = area === 'office'
  const { ctx } = signedIn({ request, context }, office ? 'casework.read' : 'organisation.read')
  const registrationId = isId(params.registrationId)
  const { personId: _, ...head } = await replayHead(ctx.db, registrationId).catch(fail(request))
  const { organisationId } = head
  if (!office && !ctx.actor.can('organisation.read', { organisationId })) return fail(request)(missing('registration'))
  return {
    area,
    head,
    mayWithdraw: ctx.actor.can('certificate.revoke'),
    ...(await replayFor(ctx, registrationId, request)),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'certificate.revoke')
  const form = await request.formData()
  const registrationId = isId(params.registrationId)
  const input = { ...Object.fromEntries(form), registrationId }
  const tried = await attempt(withdrawCompletion(ctx, input), form, learningWords(ctx))
  return tried.ok
    ? redirect(done(paths.learnerMinutes(areaAt(request), registrationId), 'completion-withdrawn'))
    : tried.answer
}

export default function LearnerMinutes({ loaderData, actionData }: Route.ComponentProps) {
  const { area, head, days, on, today, replay, mayWithdraw } = loaderData
  return (
    <>
      <PageHeader
        title={`${head.name}的学习时间`}
        caption={`${head.courseTitle}　${head.classTitle ? `计入班级：${head.classTitle}` : '自学'}`}
        crumbs={[{ label: area === 'office' ? '线上学习核查' : '线上学员和作业', href: paths.learners(area) }]}
        tag={
          head.withdrawn ? (
            <StatusTag tone="bad">学完已撤销</StatusTag>
          ) : (
            head.completedAt && <StatusTag tone="good">已学完</StatusTag>
          )
        }
      />
      <div className="stack">
        {head.withdrawn && (
          <Notice tone="bad" title={`${head.withdrawn.by}于 ${instantText(head.withdrawn.at)} 撤销了学完`}>
            <p>{head.withdrawn.reason}</p>
          </Notice>
        )}
        <ReplayView
          days={days}
          on={on}
          today={today}
          replay={replay}
          href={(day) => paths.learnerMinutes(area, head.registrationId, day)}
        />
        {area === 'office' && head.completedAt && !head.withdrawn && (
          <Withdrawal completedAt={head.completedAt} may={mayWithdraw} failed={actionData} />
        )}
      </div>
    </>
  )
}

function Withdrawal(props: { completedAt: Date; may: boolean; failed: Failed | undefined }) {
  return (
    <Section
      title="撤销学完"
      description={`已于 ${instantText(props.completedAt)} 学完。撤销后不能恢复，结业证书随即失效；计入的时间保留原样。`}
    >
      {props.may ? (
        <Form failed={props.failed} labels={{ reason: '原因' }}>
          <TextArea name="reason" label="原因" hint="写明查实的情况和依据，学员看得到。" rows={3} maxLength={500} />
          <Button kind="danger">撤销学完</Button>
        </Form>
      ) : (
        <DisabledButton reason="由区人社局领导撤销。">撤销学完</DisabledButton>
      )}
    </Section>
  )
}
