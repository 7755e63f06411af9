import type { ClientLine } from '#modules/records/client.queries.ts'
import { scopes } from '#modules/records/client.schema.ts'
import type { RecentLine } from '#modules/records/overview.queries.ts'
import { Button } from '../ui/button.tsx'
import { CheckboxGroup } from '../ui/choices.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { More } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { Instant } from '../ui/time.tsx'

/** Who may write and read, and the way to stop them. */
export function Clients({ rows, failed }: { rows: ClientLine[]; failed: Failed | undefined }) {
  return (
    <DataTable
      caption="客户端"
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'name', header: '名称', cell: (row) => row.name },
        {
          key: 'key',
          header: 'key',
          cell: (row) => (row.kind === 'platform' ? '平台自身记录' : <code>{row.key}</code>),
        },
        { key: 'scopes', header: '权限', cell: (row) => row.scopes.map((scope) => scopes[scope]).join('；') },
        {
          key: 'used',
          header: '最近使用',
          cell: (row) =>
            row.kind === 'platform' ? '随业务自动写入' : row.lastUsedAt ? <Instant at={row.lastUsedAt} /> : '没有用过',
        },
        {
          key: 'state',
          header: '状态',
          cell: (row) =>
            row.kind === 'platform' ? (
              <StatusTag tone="good">有效</StatusTag>
            ) : row.revokedAt ? (
              <StatusTag tone="neutral">已停用</StatusTag>
            ) : (
              <More label="停用" open={failed?.values?.clientId === row.id}>
                <Form failed={failed?.values?.clientId === row.id ? failed : undefined} labels={{ reason: '理由' }}>
                  <input type="hidden" name="intent" value="revoke" />
                  <input type="hidden" name="clientId" value={row.id} />
                  <TextField name="reason" label="理由" />
                  <Button kind="danger">停用客户端</Button>
                </Form>
              </More>
            ),
        },
      ]}
      empty={<EmptyState title="还没有客户端">课程或学习平台需要写入学习记录时，在下面开立一个。</EmptyState>}
    />
  )
}

export function NewClient({ failed }: { failed: Failed | undefined }) {
  return (
    <Form failed={failed} labels={{ name: '名称', scopes: '权限' }}>
      <input type="hidden" name="intent" value="create" />
      <TextField name="name" label="名称" hint="写明给哪个系统用，例如“焊接仿真系统”。" />
      <CheckboxGroup
        name="scopes"
        label="权限"
        hint="只给用得着的。任何权限都只限本单位的记录。"
        options={Object.entries(scopes).map(([value, label]) => ({ value, label }))}
      />
      <Button>开立客户端</Button>
    </Form>
  )
}

/** The newest statements, so that somebody who connects a system sees them arrive. */
export function Recent({ rows }: { rows: RecentLine[] }) {
  return (
    <DataTable
      caption="最近写入的学习记录"
      captionNote="最多20条；人员只显示账户标识的开头"
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'at', header: '写入时间', keep: true, cell: (row) => <Instant at={row.stored} /> },
        { key: 'who', header: '账户', keep: true, cell: (row) => row.who },
        { key: 'verb', header: '动作', cell: (row) => row.verb },
        { key: 'what', header: '对象', cell: (row) => row.what },
        { key: 'client', header: '客户端', cell: (row) => row.client },
      ]}
      empty={
        <EmptyState title="还没有学习记录">客户端写入后，或本单位班级有报名、出勤、考核时，这里会出现记录。</EmptyState>
      }
    />
  )
}
