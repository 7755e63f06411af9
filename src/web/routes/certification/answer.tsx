import { data } from 'react-router'
import { objectionReply } from '#modules/certification/objection.queries.ts'
import { objectionStates } from '#modules/certification/objection.schema.ts'
import { current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { Reply } from '../../publicity/objection-parts.tsx'
import { title } from '../../site.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/answer.ts'

export const meta = () => title('查认定异议答复')

/** Posted, not asked for by address: the code must not stay in histories and logs. */
export async function action({ request, context }: Route.ActionArgs) {
  const typed = String((await request.formData()).get('receipt') ?? '')
  const answer = await objectionReply(context.get(current).ctx, typed)
  if (answer) return { answer }
  const fields = { receipt: ['没有这个回执码。请核对12位字母和数字'] }
  return data({ failed: { fault: { kind: 'invalid' as const, fields }, values: { receipt: typed } } }, 422)
}

export default function Answer({ actionData }: Route.ComponentProps) {
  const answer = actionData && 'answer' in actionData ? actionData.answer : null
  const failed = actionData && 'failed' in actionData ? actionData.failed : undefined
  return (
    <PageBody>
      <PageHeader title="查认定异议答复" crumbs={[{ label: '等级认定机构', href: paths.assessors() }]} />
      <Reply answer={answer} states={objectionStates} failed={failed} />
    </PageBody>
  )
}
