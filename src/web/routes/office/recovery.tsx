import { redirect } from 'react-router'
import {
  closeRecovery,
  noticeOffset,
  offsetRecovery,
  planInstalments,
  receiveRecovery,
} from '#modules/subsidy/receipt.commands.ts'
import { decideRecovery, demandRecovery, dropRecovery, hearParty } from '#modules/subsidy/recovery.commands.ts'
import { offsettable, recoveryFile } from '#modules/subsidy/recovery.queries.ts'
import { receiptKinds, recoveryStates } from '#modules/subsidy/recovery.schema.ts'
import { movesOf } from '#modules/training/case.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { recoveryTones } from '../../subsidy/recovery-desk.ts'
import { RecoveryActions } from '../../subsidy/recovery-forms.tsx'
import { fundName, reasonName, wordsAt } from '../../subsidy/words.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { LongText, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/recovery.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`追回 ${loaderData?.file.number ?? ''}`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const file = await recoveryFile(ctx.db, isId(params.id)).catch(fail(request))
  return {
    file: { ...file, funds: file.funds.map((fund) => ({ ...fund, name: fundName(ctx.plan, fund.fundSource) })) },
    reason: reasonName(ctx.plan, file.reasonCode),
    moves: await movesOf(ctx.db, 'recovery', file.id),
    awards: file.state === 'demanded' ? await offsettable(ctx.db, file.organisationId) : [],
    today: dayOf(ctx.now),
    may: {
      open: ctx.actor.can('recovery.open'),
      decide: ctx.actor.can('recovery.decide') && file.openedBy !== ctx.actor.id,
      lead: ctx.actor.can('recovery.decide'),
      receive: ctx.actor.can('payment.confirm') && file.openedBy !== ctx.actor.id,
      close: ctx.actor.can('recovery.close') && ![file.openedBy, file.decidedBy].includes(ctx.actor.id),
      offset: ctx.actor.can('payment.batch'),
    },
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const recoveryId = isId(params.id)
  const form = await request.formData()
  const given = { ...formObject(form), recoveryId }
  const work: Record<string, () => Promise<unknown>> = {
    hear: () => hearParty(ctx, given),
    decide: () => decideRecovery(ctx, given),
    drop: () => dropRecovery(ctx, given),
    demand: () => demandRecovery(ctx, given),
    receive: () => receiveRecovery(ctx, given),
    instalments: () => planInstalments(ctx, given),
    notice: () => noticeOffset(ctx, given),
    offset: () => offsetRecovery(ctx, given),
    close: () => closeRecovery(ctx, given),
  }
  const intent = String(form.get('intent') ?? '')
  const doing = work[intent]
  if (!doing) throw new Response(null, { status: 400 })
  const tried = await attempt(doing(), form, wordsAt('recovery', ctx))
  return tried.ok ? redirect(done(paths.recovery(recoveryId), `recovery-${intent}`)) : tried.answer
}

const moveNames: Record<string, string> = {
  open: '立案',
  hear: '听取陈述',
  drop: '不予追回',
  decide: '作出决定',
  demand: '送达追缴通知',
  settle: '全部收回',
  'write-off': '核销',
  transfer: '移送',
}

export default function Recovery({ loaderData, actionData }: Route.ComponentProps) {
  const { file, reason, moves } = loaderData
  const leftFen = file.funds.reduce((sum, fund) => sum + fund.amountFen, 0)
  return (
    <>
      <PageHeader
        title={`追回 ${file.number}`}
        caption={file.organisation}
        crumbs={[{ label: '追回', href: paths.recoveries() }]}
        tag={<StatusTag tone={recoveryTones[file.state]}>{recoveryStates[file.state]}</StatusTag>}
      />
      <div className="stack">
        <SummaryList
          rows={[
            {
              label: '申领',
              value: file.claimNumber,
              action: { href: paths.claimReview(file.claimId), label: '查看' },
            },
            { label: '原因', value: reason },
            {
              label: '查明的事实',
              value: <LongText>{file.finding}</LongText>,
              note: `${file.openedByName}，${instantText(file.openedAt)}`,
            },
            {
              label: '当事人陈述',
              value: file.statement ? <LongText>{file.statement}</LongText> : '尚未听取',
              note: file.heardOn ? dayText(file.heardOn) : undefined,
            },
            {
              label: '决定',
              value: file.decisionReason ? <LongText>{file.decisionReason}</LongText> : '尚未决定',
              note: file.decidedByName ? `${file.legalBasis ?? ''}；${file.decidedByName}` : undefined,
            },
            {
              label: '金额',
              value: <Money fen={file.amountFen} />,
              note: file.demandedOn ? (
                <>
                  已收回等 <Money fen={file.closedFen} />
                  ，尚欠 <Money fen={leftFen} />
                </>
              ) : undefined,
            },
            ...(file.dueOn ? [{ label: '缴款期限', value: dayText(file.dueOn) }] : []),
            ...(file.offsetNoticeOn
              ? [{ label: '抵扣通知', value: dayText(file.offsetNoticeOn), note: '第二天起可以抵扣' }]
              : []),
          ]}
        />
        {file.demandedOn && (
          <LinkButton href={paths.recoveryLetter(file.id)} download>
            下载追缴通知书（PDF）
          </LinkButton>
        )}
        <Section title="办理">
          <RecoveryActions {...loaderData} leftFen={leftFen} failed={actionData} />
        </Section>
        <Section title="人员">
          <DataTable
            caption="逐人金额"
            rows={file.lines}
            rowKey={(row) => row.lineId}
            columns={[
              { key: 'name', header: '姓名', keep: true, cell: (row) => row.name },
              { key: 'document', header: '证件号码', cell: (row) => row.document },
              { key: 'paid', header: '已拨付', end: true, cell: (row) => <Money fen={row.paidFen} /> },
              { key: 'asked', header: '追回', end: true, cell: (row) => <Money fen={row.amountFen} /> },
            ]}
            empty={null}
          />
        </Section>
        {file.instalments.length > 0 && (
          <Section title="分期">
            <DataTable
              caption="分期缴款计划"
              rows={file.instalments}
              rowKey={(row) => String(row.seq)}
              columns={[
                { key: 'seq', header: '期次', cell: (row) => `第 ${row.seq} 期` },
                { key: 'due', header: '期限', cell: (row) => row.dueOn },
                { key: 'amount', header: '金额', end: true, cell: (row) => <Money fen={row.amountFen} /> },
              ]}
              empty={null}
            />
          </Section>
        )}
        <Section title="收款记录">
          <DataTable
            caption="每一笔都有依据"
            rows={file.receipts}
            rowKey={(row) => row.id}
            columns={[
              { key: 'day', header: '日期', keep: true, cell: (row) => row.onDay },
              { key: 'kind', header: '事项', cell: (row) => receiptKinds[row.kind] },
              { key: 'amount', header: '金额', end: true, cell: (row) => <Money fen={row.amountFen} /> },
              { key: 'reference', header: '凭据', cell: (row) => row.reference },
              { key: 'by', header: '经办', cell: (row) => `${row.byName}，${instantText(row.at)}` },
            ]}
            empty={<EmptyState icon="money" title="还没有收款" />}
          />
        </Section>
        <Section title="办理记录">
          <DataTable
            caption="先后顺序"
            rows={moves}
            rowKey={(row) => `${row.move}-${new Date(row.at).getTime()}`}
            columns={[
              { key: 'at', header: '时间', keep: true, cell: (row) => instantText(row.at) },
              { key: 'what', header: '事项', cell: (row) => moveNames[row.move] ?? row.move },
              { key: 'who', header: '经办', cell: (row) => row.actorName },
              { key: 'note', header: '说明', cell: (row) => row.note || '无' },
            ]}
            empty={null}
          />
        </Section>
      </div>
    </>
  )
}
