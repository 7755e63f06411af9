import { redirect } from 'react-router'
import { claimStates } from '#modules/subsidy/claim.schema.ts'
import { createBatch } from '#modules/subsidy/payment.commands.ts'
import { bankReturns, payableClaims, paymentBatches } from '#modules/subsidy/payment.queries.ts'
import { batchStates, returnStates } from '#modules/subsidy/payment.schema.ts'
import { checkReturn } from '#modules/subsidy/return.commands.ts'
import { attempt, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { claimTones } from '../../subsidy/desk.ts'
import { programmeName, wordsAt } from '../../subsidy/words.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { FileField } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/payments.ts'

export const meta = () => title('付款')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const claims = await payableClaims(ctx.db)
  return {
    claims: claims.map((row) => ({ ...row, name: programmeName(ctx.plan, row.programme) })),
    batches: await paymentBatches(ctx.db),
    returns: await bankReturns(ctx.db),
    may: { batch: ctx.actor.can('payment.batch'), import: ctx.actor.can('payment.import') },
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const form = await request.formData()
  if (form.get('intent') === 'return') {
    const file = form.get('file')
    const chosen = file instanceof File && file.size > 0
    const input = chosen ? { fileName: file.name, bytes: new Uint8Array(await file.arrayBuffer()) } : {}
    const tried = await attempt(checkReturn(ctx, input), form, wordsAt('payment', ctx))
    if (!tried.ok) return tried.answer
    return redirect(done(paths.bankReturn(tried.value.id), tried.value.same ? 'return-same' : 'return-checked'))
  }
  const tried = await attempt(createBatch(ctx, formObject(form)), form, wordsAt('payment', ctx))
  return tried.ok ? redirect(done(paths.paymentBatch(tried.value.id), 'batch-made')) : tried.answer
}

const batchTones = { drafted: 'wait', confirmed: 'info', settled: 'good', cancelled: 'neutral' } as const
const returnTones = { checked: 'wait', applying: 'info', applied: 'good', discarded: 'neutral' } as const

export default function Payments({ loaderData: { claims, batches, returns, may }, actionData }: Route.ComponentProps) {
  const forReturn = actionData?.values.intent === 'return'
  return (
    <>
      <PageHeader
        title="付款"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
        lead="资金经办编批次，财政另一人确认后才能下载付款文件；银行回盘逐笔核对后入账。"
      />
      <div className="stack">
        <Section title="待付款的申领">
          <Form failed={forReturn ? undefined : actionData} labels={{ claimIds: '申领' }}>
            <DataTable
              caption="已审批，或银行退回后已更正账户的申领；付款期限近的在前"
              rows={claims}
              rowKey={(row) => row.id}
              columns={[
                {
                  key: 'number',
                  header: '编号',
                  keep: true,
                  cell: (row) => <a href={paths.claimReview(row.id)}>{row.number}</a>,
                },
                {
                  key: 'pick',
                  header: '选择',
                  cell: (row) =>
                    row.account ? (
                      <input
                        className="checkbox"
                        type="checkbox"
                        name="claimIds"
                        value={row.id}
                        defaultChecked
                        aria-label={`付款 ${row.number} ${row.organisation}`}
                      />
                    ) : (
                      '缺账户'
                    ),
                },
                { key: 'organisation', header: '收款单位', cell: (row) => row.organisation },
                { key: 'programme', header: '项目', cell: (row) => row.name },
                { key: 'amount', header: '金额', end: true, keep: true, cell: (row) => <Money fen={row.amountFen} /> },
                {
                  key: 'account',
                  header: '收款账户',
                  keep: true,
                  cell: (row) => row.account ?? <StatusTag tone="warn">没有经核实的账户</StatusTag>,
                },
                {
                  key: 'due',
                  header: '付款期限',
                  keep: true,
                  cell: (row) => (row.dueOn ? dayText(row.dueOn) : '暂停计时'),
                },
                {
                  key: 'state',
                  header: '状态',
                  keep: true,
                  cell: (row) => <StatusTag tone={claimTones[row.state]}>{claimStates[row.state]}</StatusTag>,
                },
              ]}
              empty={
                <EmptyState icon="money" title="没有待付款的申领">
                  局领导审批后会列在这里。
                </EmptyState>
              }
            />
            {claims.length > 0 &&
              (may.batch ? (
                <Button>编成付款批次</Button>
              ) : (
                <DisabledButton reason="由资金经办岗位编批次。">编成付款批次</DisabledButton>
              ))}
          </Form>
        </Section>
        <Section title="付款批次">
          <DataTable
            caption="最近的批次"
            rows={batches}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'number',
                header: '批次',
                keep: true,
                cell: (row) => <a href={paths.paymentBatch(row.id)}>{row.number}</a>,
              },
              { key: 'orders', header: '笔数', end: true, cell: (row) => row.orders },
              { key: 'total', header: '金额', end: true, keep: true, cell: (row) => <Money fen={row.totalFen} /> },
              { key: 'made', header: '编制', cell: (row) => `${row.createdByName}，${instantText(row.createdAt)}` },
              { key: 'decided', header: '确认', cell: (row) => row.decidedByName ?? '—' },
              { key: 'result', header: '回盘', cell: (row) => `已付 ${row.paid}，退回 ${row.bounced}` },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) => <StatusTag tone={batchTones[row.state]}>{batchStates[row.state]}</StatusTag>,
              },
            ]}
            empty={<EmptyState icon="document" title="还没有付款批次" />}
          />
        </Section>
        <Section title="银行回盘" description="先试导入，逐行核对后再入账。同一文件重复上传不会重复入账。">
          {may.import ? (
            <Form
              failed={forReturn ? actionData : undefined}
              labels={{ file: '回盘文件', fileName: '回盘文件', bytes: '回盘文件' }}
              upload
            >
              <p>
                按<a href={paths.bankReturnTemplate()}>回盘格式</a>整理；订单号、金额原样保留。
              </p>
              <FileField name="file" label="回盘文件" accept=".csv,.xlsx" limit="可用 .xlsx 或 .csv，不超过 10 MB" />
              <Button kind="plain" name="intent" value="return">
                上传并试导入
              </Button>
            </Form>
          ) : (
            <DisabledButton reason="由资金经办岗位导入。">上传并试导入</DisabledButton>
          )}
          <DataTable
            caption="最近的回盘"
            rows={returns}
            rowKey={(row) => row.id}
            columns={[
              { key: 'file', header: '文件', cell: (row) => <a href={paths.bankReturn(row.id)}>{row.fileName}</a> },
              { key: 'rows', header: '行数', end: true, cell: (row) => row.rowsTotal },
              { key: 'good', header: '可入账', end: true, cell: (row) => row.rowsGood },
              { key: 'bad', header: '有问题', end: true, cell: (row) => row.faults.length },
              { key: 'by', header: '上传', cell: (row) => `${row.byName}，${instantText(row.at)}` },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) => <StatusTag tone={returnTones[row.state]}>{returnStates[row.state]}</StatusTag>,
              },
            ]}
            empty={<EmptyState icon="upload" title="还没有回盘" />}
          />
        </Section>
      </div>
    </>
  )
}
