import { redirect } from 'react-router'
import { decideNameRequest } from '#modules/people/name-request.commands.ts'
import { waitingNameRequests } from '#modules/people/name-request.queries.ts'
import { reasonText } from '#modules/people/person.schema.ts'
import { attempt, signedIn, wordsOf } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/name-requests.ts'

export const meta = () => title('更名申请')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'account.verify')
  return { requests: await waitingNameRequests(ctx.db, ctx.crypto) }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'account.verify')
  const form = await request.formData()
  const tried = await attempt(decideNameRequest(ctx, Object.fromEntries(form)), form, (refusal) =>
    wordsOf(ctx.plan, reasonText, refusal),
  )
  if (!tried.ok) return tried.answer
  return redirect(done(paths.officeNameRequests(), tried.value.state === 'accepted' ? 'name-changed' : 'rejected'))
}

export default function NameRequests({ loaderData: { requests }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="更名申请"
        crumbs={[{ label: '人员查询', href: paths.officePeople() }]}
        lead="对照证明核对新姓名和日期。查看证明会留痕。"
      />
      {requests.length === 0 && <EmptyState title="没有等待核对的申请" />}
      <div className="stack">
        {requests.map((row) => (
          <Section key={row.id} title={`${row.now} → ${row.wanted}`}>
            <SummaryList
              rows={[
                { label: '更名日期', value: dayText(row.from) },
                { label: '申请时间', value: instantText(row.askedAt) },
                { label: '说明', value: row.note || undefined },
                { label: '证明', value: <a href={paths.officeNameProof(row.id)}>查看证明</a> },
              ]}
            />
            <Form
              failed={actionData?.values.requestId === row.id ? actionData : undefined}
              labels={{ decision: '结论', words: '核对情况' }}
            >
              <input type="hidden" name="requestId" value={row.id} />
              <RadioGroup
                name="decision"
                label="结论"
                options={[
                  { value: 'accept', label: '同意更正' },
                  { value: 'refuse', label: '不同意' },
                ]}
              />
              <TextField name="words" label="核对情况" width="full" hint="本人能看到。" />
              <Button>确定</Button>
            </Form>
          </Section>
        ))}
      </div>
    </>
  )
}
