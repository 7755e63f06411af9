import { redirect } from 'react-router'
import { answerReport } from '#modules/feedback/report.commands.ts'
import { reportPage } from '#modules/feedback/report.queries.ts'
import { findings, reasonText, reportKinds, reportStates } from '#modules/feedback/report.schema.ts'
import { attempt, fail, signedIn, wordsOf } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { LongText, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/report.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`举报 ${loaderData?.found.number ?? ''}`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const found = await reportPage(ctx, isId(params.id)).catch(fail(request))
  return { found, may: ctx.actor.can('objection.decide') }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'objection.decide')
  const form = await request.formData()
  const input = { ...Object.fromEntries(form), reportId: isId(params.id) }
  const tried = await attempt(answerReport(ctx, input), form, (refusal) => wordsOf(ctx.plan, reasonText, refusal))
  return tried.ok ? redirect(done(paths.officeReport(tried.value.reportId), 'answered')) : tried.answer
}

export default function Report({ loaderData: { found, may }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={`举报 ${found.number}`}
        crumbs={[{ label: '举报与投诉', href: paths.officeFeedback() }]}
        tag={<StatusTag tone={found.state === 'open' ? 'wait' : 'good'}>{reportStates[found.state]}</StatusTag>}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '问题', value: reportKinds[found.kind] },
            { label: '对象', value: found.about },
            { label: '情况', value: <LongText>{found.text}</LongText> },
            { label: '联系方式', value: found.contact ?? '没有留' },
            { label: '收到时间', value: instantText(found.reportedAt) },
          ]}
        />
        <Section title="答复">
          {found.finding && found.reply && found.answeredAt ? (
            <SummaryList
              rows={[
                { label: '核查结果', value: findings[found.finding] },
                { label: '答复', value: <LongText>{found.reply}</LongText> },
                { label: '答复人', value: found.answeredByName, note: instantText(found.answeredAt) },
              ]}
            />
          ) : may ? (
            <Form failed={actionData} labels={{ finding: '核查结果', reply: '答复' }}>
              <RadioGroup
                name="finding"
                label="核查结果"
                options={Object.entries(findings).map(([value, label]) => ({ value, label }))}
              />
              <TextArea
                name="reply"
                label="答复"
                hint="举报人凭回执码能看到。不写任何人的姓名和联系方式；答复后不能修改。"
                maxLength={2000}
              />
              <Button>答复</Button>
            </Form>
          ) : (
            <DisabledButton reason="由公示与宣传岗位答复。您可以查看，不能答复。">答复</DisabledButton>
          )}
        </Section>
      </div>
    </>
  )
}
