/** What differs between two texts of a title, part by part. */
export type Change = { path: string; kind: 'added' | 'removed' | 'changed'; before: string; after: string }

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json }
const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const nameOf = (value: Json): string | null => {
  if (!isObject(value)) return null
  const name = value.id ?? value.value ?? value.indicator
  return typeof name === 'string' ? name : null
}
const text = (value: Json): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)

/**
 * Lists of named things are compared by name, so that a field put in the middle is one change and not one for everything
 * behind it. Order alone is told as one change of the list.
 */
export function changesOf(before: unknown, after: unknown): Change[] {
  const found: Change[] = []
  compare(before as Json, after as Json, '$', found)
  return found
}

function compare(before: Json, after: Json, path: string, found: Change[]): void {
  if (JSON.stringify(before) === JSON.stringify(after)) return
  if (before === undefined || after === undefined) {
    const kind = before === undefined ? 'added' : 'removed'
    found.push({ path, kind, before: text(before), after: text(after) })
  } else if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], `${path}.${key}`, found)
    }
  } else if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, path, found)
  else found.push({ path, kind: 'changed', before: text(before), after: text(after) })
}

function compareLists(before: readonly Json[], after: readonly Json[], path: string, found: Change[]): void {
  const names = [before, after].map((list) => list.map(nameOf))
  const named = names.every((list) => list.every((name) => name !== null) && new Set(list).size === list.length)
  if (!named) {
    found.push({ path, kind: 'changed', before: text(before), after: text(after) })
    return
  }
  const [old = [], now = []] = names as string[][]
  for (const name of new Set([...old, ...now])) {
    compare(before[old.indexOf(name)], after[now.indexOf(name)], `${path}[${name}]`, found)
  }
  const kept = (list: string[], other: string[]) => list.filter((name) => other.includes(name)).join('、')
  if (kept(old, now) !== kept(now, old))
    found.push({ path, kind: 'changed', before: old.join('、'), after: now.join('、') })
}
