import { createContext, data, redirect } from 'react-router'
import type { Auth } from '#platform/auth.ts'
import type { Ctx } from '#platform/command.ts'
import { AppError, type Fault, status } from '#platform/errors.ts'
import type { Permission } from '#platform/permissions.ts'
import type { Session, SessionDeps } from '#platform/session.ts'
import { clauseLabel } from '#policy/clauses.ts'
import type { Refusal } from '#policy/decision.ts'
import type { Plan } from '#policy/plan.types.ts'
import { formValues } from '#web/ui/form-values.ts'
import { paths } from './paths.ts'

/** What one request knows. Made once by `contextFor`; loaders and actions read it with `context.get(current)`. */
export type Current = {
  ctx: Ctx
  session: Session | null
  /** Passwords, second factor, identity provider: for the sign-in pages only. */
  auth: Auth
  /** What a session cookie is made with. */
  sessions: SessionDeps
  /** Set when the clock is the demonstration clock; every page then says so. */
  demo: { label: string } | null
  /** Goes on the scripts of this answer only. */
  nonce: string
  /** Where the request comes from, for limits and the list of sessions. */
  address: string
  /** The origin that the lessons of a package run on. */
  contentOrigin(packageId: string): string
  /** Writes what nobody planned to the log. */
  report(error: unknown): void
}

export const current = createContext<Current>()

/** What a failed action hands back to its page: the fault, what was typed, and the words for a refusal. */
export type Failed = { fault: Fault; values: Record<string, string | string[]>; wording?: RefusalWords }
export type RefusalWords = { title: string; remedy: string; clauseTitle: string; facts: Record<string, string> }

type Texts = Record<string, (facts: Refusal['facts']) => { message: string; remedy: string }>

/** A refusal in the words of its module's `reasonText` and of the plan; the facts are already in the sentence. */
export function wordsOf(plan: Plan, texts: Texts, refusal: Refusal): RefusalWords | undefined {
  const text = texts[refusal.reason]?.(refusal.facts)
  return text && { title: text.message, remedy: text.remedy, clauseTitle: clauseLabel(plan, refusal.clause), facts: {} }
}

/** An answer of our own making, as opposed to a bug. */
export const isFault = (error: unknown): error is AppError => error instanceof AppError

type Args = { request: Request; context: { get(key: typeof current): Current } }

/**
 * Runs a command for a page that shows the fault beside its form. `form` is kept so that nothing has to be typed twice.
 * Not signed in any more → sign-in; a bug → the error page. `words` turns a refusal into sentences, as in
 * `(refusal) => wordsOf(ctx.plan, reasonText, refusal)`.
 */
export async function attempt<T>(
  work: Promise<T>,
  form?: FormData,
  words?: (refusal: Refusal) => RefusalWords | undefined,
) {
  try {
    return { ok: true as const, value: await work }
  } catch (error) {
    if (!isFault(error)) throw error
    if (error.fault.kind === 'unauthenticated') throw redirect(paths.signIn())
    const wording = error.fault.kind === 'refused' ? words?.(error.fault.refusal) : undefined
    const failed: Failed = { fault: error.fault, values: form ? formValues(form) : {}, ...(wording && { wording }) }
    return { ok: false as const, answer: data(failed, status[error.fault.kind]) }
  }
}

/** Turns a fault into the page for it – sign-in, 403, 404 – as in `await classPage(db, id).catch(fail(request))`. */
export const fail =
  (request: Request) =>
  (error: unknown): never => {
    if (!isFault(error)) throw error
    if (error.fault.kind === 'unauthenticated') throw redirect(paths.signIn(here(request)))
    throw data({ fault: error.fault }, status[error.fault.kind])
  }

/**
 * The start of every loader and action behind sign-in: who is asking, and whether they may at all.
 * Loaders run side by side, so a check in a layout protects only the layout.
 */
export function signedIn({ request, context }: Args, permission?: Permission): Current {
  const found = context.get(current)
  const { actor } = found.ctx
  if (actor.kind === 'anonymous') throw redirect(paths.signIn(here(request)))
  if (permission && !actor.can(permission)) {
    // An official's roles count after the second factor: on to it rather than to a closed door.
    if (found.session?.kind === 'official' && !found.session.secondFactor)
      throw redirect(paths.secondFactor(here(request)))
    if (found.session?.mustChangePassword) throw redirect(paths.accountPassword())
    throw data({ fault: { kind: 'forbidden', permission } satisfies Fault }, status.forbidden)
  }
  return found
}

/** The page to come back to; after a failed write that is the page of the form, which has the same address. */
function here(request: Request) {
  const { pathname, search } = new URL(request.url)
  return pathname + search
}
