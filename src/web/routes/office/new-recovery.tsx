import { redirect } from 'react-router'
import { claimPage } from '#modules/subsidy/claim.queries.ts'
import { openRecovery } from '#modules/subsidy/recovery.commands.ts'
import { leftToAsk } from '#modules/subsidy/recovery.queries.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { reasonOptions, wordsAt } from '../../subsidy/words.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { SelectField, TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/new-recovery.ts'

export const meta = () => title('追回立案')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recovery.open')
  const id = isId(new URL(request.url).searchParams.get('claim') ?? undefined)
  const { claim, lines } = await claimPage(ctx, id).catch(fail(request))
  const left = await leftToAsk(ctx.db, id)
  return {
    claim,
    lines: lines.filter((line) => !line.dropped).map((line) => ({ ...line, leftFen: left.get(line.id) ?? 0 })),
    reasons: reasonOptions(ctx.plan, 'recovery'),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recovery.open')
  const form = await request.formData()
  const claimId = new URL(request.url).searchParams.get('claim')
  const tried = await attempt(openRecovery(ctx, { ...formObject(form), claimId }), form, wordsAt('recovery', ctx))
  return tried.ok ? redirect(done(paths.recovery(tried.value.id), 'recovery-opened')) : tried.answer
}

export default function NewRecovery({ loaderData: { claim, lines, reasons }, actionData }: Route.ComponentProps) {
  const typed = (id: string) => {
    const value = actionData?.values[`amounts.${id}`]
    return Array.isArray(value) ? value[0] : value
  }
  return (
    <>
      <PageHeader
        title="追回立案"
        caption={`申领 ${claim.number}　${claim.organisation}`}
        crumbs={[
          { label: '追回', href: paths.recoveries() },
          { label: claim.number, href: paths.claimReview(claim.id) },
        ]}
        lead="立案后要听取当事人陈述，由局领导另行决定；决定金额不能高于这里的金额。"
      />
      <Form failed={actionData} labels={{ reasonCode: '原因', finding: '查明的事实', lines: '追回金额' }}>
        <SelectField name="reasonCode" label="原因" options={reasons} />
        <TextArea name="finding" label="查明的事实" hint="时间、经过、证据。当事人会看到。" rows={5} maxLength={4000} />
        <DataTable
          caption="追回金额，单位元；不追回的人留空"
          rows={lines}
          rowKey={(row) => row.id}
          columns={[
            { key: 'person', header: '学员', keep: true, cell: (row) => row.person },
            { key: 'document', header: '证件号码', cell: (row) => row.document },
            { key: 'left', header: '尚可追回', end: true, keep: true, cell: (row) => <Money fen={row.leftFen} /> },
            {
              key: 'amount',
              header: '追回（元）',
              cell: (row) =>
                row.leftFen > 0 ? (
                  <input
                    className="input short"
                    id={`f-amounts.${row.id}`}
                    name={`amounts.${row.id}`}
                    inputMode="decimal"
                    autoComplete="off"
                    defaultValue={typed(row.id)}
                    aria-label={`${row.person} 追回金额（元）`}
                  />
                ) : (
                  '已全部追回'
                ),
            },
          ]}
          empty={null}
        />
        <Button>立案</Button>
      </Form>
    </>
  )
}
