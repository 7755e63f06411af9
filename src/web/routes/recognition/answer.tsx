import { replyFor } from '#modules/recognition/publication.queries.ts'
import { objectionStates, ReadReply } from '#modules/recognition/publication.schema.ts'
import { fieldFaults } from '#platform/command.ts'
import { invalid } from '#platform/errors.ts'
import { attempt, current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { Reply } from '../../publicity/objection-parts.tsx'
import { recognitionWords } from '../../recognition/desk.ts'
import { title } from '../../site.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/answer.ts'

export const meta = () => title('查异议答复')

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = context.get(current)
  const form = await request.formData()
  const ask = async () => {
    const parsed = ReadReply.safeParse(Object.fromEntries(form))
    if (!parsed.success) throw invalid(fieldFaults(parsed.error))
    return replyFor(ctx, parsed.data.receipt)
  }
  const tried = await attempt(ask(), form, recognitionWords(ctx))
  return tried.ok ? { answer: tried.value } : tried.answer
}

export default function Answer({ actionData }: Route.ComponentProps) {
  const answer = actionData && 'answer' in actionData ? actionData.answer : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  return (
    <PageBody>
      <PageHeader title="查异议答复" crumbs={[{ label: '认定和聘任', href: paths.titles() }]} />
      <Reply answer={answer} states={objectionStates} failed={failed} />
    </PageBody>
  )
}
