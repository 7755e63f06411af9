import { bodyText, functionText } from './standard.rules.ts'
import type { Body, JobFunction } from './standard.schema.ts'

type Step = { kind: 'same' | 'added' | 'removed'; text: string }
/** What a reader is told: also that a line or a whole function only changed its place, or only its name. */
export type Change =
  | Step
  | { kind: 'moved'; text: string; with: number }
  | { kind: 'renamed'; text: string; was: string }

/**
 * Functions keep their ids wherever their lines are moved to: the same name is the same function, then most contents in
 * common. A function that is new gets a number that was never used in this text.
 * @clause N01
 */
export function keepIds(read: readonly JobFunction[], before: readonly JobFunction[]): JobFunction[] {
  const free = new Map(before.map((one) => [one.id, one]))
  const kept = new Map<number, string>()
  const keep = (at: number, id: string) => {
    kept.set(at, id)
    free.delete(id)
  }
  for (const [at, one] of read.entries()) {
    const same = [...free.values()].find((other) => other.name === one.name)
    if (same) keep(at, same.id)
  }
  const contents = (one: JobFunction) => new Set(one.contents.map((c) => `${c.name}|${c.skills}`))
  for (const [at, one] of read.entries()) {
    if (kept.has(at)) continue
    const own = contents(one)
    const shared = (other: JobFunction) => [...contents(other)].filter((text) => own.has(text)).length
    const best = [...free.values()].toSorted((a, b) => shared(b) - shared(a))[0]
    if (best && shared(best) > 0) keep(at, best.id)
  }
  let last = Math.max(0, ...before.map((one) => Number(one.id.slice(1))))
  return read.map((one, at) => ({ ...one, id: kept.get(at) ?? `f${++last}` }))
}

/**
 * The difference of two texts, line by line: what stayed, what came, what went, in reading order.
 * @clause N03
 */
export function redline(before: string, after: string): Step[] {
  const a = before === '' ? [] : before.split('\n')
  const b = after === '' ? [] : after.split('\n')
  const width = b.length + 1
  const longest = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        a[i] === b[j]
          ? (longest[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0)
    }
  }
  const steps: Step[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const down = longest[(i + 1) * width + j] ?? 0
    const right = longest[i * width + j + 1] ?? 0
    if (i < a.length && j < b.length && a[i] === b[j]) {
      steps.push({ kind: 'same', text: a[i++] ?? '' })
      j++
    } else if (i < a.length && (j >= b.length || down >= right)) {
      steps.push({ kind: 'removed', text: a[i++] ?? '' })
    } else steps.push({ kind: 'added', text: b[j++] ?? '' })
  }
  return steps
}

/**
 * The redline of two bodies. A function is followed by its id: put elsewhere it is told as moved with its contents, called
 * otherwise as renamed. A line of contents that only stands elsewhere is moved too. Weights are told line by line.
 * @clause N03
 */
export function bodyRedline(before: Body, after: Body, label: (code: string) => string): Change[] {
  const bare = (body: Body): Body => ({ ...body, functions: [], levels: [] })
  const upTo = (body: Body) => bodyText(bare(body), label).split('\n三、工作要求')[0] ?? ''
  const weights = (body: Body) => `四、权重表${bodyText(body, label).split('\n四、权重表').at(-1) ?? ''}`
  return [
    ...redline(upTo(before), upTo(after)),
    { kind: 'same', text: '三、工作要求' },
    ...functionChanges(before.functions, after.functions),
    ...redline(weights(before), weights(after)),
  ]
}

function functionChanges(before: readonly JobFunction[], after: readonly JobFunction[]): Change[] {
  const heading = (one: JobFunction) => `# ${one.name}`
  const old = new Map(before.map((one) => [one.id, one]))
  const now = new Map(after.map((one) => [one.id, one]))
  const order = redline(before.map((one) => one.id).join('\n'), after.map((one) => one.id).join('\n'))
  const stayed = new Set(order.flatMap((one) => (one.kind === 'same' ? [one.text] : [])))
  const changes = order.flatMap(({ kind, text: id }): Change[] => {
    const [was, is] = [old.get(id), now.get(id)]
    if (kind === 'removed') {
      return was && !is
        ? functionText([was])
            .split('\n')
            .map((text) => ({ kind: 'removed', text }))
        : []
    }
    if (!is) return []
    if (!was)
      return functionText([is])
        .split('\n')
        .map((text) => ({ kind: 'added', text }))
    const lines = (one: JobFunction) => functionText([one]).split('\n').slice(1).join('\n')
    const inside = redline(lines(was), lines(is))
    const head: Change[] = []
    if (!stayed.has(id)) {
      const along = inside.filter((one) => one.kind === 'same').length
      head.push({ kind: 'moved', text: heading(is), with: along })
    } else if (was.name === is.name) head.push({ kind: 'same', text: heading(is) })
    if (was.name !== is.name) head.push({ kind: 'renamed', text: heading(is), was: heading(was) })
    return [...head, ...inside]
  })
  return withMoves(changes)
}

/** A line that went in one place and came in another only moved. */
function withMoves(changes: readonly Change[]): Change[] {
  const gone = new Map<string, number>()
  for (const one of changes) if (one.kind === 'removed') gone.set(one.text, (gone.get(one.text) ?? 0) + 1)
  const moved = new Map<string, number>()
  const told = changes.map((one): Change => {
    const left = gone.get(one.text) ?? 0
    if (one.kind !== 'added' || left === 0) return one
    gone.set(one.text, left - 1)
    moved.set(one.text, (moved.get(one.text) ?? 0) + 1)
    return { kind: 'moved', text: one.text, with: 0 }
  })
  return told.filter((one) => {
    const left = moved.get(one.text) ?? 0
    if (one.kind !== 'removed' || left === 0) return true
    moved.set(one.text, left - 1)
    return false
  })
}
