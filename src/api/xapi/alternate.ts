import { wrong } from '#modules/records/statement.schema.ts'
import type { Ask } from './ask.ts'

const headers = new Set([
  ...['authorization', 'x-experience-api-version', 'content-type', 'content-length', 'if-match', 'if-none-match'],
  ...['accept', 'accept-language', 'accept-encoding'],
])
const methods = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD'])

/**
 * A request written as a form, for browsers that could do no other: `POST …?method=PUT`. Parameters, headers and the body
 * (`content`) are fields of the form. xAPI 1.0.3, Communication 1.3; version 2 has it no more.
 */
export async function unwrapped(ask: Ask): Promise<Ask> {
  const method = ask.params.get('method') ?? ''
  if (!methods.has(method)) wrong('method', 'is not a method')
  if (ask.params.size > 1) wrong('', 'only the parameter method may stand in the address')
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(ask.header('content-type') ?? ''))
    wrong('content-type', 'must be application/x-www-form-urlencoded')
  const told = new Map<string, string>()
  const params = new Map<string, string>()
  let content = ''
  for (const [name, value] of new URLSearchParams(await ask.text())) {
    if (headers.has(name.toLowerCase())) told.set(name.toLowerCase(), value)
    else if (name === 'content') content = value
    else params.set(name, value)
  }
  if (/^multipart\//i.test(told.get('content-type') ?? ''))
    wrong('content-type', 'attachments cannot be sent in a form')
  if (content && !told.has('content-type')) told.set('content-type', 'application/json')
  return {
    method,
    resource: ask.resource,
    params,
    header: (name) => (name === 'content-type' ? told.get(name) : (told.get(name) ?? ask.header(name))),
    body: async () => new TextEncoder().encode(content),
    text: async () => content,
  }
}
