import { cellValue } from '#modules/recognition/scheme-part.rules.ts'
import type { Cell } from '#modules/recognition/scheme-part.schema.ts'
import { Checkbox, CheckboxGroup } from '../ui/choices.tsx'
import { SelectField, TextArea, TextField } from '../ui/fields.tsx'

export type Shown = Cell & { choices: readonly { value: string; label: string }[] }

/** One box of a title's text, made from the description of its shape. */
export function SchemeBox({ cell, entry }: { cell: Shown; entry: unknown }) {
  const value = cellValue(entry, cell)
  const text = Array.isArray(value) ? value.join('\n') : value
  const common = {
    ...{ name: `c.${cell.name}`, label: cell.label, optional: cell.optional !== undefined },
    ...(cell.hint && { hint: cell.hint }),
  }
  switch (cell.kind) {
    case 'flag':
      return <Checkbox {...common} optional={false} checked={text === 'yes'} />
    case 'choice':
      return (
        <SelectField
          {...common}
          value={text}
          width="full"
          options={cell.choices}
          {...(cell.optional && { placeholder: '没有' })}
        />
      )
    case 'ticks':
    case 'answers':
      return <CheckboxGroup {...common} value={Array.isArray(value) ? value : []} options={cell.choices} />
    case 'number':
      return <TextField {...common} value={text} inputMode="numeric" width="short" />
    case 'text':
      return <TextField {...common} value={text} width="full" maxLength={200} />
    default:
      return <TextArea {...common} optional={common.optional || cell.kind === 'lines'} value={text} rows={4} />
  }
}
