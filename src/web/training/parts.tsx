import { DataTable } from '../ui/data-table.tsx'
import { instantText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { Section } from '../ui/section.tsx'
import type { ClockLine, MoveLine } from './desk.ts'

/** What happened to a record, newest first. */
export function History({ moves }: { moves: MoveLine[] }) {
  return (
    <Section title="办理记录">
      <DataTable
        caption="办理记录"
        rows={moves}
        rowKey={(row) => `${row.at.getTime()} ${row.what}`}
        columns={[
          { key: 'at', header: '时间', keep: true, cell: (row) => instantText(row.at) },
          { key: 'what', header: '事项', keep: true, cell: (row) => row.what },
          { key: 'who', header: '经办', cell: (row) => row.who },
          { key: 'why', header: '原因和说明', cell: (row) => row.why || '无' },
        ]}
        empty={null}
      />
    </Section>
  )
}

/** The clocks that run, above everything else. */
export function Clocks({ clocks }: { clocks: ClockLine[] }) {
  return clocks.map((clock) => (
    <Notice key={clock.label} tone={clock.tone} title={clock.label}>
      <p>{clock.text}</p>
    </Notice>
  ))
}

/** Why the desk sent it back, and how to mend each point. */
export function Returned({ title, reasons }: { title: string; reasons: { text: string; mend: string }[] }) {
  if (reasons.length === 0) return null
  return (
    <Notice tone="wait" title={title}>
      <ul className="list-disc ps-5">
        {reasons.map((reason) => (
          <li key={reason.text}>
            <b>{reason.text}</b>：{reason.mend}
          </li>
        ))}
      </ul>
    </Notice>
  )
}
