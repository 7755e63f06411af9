import { data } from 'react-router'
import { objectionByReceipt } from '#modules/publicity/objection.queries.ts'
import { objectionReasons, objectionRemedies, objectionStates } from '#modules/publicity/objection.schema.ts'
import { current } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Form } from '../ui/form.tsx'
import { dayText, instantText } from '../ui/format.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { LongText, Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import type { Route } from './+types/objection-answer.ts'

export const meta = () => title('查异议结果')

/** Posted, not asked for by address: the code must not stay in histories and logs. */
export async function action({ request, context }: Route.ActionArgs) {
  const typed = String((await request.formData()).get('receipt') ?? '')
  const found = await objectionByReceipt(context.get(current).ctx, typed)
  if (found) return { found }
  const fields = { receipt: ['没有这个回执码。请核对12位字母和数字'] }
  return data({ failed: { fault: { kind: 'invalid' as const, fields }, values: { receipt: typed } } }, 422)
}

const tones = { open: 'wait', upheld: 'good', dismissed: 'neutral' } as const

export default function ObjectionAnswer({ actionData }: Route.ComponentProps) {
  const found = actionData && 'found' in actionData ? actionData.found : null
  return (
    <PageBody>
      <PageHeader
        title="查异议结果"
        crumbs={[
          { label: '首页', href: paths.home() },
          { label: '补贴公示', href: paths.publicity() },
        ]}
      />
      {found ? (
        <Section title={`编号 ${found.number}`}>
          <SummaryList
            rows={[
              { label: '名单', value: found.listNumber },
              { label: '理由', value: objectionReasons[found.reason] },
              { label: '提出时间', value: instantText(found.lodgedAt) },
              { label: '结果', value: <StatusTag tone={tones[found.state]}>{objectionStates[found.state]}</StatusTag> },
              ...(found.state === 'open' ? [{ label: '应当办结', value: dayText(found.dueOn, true) }] : []),
              ...(found.remedy ? [{ label: '处理', value: objectionRemedies[found.remedy] }] : []),
              ...(found.reply && found.decidedAt
                ? [
                    {
                      label: '答复',
                      value: <LongText>{found.reply}</LongText>,
                      note: `${instantText(found.decidedAt)}答复`,
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
          <TextField name="receipt" label="回执码" hint="提出异议时显示的12位字母和数字，不分大小写。" maxLength={30} />
          <Button>查结果</Button>
        </Form>
      )}
    </PageBody>
  )
}
