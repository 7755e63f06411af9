import { redirect } from 'react-router'
import { draftCall } from '#modules/recognition/call.commands.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, signedIn } from '../../../ctx.ts'
import { done, paths } from '../../../paths.ts'
import { recognitionWords } from '../../../recognition/desk.ts'
import { title } from '../../../site.ts'
import { Button } from '../../../ui/button.tsx'
import { DateField, SelectField, TextArea, TextField } from '../../../ui/fields.tsx'
import { Form } from '../../../ui/form.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import type { Route } from './+types/call-new.ts'

export const meta = () => title('起草通知')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.manage')
  return { today: dayOf(ctx.now), schemes: ctx.plan.schemes.map(({ code, name }) => ({ value: code, label: name })) }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.manage')
  const form = await request.formData()
  const tried = await attempt(draftCall(ctx, Object.fromEntries(form)), form, recognitionWords(ctx))
  return tried.ok ? redirect(done(paths.officeTitleCall(tried.value.callId), 'title-call-drafted')) : tried.answer
}

export default function CallNew({ loaderData: { schemes, today }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="起草通知"
        crumbs={[{ label: '申报通知', href: paths.titleCalls() }]}
        lead="条件、材料、评分表按计划文件夹里的认定项目，起草时固定下来；发布由局领导办理。"
      />
      <Form
        failed={actionData}
        labels={{ scheme: '认定项目', title: '标题', announcement: '正文', opensOn: '开始日期', closesOn: '截止日期' }}
      >
        <SelectField name="scheme" label="认定项目" options={schemes} />
        <TextField name="title" label="标题" width="full" maxLength={120} />
        <TextArea name="announcement" label="正文" rows={8} maxLength={4000} />
        <DateField name="opensOn" label="开始日期" value={today} />
        <DateField name="closesOn" label="截止日期" optional hint="不填为常年受理" />
        <Button>起草好，等待发布</Button>
      </Form>
    </>
  )
}
