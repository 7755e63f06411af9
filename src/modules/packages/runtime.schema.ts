/** Elements of a data model as SCORM content sees them: full dotted name to value, both text. */
export type Values = Record<string, string>

/** What an API call comes to: the text content gets back and the error code of that call. */
export type Answer = { value: string; error: number; diagnostic?: string }

/** One communication session between content and us, from Initialize to Terminate. Plain JSON, so that it can be kept. */
export type Session = {
  phase: 'not-initialized' | 'running' | 'terminated'
  values: Values
  /** Names in the order they were set, since the last commit. */
  changed: [name: string, value: string][]
  error: number
  diagnostic: string
}

export const newSession = (values: Values): Session => ({
  phase: 'not-initialized',
  values: { ...values },
  changed: [],
  error: 0,
  diagnostic: '',
})

/** Judges a value: 0 when it may be kept, else the error code of the standard. */
export type Check = (value: string) => number

/** An element of the model: who may touch it, what it takes, what it is worth at first. */
export type Element = {
  /** `r` content reads, `w` content writes. */
  may: 'r' | 'w' | 'rw'
  check?: Check
  /** Value before anybody set one; left out means that there is none. */
  initial?: string
}

/** How a name matches the table: indexes are written `n`. */
export type Parsed = { pattern: string; indexes: number[] }

const index = /^(0|[1-9]\d*)$/

/** `cmi.objectives.3.id` → `cmi.objectives.n.id` with 3. */
export function parseName(name: string): Parsed {
  const indexes: number[] = []
  const pattern = name
    .split('.')
    .map((part) => {
      if (!index.test(part)) return part
      indexes.push(Number(part))
      return 'n'
    })
    .join('.')
  return { pattern, indexes }
}

/** How many entries a collection has: the standard counts from what was set. */
export function countOf(values: Values, collection: string): number {
  const prefix = `${collection}.`
  let count = 0
  for (const name in values) {
    if (!name.startsWith(prefix)) continue
    const n = Number(name.slice(prefix.length).split('.', 1)[0])
    if (n >= count) count = n + 1
  }
  return count
}

/** `cmi.interactions.n.objectives.n.id` with [4, 2] → the collections on the way with the index in each. */
export function collectionsOf({ pattern, indexes }: Parsed): { collection: string; at: number }[] {
  const found: { collection: string; at: number }[] = []
  let name = ''
  for (const part of pattern.split('.')) {
    if (part === 'n') {
      const at = indexes[found.length] ?? 0
      found.push({ collection: name, at })
      name += `.${at}`
    } else name += name === '' ? part : `.${part}`
  }
  return found
}
