import { redirect } from 'react-router'
import { bankReturn } from '#modules/subsidy/payment.queries.ts'
import { bounceCodes, returnStates } from '#modules/subsidy/payment.schema.ts'
import { applyReturn, discardReturn } from '#modules/subsidy/return.commands.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { wordsAt } from '../../subsidy/words.ts'
import { Actions, Button, DisabledButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/bank-return.ts'

export const meta = () => title('银行回盘')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const found = await bankReturn(ctx.db, isId(params.id)).catch(fail(request))
  return {
    found,
    may: {
      book: ctx.actor.can('payment.confirm') && found.byUser !== ctx.actor.id,
      discard: ctx.actor.can('payment.import'),
    },
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const returnId = isId(params.id)
  const form = await request.formData()
  const discard = form.get('intent') === 'discard'
  const tried = await attempt(
    discard ? discardReturn(ctx, { returnId }) : applyReturn(ctx, { returnId }),
    form,
    wordsAt('payment', ctx),
  )
  if (!tried.ok) return tried.answer
  return redirect(
    discard ? done(paths.payments(), 'return-discarded') : done(paths.bankReturn(returnId), 'return-applying'),
  )
}

const outcomes = { settled: '已入账', already: '早先已入账', conflict: '与已入账的不符，未入账' }

export default function BankReturn({ loaderData: { found, may }, actionData }: Route.ComponentProps) {
  const paid = found.rows.filter((row) => row.result === 'paid')
  return (
    <>
      <PageHeader
        title={found.fileName}
        caption="银行回盘"
        crumbs={[{ label: '付款', href: paths.payments() }]}
        tag={
          <StatusTag tone={found.state === 'applied' ? 'good' : found.state === 'checked' ? 'wait' : 'info'}>
            {returnStates[found.state]}
          </StatusTag>
        }
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '上传', value: `${found.byName}，${instantText(found.at)}` },
            {
              label: '行数',
              value: `${found.rowsTotal} 行，其中可入账 ${found.rowsGood} 行，有问题 ${found.faults.length} 行`,
            },
            {
              label: '付款成功',
              value: (
                <>
                  {paid.length} 笔，
                  <Money fen={paid.reduce((sum, row) => sum + row.amountFen, 0)} />
                </>
              ),
            },
            { label: '银行退回', value: `${found.rows.length - paid.length} 笔` },
          ]}
        />
        {found.state === 'applying' && (
          <Progress label="正在入账，刷新本页看进度" value={found.done} max={found.rowsGood} unit="笔" />
        )}
        {found.conflicts > 0 && (
          <Notice tone="bad" title={`${found.conflicts} 笔与已入账的结果不符，没有入账`}>
            <p>请与银行核对。已入账的记录不改，需要更正的按退款或追回办理。</p>
          </Notice>
        )}
        {found.state === 'checked' &&
          (may.book || may.discard ? (
            <Form failed={actionData}>
              {found.faults.length > 0 && (
                <Notice tone="warn" title={`有 ${found.faults.length} 行有问题，入账时会跳过`}>
                  <p>可以先入账没有问题的行，更正后再上传；也可以放弃本次，更正后整个文件重新上传。</p>
                </Notice>
              )}
              <Actions>
                {found.rowsGood > 0 &&
                  (may.book ? (
                    <Button>入账 {found.rowsGood} 笔</Button>
                  ) : (
                    <DisabledButton reason="由财政确认岗位的另一人对照银行回单核对后入账。">
                      入账 {found.rowsGood} 笔
                    </DisabledButton>
                  ))}
                {may.discard && (
                  <Button kind="plain" name="intent" value="discard">
                    放弃本次
                  </Button>
                )}
              </Actions>
            </Form>
          ) : (
            <DisabledButton reason="由财政确认岗位入账。">入账</DisabledButton>
          ))}
        {found.faults.length > 0 && (
          <Section title="有问题的行">
            <DataTable
              caption="这些行不会入账"
              rows={found.faults}
              rowKey={(row) => `${row.row}-${row.rule}`}
              columns={[
                { key: 'row', header: '行', keep: true, cell: (row) => `第 ${row.row} 行` },
                { key: 'column', header: '列', keep: true, cell: (row) => row.column },
                { key: 'value', header: '内容', cell: (row) => row.value || '（空）' },
                { key: 'message', header: '问题', cell: (row) => row.message },
                { key: 'remedy', header: '怎样改', cell: (row) => row.remedy },
              ]}
              empty={null}
            />
          </Section>
        )}
        <Section title="可入账的行">
          <DataTable
            caption="逐笔结果"
            rows={found.rows}
            rowKey={(row) => String(row.row)}
            columns={[
              { key: 'order', header: '订单号', keep: true, cell: (row) => row.orderNumber },
              { key: 'amount', header: '金额', end: true, cell: (row) => <Money fen={row.amountFen} /> },
              {
                key: 'result',
                header: '银行结果',
                keep: true,
                cell: (row) => (
                  <StatusTag tone={row.result === 'paid' ? 'good' : 'bad'}>
                    {row.result === 'paid' ? '成功' : '退回'}
                  </StatusTag>
                ),
              },
              {
                key: 'reference',
                header: '流水号或原因',
                cell: (row) => row.reference || (row.reasonCode ? bounceCodes[row.reasonCode].label : ''),
              },
              { key: 'outcome', header: '入账', cell: (row) => (row.outcome ? outcomes[row.outcome] : '待入账') },
            ]}
            empty={
              <EmptyState icon="document" title="没有可以入账的行">
                请按上面的说明更正后重新上传。
              </EmptyState>
            }
          />
        </Section>
      </div>
    </>
  )
}
