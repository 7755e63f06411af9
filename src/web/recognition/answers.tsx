import type { Answers, Row } from '#modules/recognition/form.rules.ts'
import type { SchemeField } from '#policy/plan.types.ts'
import { isDay } from '#shared/units.ts'
import { DataTable } from '../ui/data-table.tsx'
import { dayText } from '../ui/format.ts'
import { LongText } from '../ui/section.tsx'
import { SummaryList } from '../ui/summary-list.tsx'

type Plain = Omit<Exclude<SchemeField, { kind: 'table' }>, 'when'>

function answerText(field: Plain, value: unknown): string {
  if (value === undefined || value === '') return ''
  const text = String(value)
  if (field.kind === 'choice') return field.options?.find((one) => one.value === text)?.label ?? text
  if (field.kind === 'yes') return '是'
  if (field.kind === 'day') return isDay(text) ? dayText(text) : text
  return field.unit ? `${text} ${field.unit}` : text
}

/** What was filled in, to be read: short answers in rows, tables as tables. */
export function AnswerList({ fields, answers }: { fields: readonly SchemeField[]; answers: Answers }) {
  const rows = fields.flatMap((field) =>
    field.kind === 'table' || answers[field.id] === undefined
      ? []
      : [
          {
            label: field.label,
            value:
              field.kind === 'long' ? (
                <LongText>{String(answers[field.id])}</LongText>
              ) : (
                answerText(field, answers[field.id])
              ),
          },
        ],
  )
  return (
    <div className="stack">
      <SummaryList rows={rows} />
      {fields.map((field) =>
        field.kind === 'table' && Array.isArray(answers[field.id]) ? (
          <DataTable
            key={field.id}
            caption={field.label}
            rows={(answers[field.id] as Row[]).map((row, at) => ({ ...row, at }))}
            rowKey={(row) => String(row.at)}
            columns={field.columns.map((column) => ({
              key: column.id,
              header: column.label,
              cell: (row: Row) => answerText(column, row[column.id]) || '—',
            }))}
            empty={null}
          />
        ) : null,
      )}
    </div>
  )
}
