import type { Answers, Row } from '#modules/recognition/form.rules.ts'
import type { SchemeField } from '#policy/plan.types.ts'
import { Checkbox } from '../ui/choices.tsx'
import { DateField, Explain, type FieldProps, SelectField, TextArea, TextField, useField } from '../ui/fields.tsx'
import { Section } from '../ui/section.tsx'

type Plain = Omit<Exclude<SchemeField, { kind: 'table' }>, 'when'>

/** The form that a scheme's file describes. A field that depends on another says so in its hint: it works without script. */
export function SchemeFields({ fields, answers }: { fields: readonly SchemeField[]; answers: Answers }) {
  return fields.map((field) => {
    if (field.kind !== 'table') {
      const value = answers[field.id]
      return (
        <Box key={field.id} field={field} name={`f.${field.id}`} value={textOf(value)} hint={hintOf(field, fields)} />
      )
    }
    const rows = (Array.isArray(answers[field.id]) ? answers[field.id] : []) as Row[]
    const shown = Math.min(field.rowsMost, Math.max(rows.length + 2, 3))
    return (
      <Section
        key={field.id}
        title={`${field.label}${field.required ? '' : '（选填）'}`}
        description={`${field.hint ? `${field.hint}。` : ''}不用的行留空；先保存一次会多出两行，最多 ${field.rowsMost} 行。`}
      >
        <TableFault name={`f.${field.id}`} />
        {Array.from({ length: shown }, (_, at) => at).map((at) => (
          <fieldset className="panel filters" key={`${field.id}-${at}`}>
            <legend>
              {field.label}第 {at + 1} 行
            </legend>
            {field.columns.map((column) => (
              <Box
                key={column.id}
                field={column}
                name={`f.${field.id}.${at}.${column.id}`}
                value={textOf(rows[at]?.[column.id])}
                hint={column.hint}
              />
            ))}
          </fieldset>
        ))}
      </Section>
    )
  })
}

/** What is wrong with a table as a whole, and where the summary's link leads. */
function TableFault({ name }: { name: string }) {
  const { id, error } = useField(name, true, undefined)
  return (
    <div id={id}>
      <Explain id={id} hint={undefined} error={error} />
    </div>
  )
}

const textOf = (value: unknown): string =>
  value === undefined || value === null || typeof value === 'object' ? '' : String(value)

/** The condition in words: `“是否设有工作室”选“已设立”时填`. */
function hintOf(field: SchemeField, all: readonly SchemeField[]): string | undefined {
  const on = field.when && all.find((one) => one.id === field.when?.field)
  if (!field.when || !on) return field.hint
  const options = on.kind === 'table' ? [] : (on.options ?? [])
  const words = field.when.is.map((value) => options.find((one) => one.value === value)?.label ?? value)
  return `“${on.label}”选“${words.join('、')}”时填${field.hint ? `；${field.hint}` : ''}`
}

function Box(props: { field: Plain; name: string; value: string; hint?: string | undefined }) {
  const { field, name, value, hint } = props
  const common: FieldProps = {
    name,
    label: field.label,
    ...(hint && { hint }),
    optional: !field.required,
  }
  switch (field.kind) {
    case 'long':
      return <TextArea {...common} value={value} rows={6} maxLength={field.max ?? 3000} />
    case 'choice':
      return <SelectField {...common} value={value} options={field.options ?? []} />
    case 'day':
      return <DateField {...common} value={value} />
    case 'yes':
      return <Checkbox {...common} checked={value === 'yes'} />
    case 'number':
      return (
        <TextField
          {...common}
          value={value}
          inputMode="decimal"
          width="short"
          {...(field.unit && { unit: field.unit })}
        />
      )
    default:
      return <TextField {...common} value={value} maxLength={field.max ?? 120} />
  }
}

/** Field names → words, for the summary of what is wrong. */
export function fieldLabels(fields: readonly SchemeField[]): Record<string, string> {
  const rows = (field: SchemeField) =>
    field.kind === 'table'
      ? Array.from({ length: field.rowsMost }, (_, at) =>
          field.columns.map((column) => [`f.${field.id}.${at}.${column.id}`, `${field.label}第 ${at + 1} 行`]),
        ).flat()
      : []
  return Object.fromEntries([
    ...fields.flatMap((field) => [[`f.${field.id}`, ''], ...rows(field)]),
    ['person.name', '姓名'],
    ['person.documentNumber', '证件号码'],
  ])
}
