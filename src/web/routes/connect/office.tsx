import { redirect } from 'react-router'
import { allPartners } from '#modules/access/partner.queries.ts'
import { withdrawKey } from '#modules/connect/key.commands.ts'
import { allKeys } from '#modules/connect/key.queries.ts'
import { keyStates } from '#modules/connect/key.schema.ts'
import { allPlatforms } from '#modules/connect/platform.queries.ts'
import { type RegistrationState, registrationStates } from '#modules/connect/registration.schema.ts'
import { allTools } from '#modules/connect/tool.queries.ts'
import { connectWords, registrationTones } from '../../connect/words.ts'
import type { RegistrationKind } from '../../connect-paths.ts'
import { attempt, signedIn } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/office.ts'

export const meta = () => title('外部平台互通')

const kinds: Record<RegistrationKind, string> = { tools: '外部工具', platforms: '学习平台', 'sign-ins': '单位账号登录' }
type Line = {
  kind: RegistrationKind
  id: string
  name: string
  organisation: string
  state: RegistrationState
  proposedByName: string
  proposedAt: Date
}

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'connect.read')
  const [tools, platforms, partners, keys] = await Promise.all([
    allTools(ctx.db),
    allPlatforms(ctx.db),
    allPartners(ctx.db),
    allKeys(ctx.db),
  ])
  const line =
    (kind: RegistrationKind) =>
    (one: Omit<Line, 'kind' | 'organisation'> & { organisation: string | null }): Line => ({
      kind,
      id: one.id,
      name: one.name,
      organisation: one.organisation ?? '全区共用',
      state: one.state,
      proposedByName: one.proposedByName,
      proposedAt: one.proposedAt,
    })
  const rows = [...tools.map(line('tools')), ...platforms.map(line('platforms')), ...partners.map(line('sign-ins'))]
  return {
    waiting: rows.filter(({ state }) => state === 'proposed'),
    rest: rows.filter(({ state }) => state !== 'proposed'),
    keys: keys.map(({ id, kid, state, reason, madeAt, endedAt }) => ({ id, kid, state, reason, madeAt, endedAt })),
    mayRegister: ctx.actor.can('connect.register', {}),
    mayApprove: ctx.actor.can('connect.approve'),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'connect.approve')
  const form = await request.formData()
  const tried = await attempt(withdrawKey(ctx, Object.fromEntries(form)), form, connectWords(ctx))
  return tried.ok ? redirect(done(paths.officeConnect(), 'connect-key-withdrawn')) : tried.answer
}

export default function OfficeConnect({ loaderData, actionData }: Route.ComponentProps) {
  const { waiting, rest, keys, mayRegister, mayApprove } = loaderData
  return (
    <>
      <PageHeader
        title="外部平台互通"
        lead="课程里打开的外部工具、打开本平台课程的学校平台、单位自己的登录服务。一人登记，安全管理员批准后才生效。"
      />
      <div className="stack">
        {mayRegister && (
          <Actions>
            <LinkButton href={paths.newTool('office')}>登记全区共用的工具</LinkButton>
          </Actions>
        )}
        <Registrations caption="待批准" rows={waiting} empty="没有等待批准的登记" />
        <Registrations caption="已处理" rows={rest} empty="还没有处理过的登记" />
        <Section
          title="签名密钥"
          description="发给工具和平台的消息用它签名。每90天自动更换，旧的再公布30天；私钥加密保存，谁也看不到。"
        >
          <DataTable
            caption="密钥"
            rows={keys}
            rowKey={(row) => row.id}
            columns={[
              { key: 'kid', header: '编号', keep: true, cell: (row) => <code>{row.kid}</code> },
              { key: 'made', header: '生成', cell: (row) => instantText(row.madeAt) },
              { key: 'ended', header: '停止签名', cell: (row) => (row.endedAt ? instantText(row.endedAt) : '—') },
              { key: 'reason', header: '原因', cell: (row) => row.reason || '—' },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) => (
                  <StatusTag tone={row.state === 'active' ? 'good' : row.state === 'withdrawn' ? 'bad' : 'neutral'}>
                    {keyStates[row.state]}
                  </StatusTag>
                ),
              },
            ]}
            empty={
              <EmptyState icon="lock" title="还没有密钥">
                平台后台启动后会自动生成第一个。
              </EmptyState>
            }
          />
          {mayApprove && (
            <More label="密钥可能泄露，立即作废" open={actionData !== undefined}>
              <Form failed={actionData} labels={{ reason: '理由' }}>
                <TextField name="reason" label="理由" width="full" />
                <Button kind="danger">作废并更换</Button>
              </Form>
            </More>
          )}
        </Section>
      </div>
    </>
  )
}

function Registrations({ caption, rows, empty }: { caption: string; rows: readonly Line[]; empty: string }) {
  return (
    <DataTable
      caption={caption}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'name',
          header: '名称',
          keep: true,
          cell: (row) => <a href={paths.officeRegistration(row.kind, row.id)}>{row.name}</a>,
        },
        { key: 'kind', header: '类别', cell: (row) => kinds[row.kind] },
        { key: 'organisation', header: '单位', cell: (row) => row.organisation },
        { key: 'by', header: '登记', cell: (row) => `${row.proposedByName}　${instantText(row.proposedAt)}` },
        {
          key: 'state',
          header: '状态',
          keep: true,
          cell: (row) => <StatusTag tone={registrationTones[row.state]}>{registrationStates[row.state]}</StatusTag>,
        },
      ]}
      empty={<EmptyState title={empty}>机构和用人单位在工作台“外部平台互通”里登记。</EmptyState>}
    />
  )
}
