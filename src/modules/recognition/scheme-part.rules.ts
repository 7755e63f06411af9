import { type Cell, type Part, parts } from './scheme-part.schema.ts'

/** A title's text while it is written: any JSON, whole or not. */
export type Loose = Record<string, unknown>
export type Given = Readonly<Record<string, string | readonly string[] | undefined>>
/** Which entry of a part: of the list in entry `of` of another part where there is one; `at` null is a new one. */
export type Place = { part: Part; of: number | null; at: number | null }

const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function valueAt(from: unknown, path: string | readonly (string | number)[]): unknown {
  const keys = typeof path === 'string' ? path.split('.') : path
  return keys.reduce<unknown>((at, key) => (isObject(at) || Array.isArray(at) ? (at as Loose)[key] : undefined), from)
}

/** A copy with another value in one place; undefined takes the place away. */
export function withValue(from: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value
  const copy: Loose = (Array.isArray(from) ? [...from] : isObject(from) ? { ...from } : {}) as Loose
  const inner = rest.length === 0 ? value : withValue(copy[key], rest, value)
  if (inner === undefined) delete copy[key]
  else copy[key] = inner
  return copy
}

/** Where the list or the object of a part stands in the text. */
export function pathOf({ part, of }: Pick<Place, 'part' | 'of'>): (string | number)[] {
  if (part.shape !== 'list' || !part.within) return [...part.path]
  const outer = parts.find((one) => one.id === part.within?.part)
  return [...(outer?.path ?? []), of ?? 0, part.within.key]
}
export const pathTo = (place: Place) => [...pathOf(place), ...(place.part.shape === 'list' ? [place.at ?? 0] : [])]

export const entriesOf = (text: unknown, place: Pick<Place, 'part' | 'of'>): unknown[] => {
  const found = valueAt(text, pathOf(place))
  return Array.isArray(found) ? found : []
}
export const entryAt = (text: unknown, place: Place): unknown =>
  place.part.shape === 'list' ? entriesOf(text, place)[place.at ?? -1] : valueAt(text, pathOf(place))
export const calledBy = (part: Part, entry: unknown): string => {
  const name = part.shape === 'list' ? valueAt(entry, part.named) : part.label
  return typeof name === 'string' ? name : '（没有名称）'
}

/** Choices of a question, or answers of one, as a box shows them. */
const joint = '='
export function cellValue(entry: unknown, cell: Cell): string | string[] {
  if (cell.into) {
    const field = valueAt(entry, cell.into[0])
    const list = valueAt(entry, cell.into[1])
    return Array.isArray(list) ? list.map((one) => `${field}${joint}${one}`) : []
  }
  const found = valueAt(entry, cell.name)
  if (cell.kind === 'flag') return found === true ? 'yes' : ''
  if (cell.kind === 'ticks') return Array.isArray(found) ? found.map(String) : []
  if (cell.kind === 'lines') return Array.isArray(found) ? found.join('\n') : ''
  if (cell.kind === 'labels')
    return Array.isArray(found) ? found.map((one) => String(valueAt(one, 'label') ?? '')).join('\n') : ''
  return found === undefined || found === null ? '' : String(found)
}

const lines = (typed: string) => typed.split(/\r?\n/).flatMap((one) => one.trim() || [])

/**
 * The choices of a question from their words, one a line. A value once given out stays with its words, and with its place
 * where only the words were changed: answers already kept mean what they meant.
 */
export function choicesFrom(typed: string, before: unknown): { value: string; label: string }[] {
  const old = (Array.isArray(before) ? before : []).flatMap((one) =>
    isObject(one) && typeof one.value === 'string' ? [{ value: one.value, label: String(one.label ?? '') }] : [],
  )
  const words = lines(typed)
  const used = new Set<string>()
  const kept = words.map((label, at) => {
    const same = old.find((one) => one.label === label) ?? (words.length === old.length ? old[at] : undefined)
    if (!same || used.has(same.value)) return { label, value: '' }
    used.add(same.value)
    return { label, value: same.value }
  })
  for (const one of old) used.add(one.value)
  let next = 1
  return kept.map(({ label, value }) => {
    if (value) return { value, label }
    while (used.has(`v${next}`)) next += 1
    used.add(`v${next}`)
    return { value: `v${next}`, label }
  })
}

type Faults = Record<string, string[]>
/** The entry with what the form says; `c.name` → what is wrong with that box. */
export function entryFrom(before: unknown, cells: readonly Cell[], given: Given): { entry: unknown; faults: Faults } {
  const faults: Faults = {}
  let entry = before
  for (const cell of cells) {
    const typed = given[`c.${cell.name}`]
    const list = typed === undefined ? [] : Array.isArray(typed) ? typed : [String(typed)]
    const one = (list[0] ?? '').trim()
    const wrong = (words: string) => {
      faults[`c.${cell.name}`] = [words]
    }
    const put = (value: unknown, name = cell.name) => {
      entry = withValue(entry, name.split('.'), value)
    }
    const asked = cell.kind === 'choice' ? '请选择' : '请填写'
    if (cell.into) {
      const [field, values] = cell.into
      const fields = new Set(list.map((pair) => pair.slice(0, pair.indexOf(joint))))
      if (fields.size > 1) wrong('只能勾同一道题的答案')
      else if (fields.size === 1) {
        put([...fields][0], field)
        put(
          list.map((pair) => pair.slice(pair.indexOf(joint) + 1)),
          values,
        )
      } else if (cell.optional) put(undefined)
      else wrong(`请勾选${cell.label}`)
    } else if (cell.kind === 'flag') put(one === 'yes' ? true : cell.optional ? undefined : false)
    else if (cell.kind === 'ticks') put(list)
    else if (cell.kind === 'lines') put(lines(list.join('\n')))
    else if (one === '') {
      if (cell.optional) put(cell.optional === 'null' ? null : undefined)
      else wrong(`${asked}${cell.label}`)
    } else if (cell.kind === 'labels') put(choicesFrom(list.join('\n'), valueAt(before, cell.name)))
    else if (cell.kind === 'number') {
      if (/^\d{1,9}$/.test(one)) put(Number(one))
      else wrong(`${cell.label}请填整数`)
    } else put(one)
  }
  return { entry, faults }
}

/** A number that no entry of the list bears yet. */
function freshId(list: readonly unknown[], word: string): string {
  const taken = new Set(list.map((one) => valueAt(one, 'id')))
  let next = list.length + 1
  while (taken.has(`${word}${next}`)) next += 1
  return `${word}${next}`
}

/** A new entry before its form is filled in: its number, its kind, and what the file always wants. */
export function blankEntry(text: unknown, place: Place, kind: string | null): unknown {
  const { part } = place
  if (part.shape !== 'list') return entryAt(text, place)
  let entry: unknown = part.numbered ? { id: freshId(entriesOf(text, place), part.numbered) } : {}
  if (part.kinds && kind && kind in part.kinds.words) entry = withValue(entry, part.kinds.path.split('.'), kind)
  return valueAt(entry, 'kind') === 'table' ? { ...(entry as Loose), columns: [] } : entry
}

export const steps = ['save', 'up', 'down', 'remove'] as const
export type Step = (typeof steps)[number]
/** The whole text after one step of the desk. A title's own wholes (a scoring table of its own) can be taken away too. */
export function stepped(text: unknown, place: Place, step: Step, entry?: unknown): unknown {
  const { part, at } = place
  if (part.shape === 'one') {
    const gone = step === 'remove' && part.nullable
    return withValue(text, pathOf(place), gone ? null : entry)
  }
  const list = [...entriesOf(text, place)]
  const here = at ?? list.length
  if (step === 'save') list[here] = entry
  else if (here >= list.length) return text
  else if (step === 'remove') list.splice(here, 1)
  else {
    const there = step === 'up' ? here - 1 : here + 1
    if (there < 0 || there >= list.length) return text
    ;[list[here], list[there]] = [list[there], list[here]]
  }
  return withValue(text, pathOf(place), list)
}

/** The next number of an edition: 2021-1 → 2021-2; what ends otherwise gets `-2`. */
export const nextEdition = (edition: string): string => {
  const end = /^(.*-)(\d{1,4})$/.exec(edition)
  return end ? `${end[1]}${Number(end[2]) + 1}` : `${edition}-2`
}

export type Spot = {
  words: string
  part: string | null
  of: number | null
  at: number | null
  cell: string | null
  /** The place with every name turned into its number. */
  keys: (string | number)[]
}
/**
 * A place of the text in the words of the editor, with the form that mends it: `$.fields[3].label`, or by name as in
 * `$.fields[safety].label`.
 */
export function spotOf(text: unknown, path: string): Spot {
  const keys = [...path.matchAll(/\.([^.[\]]+)|\[([^\]]+)\]/g)].map(([, key, at]) => key ?? at ?? '')
  const whole: (string | number)[] = []
  for (const key of keys) {
    const list = valueAt(text, whole)
    if (!Array.isArray(list)) whole.push(key)
    else if (/^\d+$/.test(key)) whole.push(Number(key))
    else whole.push(list.findIndex((one) => ['id', 'value', 'indicator'].some((name) => valueAt(one, name) === key)))
  }
  for (const part of parts.toSorted((a, b) => depth(b) - depth(a))) {
    const of = part.shape === 'list' && part.within ? Number(whole[1]) : null
    const start = pathOf({ part, of })
    if (!start.every((key, at) => whole[at] === key)) continue
    const rest = whole.slice(start.length)
    const at = part.shape === 'list' && typeof rest[0] === 'number' ? rest[0] : null
    if (part.shape === 'list' && at === null && rest.length > 0) continue
    const inner = at === null ? rest : rest.slice(1)
    const entry = valueAt(text, at === null ? start : [...start, at])
    const cell = cellAt(part, entry, inner.join('.'))
    if (part.path.length === 0 && part.shape === 'one' && !cell) continue
    const which = at === null ? '' : at < 0 ? '' : `第${at + 1}项“${calledBy(part, entry)}”`
    const inside = of === null ? '' : `填报项“${valueAt(text, ['fields', of, 'label']) ?? ''}”的`
    const words = `${inside}${part.label}${which}${cell ? `：${cell.label}` : ''}`
    return { words, part: part.id, of, at: at !== null && at >= 0 ? at : null, cell: cell?.name ?? null, keys: whole }
  }
  return { words: path === '$' ? '整份文件' : path, part: null, of: null, at: null, cell: null, keys: whole }
}
const depth = (part: Part) => part.path.length + (part.shape === 'list' && part.within ? 9 : 0)
const cellAt = (part: Part, entry: unknown, inner: string): Cell | undefined => {
  const cells = part.cells(entry)
  return (
    cells.find((one) => one.name === inner) ??
    cells.find((one) => inner.startsWith(`${one.name}.`) || one.into?.some((name) => inner.startsWith(name)))
  )
}
