import { sql } from 'kysely'
import { z } from 'zod'
import { occupationByKey } from '#modules/occupations/catalogue.queries.ts'
import { mustMove, recordMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { heldBy } from '#platform/held.ts'
import { takeTurn } from '#platform/limits.ts'
import type { Permission } from '#platform/permissions.ts'
import { newReceipt } from '#platform/receipts.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, formatDay, yearOf } from '#shared/dates.ts'
import { keepIds } from './redline.rules.ts'
import { commentContext, opinionsOf, type Version, versionById } from './standard.queries.ts'
import { checkBody, checkReview, versionCycle } from './standard.rules.ts'
import {
  Abolish,
  AnswerComment,
  ChooseVersion,
  Comment,
  DecideProposal,
  DecideReview,
  emptyBody,
  OpenComments,
  ProposeStandard,
  RecordOpinion,
  Revise,
  SaveDraft,
  type VersionState,
} from './standard.schema.ts'
import { canonicalBody } from './text.rules.ts'

const no = (clause: string, reason: string, facts: Record<string, string | number> = {}) =>
  refused({ clause, reason, facts })
const held = {
  comments_open: ['N02', 'comments-open'],
  decided_by_another: ['N03', 'decided-by-another'],
  one_version_open: ['N03', 'version-open'],
} as const

/** Nobody says who he is, so all who comment on a draft share its turnstile. */
const perVersion = { tries: 60, seconds: 3600 }

async function lockVersion(tx: Tx, id: string, permission: Permission): Promise<Version> {
  await tx.db.selectFrom('standards.versions').select('id').where('id', '=', id).forUpdate().executeTakeFirst()
  const found = await versionById(tx.db, id)
  if (!found || !tx.actor.can(permission, { organisationId: found.organisationId })) throw missing('standard')
  tx.about('standard-version', id)
  return found
}

async function move(
  tx: Tx,
  version: Version,
  by: keyof typeof versionCycle,
  set: Record<string, unknown> = {},
  note = '',
): Promise<VersionState> {
  const to = mustMove(versionCycle, by, version.state)
  await heldBy(
    tx.db
      .updateTable('standards.versions')
      .set({ ...set, state: to })
      .where('id', '=', version.id)
      .execute(),
    held,
  )
  await recordMove(tx, { kind: 'standard-version', id: version.id, move: by, from: version.state, to, note })
  return to
}

async function insertVersion(tx: Tx, standardId: string, seq: number, purpose: string, body: object): Promise<string> {
  const { id } = await heldBy(
    tx.db
      .insertInto('standards.versions')
      .values({
        standard_id: standardId,
        seq,
        purpose,
        body: JSON.stringify(body),
        written_by: tx.actor.hand.id,
        created_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
    held,
  )
  tx.about('standard-version', id)
  await recordMove(tx, { kind: 'standard-version', id, move: 'create', from: '', to: 'proposed' })
  return id
}

/**
 * An organisation asks to draft a standard for an occupation.
 * @clause N01 @clause HZ4-M01
 */
export const proposeStandard = command({
  name: 'standards.propose',
  permission: 'standard.draft',
  input: ProposeStandard,
  async run(tx, input) {
    const { organisationId } = input
    if (!tx.actor.can('standard.draft', { organisationId })) throw missing('organisation')
    const occupation = await occupationByKey(tx.db, input.occupation)
    if (!occupation) throw missing('occupation')
    const year = yearOf(dayOf(tx.now))
    const serial = await nextNumber(tx, 'standards', `${year}`)
    const { id } = await tx.db
      .insertInto('standards.standards')
      .values({
        number: `HZBZ-${year}-${String(serial).padStart(3, '0')}`,
        title: input.title,
        kind: input.kind,
        edition: occupation.edition,
        code: occupation.code,
        organisation_id: organisationId,
        proposed_by: tx.actor.hand.id,
        proposed_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { standardId: id, versionId: await insertVersion(tx, id, 1, input.purpose, emptyBody) }
  },
})

export const decideProposal = command({
  name: 'standards.decideProposal',
  permission: 'standard.approve',
  input: DecideProposal,
  async run(tx, { versionId, decision, note }) {
    const version = await lockVersion(tx, versionId, 'standard.approve')
    if (version.writtenBy === tx.actor.hand.id) throw no('N01', 'own-proposal')
    const set = { decided_by: tx.actor.hand.id, decided_by_name: tx.actor.name, note }
    return { versionId, state: await move(tx, version, decision === 'approve' ? 'approve' : 'decline', set, note) }
  },
})

/**
 * Keeps the draft, whole or not; afterwards also what the answers to comments ask for.
 * @clause N01
 */
export const saveDraft = command({
  name: 'standards.saveDraft',
  permission: 'standard.draft',
  input: SaveDraft,
  told: ({ versionId, edit }) => ({ versionId, edit }),
  async run(tx, { versionId, edit, ...draft }) {
    const version = await lockVersion(tx, versionId, 'standard.draft')
    if (version.state !== 'drafting' && version.state !== 'answering')
      throw no('N03', 'wrong-state', { state: version.state })
    if (edit !== version.edit) throw no('N01', 'edited-elsewhere')
    const text = { ...draft, functions: keepIds(draft.functions, version.body.functions) }
    await tx.db
      .updateTable('standards.versions')
      .set({ body: JSON.stringify(text), edit: edit + 1, written_by: tx.actor.hand.id })
      .where('id', '=', versionId)
      .execute()
    return { versionId, number: edit + 1 }
  },
})

function mustBeWhole(tx: Tx, version: Version) {
  const levels = tx.plan.levelSchemes.find((one) => one.id === version.levelScheme)?.levels ?? []
  const whole = checkBody(version.body, levels)
  if (!whole.ok) throw refused(whole.refusal)
}

/**
 * A whole draft goes before the public for so many working days.
 * @clause N02 @clause N01
 */
export const openComments = command({
  name: 'standards.openComments',
  permission: 'standard.draft',
  input: OpenComments,
  async run(tx, { versionId, workdays }) {
    const version = await lockVersion(tx, versionId, 'standard.draft')
    mustMove(versionCycle, 'open', version.state)
    mustBeWhole(tx, version)
    const today = dayOf(tx.now)
    const least = (await figuresFor(tx))('N02.commentDays', today).value
    if (least !== null && workdays < least) throw no('N02', 'comment-days-short', { workdays: least })
    const set = { comments_from: today, comments_to: addWorkdays(today, workdays).day }
    return { versionId, state: await move(tx, version, 'open', set) }
  },
})

/**
 * Anybody says what he thinks of a draft while comments are open; the receipt is told once.
 * @clause N02
 */
export const comment = command({
  name: 'standards.comment',
  permission: 'public',
  input: Comment,
  told: ({ versionId, part }) => ({ versionId, part }),
  outcome: () => ({}),
  async run(tx, { versionId, part, text, contact }) {
    const version = await versionById(tx.db, versionId)
    if (!version || !['commenting', 'answering', 'reviewing', 'published'].includes(version.state))
      throw missing('standard')
    tx.about('standard-version', versionId)
    if (version.state !== 'commenting' || (version.commentsTo ?? '') < dayOf(tx.now)) throw no('N02', 'comment-in-time')
    await takeTurn(tx.db, `standard-comment:${versionId}`, perVersion)
    const receipt = newReceipt()
    await heldBy(
      tx.db
        .insertInto('standards.comments')
        .values({
          version_id: versionId,
          receipt_index: tx.crypto.blindIndex(receipt, commentContext),
          part,
          text_sealed: tx.crypto.seal(JSON.stringify({ text, contact }), commentContext),
          at: tx.now,
        })
        .execute(),
      { comment_in_time: ['N02', 'comment-in-time'] },
    )
    return { receipt }
  },
})

/** Ends the comment periods whose last day is past. @clause N02 */
export const closeComments = command({
  name: 'standards.closeComments',
  permission: 'system.operate',
  input: z.object({}),
  async run(tx) {
    const due = await tx.db
      .selectFrom('standards.versions')
      .select('id')
      .where('state', '=', 'commenting')
      .where('comments_to', '<', dayOf(tx.now))
      .orderBy('id')
      .execute()
    for (const { id } of due) await move(tx, await lockVersion(tx, id, 'system.operate'), 'close')
    return { count: due.length }
  },
})

/**
 * One comment is answered: adopted, partly or not, with the reason; once.
 * @clause N02
 */
export const answerComment = command({
  name: 'standards.answerComment',
  permission: 'standard.draft',
  input: AnswerComment,
  async run(tx, { commentId, outcome, reason }) {
    const found = await tx.db
      .selectFrom('standards.comments')
      .select('version_id')
      .where('id', '=', commentId)
      .executeTakeFirst()
    if (!found) throw missing('comment')
    const version = await lockVersion(tx, found.version_id, 'standard.draft')
    if (version.state === 'commenting')
      throw no('N02', 'still-commenting', { until: version.commentsTo ? formatDay(version.commentsTo) : '' })
    if (version.state !== 'answering') throw no('N02', 'wrong-state', { state: version.state })
    await heldBy(
      tx.db
        .updateTable('standards.comments')
        .set({ outcome, reason, answered_by: tx.actor.hand.id, answered_by_name: tx.actor.name, answered_at: tx.now })
        .where('id', '=', commentId)
        .execute(),
      { answered_once: ['N02', 'answered-once'] },
    )
    return { commentId, versionId: version.id }
  },
})

/**
 * To the review: every comment answered, the text whole.
 * @clause N02 @clause N01
 */
export const submitReview = command({
  name: 'standards.submitReview',
  permission: 'standard.draft',
  input: ChooseVersion,
  async run(tx, { versionId }) {
    const version = await lockVersion(tx, versionId, 'standard.draft')
    mustMove(versionCycle, 'submit', version.state)
    mustBeWhole(tx, version)
    return { versionId, state: await move(tx, version, 'submit') }
  },
})

export const recordOpinion = command({
  name: 'standards.recordOpinion',
  permission: 'standard.manage',
  input: RecordOpinion,
  async run(tx, input) {
    const version = await lockVersion(tx, input.versionId, 'standard.manage')
    if (version.state !== 'reviewing') throw no('N03', 'wrong-state', { state: version.state })
    await heldBy(
      tx.db
        .insertInto('standards.opinions')
        .values({
          version_id: version.id,
          expert: input.expert,
          unit: input.unit,
          verdict: input.verdict,
          words: input.words,
          recorded_by: tx.actor.hand.id,
          recorded_at: tx.now,
        })
        .execute(),
      { opinions_version_id_expert_key: ['N03', 'opinion-known'] },
    )
    return { versionId: version.id }
  },
})

/**
 * Published by somebody who did not write it, with the digest of the text; the version before is superseded in the same
 * moment. Or sent back.
 * @clause N03
 */
export const decideReview = command({
  name: 'standards.decideReview',
  permission: 'standard.approve',
  input: DecideReview,
  async run(tx, { versionId, outcome, note }) {
    const version = await lockVersion(tx, versionId, 'standard.approve')
    const by = { decided_by: tx.actor.hand.id, decided_by_name: tx.actor.name, note }
    if (outcome === 'redo') return { versionId, state: await move(tx, version, 'redo', by, note) }
    mustMove(versionCycle, 'publish', version.state)
    const today = dayOf(tx.now)
    const opinions = await opinionsOf(tx.db, versionId)
    const enough = checkReview(
      opinions.map((one) => one.verdict),
      (await figuresFor(tx))('N03.experts', today).value,
    )
    if (!enough.ok) throw refused(enough.refusal)
    const before = await tx.db
      .selectFrom('standards.versions')
      .select('id')
      .where('standard_id', '=', version.standardId)
      .where('state', '=', 'published')
      .executeTakeFirst()
    if (before) await move(tx, await lockVersion(tx, before.id, 'standard.approve'), 'supersede')
    const digest = tx.crypto.digest(canonicalBody(version.body))
    return { versionId, state: await move(tx, version, 'publish', { ...by, digest, published_on: today }, note) }
  },
})

/**
 * A published standard is revised by a further version that starts from its text.
 * @clause N03
 */
export const revise = command({
  name: 'standards.revise',
  permission: 'standard.draft',
  input: Revise,
  async run(tx, { standardId, purpose }) {
    const found = await tx.db
      .selectFrom('standards.versions')
      .select('id')
      .where('standard_id', '=', standardId)
      .where('state', '=', 'published')
      .executeTakeFirst()
    const current = found && (await versionById(tx.db, found.id))
    if (!current || !tx.actor.can('standard.draft', { organisationId: current.organisationId }))
      throw missing('standard')
    const { rows } = await sql<{ last: number }>`
      select max(seq) as last from standards.versions where standard_id = ${standardId}`.execute(tx.db)
    return { versionId: await insertVersion(tx, standardId, (rows[0]?.last ?? 0) + 1, purpose, current.body) }
  },
})

export const abolish = command({
  name: 'standards.abolish',
  permission: 'standard.approve',
  input: Abolish,
  async run(tx, { versionId, note }) {
    const version = await lockVersion(tx, versionId, 'standard.approve')
    return { versionId, state: await move(tx, version, 'abolish', {}, note) }
  },
})
