/**
 * A form as commands take it: names with dots become objects, numbers between dots become lists (`courses.0.title`), a
 * name that occurs more than once becomes a list. Files are left out.
 */
export function formObject(form: FormData): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const name of new Set(form.keys())) {
    const typed = form.getAll(name).filter((value) => typeof value === 'string')
    if (typed.length > 0) put(made, name.split('.'), typed.length === 1 ? typed[0] : typed)
  }
  return lists(made) as Record<string, unknown>
}

function put(into: Record<string, unknown>, [first = '', ...rest]: string[], value: unknown): void {
  if (first === '__proto__') return
  if (rest.length === 0) into[first] = value
  else {
    const inner = Object.hasOwn(into, first) && isRecord(into[first]) ? into[first] : {}
    into[first] = inner
    put(inner, rest, value)
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `{0: a, 2: b}` → `[a, undefined, b]`; a list from a form has at most a hundred rows. */
function lists(value: unknown): unknown {
  if (!isRecord(value)) return value
  const keys = Object.keys(value)
  const inner = Object.fromEntries(keys.map((key) => [key, lists(value[key])]))
  if (keys.length === 0 || !keys.every((key) => /^\d{1,2}$/.test(key))) return inner
  return Array.from({ length: Math.max(...keys.map(Number)) + 1 }, (_, i) => inner[i])
}
