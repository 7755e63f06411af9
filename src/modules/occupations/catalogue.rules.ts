import { codeOf, type Dictionary, matchHeaders, type Table, type TableFault } from '#shared/table.ts'
import { codePattern, keyText, type Occupation, type OccupationColumn } from './catalogue.schema.ts'

export type OccupationCheck = { accepted: Occupation[]; faults: TableFault[] }

/** Checks an uploaded list. A row is taken whole or not at all; each fault names row, column, rule and remedy. */
export function checkOccupations(
  table: Pick<Table, 'headers' | 'headerRow' | 'rows'>,
  dictionary: Dictionary<OccupationColumn>,
): OccupationCheck {
  const match = matchHeaders(table.headers, dictionary)
  const absent = match.missing.filter(({ column }) => column.required)
  if (absent.length > 0) {
    const faults = absent.map(({ column, suggestion }) => ({
      row: table.headerRow,
      column: column.header,
      rule: 'header',
      value: suggestion ?? '',
      message: `缺少“${column.header}”列`,
      remedy: suggestion ? `请把表头“${suggestion}”改为“${column.header}”。` : `请增加“${column.header}”列。`,
    }))
    return { accepted: [], faults }
  }
  const accepted: Occupation[] = []
  const faults: TableFault[] = []
  const seen = new Map<string, number>()
  for (const { row, cells } of table.rows) {
    const text = (key: OccupationColumn) => cells[match.found[key] ?? ''] ?? ''
    const wrong = rowFaults(row, text, dictionary)
    const occupation = occupationOf(text, dictionary)
    const first = seen.get(keyText(occupation))
    if (wrong.length === 0 && first !== undefined) {
      wrong.push(
        fault(row, '职业编码', 'duplicate', occupation.code, `与第${first}行的版本和编码相同`, '同一职业只保留一行。'),
      )
    }
    if (wrong.length > 0) faults.push(...wrong)
    else {
      seen.set(keyText(occupation), row)
      accepted.push(occupation)
    }
  }
  return { accepted, faults }
}

type Text = (key: OccupationColumn) => string

function occupationOf(text: Text, dictionary: Dictionary<OccupationColumn>): Occupation {
  const code = (key: OccupationColumn) => codeOf(dictionary.find((c) => c.key === key) ?? {}, text(key)) ?? ''
  return {
    edition: code('edition'),
    code: text('code'),
    title: text('title'),
    levelScheme: code('levelScheme'),
    workTypes: text('workTypes')
      .split(/[、,;]/)
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    verified: true,
    source: text('source'),
  }
}

function rowFaults(row: number, text: Text, dictionary: Dictionary<OccupationColumn>): TableFault[] {
  return dictionary.flatMap((column): TableFault[] => {
    const value = text(column.key)
    if (column.required && value === '') {
      return [fault(row, column.header, 'required', '', `没有填写${column.header}`, `请填写${column.header}。`)]
    }
    if (column.values && value !== '' && codeOf(column, value) === undefined) {
      const labels = Object.values(column.values).join('、')
      return [fault(row, column.header, 'values', value.slice(0, 60), '不在可选范围内', `请填写其中之一：${labels}。`)]
    }
    if (column.key === 'code' && !codePattern.test(value)) {
      return [fault(row, column.header, 'values', value.slice(0, 60), '编码格式不对', '编码形如 4-04-05-05。')]
    }
    return value.length > 200
      ? [fault(row, column.header, 'length', value.slice(0, 60), '超过200个字', '请缩短内容。')]
      : []
  })
}

const fault = (row: number, column: string, rule: string, value: string, message: string, remedy: string) => ({
  row,
  column,
  rule,
  value,
  message,
  remedy,
})
