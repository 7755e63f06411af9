/**
 * What was typed, to give back to the page after a failed submit. Files cannot go back, and secrets must not.
 * A name that occurs more than once becomes a list.
 */
export function formValues(form: FormData): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {}
  for (const name of new Set(form.keys())) {
    if (/password|secret|token/i.test(name)) continue
    const typed = form.getAll(name).filter((value) => typeof value === 'string')
    const [only] = typed
    if (only !== undefined) values[name] = typed.length === 1 ? only : typed
  }
  return values
}
