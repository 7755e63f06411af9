import type { Ctx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { conflict, invalid, missing } from '#platform/errors.ts'
import { clauseLabel } from '#policy/clauses.ts'
import type { Plan, Scheme } from '#policy/plan.types.ts'
import { readScheme, schemeText } from '#policy/scheme.text.ts'
import { openDraft, schemeInForce } from './scheme.queries.ts'
import { changesOf } from './scheme.rules.ts'
import {
  blankEntry,
  calledBy,
  cellValue,
  entriesOf,
  entryAt,
  entryFrom,
  type Given,
  nextEdition,
  type Place,
  type Spot,
  type Step,
  spotOf,
  stepped,
  valueAt,
} from './scheme-part.rules.ts'
import { type Cell, partOf, parts, type Source } from './scheme-part.schema.ts'

/** What a number is today, in words; null where nobody asks. */
export type FigureAt = (id: string) => string | null
export type Choice = { value: string; label: string }
type Words = Readonly<Record<string, string>>

/** The wording at hand: the draft where there is one, else what is in force; `json` is null while it cannot be read. */
export async function writing(ctx: Ctx, code: string) {
  const inForce = await schemeInForce(ctx, code)
  if (!inForce) throw missing('scheme')
  const draft = (await openDraft(ctx.db, code)) ?? null
  const text = draft?.body ?? schemeText(inForce.scheme)
  let json: unknown = null
  try {
    json = JSON.parse(text)
  } catch {}
  return { inForce: inForce.scheme, draft, text, json, base: sha256(text), version: draft?.version ?? 0 }
}
type Writing = Awaited<ReturnType<typeof writing>>

/** What of an address names a place of the text; anything else is "not found". */
export function placeOf(json: unknown, partId: string, asked: URLSearchParams): Place {
  const part = partOf(partId)
  const number = (name: string) => (/^\d{1,3}$/.test(asked.get(name) ?? '') ? Number(asked.get(name)) : null)
  const place = part && { part, of: number('of'), at: number('at') }
  if (!place || (part.shape === 'list' && Boolean(part.within) !== (place.of !== null))) throw missing('scheme-part')
  if (place.at !== null && (part.shape === 'one' || place.at >= entriesOf(json, place).length))
    throw missing('scheme-part')
  if (part.shape === 'list' && part.within && valueAt(json, ['fields', place.of ?? 0, 'kind']) !== 'table')
    throw missing('scheme-part')
  return place
}

/** The text after what the desk did in one form; what is wrong within that very entry is said beside its boxes. */
export function textAfter(
  plan: Plan,
  code: string,
  at: Writing,
  doing: { place: Place; step: Step; kind: string | null; given: Given },
): { text: string; note: string } {
  if (doing.given.base !== at.base) throw conflict('scheme-draft')
  const { place, step, given } = doing
  let made: unknown
  let entry = entryAt(at.json, place)
  if (step === 'save') {
    const before = place.part.shape === 'list' && place.at === null ? blankEntry(at.json, place, doing.kind) : entry
    const read = entryFrom(before, place.part.cells(before), given)
    if (Object.keys(read.faults).length > 0) throw invalid(read.faults)
    entry = read.entry
    made = stepped(at.json, place, 'save', read.entry)
    const faults = faultsIn(plan, code, made, { ...place, at: place.at ?? entriesOf(at.json, place).length })
    if (Object.keys(faults).length > 0) throw invalid(faults)
  } else made = stepped(at.json, place, step)
  if (valueAt(made, 'edition') === at.inForce.edition)
    made = { ...(made as object), edition: nextEdition(at.inForce.edition) }
  const verb = { save: place.at === null && place.part.shape === 'list' ? '增加' : '修改', remove: '删去' }[
    step as 'save'
  ]
  const own = typeof given.note === 'string' ? given.note.trim() : ''
  const name = place.part.shape === 'one' ? '' : `“${calledBy(place.part, entry).slice(0, 60)}”`
  return {
    text: `${JSON.stringify(made, null, 2)}\n`,
    note: own || at.draft?.note || `${verb ?? '调整次序'}：${place.part.label}${name}`,
  }
}

function faultsIn(plan: Plan, code: string, made: unknown, place: Place): Record<string, string[]> {
  const own: Record<string, string[]> = {}
  for (const { path, reason } of readScheme(plan, code, JSON.stringify(made)).faults) {
    const spot = spotOf(made, path)
    const here =
      spot.part === place.part.id && spot.of === place.of && (place.part.shape === 'one' || spot.at === place.at)
    // a table is made before its columns
    if (!here || path.endsWith('.columns')) continue
    const cells = place.part.cells(entryAt(made, place))
    const name = `c.${spot.cell ?? cells[0]?.name ?? ''}`
    own[name] = [...(own[name] ?? []), reason]
  }
  return own
}

export type PlacedFault = { file: string; path: string; reason: string; spot: Spot }
export const placedFaults = (
  text: string,
  faults: readonly { file: string; path: string; reason: string }[],
): PlacedFault[] => {
  let json: unknown = null
  try {
    json = JSON.parse(text)
  } catch {}
  return faults.map((fault) => ({ ...fault, spot: spotOf(json, fault.path) }))
}

function cellWords(plan: Plan, json: unknown, entry: unknown, cell: Cell): string {
  const value = cellValue(entry, cell)
  if (cell.kind === 'flag') return value === 'yes' ? '是' : '否'
  const choices = choicesOf(plan, json, cell.source)
  const said = (one: string) => choices.find((each) => each.value === one)?.label ?? one
  return (Array.isArray(value) ? value.map(said) : [said(value)]).join('、').replaceAll('\n', '、')
}
function valueWords(plan: Plan, json: unknown, spot: Spot): string {
  const value = valueAt(json, spot.keys)
  if (value === undefined) return ''
  const part = spot.part === null ? undefined : partOf(spot.part)
  const entry = part && entryAt(json, { part, of: spot.of, at: spot.at })
  const cells = part?.cells(entry) ?? []
  const cell = cells.find((one) => one.name === spot.cell)
  if (cell) return cellWords(plan, json, entry, cell)
  if (part && spot.at !== null)
    return cells
      .flatMap((one) => {
        const words = cellWords(plan, json, entry, one)
        return words === '' || (one.kind === 'flag' && words === '否') ? [] : [`${one.label}：${words}`]
      })
      .join('；')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What differs, in the words of the editor. */
export const changeLines = (plan: Plan, before: Scheme, after: Scheme) =>
  changesOf(before, after).map((one) => {
    const [old, now] = [spotOf(before, one.path), spotOf(after, one.path)]
    const spot = one.kind === 'removed' ? old : now
    return {
      ...{ path: one.path, kind: one.kind, words: spot.words },
      before: one.kind === 'added' ? '' : valueWords(plan, before, old) || one.before,
      after: one.kind === 'removed' ? '' : valueWords(plan, after, now) || one.after,
    }
  })
export type ChangeLine = ReturnType<typeof changeLines>[number]

/** All parts with what stands in them, for the first page of the editor. */
export const partLines = (json: unknown) =>
  parts.flatMap((part) => {
    if (part.shape === 'list' && part.within) return []
    const place = { part, of: null }
    const names = entriesOf(json, place).map((one) => calledBy(part, one))
    const state =
      part.shape === 'list'
        ? names.length > 0
          ? `${names.length} 项`
          : '没有'
        : part.nullable && !entryAt(json, { ...place, at: null })
          ? '没有'
          : ''
    return [{ id: part.id, label: part.label, note: part.note, state }]
  })

/** The choices of a box, in the plan's words. */
export function choicesOf(plan: Plan, json: unknown, source: Source | undefined, today?: FigureAt): Choice[] {
  if (source === undefined) return []
  if (typeof source === 'object') return words(source)
  const text = json as Scheme
  const fields = entriesOf(json, { part: fieldsPart, of: null }) as Scheme['fields']
  const ofKind = (...kinds: string[]) =>
    fields.filter((one) => kinds.includes(one.kind)).map((one) => ({ value: one.id, label: one.label }))
  const listed: Record<Exclude<Source, Words>, () => Choice[]> = {
    figures: () => figureChoices(plan, text, today),
    clauses: () => clauseChoices(plan),
    rules: () => [
      ...clauseChoices(plan),
      ...plan.rules.map((one) => ({ value: one.id, label: `${one.id} ${one.title}` })),
    ],
    sources: () => [
      { value: 'INF', label: '平台暂定，区里尚未明确' },
      ...plan.sources.map((one) => ({ value: one.id, label: `${one.id} ${one.title}` })),
    ],
    bodies: () => plan.bodies.map((one) => ({ value: one.id, label: one.name })),
    orgTypes: () => plan.orgTypes.map((one) => ({ value: one.id, label: one.label })),
    schemes: () => plan.schemes.map((one) => ({ value: one.code, label: one.name })),
    indicators: () => plan.indicators.map((one) => ({ value: one.id, label: `${one.id} ${one.title}` })),
    fields: () => fields.map((one) => ({ value: one.id, label: one.label })),
    numbers: () => ofKind('number'),
    tables: () => ofKind('table'),
    choices: () => ofKind('choice'),
    answers: () =>
      fields.flatMap((one) => {
        if (one.kind === 'yes') return [{ value: `${one.id}=yes`, label: `${one.label}：已勾选` }]
        const options = one.kind === 'choice' ? (one.options ?? []) : []
        return options.map((each) => ({ value: `${one.id}=${each.value}`, label: `${one.label}：${each.label}` }))
      }),
    materials: () => (text.materials ?? []).map((one) => ({ value: one.id, label: one.label })),
  }
  return listed[source as Exclude<Source, Words>]()
}
const fieldsPart = partOf('fields') as Place['part']
const words = (from: Words): Choice[] => Object.entries(from).map(([value, label]) => ({ value, label }))
const clauseChoices = (plan: Plan) => plan.clauses.map((one) => ({ value: one.id, label: clauseLabel(plan, one.id) }))

/** Numbers of the title's rule and those that titles use anywhere. */
function figureChoices(plan: Plan, text: Scheme, today: FigureAt = () => null): Choice[] {
  const used = new Set(
    JSON.stringify(plan.schemes)
      .match(/"[A-Z]+\d*\.[A-Za-z0-9.-]+"/g)
      ?.map((one) => one.slice(1, -1)),
  )
  const own = `${text.rule}.`
  return plan.figures
    .filter((one) => used.has(one.id) || one.id.startsWith(own) || one.id.startsWith('REC.'))
    .map((one) => {
      const now = today(one.id)
      return { value: one.id, label: now === null ? one.label : `${one.label}：${now}` }
    })
}
