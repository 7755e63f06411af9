import { replyFor } from '#modules/competition/publication.queries.ts'
import { objectionStates, ReadReply } from '#modules/competition/publication.schema.ts'
import { fieldFaults } from '#platform/command.ts'
import { invalid } from '#platform/errors.ts'
import { competitionWords } from '../../competition/desk.ts'
import { attempt, current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
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
  const tried = await attempt(ask(), form, competitionWords(ctx))
  return tried.ok ? { answer: tried.value } : tried.answer
}

export default function Answer({ actionData }: Route.ComponentProps) {
  const answer = actionData && 'answer' in actionData ? actionData.answer : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  return (
    <PageBody>
      <PageHeader title="查异议答复" crumbs={[{ label: '技能竞赛', href: paths.competitions() }]} />
      <div className="stack">
        {answer && (
          <Notice
            tone={answer.state === 'open' ? 'info' : 'good'}
            live
            title={`${answer.number}：${objectionStates[answer.state]}`}
          >
            <p>{answer.state === 'open' ? `应在${dayText(answer.dueOn)}前答复。` : answer.reply}</p>
          </Notice>
        )}
        <Form failed={failed} labels={{ receipt: '回执码' }}>
          <TextField name="receipt" label="回执码" hint="12 位字母和数字，横线可以不填" maxLength={40} />
          <Button>查询</Button>
        </Form>
      </div>
    </PageBody>
  )
}
