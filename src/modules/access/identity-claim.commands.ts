import { z } from 'zod'
import { correctPhone, setPhone } from '#modules/people/identity.commands.ts'
import { documentKind } from '#modules/people/identity.schema.ts'
import { ensurePerson } from '#modules/people/person.commands.ts'
import { openPersons, personCard, personContext, phoneIndex } from '#modules/people/person.queries.ts'
import { CorrectPhone } from '#modules/people/person.schema.ts'
import { emailOfPerson, type UnifiedClaims } from '#platform/auth.ts'
import { type Ctx, command, type Tx } from '#platform/command.ts'
import { AppError, missing, refused } from '#platform/errors.ts'
import { sendText } from '#platform/messages.ts'
import { maskPhone } from '#shared/text.ts'
import { endSessions } from './account.commands.ts'
import { AccountAndReason, ClaimIdentity } from './account.schema.ts'

const clause = 'C01'

/**
 * Somebody signed in by phone says who they are. A document nobody knows yet is registered under that phone; a known one
 * is joined only if name and registered phone agree. The level stays `declared` until unified identity or the desk has
 * verified it.
 * @clause HZ4-M13 C01
 */
export const claimIdentity = command({
  name: 'access.claimIdentity',
  permission: 'public',
  input: ClaimIdentity,
  async run(tx, input) {
    if (tx.actor.kind !== 'user') throw new AppError({ kind: 'unauthenticated' })
    const user = await tx.db
      .selectFrom('auth.users')
      .select(['id', 'person_id', 'phone_index'])
      .where('id', '=', tx.actor.id)
      .forUpdate()
      .executeTakeFirst()
    if (!user?.phone_index) throw missing('account')
    tx.about('account', user.id)
    if (user.person_id) throw refused({ clause, reason: 'identity-bound', facts: {} })
    const { personId, created, nameDiffers } = await ensurePerson(tx, input)
    if (nameDiffers) throw refused({ clause: 'C01', reason: 'identity-name-differs', facts: {} })
    if (created) {
      await copyPhone(tx, user.id, personId)
    } else {
      const person = await tx.db
        .selectFrom('people.persons')
        .select('phone_index')
        .where('id', '=', personId)
        .forUpdate()
        .executeTakeFirst()
      if (person?.phone_index !== user.phone_index)
        throw refused({ clause, reason: 'identity-phone-differs', facts: {} })
    }
    await bind(tx, user.id, personId, 'declared')
    tx.about('person', personId)
    return { personId }
  },
})

/** The phone that the account proved becomes the person's. */
async function copyPhone(tx: Tx, accountId: string, personId: string): Promise<void> {
  const { phone_sealed: sealed } = await tx.db
    .selectFrom('auth.users')
    .select('phone_sealed')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  if (sealed) await setPhone(tx, personId, tx.crypto.open(sealed, personContext.phone))
}

async function bind(tx: Tx, accountId: string, personId: string, identity: 'declared' | 'verified'): Promise<void> {
  const taken = await tx.db
    .selectFrom('auth.users')
    .select('id')
    .where('person_id', '=', personId)
    .where('id', '<>', accountId)
    .executeTakeFirst()
  if (taken) throw refused({ clause, reason: 'identity-taken', facts: {} })
  const card = await personCard(tx.db, personId)
  await tx.db
    .updateTable('auth.users')
    .set({
      person_id: personId,
      identity,
      name: card.name,
      ...(identity === 'verified' ? { email: emailOfPerson(personId), email_verified: true } : {}),
    })
    .where('id', '=', accountId)
    .execute()
}

const UnifiedIdentity = z.object({
  sub: z.string().min(1),
  name: z.string(),
  documentKind: documentKind.catch('resident-id'),
  documentNumber: z.string(),
  phone: z.string().optional(),
})

/**
 * The person behind claims that the provincial unified identity has signed. An account that had only declared itself to
 * be this person, from another phone, loses the person to the one who proved it.
 * @clause HZ4-M13 C01
 */
export const identifyUnified = command({
  name: 'access.identifyUnified',
  permission: 'public',
  input: UnifiedIdentity,
  async run(tx, input) {
    if (tx.actor.kind !== 'system') throw new AppError({ kind: 'unauthenticated' })
    const { personId, nameDiffers } = await ensurePerson(tx, input)
    if (nameDiffers) throw refused({ clause: 'C01', reason: 'identity-name-differs', facts: {} })
    tx.about('person', personId)
    const account = await tx.db
      .selectFrom('auth.users')
      .select(['id', 'identity', 'phone_index'])
      .where('person_id', '=', personId)
      .forUpdate()
      .executeTakeFirst()
    if (account?.identity === 'declared') {
      tx.about('account', account.id)
      if (input.phone && account.phone_index === phoneIndex(tx.crypto, input.phone)) {
        await bind(tx, account.id, personId, 'verified')
      } else {
        await tx.db
          .updateTable('auth.users')
          .set({ person_id: null, identity: 'none', name: '手机用户' })
          .where('id', '=', account.id)
          .execute()
        await endSessions(tx, account.id)
      }
    }
    return { personId, maskedName: (await personCard(tx.db, personId)).name }
  },
  outcome: ({ personId }) => ({ personId }),
})

/** The shape `createAuth` wants. */
export const identify = (ctx: Ctx, claims: UnifiedClaims) => identifyUnified(ctx, claims)

/** The desk has seen the document: the account's identity counts as verified. */
export const verifyIdentity = command({
  name: 'access.verifyIdentity',
  permission: 'account.verify',
  input: AccountAndReason,
  async run(tx, { accountId }) {
    const user = await tx.db
      .selectFrom('auth.users')
      .select(['id', 'person_id'])
      .where('id', '=', accountId)
      .forUpdate()
      .executeTakeFirst()
    if (!user?.person_id) throw missing('account')
    tx.about('account', user.id)
    await bind(tx, user.id, user.person_id, 'verified')
    return { accountId }
  },
})

/**
 * Another phone for a person at the desk, and for signing in with it. Whoever signed in with the old one is signed out.
 * @clause C01
 */
export const movePhone = command({
  name: 'access.movePhone',
  permission: 'account.verify',
  input: CorrectPhone,
  async run(tx, input) {
    await correctPhone(tx, input)
    tx.about('person', input.personId)
    const person = (await openPersons(tx.db, tx.crypto, [input.personId])).get(input.personId)
    const phone = person?.phone
    if (!phone) throw missing('person')
    const index = phoneIndex(tx.crypto, phone)
    const account = await tx.db
      .selectFrom('auth.users')
      .select(['id', 'phone_index', 'phone_sealed'])
      .where('person_id', '=', input.personId)
      .forUpdate()
      .executeTakeFirst()
    if (!account) return { personId: input.personId }
    tx.about('account', account.id)
    const other = await tx.db
      .selectFrom('auth.users')
      .select('id')
      .where('phone_index', '=', index)
      .where('id', '<>', account.id)
      .executeTakeFirst()
    if (other) throw refused({ clause, reason: 'phone-in-use', facts: {} })
    await tx.db
      .updateTable('auth.users')
      .set({
        phone_index: index,
        phone_masked: maskPhone(phone),
        phone_sealed: tx.crypto.seal(phone, personContext.phone),
        phone_verified: false,
      })
      .where('id', '=', account.id)
      .execute()
    await endSessions(tx, account.id)
    if (account.phone_sealed && account.phone_index !== index) await warn(tx, account.phone_sealed, phone)
    return { personId: input.personId }
  },
})

/** The phone that no longer opens the account is told, so that nobody loses an account without knowing. */
async function warn(tx: Tx, oldSealed: string, phone: string): Promise<void> {
  const old = tx.crypto.open(oldSealed, personContext.phone)
  await sendText(tx.db, tx.crypto, {
    purpose: 'phone-moved',
    phone: old,
    phoneMasked: maskPhone(old),
    text: `【${tx.plan.site.name}】您的登录手机号已由受理窗口改为 ${maskPhone(phone)}。不是您本人办理的，请立即致电 ${tx.plan.site.telephone}。`,
  })
}
