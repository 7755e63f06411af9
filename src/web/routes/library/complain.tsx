import { publicCourse } from '#modules/library/catalogue.queries.ts'
import { makeComplaint } from '#modules/library/complaint.commands.ts'
import { complaintKinds } from '#modules/library/listing.schema.ts'
import { attempt, current, fail } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { libraryWords } from '../../library/desk.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable } from '../../ui/section.tsx'
import type { Route } from './+types/complain.ts'

export const meta = () => title('投诉课程')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const { id, title: name } = await publicCourse(ctx, isId(params.id)).catch(fail(request))
  return { id, name }
}

/** The code is shown once, in the answer to the post itself. */
export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = context.get(current)
  const form = await request.formData()
  const work = makeComplaint(ctx, { ...Object.fromEntries(form), courseId: isId(params.id) })
  const tried = await attempt(work, form, libraryWords(ctx))
  return tried.ok ? { made: { number: tried.value.number, receipt: tried.value.receipt } } : tried.answer
}

export default function Complain({ loaderData: { id, name }, actionData }: Route.ComponentProps) {
  const crumbs = [
    { label: '线上课程', href: paths.library() },
    { label: name, href: paths.libraryCourse(id) },
  ]
  if (actionData && 'made' in actionData) {
    return (
      <PageBody>
        <PageHeader title="已收到" crumbs={crumbs} />
        <Notice tone="good" live title={`编号 ${actionData.made.number}`}>
          <p>回执码只显示这一次，请抄下来或截图：</p>
          <p className="sum">
            <Copyable>{actionData.made.receipt}</Copyable>
          </p>
          <p>
            凭它可以<a href={paths.libraryAnswer()}>查答复</a>。
          </p>
        </Notice>
      </PageBody>
    )
  }
  return (
    <PageBody>
      <PageHeader
        title="投诉这门课程"
        caption={name}
        crumbs={crumbs}
        lead="可以不写姓名。区人社局核实后答复；属实的投诉过多，课程会暂停。"
      />
      <Form failed={actionData} labels={{ kind: '问题', text: '情况', contact: '联系方式' }}>
        <RadioGroup
          name="kind"
          label="是哪一类问题"
          options={Object.entries(complaintKinds).map(([value, label]) => ({ value, label }))}
        />
        <TextArea name="text" label="情况" hint="第几章、哪一项、哪里不对。" rows={6} maxLength={2000} />
        <TextField
          name="contact"
          label="联系方式"
          optional
          hint="加密保存，只给办理人看。不留也能凭回执码查答复。"
          maxLength={60}
        />
        <Button>提交</Button>
      </Form>
    </PageBody>
  )
}
