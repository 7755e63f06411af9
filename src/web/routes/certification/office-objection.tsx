import { redirect } from 'react-router'
import { seatNumber } from '#modules/certification/mark.rules.ts'
import { decideObjection } from '#modules/certification/objection.commands.ts'
import { objectionPage } from '#modules/certification/objection.queries.ts'
import { objectionReasons, objectionStates, objectionTexts } from '#modules/certification/objection.schema.ts'
import { attempt, fail, signedIn, wordsOf } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { Decide } from '../../publicity/objection-parts.tsx'
import { title } from '../../site.ts'
import { dayText, instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { LongText } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/office-objection.ts'

export const meta = () => title('认定异议')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'objection.decide')
  return { objection: await objectionPage(ctx, isId(params.id)).catch(fail(request)) }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'objection.decide')
  const objectionId = isId(params.id)
  const form = await request.formData()
  const work = decideObjection(ctx, { ...Object.fromEntries(form), objectionId })
  const tried = await attempt(work, form, (refusal) => wordsOf(ctx.plan, objectionTexts, refusal))
  return tried.ok ? redirect(done(paths.officeAssessmentObjection(objectionId), 'objection-decided')) : tried.answer
}

export default function Objection({ loaderData: { objection }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={objection.seq ? `对考号 ${seatNumber(objection.seq)} 结果的异议` : '对整个批次的异议'}
        caption={objection.number}
        crumbs={[{ label: '认定异议', href: paths.officeAssessmentObjections() }]}
        tag={
          <StatusTag tone={objection.state === 'open' ? 'wait' : 'good'}>{objectionStates[objection.state]}</StatusTag>
        }
      />
      <div className="stack">
        <SummaryList
          rows={[
            {
              label: '批次',
              value: <a href={paths.assessmentResults(objection.batchId)}>{objection.batchTitle}</a>,
              note: `${objection.batchNumber}，${objection.organisation}`,
            },
            { label: '理由', value: objectionReasons[objection.reason] },
            { label: '情况', value: <LongText>{objection.text}</LongText> },
            { label: '联系方式', value: objection.contact || '没有留' },
            { label: '收到时间', value: instantText(objection.lodgedAt) },
            { label: '应答复', value: dayText(objection.dueOn) },
            ...(objection.reply
              ? [{ label: '答复', value: <LongText>{objection.reply}</LongText>, note: objection.decidedBy }]
              : []),
          ]}
        />
        {objection.state === 'open' && (
          <Decide failed={actionData} upheld="公示撤下，成绩由两人重新录入和确认后再公示" />
        )}
      </div>
    </>
  )
}
