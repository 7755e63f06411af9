import { z } from 'zod'
import { parsePhone } from '#modules/people/identity.rules.ts'
import { reasonText as identityReasons } from '#modules/people/identity.schema.ts'
import { personContext, phoneIndex } from '#modules/people/person.queries.ts'
import { actorOf } from '#platform/actor.ts'
import type { Auth } from '#platform/auth.ts'
import { realTime } from '#platform/clock.ts'
import { codeMinutes, issueCode, spendCode } from '#platform/codes.ts'
import { type Ctx, command, fieldFaults } from '#platform/command.ts'
import { AppError, invalid, refused } from '#platform/errors.ts'
import { beginSignIn, signedIn, takeTurn } from '#platform/limits.ts'
import { sendText } from '#platform/messages.ts'
import { markSecondFactor, rotateSession, type Session } from '#platform/session.ts'
import { stepOf } from '#platform/totp.ts'
import { maskPhone } from '#shared/text.ts'
import { accountByPhone, accountByUsername, accountCard, secondFactorOf } from './account.queries.ts'
import { type Method, PasswordSignIn, PhoneSignIn, RequestCode, SecondFactor } from './sign-in.schema.ts'

/** What a page does next, and the cookies to send along. */
export type SignedIn = {
  next: 'home' | 'identity' | 'second-factor' | 'enrol' | 'password'
  headers: Headers
  /** Set when the session got another token; the page makes the cookie. */
  token?: string
}

const clause = 'C01'

/** One row in the trail for every sign-in, good or bad. */
const recordSignIn = command({
  name: 'access.recordSignIn',
  permission: 'public',
  input: z.object({ userId: z.uuid().nullable(), method: z.string(), result: z.string(), subject: z.string() }),
  async run(tx, { userId, subject }) {
    if (userId) tx.about('account', userId)
    else tx.about('sign-in', subject)
  },
})

/**
 * Sends a code to a phone. Nothing tells whether the phone is known.
 * @clause HZ4-M13
 */
export async function requestCode(ctx: Ctx, raw: unknown): Promise<{ phone: string; masked: string }> {
  const phone = phoneOf(read(RequestCode, raw).phone)
  const index = phoneIndex(ctx.crypto, phone)
  await takeTurn(ctx.db, `code-minute:${index}`, { tries: 1, seconds: 60 })
  await takeTurn(ctx.db, `code-hour:${index}`, { tries: 5, seconds: 3600 })
  const code = await issueCode(ctx.db, ctx.crypto, 'sign-in', index)
  await sendText(ctx.db, ctx.crypto, {
    purpose: 'sign-in',
    phone,
    phoneMasked: maskPhone(phone),
    text: `【${ctx.plan.site.name}】登录验证码 ${code}，${codeMinutes}分钟内有效。工作人员不会向您索要验证码。`,
  })
  return { phone, masked: maskPhone(phone) }
}

/** Signs in with the code; the first time makes the account. */
export async function signInWithPhone(ctx: Ctx, auth: Auth, raw: unknown, headers: Headers): Promise<SignedIn> {
  const input = read(PhoneSignIn, raw)
  const phone = phoneOf(input.phone)
  const index = phoneIndex(ctx.crypto, phone)
  const before = await accountByPhone(ctx.db, index)
  const check = await spendCode(ctx.db, ctx.crypto, 'sign-in', index, input.code)
  if (!check.ok) {
    await record(ctx, before?.id ?? null, 'phone-code', check.reason, index)
    throw refused({ clause, reason: check.reason, facts: { left: check.left } })
  }
  if (before?.disabledAt) throw refused({ clause, reason: 'account-disabled', facts: {} })
  const { headers: cookies } = await auth.startPhoneSession(index, headers)
  const account = await accountByPhone(ctx.db, index)
  if (!account) throw new Error('a phone sign-in made no account')
  if (!before) {
    await ctx.db
      .updateTable('auth.users')
      .set({ phone_masked: maskPhone(phone), phone_sealed: ctx.crypto.seal(phone, personContext.phone) })
      .where('id', '=', account.id)
      .execute()
  }
  await record(ctx, account.id, 'phone-code', 'done', index)
  return { next: account.personId ? 'home' : 'identity', headers: cookies }
}

/**
 * Name and password. An account with a one-time password goes on to it; an official without one goes on to set it up.
 * Wrong name and wrong password look the same and take the same time.
 */
export async function signInWithPassword(ctx: Ctx, auth: Auth, raw: unknown, headers: Headers): Promise<SignedIn> {
  const input = read(PasswordSignIn, raw)
  const subject = ctx.crypto.blindIndex(input.username, 'auth.username')
  const account = await accountByUsername(ctx.db, input.username)
  const { left } = await beginSignIn(ctx.db, subject)
  const answer = await auth.api
    .signInUsername({ body: { ...input, rememberMe: false }, headers, returnHeaders: true })
    .catch(notFound)
  if (!answer) {
    await record(ctx, account?.id ?? null, 'password', 'password-wrong', subject)
    throw refused({ clause, reason: 'password-wrong', facts: { left } })
  }
  await signedIn(ctx.db, subject)
  if (!account || account.disabledAt) throw refused({ clause, reason: 'account-disabled', facts: {} })
  if (account.secondFactor) return { next: 'second-factor', headers: answer.headers }
  await record(ctx, account.id, 'password', 'done', subject)
  const { must_change_password } = await ctx.db
    .selectFrom('auth.users')
    .select('must_change_password')
    .where('id', '=', account.id)
    .executeTakeFirstOrThrow()
  if (must_change_password) return { next: 'password', headers: answer.headers }
  return { next: account.kind === 'official' ? 'enrol' : 'home', headers: answer.headers }
}

/** The one-time password, or a back-up code, of a sign-in begun with name and password. */
export async function verifySecondFactor(ctx: Ctx, auth: Auth, raw: unknown, headers: Headers): Promise<SignedIn> {
  const typed = read(SecondFactor, raw).code
  const totp = /^\d{6}$/.test(typed)
  const code = totp || typed.includes('-') ? typed : `${typed.slice(0, 5)}-${typed.slice(5)}`
  const call = { body: { code }, headers, returnHeaders: true as const }
  const answer = await (totp ? auth.api.verifyTOTP(call) : auth.api.verifyBackupCode(call)).catch(factorFault)
  const { user } = answer.response as { user: { id: string } }
  const token = newToken(answer.headers)
  if (totp && !(await isFreshCode(ctx, user.id, code))) {
    await ctx.db.deleteFrom('auth.sessions').where('token', '=', token).execute()
    throw refused({ clause, reason: 'factor-used', facts: {} })
  }
  await markSecondFactor(ctx.db, token)
  await record(ctx, user.id, totp ? 'second-factor' : 'backup-code', 'done', user.id)
  const row = await ctx.db
    .selectFrom('auth.users')
    .select('must_change_password')
    .where('id', '=', user.id)
    .executeTakeFirstOrThrow()
  return { next: row.must_change_password ? 'password' : 'home', headers: answer.headers }
}

/**
 * The one-time password inside a session: an official who came in by phone steps up to the office, or one who has just
 * set it up proves it. Five tries in five minutes.
 */
export async function passSecondFactor(
  ctx: Ctx,
  auth: Auth,
  session: Session,
  typed: unknown,
  headers: Headers,
): Promise<SignedIn> {
  const { code } = read(SecondFactor, { code: typed })
  await takeTurn(ctx.db, `factor:${session.userId}`, { tries: 5, seconds: 300 })
  const answer = await auth.api.verifyTOTP({ body: { code }, headers, returnHeaders: true }).catch(factorFault)
  if (!(await isFreshCode(ctx, session.userId, code))) throw refused({ clause, reason: 'factor-used', facts: {} })
  // Setting it up gave another session; stepping up marks the one there is, under another token.
  const fresh = answer.headers.getSetCookie().some((cookie) => cookie.includes('session_token='))
  const token = fresh ? newToken(answer.headers) : await rotateSession(ctx.db, session.id)
  await markSecondFactor(ctx.db, token)
  await record(ctx, session.userId, 'second-factor', 'done', session.userId)
  return { next: 'home', headers: answer.headers, ...(fresh ? {} : { token }) }
}

/** Begins to set up the one-time password, after the password once more. It counts only after a good one came back. */
export async function enrolSecondFactor(
  ctx: Ctx,
  auth: Auth,
  session: Session,
  typed: unknown,
  headers: Headers,
): Promise<void> {
  const { password } = read(PasswordSignIn.pick({ password: true }), { password: typed })
  await takeTurn(ctx.db, `enrol:${session.userId}`, { tries: 5, seconds: 900 })
  const answer = await auth.api.enableTwoFactor({ body: { password }, headers }).catch(notFound)
  if (!answer) throw refused({ clause, reason: 'password-old-wrong', facts: {} })
}

/** The token of the session that an answer's cookies begin. */
function newToken(headers: Headers): string {
  const value = /(?:^|[\s,])(?:__Secure-)?skills\.session_token=([^;.]+)/.exec(headers.getSetCookie().join(', '))?.[1]
  if (!value) throw new Error('a second factor made no session')
  return decodeURIComponent(value)
}

/** A one-time password opens nothing twice: its half minute must be later than the last one used. */
export async function isFreshCode(ctx: Ctx, userId: string, code: string): Promise<boolean> {
  const factor = await secondFactorOf(ctx.db, ctx.crypto, userId)
  const step = factor && stepOf(factor.secret, code, realTime())
  if (step === undefined) return false
  const { numUpdatedRows } = await ctx.db
    .updateTable('auth.second_factors')
    .set({ last_step: step })
    .where('user_id', '=', userId)
    .where((eb) => eb.or([eb('last_step', 'is', null), eb('last_step', '<', step)]))
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

function read<T extends z.ZodType>(schema: T, raw: unknown): z.output<T> {
  const parsed = schema.safeParse(raw)
  if (!parsed.success) throw invalid(fieldFaults(parsed.error))
  return parsed.data
}

function phoneOf(raw: string): string {
  const phone = parsePhone(raw)
  if (phone.ok) return phone.value
  const words = identityReasons[phone.refusal.reason]?.(phone.refusal.facts)
  throw invalid({ phone: [`${words?.message ?? '手机号不对'}。${words?.remedy ?? ''}`] })
}

async function record(ctx: Ctx, userId: string | null, method: Method, result: string, subject: string): Promise<void> {
  const account = userId && result === 'done' ? await accountCard(ctx.db, userId) : null
  const actor = account
    ? actorOf({ kind: 'user', id: account.id, name: account.name, personId: account.personId, holdings: [] })
    : ctx.actor
  await recordSignIn({ ...ctx, actor }, { userId, method, result, subject })
}

const statusOf = (error: unknown): number =>
  error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 0

/** Wrong name or password: nothing. Anything else is a bug. */
function notFound(error: unknown): undefined {
  if ([400, 401, 403, 422].includes(statusOf(error))) return undefined
  throw error
}

function factorFault(error: unknown): never {
  const body = error instanceof Error && 'body' in error ? (error.body as { code?: string }) : {}
  const reason =
    {
      INVALID_CODE: 'factor-wrong',
      INVALID_BACKUP_CODE: 'factor-wrong',
      INVALID_TWO_FACTOR_COOKIE: 'factor-expired',
      TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'factor-expired',
      ACCOUNT_TEMPORARILY_LOCKED: 'factor-locked',
    }[body.code ?? ''] ?? null
  if (reason) throw refused({ clause, reason, facts: {} })
  throw error instanceof AppError ? error : (error as Error)
}
