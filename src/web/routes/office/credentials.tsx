import { redirect } from 'react-router'
import { approveKey, proposeKey, rejectKey } from '#modules/credentials/key.commands.ts'
import { allKeys } from '#modules/credentials/key.queries.ts'
import { keyReasons, keyReasonText, keyStates } from '#modules/credentials/key.schema.ts'
import { shareAudit } from '#modules/credentials/share.queries.ts'
import { attempt, signedIn, wordsOf } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, Button, DisabledButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Tone } from '../../ui/tone.ts'
import type { Route } from './+types/credentials.ts'

export const meta = () => title('数字凭证')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'credential.read')
  const [keys, shares] = await Promise.all([allKeys(ctx.db), shareAudit(ctx)])
  const waiting = keys.find(({ state }) => state === 'proposed')
  return {
    keys: keys.map(({ proposedBy: _, ...key }) => key),
    shares,
    waiting: waiting ? { ...waiting, own: waiting.proposedBy === ctx.actor.id } : null,
    mayPropose: ctx.actor.can('credential.propose-key'),
    mayApprove: ctx.actor.can('credential.approve-key'),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData()
  const move = form.get('do')
  const deciding = move === 'approve' || move === 'reject'
  const { ctx } = signedIn({ request, context }, deciding ? 'credential.approve-key' : 'credential.propose-key')
  const input = Object.fromEntries(form)
  const work =
    move === 'approve' ? approveKey(ctx, input) : move === 'reject' ? rejectKey(ctx, input) : proposeKey(ctx, input)
  const tried = await attempt<{ id: string }>(work, form, (refusal) => wordsOf(ctx.plan, keyReasonText, refusal))
  const code = move === 'approve' ? 'key-approved' : move === 'reject' ? 'key-rejected' : 'key-proposed'
  return tried.ok ? redirect(done(paths.officeCredentials(), code)) : tried.answer
}

const tones: Record<keyof typeof keyStates, Tone> = {
  proposed: 'wait',
  active: 'good',
  retired: 'neutral',
  withdrawn: 'bad',
  rejected: 'neutral',
}

export default function Credentials({ loaderData, actionData }: Route.ComponentProps) {
  const { keys, shares } = loaderData
  return (
    <>
      <PageHeader title="数字凭证" lead="证书的数字签名密钥，两人更换；学习护照的使用情况，只有数量。" />
      <div className="stack">
        <Section
          title="更换签名密钥"
          description="新密钥由平台当场生成，私钥加密保存，谁也看不到。一人提出，另一人批准后启用。"
        >
          <Rotation {...{ loaderData, actionData }} />
        </Section>
        <DataTable
          caption="密钥"
          captionNote="新的在前"
          rows={keys}
          rowKey={(row) => row.id}
          columns={[
            { key: 'number', header: '序号', keep: true, cell: (row) => `k${row.number}` },
            { key: 'public', header: '公钥', cell: (row) => <Copyable>{row.publicKey}</Copyable> },
            {
              key: 'reason',
              header: '原因',
              cell: (row) => [keyReasons[row.reason], row.note].filter(Boolean).join('：'),
            },
            { key: 'proposed', header: '提出', cell: (row) => `${row.proposedByName}　${instantText(row.proposedAt)}` },
            {
              key: 'decided',
              header: '处理',
              cell: (row) => (row.decidedAt ? `${row.decidedByName}　${instantText(row.decidedAt)}` : '—'),
            },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => <StatusTag tone={tones[row.state]}>{keyStates[row.state]}</StatusTag>,
            },
          ]}
          empty={
            <EmptyState icon="lock" title="还没有密钥">
              平台后台启动后会自动生成第一个。
            </EmptyState>
          }
        />
        <DataTable
          caption="学习护照"
          captionNote="按生成月份"
          rows={shares}
          rowKey={(row) => row.month}
          columns={[
            { key: 'month', header: '月份', keep: true, cell: (row) => row.month },
            { key: 'made', header: '生成链接', end: true, cell: (row) => row.made },
            { key: 'open', header: '公开中', end: true, cell: (row) => row.open },
            { key: 'revoked', header: '已收回', end: true, cell: (row) => row.revoked },
            { key: 'openings', header: '被打开次数', end: true, cell: (row) => row.openings },
          ]}
          empty={
            <EmptyState icon="shield" title="还没有人生成链接">
              劳动者在个人中心“学习护照”里自己生成。
            </EmptyState>
          }
        />
      </div>
    </>
  )
}

function Rotation({
  loaderData,
  actionData,
}: {
  loaderData: Route.ComponentProps['loaderData']
  actionData: Route.ComponentProps['actionData']
}) {
  const { waiting, mayApprove, mayPropose } = loaderData
  if (!waiting) {
    return mayPropose ? (
      <Form failed={actionData} labels={{ reason: '原因', note: '依据' }}>
        <RadioGroup
          name="reason"
          label="原因"
          options={[
            { value: 'routine', label: keyReasons.routine, hint: '原密钥停用，签过的证书照常有效。' },
            { value: 'compromised', label: keyReasons.compromised, hint: '原密钥作废，用它签的文件都要重新下载。' },
          ]}
        />
        <TextArea name="note" label="依据" rows={3} maxLength={500} />
        <Button>提出新密钥</Button>
      </Form>
    ) : (
      <DisabledButton reason="由系统管理员提出，安全管理员批准。">提出新密钥</DisabledButton>
    )
  }
  return (
    <>
      <SummaryList
        rows={[
          { label: '待批准', value: `k${waiting.number}`, note: keyReasons[waiting.reason] },
          { label: '依据', value: waiting.note },
          { label: '提出', value: waiting.proposedByName, note: instantText(waiting.proposedAt) },
        ]}
      />
      {mayApprove && !waiting.own ? (
        <Form failed={actionData}>
          <input type="hidden" name="id" value={waiting.id} />
          <Actions>
            <Button name="do" value="approve">
              批准启用
            </Button>
            <Button name="do" value="reject" kind="plain">
              退回
            </Button>
          </Actions>
        </Form>
      ) : (
        <DisabledButton reason={waiting.own ? '提出人不能批准自己的密钥。' : '由安全管理员批准。'}>
          批准启用
        </DisabledButton>
      )}
    </>
  )
}
