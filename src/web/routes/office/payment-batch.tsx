import { redirect } from 'react-router'
import { decideBatch } from '#modules/subsidy/payment.commands.ts'
import { paymentBatch } from '#modules/subsidy/payment.queries.ts'
import { batchStates, bounceCodes, orderStates } from '#modules/subsidy/payment.schema.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { fundName, wordsAt } from '../../subsidy/words.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/payment-batch.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`批次 ${loaderData?.batch.number ?? ''}`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const batch = await paymentBatch(ctx.db, isId(params.id)).catch(fail(request))
  const own = batch.createdBy === ctx.actor.id
  return {
    batch: { ...batch, rows: batch.rows.map((row) => ({ ...row, fund: fundName(ctx.plan, row.fundSource) })) },
    confirm: ctx.actor.can('payment.confirm') && !own,
    why: own ? '编制批次的人不能自己确认。' : '由财政确认岗位确认。',
    download: ctx.actor.can('payment.batch'),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'payment.confirm')
  const form = await request.formData()
  const input = { ...formObject(form), batchId: isId(params.id) }
  const tried = await attempt(decideBatch(ctx, input), form, wordsAt('payment', ctx))
  return tried.ok ? redirect(done(paths.paymentBatch(tried.value.id), `batch-${tried.value.state}`)) : tried.answer
}

const orderTones = { drafted: 'wait', sent: 'info', paid: 'good', bounced: 'bad', cancelled: 'neutral' } as const

export default function PaymentBatch({ loaderData, actionData }: Route.ComponentProps) {
  const { batch, confirm, why, download } = loaderData
  return (
    <>
      <PageHeader
        title={`付款批次 ${batch.number}`}
        crumbs={[{ label: '付款', href: paths.payments() }]}
        tag={
          <StatusTag tone={batch.state === 'settled' ? 'good' : batch.state === 'drafted' ? 'wait' : 'info'}>
            {batchStates[batch.state]}
          </StatusTag>
        }
      />
      <div className="stack">
        <SummaryList
          rows={[
            {
              label: '笔数和金额',
              value: (
                <>
                  {batch.orders} 笔，
                  <Money fen={batch.totalFen} />
                </>
              ),
            },
            { label: '编制', value: `${batch.createdByName}，${instantText(batch.createdAt)}` },
            {
              label: '确认',
              value:
                batch.decidedByName && batch.decidedAt
                  ? `${batch.decidedByName}，${instantText(batch.decidedAt)}`
                  : '待财政确认',
              note: batch.note || undefined,
            },
            {
              label: '付款文件 SHA-256',
              value: <Copyable>{batch.fileSha256}</Copyable>,
              note: '下载时重新生成并核对，不一致就不给下载。',
            },
          ]}
        />
        {batch.state === 'drafted' && (
          <Section title="财政确认">
            {confirm ? (
              <Form failed={actionData} labels={{ decision: '决定', note: '说明' }}>
                <RadioGroup
                  name="decision"
                  label="决定"
                  options={[
                    { value: 'confirm', label: '确认付款', hint: '资金转为银行在途，经办可以下载付款文件。' },
                    { value: 'cancel', label: '作废', hint: '申领回到待付款，可以重新编批次。' },
                  ]}
                />
                <TextArea name="note" label="说明" optional rows={2} maxLength={500} />
                <Button>提交</Button>
              </Form>
            ) : (
              <DisabledButton reason={why}>确认付款</DisabledButton>
            )}
          </Section>
        )}
        {(batch.state === 'confirmed' || batch.state === 'settled') && (
          <Section title="付款文件" description="文件含完整账号，只交给银行；每次下载都留痕。">
            {download ? (
              <form method="post" action={paths.paymentFile(batch.id)}>
                <Button kind="plain">下载付款文件（CSV）</Button>
              </form>
            ) : (
              <DisabledButton reason="由资金经办岗位下载。">下载付款文件（CSV）</DisabledButton>
            )}
          </Section>
        )}
        <Section title="订单">
          <DataTable
            caption="每件申领、每项资金一笔"
            rows={batch.rows}
            rowKey={(row) => row.id}
            columns={[
              { key: 'number', header: '订单号', keep: true, cell: (row) => row.number },
              {
                key: 'claim',
                header: '申领',
                keep: true,
                cell: (row) => <a href={paths.claimReview(row.claimId)}>{row.claimNumber}</a>,
              },
              { key: 'holder', header: '收款户名', cell: (row) => row.holder },
              { key: 'account', header: '账号', keep: true, cell: (row) => row.account },
              { key: 'bank', header: '开户行', cell: (row) => `${row.bank} ${row.branch}` },
              { key: 'fund', header: '资金来源', cell: (row) => `${row.fund}（${row.year}）` },
              { key: 'amount', header: '金额', end: true, keep: true, cell: (row) => <Money fen={row.amountFen} /> },
              {
                key: 'state',
                header: '结果',
                cell: (row) => (
                  <>
                    <StatusTag tone={orderTones[row.state]}>{orderStates[row.state]}</StatusTag>
                    {row.bankReference && <span className="small soft"> {row.bankReference}</span>}
                    {row.bounceCode && (
                      <span className="small soft">
                        {' '}
                        {bounceCodes[row.bounceCode].label} {row.bounceReason}
                      </span>
                    )}
                  </>
                ),
              },
            ]}
            empty={null}
          />
        </Section>
      </div>
    </>
  )
}
