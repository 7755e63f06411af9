import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import type { Actor } from '#platform/actor.ts'
import { system } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { takeTurn } from '#platform/limits.ts'
import type { Answer } from './pages.ts'

export type LtiDeps = {
  /** Who asks, by session cookie. */
  contextFor(request: Request, requestId: string): Promise<Ctx>
  /** The origin under which everybody finds us: it is our issuer. */
  origin(request: Request): string
  /** Whether cookies are sent over TLS only. */
  secure: boolean
  report(error: unknown, requestId: string): void
  /** What was wrong with a message from outside: for the log, never for the sender. */
  note(message: string, facts: Record<string, unknown>): void
}
export type Env = { Variables: { requestId?: string; address?: string } }

export const requestIdOf = (c: Context<Env>): string => c.get('requestId') ?? crypto.randomUUID()
export const contextOf = (c: Context<Env>, deps: LtiDeps): Promise<Ctx> => deps.contextFor(c.req.raw, requestIdOf(c))
export const as = (ctx: Ctx, actor: Actor): Ctx => ({ ...ctx, actor })
export const atWork = (ctx: Ctx, job: string): Ctx => as(ctx, system(job))

export const newNonce = (): string => randomBytes(16).toString('base64url')

export function show(c: Context<Env>, { html, policy }: Answer, status: 200 | 400 | 403 | 404 = 200): Response {
  return c.html(html, status, {
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
}

/** The fields of a form or of the address, each once: a field that is given twice is none. */
export async function fieldsOf(c: Context<Env>): Promise<Record<string, string>> {
  const given = c.req.method === 'POST' ? new URLSearchParams(await c.req.text()) : new URL(c.req.url).searchParams
  const fields: Record<string, string> = {}
  const twice = new Set<string>()
  for (const [name, value] of given) {
    if (Object.hasOwn(fields, name)) twice.add(name)
    fields[name] = value
  }
  for (const name of twice) delete fields[name]
  return fields
}

/** Somebody who tries addresses or messages one after the other is slowed down. */
export async function limited(c: Context<Env>, ctx: Ctx, what: string, tries = 240): Promise<void> {
  const from = ctx.crypto.blindIndex(c.get('address') ?? '', 'address')
  await takeTurn(ctx.db, `lti:${what}:${from}`, { tries, seconds: 60 })
}
