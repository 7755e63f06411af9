import { redirect } from 'react-router'
import { decideObjection } from '#modules/competition/publication.commands.ts'
import { objectionPage } from '#modules/competition/publication.queries.ts'
import { objectionReasons, objectionStates } from '#modules/competition/publication.schema.ts'
import { competitionWords } from '../../../competition/desk.ts'
import { attempt, fail, signedIn } from '../../../ctx.ts'
import { isId } from '../../../params.ts'
import { done, paths } from '../../../paths.ts'
import { Decide } from '../../../publicity/objection-parts.tsx'
import { title } from '../../../site.ts'
import { dayText, instantText } from '../../../ui/format.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { LongText } from '../../../ui/section.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import { SummaryList } from '../../../ui/summary-list.tsx'
import type { Route } from './+types/objection.ts'

export const meta = () => title('竞赛异议')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'objection.decide')
  return { objection: await objectionPage(ctx, isId(params.id)).catch(fail(request)) }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'objection.decide')
  const objectionId = isId(params.id)
  const form = await request.formData()
  const tried = await attempt(
    decideObjection(ctx, { ...Object.fromEntries(form), objectionId }),
    form,
    competitionWords(ctx),
  )
  return tried.ok ? redirect(done(paths.officeResultObjection(objectionId), 'objection-decided')) : tried.answer
}

export default function Objection({ loaderData: { objection }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={`对“${objection.content.person}”的异议`}
        caption={objection.number}
        crumbs={[{ label: '竞赛异议', href: paths.officeResultObjections() }]}
        tag={
          <StatusTag tone={objection.state === 'open' ? 'wait' : 'good'}>{objectionStates[objection.state]}</StatusTag>
        }
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '竞赛', value: <a href={paths.resultList(objection.publicationId)}>{objection.eventTitle}</a> },
            { label: '选手', value: objection.content.person },
            { label: '成绩', value: objection.content.subsidy },
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
        {objection.state === 'open' && <Decide failed={actionData} upheld="公示作废，成绩更正后重新公示" />}
      </div>
    </>
  )
}
