import { redirect } from 'react-router'
import { answerComplaint } from '#modules/library/complaint.commands.ts'
import { complaintPage } from '#modules/library/complaint.queries.ts'
import { complaintKinds, complaintStates, findings } from '#modules/library/listing.schema.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { libraryWords } from '../../library/desk.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/library-complaint.ts'

export const meta = () => title('课程投诉')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'library.manage')
  return { complaint: await complaintPage(ctx, isId(params.id)).catch(fail(request)) }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'library.manage')
  const complaintId = isId(params.id)
  const form = await request.formData()
  const work = answerComplaint(ctx, { ...Object.fromEntries(form), complaintId })
  const tried = await attempt(work, form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.courseComplaint(complaintId), 'answered')) : tried.answer
}

export default function LibraryComplaint({ loaderData: { complaint }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="课程投诉"
        caption={complaint.number}
        crumbs={[
          { label: '课程入库', href: paths.libraryDesk() },
          { label: '投诉', href: paths.libraryDesk({ view: 'complaints' }) },
        ]}
        tag={
          <StatusTag tone={complaint.state === 'open' ? 'wait' : 'good'}>{complaintStates[complaint.state]}</StatusTag>
        }
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '课程', value: <a href={paths.officeCourse(complaint.courseId)}>{complaint.courseTitle}</a> },
            { label: '问题', value: complaintKinds[complaint.kind] },
            { label: '情况', value: complaint.text },
            { label: '联系方式', value: complaint.contact ?? '没有留' },
            { label: '收到时间', value: instantText(complaint.madeAt) },
            ...(complaint.dueOn ? [{ label: '应答复', value: complaint.dueOn }] : []),
            ...(complaint.finding ? [{ label: '核查结果', value: findings[complaint.finding] }] : []),
            ...(complaint.reply ? [{ label: '答复', value: complaint.reply, note: complaint.answeredByName }] : []),
          ]}
        />
        {complaint.state === 'open' && (
          <Form failed={actionData} labels={{ finding: '核查结果', reply: '答复' }}>
            <RadioGroup
              name="finding"
              label="核查结果"
              options={Object.entries(findings).map(([value, label]) => ({ value, label }))}
            />
            <TextArea
              name="reply"
              label="答复"
              rows={5}
              maxLength={2000}
              hint="投诉人凭回执码看到，请不要写姓名。答复后不能再改。"
            />
            <Button>答复</Button>
          </Form>
        )}
      </div>
    </>
  )
}
