import { data } from 'react-router'
import { reportByReceipt } from '#modules/feedback/report.queries.ts'
import { findings, reportKinds, reportStates } from '#modules/feedback/report.schema.ts'
import { current } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Form } from '../ui/form.tsx'
import { instantText } from '../ui/format.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { LongText, Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import type { Route } from './+types/report-answer.ts'

export const meta = () => title('查举报答复')

/** Posted, not asked for by address: the code must not stay in histories and logs. */
export async function action({ request, context }: Route.ActionArgs) {
  const typed = String((await request.formData()).get('receipt') ?? '')
  const found = await reportByReceipt(context.get(current).ctx, typed)
  if (found) return { found }
  const fields = { receipt: ['没有这个回执码。请核对12位字母和数字'] }
  return data({ failed: { fault: { kind: 'invalid' as const, fields }, values: { receipt: typed } } }, 422)
}

export default function ReportAnswer({ actionData }: Route.ComponentProps) {
  const found = actionData && 'found' in actionData ? actionData.found : null
  return (
    <PageBody>
      <PageHeader
        title="查举报答复"
        crumbs={[
          { label: '首页', href: paths.home() },
          { label: '举报与投诉', href: paths.reportProblem() },
        ]}
      />
      {found ? (
        <Section title={`编号 ${found.number}`}>
          <SummaryList
            rows={[
              { label: '问题', value: reportKinds[found.kind] },
              { label: '对象', value: found.about },
              { label: '提交时间', value: instantText(found.reportedAt) },
              {
                label: '进度',
                value: (
                  <StatusTag tone={found.state === 'open' ? 'wait' : 'good'}>{reportStates[found.state]}</StatusTag>
                ),
              },
              ...(found.finding && found.reply && found.answeredAt
                ? [
                    { label: '核查结果', value: findings[found.finding] },
                    {
                      label: '答复',
                      value: <LongText>{found.reply}</LongText>,
                      note: `${instantText(found.answeredAt)}答复`,
                    },
                  ]
                : []),
            ]}
          />
        </Section>
      ) : (
        <Form
          failed={actionData && 'failed' in actionData ? actionData.failed : undefined}
          labels={{ receipt: '回执码' }}
        >
          <TextField name="receipt" label="回执码" hint="提交举报时显示的12位字母和数字，不分大小写。" maxLength={30} />
          <Button>查答复</Button>
        </Form>
      )}
    </PageBody>
  )
}
