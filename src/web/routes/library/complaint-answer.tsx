import { data } from 'react-router'
import { complaintByReceipt } from '#modules/library/complaint.queries.ts'
import { complaintKinds, complaintStates, findings } from '#modules/library/listing.schema.ts'
import { takeTurn } from '#platform/limits.ts'
import { attempt, current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/complaint-answer.ts'

export const meta = () => title('查课程投诉的答复')

/** Asked by post: a code in an address would stay in histories. */
export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, address } = context.get(current)
  const form = await request.formData()
  const key = `course-receipt:${ctx.crypto.blindIndex(address, 'address')}`
  const tried = await attempt(takeTurn(ctx.db, key, { tries: 20, seconds: 3600 }), form)
  if (!tried.ok) return tried.answer
  const found = await complaintByReceipt(ctx, String(form.get('receipt') ?? ''))
  return found ? { found } : data({ found: null }, 404)
}

export default function ComplaintAnswer({ actionData }: Route.ComponentProps) {
  const answer = actionData && 'found' in actionData ? actionData : null
  return (
    <PageBody>
      <PageHeader title="查课程投诉的答复" crumbs={[{ label: '线上课程', href: paths.library() }]} />
      <div className="stack">
        {answer &&
          (answer.found ? (
            <SummaryList
              rows={[
                { label: '编号', value: answer.found.number },
                { label: '课程', value: answer.found.courseTitle },
                { label: '问题', value: complaintKinds[answer.found.kind] },
                { label: '提交时间', value: instantText(answer.found.madeAt) },
                {
                  label: '办理',
                  value: complaintStates[answer.found.state],
                  note: answer.found.dueOn ? `应于 ${answer.found.dueOn} 前答复` : undefined,
                },
                ...(answer.found.finding ? [{ label: '核查结果', value: findings[answer.found.finding] }] : []),
                ...(answer.found.reply ? [{ label: '答复', value: answer.found.reply }] : []),
              ]}
            />
          ) : (
            <Notice tone="warn" live title="没有这个回执码">
              <p>请核对是否抄错；大小写和短横线不影响。</p>
            </Notice>
          ))}
        <Form failed={actionData && 'fault' in actionData ? actionData : undefined} labels={{ receipt: '回执码' }}>
          <TextField name="receipt" label="回执码" hint="形如 ABCD-EFGH-JKMN。" maxLength={20} />
          <Button>查答复</Button>
        </Form>
      </div>
    </PageBody>
  )
}
