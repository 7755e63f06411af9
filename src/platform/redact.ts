/** Keys whose values never reach the trail or a log, whatever they hold. */
const secretKeys =
  /^(.*(document|idno|phone|account|password|secret|token|otp|totp|code|name|realname|holder|address|content|bytes|evidence|contact|text|birth).*)$/i
/** Keys that match above but are codes of ours, not of people. */
const plainKeys =
  /^(reasonCodes?|groupCode|occupationCode|programmeCode|fileName|documentKind|commandName|contentHash|fundSource|controlCode|levelCode|roleCode|statusCode|materialCode)$/

const documentLike = /\d{15,}[\dXx]?|(?<!\d)1[3-9]\d{9}(?!\d)/g

/**
 * A copy that is safe to keep: secret keys become `•`, long texts are cut, and anything in a text that looks like a
 * document, account or phone number is blotted out.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean')
    return value ?? null
  if (typeof value === 'string') return value.replace(documentLike, '•').slice(0, 300)
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return `•${value.byteLength} bytes`
  if (depth > 6) return '…'
  if (Array.isArray(value)) {
    const kept: unknown[] = value.slice(0, 50).map((item) => redact(item, depth + 1))
    return value.length > 50 ? [...kept, `… ${value.length} in all`] : kept
  }
  if (typeof value !== 'object') return '…'
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      secretKeys.test(key) && !plainKeys.test(key) && item !== null && item !== undefined && typeof item !== 'boolean'
        ? '•'
        : redact(item, depth + 1),
    ]),
  )
}
