import { createContext, data, redirect } from 'react-router'
import { AppError, type Fault, status } from '#platform/errors.ts'

/** Who is asking, as the pages see it. The platform's `Actor` fits this shape. */
export type Actor = {
  kind: 'anonymous' | 'user' | 'system' | 'api-key'
  userId: string | null
  personId: string | null
  name: string
  roles: { role: string; organisationId?: string; bodyId?: string; subdistrict?: string }[]
  can(permission: string, scope?: unknown): boolean
}

export type Ctx = { actor: Actor; now: Date; requestId: string }

/** What one request knows. Made once by `contextFor`; loaders and actions read it with `context.get(current)`. */
export type Current = {
  ctx: Ctx
  session: { id: string; expiresAt: Date } | null
  /** Set when the clock is the demonstration clock; every page then says so. */
  demo: { label: string } | null
  /** Goes on the scripts of this answer only. */
  nonce: string
  /** Writes what nobody planned to the log. */
  report(error: unknown): void
}

export const current = createContext<Current>()

/** What an action hands back to its page when the answer is no. */
export type Failed = { fault: Fault }

/** A refusal of its own doing, as opposed to a bug. */
export const isFault = (error: unknown): error is AppError => error instanceof AppError

/**
 * Runs a command for a page that wants to show the fault beside the form.
 * A fault comes back as `{ fault }` with its status; a bug goes on to the error page.
 */
export async function attempt<T>(work: Promise<T>) {
  try {
    return { ok: true as const, value: await work }
  } catch (error) {
    if (!isFault(error) || error.fault.kind === 'unauthenticated') throw error
    return { ok: false as const, fault: error.fault, answer: data({ fault: error.fault }, status[error.fault.kind]) }
  }
}

/** Turns a fault into the page for it: sign in, 403 or 404. Loaders use it as `await query(…).catch(fail(request))`. */
export const fail =
  (request: Request) =>
  (error: unknown): never => {
    if (!isFault(error)) throw error
    const { fault } = error
    if (fault.kind === 'unauthenticated') {
      const url = new URL(request.url)
      throw redirect(`/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`)
    }
    throw data({ fault }, status[fault.kind])
  }
