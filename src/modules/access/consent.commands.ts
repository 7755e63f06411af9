import { parsePhone } from '#modules/people/identity.rules.ts'
import { ensurePerson } from '#modules/people/person.commands.ts'
import { openPersons } from '#modules/people/person.queries.ts'
import { codeMinutes, issueCode, spendCode } from '#platform/codes.ts'
import { type Ctx, command, type Tx } from '#platform/command.ts'
import { AppError, conflict, missing, refused } from '#platform/errors.ts'
import { keepPaper } from '#platform/files.ts'
import { sendText } from '#platform/messages.ts'
import type { RoleCode } from '#platform/permissions.ts'
import { maskPhone } from '#shared/text.ts'
import { AskConsent, consentMinutes, EndAssist, purposes, StartAssist } from './consent.schema.ts'

const clause = 'C01'
const answerMinutes = 10
const clerk: RoleCode = 'subdistrict-clerk'

/** The clerk's own counter: a consent is asked for in one subdistrict. */
function counterOf(tx: Tx): string {
  const holding = tx.actor.holdings.find((h) => h.role === clerk && h.subdistrict)
  if (!holding?.subdistrict) throw new AppError({ kind: 'forbidden', permission: 'assist.start' })
  return holding.subdistrict
}

/**
 * Somebody stands at the counter without a phone that can do it, or without the wish to. The clerk names the person by
 * the document shown, says what for, and asks: by a code to the person's own registered phone, or by a signed paper.
 * @clause HZ4-M13
 */
export const askConsent = command({
  name: 'access.askConsent',
  permission: 'assist.start',
  input: AskConsent,
  async run(tx, input) {
    const subdistrict = counterOf(tx)
    const { personId, nameDiffers } = await ensurePerson(tx, input)
    if (nameDiffers) throw refused({ clause, reason: 'assist-name-differs', facts: {} })
    if (personId === tx.actor.personId) throw refused({ clause, reason: 'assist-self', facts: {} })
    const person = (await openPersons(tx.db, tx.crypto, [personId])).get(personId)
    if (!person) throw missing('person')
    const byCode = input.evidence === 'sms-code'
    if (byCode && !person.phone) throw refused({ clause, reason: 'assist-no-phone', facts: {} })
    const typed = input.phone ? parsePhone(input.phone) : null
    if (byCode && typed?.ok && typed.value !== person.phone) {
      throw refused({ clause, reason: 'assist-phone-differs', facts: {} })
    }
    await endOpen(tx, 'replaced')
    const fileId =
      input.paper && !byCode ? await keepPaper(tx, input.paper, { field: 'paper', purpose: 'consent' }) : null
    const row = await tx.db
      .insertInto('auth.consents')
      .values({
        person_id: personId,
        clerk_user_id: tx.actor.id,
        subdistrict,
        purpose: purposes[input.purpose],
        evidence: input.evidence,
        file_id: fileId,
        asked_at: tx.now,
      })
      .onConflict((c) => c.doNothing()) // another window of the same clerk was first
      .returning('id')
      .executeTakeFirst()
    if (!row) throw conflict('consent')
    const { id } = row
    if (byCode && person.phone) {
      const code = await issueCode(tx.db, tx.crypto, 'consent', id)
      await sendText(tx.db, tx.crypto, {
        purpose: 'consent',
        phone: person.phone,
        phoneMasked: maskPhone(person.phone),
        text: `【${tx.plan.site.name}】街道窗口请求${purposes[input.purpose]}。同意请把验证码 ${code} 告诉窗口人员，${codeMinutes}分钟内有效，只办这一次。没有到窗口办事请勿告诉任何人。`,
      })
    }
    tx.about('consent', id)
    tx.about('person', personId)
    return { consentId: id, personId, needsCode: byCode, phone: person.phone && maskPhone(person.phone) }
  },
  outcome: ({ consentId, personId }) => ({ consentId, personId }),
})

/**
 * With the person's yes the clerk acts for them: once, for at most half an hour, only what the person could do. Everything
 * is written down as assisted.
 * @clause HZ4-M13
 */
export const startAssistCommand = command({
  name: 'access.startAssist',
  permission: 'assist.start',
  input: StartAssist,
  async run(tx, { consentId }) {
    const consent = await ownConsent(tx, consentId)
    if (consent.state !== 'asked') throw refused({ clause, reason: 'assist-decided', facts: {} })
    if (tx.now.getTime() - consent.asked_at.getTime() > answerMinutes * 60_000) {
      throw refused({ clause, reason: 'assist-late', facts: {} })
    }
    if (consent.evidence === 'sms-code') {
      const used = await tx.db
        .selectFrom('auth.codes')
        .select('id')
        .where('purpose', '=', 'consent')
        .where('subject', '=', consentId)
        .where('used_at', 'is not', null)
        .executeTakeFirst()
      if (!used) throw refused({ clause, reason: 'assist-code', facts: {} })
    }
    const expiresAt = new Date(tx.now.getTime() + consentMinutes * 60_000)
    await tx.db
      .updateTable('auth.consents')
      .set({ state: 'active', started_at: tx.now, expires_at: expiresAt })
      .where('id', '=', consentId)
      .execute()
    return { consentId, personId: consent.person_id, expiresAt }
  },
})

/** Spends the code outside the transaction, so that a wrong one stays counted, then starts. */
export async function startAssist(ctx: Ctx, raw: unknown): ReturnType<typeof startAssistCommand> {
  const input = StartAssist.safeParse(raw)
  if (input.success && input.data.code) {
    const check = await spendCode(ctx.db, ctx.crypto, 'consent', input.data.consentId, input.data.code)
    if (!check.ok) throw refused({ clause, reason: check.reason, facts: { left: check.left } })
  }
  return startAssistCommand(ctx, raw)
}

/** Ends the assistance; the consent is spent. */
export const endAssist = command({
  name: 'access.endAssist',
  permission: 'assist.start',
  input: EndAssist,
  async run(tx, { consentId }) {
    const consent = await ownConsent(tx, consentId)
    if (consent.state === 'ended') throw refused({ clause, reason: 'assist-decided', facts: {} })
    const reason = consent.state === 'asked' ? 'cancelled' : 'done'
    await tx.db
      .updateTable('auth.consents')
      .set({ state: 'ended', ended_at: tx.now, end_reason: reason })
      .where('id', '=', consentId)
      .execute()
    return { consentId }
  },
})

async function ownConsent(tx: Tx, consentId: string) {
  const consent = await tx.db
    .selectFrom('auth.consents')
    .select(['id', 'person_id', 'state', 'evidence', 'asked_at'])
    .where('id', '=', consentId)
    .where('clerk_user_id', '=', tx.actor.id)
    .forUpdate()
    .executeTakeFirst()
  if (!consent) throw missing('consent')
  tx.about('consent', consent.id)
  tx.about('person', consent.person_id)
  return consent
}

/** A clerk has one consent at a time; one that ran out is closed as such. */
async function endOpen(tx: Tx, reason: 'replaced'): Promise<void> {
  const open = await tx.db
    .selectFrom('auth.consents')
    .select(['id', 'expires_at'])
    .where('clerk_user_id', '=', tx.actor.id)
    .where('state', 'in', ['asked', 'active'])
    .forUpdate()
    .execute()
  for (const { id, expires_at } of open) {
    const late = expires_at !== null && expires_at <= tx.now
    await tx.db
      .updateTable('auth.consents')
      .set({ state: 'ended', ended_at: tx.now, end_reason: late ? 'expired' : reason })
      .where('id', '=', id)
      .execute()
  }
}
