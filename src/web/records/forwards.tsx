import type { DeadLetter, ForwardLine } from '#modules/records/forward.queries.ts'
import { Button } from '../ui/button.tsx'
import { RadioGroup } from '../ui/choices.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { LongText, More } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { Instant } from '../ui/time.tsx'

/** Where statements are sent on to, how far it is, and what is wrong if something is. */
export function Forwards({ rows, failed }: { rows: ForwardLine[]; failed: Failed | undefined }) {
  return (
    <DataTable
      caption="转发"
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'name', header: '名称', cell: (row) => row.name },
        { key: 'endpoint', header: '地址', cell: (row) => <LongText>{row.endpoint}</LongText> },
        { key: 'sent', header: '已转发', end: true, cell: (row) => `${row.sent} 条` },
        { key: 'letters', header: '被拒收', end: true, cell: (row) => `${row.letters} 条` },
        {
          key: 'state',
          header: '状态',
          cell: (row) =>
            row.state === 'stopped' ? (
              <StatusTag tone="neutral">已停止</StatusTag>
            ) : row.failures > 0 ? (
              <>
                <StatusTag tone="bad">{`连续失败${row.failures}次`}</StatusTag>
                <p>
                  对方答复：{row.lastFailure}。<Instant at={row.nextAt} /> 再试，从断处继续。
                </p>
              </>
            ) : (
              <StatusTag tone="good">正在转发</StatusTag>
            ),
        },
        {
          key: 'stop',
          header: '操作',
          cell: (row) =>
            row.state === 'stopped' ? (
              '—'
            ) : (
              <More label="停止" open={failed?.values?.forwardId === row.id}>
                <Form failed={failed?.values?.forwardId === row.id ? failed : undefined} labels={{ reason: '理由' }}>
                  <input type="hidden" name="intent" value="stop" />
                  <input type="hidden" name="forwardId" value={row.id} />
                  <TextField name="reason" label="理由" />
                  <Button kind="danger">停止转发</Button>
                </Form>
              </More>
            ),
        },
      ]}
      empty={<EmptyState title="没有转发">需要把本单位的学习记录同步到其他记录库时，在下面新建。</EmptyState>}
    />
  )
}

export function Letters({ rows }: { rows: DeadLetter[] }) {
  if (rows.length === 0) return null
  return (
    <DataTable
      caption="对方拒收的记录"
      captionNote="最近50条；记录仍在本库，可按编号查询"
      rows={rows}
      rowKey={(row) => `${row.forwardName}-${row.statementId}`}
      columns={[
        { key: 'id', header: '记录编号', cell: (row) => <code>{row.statementId}</code> },
        { key: 'forward', header: '转发', cell: (row) => row.forwardName },
        { key: 'status', header: '对方答复', cell: (row) => <LongText>{`${row.status} ${row.answer}`}</LongText> },
        { key: 'at', header: '时间', keep: true, cell: (row) => <Instant at={row.at} /> },
      ]}
      empty={null}
    />
  )
}

export function NewForward({ failed }: { failed: Failed | undefined }) {
  const labels = { name: '名称', endpoint: '地址', key: '对方的 key', secret: '对方的 secret', from: '从何时起' }
  return (
    <Form failed={failed} labels={labels}>
      <input type="hidden" name="intent" value="forward" />
      <TextField name="name" label="名称" hint="例如“集团学习记录库”。" />
      <TextField
        name="endpoint"
        label="地址"
        hint="对方 xAPI 的地址，https 开头，例如 https://lrs.example.com/xapi。"
      />
      <TextField name="key" label="对方的 key" />
      <TextField name="secret" label="对方的 secret" type="password" autoComplete="off" hint="加密保存，不再显示。" />
      <RadioGroup
        name="from"
        label="从何时起"
        options={[
          { value: 'now', label: '从现在起新写入的记录' },
          { value: 'beginning', label: '从第一条记录开始' },
        ]}
        value="now"
      />
      <Button>新建转发</Button>
    </Form>
  )
}
