import { sql } from 'kysely'
import { parseDocument } from '#modules/people/identity.rules.ts'
import { documentKind } from '#modules/people/identity.schema.ts'
import { documentIndex } from '#modules/people/person.queries.ts'
import { command, type Tx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { invalid, missing } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { firstOf } from '#shared/draw.ts'
import { lockHosted, mustBe, no } from './case.commands.ts'
import { openSeed } from './document.commands.ts'
import { drawPool, entryFacts, expertFacts } from './judge.queries.ts'
import { conflictWith, conflictWords, drawSeed, judgeOrder } from './judge.rules.ts'
import { DeclareRelation, DrawJudges, LeaveJudge, SeatJudge } from './mark.schema.ts'

/**
 * The host seats an expert of the pool: refused who enters here himself, works with an entrant, has declared a tie or kin,
 * or has taught one.
 * @clause R32 @clause A02
 */
export const seatJudge = command({
  name: 'competition.seatJudge',
  permission: 'competition.host',
  input: SeatJudge,
  async run(tx, { eventId, expertId, duty }) {
    const { event } = await lockHosted(tx, eventId)
    mustBe(event, 'accepted', 'announced', 'checking', 'running')
    const expert = await expertFacts(tx.db, expertId)
    if (!expert) throw missing('expert')
    for (const entry of await entryFacts(tx.db, eventId)) {
      const conflict = conflictWith(expert, entry)
      if (conflict === 'self') throw no('judge-enters')
      if (conflict) throw no('judge-conflict', { why: `${conflictWords[conflict]}（${entry.number}）` })
    }
    const before = await tx.db
      .selectFrom('competition.judges')
      .select(['id', 'expert_id', 'duty', 'state'])
      .where('event_id', '=', eventId)
      .execute()
    if (before.some((one) => one.expert_id === expertId)) throw no('judge-known')
    if (duty === 'chief' && before.some((one) => one.duty === 'chief' && one.state === 'seated'))
      throw no('chief-known')
    const { id } = await tx.db
      .insertInto('competition.judges')
      .values({
        ...{ event_id: eventId, expert_id: expertId, person_id: expert.personId, name: expert.name, duty },
        ...{ employer: expert.employer, organisation_id: expert.organisationId },
        ...{ seated_by: tx.actor.id, seated_at: tx.now },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('judge', id)
    return { judgeId: id }
  },
})

/**
 * Judges drawn from the whole pool once entries are closed, so that conflicts are known: who may not judge an entry is
 * passed over, and why is kept with the order. The seed follows from the one fixed at the announcement: nobody can draw
 * until a wished-for judge comes.
 * @clause A02 @clause R32
 */
export const drawJudges = command({
  name: 'competition.drawJudges',
  permission: 'competition.host',
  input: DrawJudges,
  async run(tx, { eventId, count }) {
    const { event } = await lockHosted(tx, eventId)
    mustBe(event, 'checking')
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from competition.judge_draws where event_id = ${eventId}`.execute(tx.db)
    const number = (rows[0]?.n ?? 0) + 1
    const seed = drawSeed(sha256, openSeed(tx, event), number)
    const pool = await drawPool(tx.db, eventId)
    const order = judgeOrder(sha256, seed, pool, await entryFacts(tx.db, eventId))
    const drawn = firstOf(order, count)
    if (typeof drawn === 'number') throw no('draw-pool-small', { needed: count, able: drawn })
    const { id } = await tx.db
      .insertInto('competition.judge_draws')
      .values({
        ...{ event_id: eventId, number, seed, wanted: count, pool: JSON.stringify(order) },
        ...{ drawn_by: tx.actor.id, drawn_by_name: tx.actor.name, drawn_at: tx.now },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const known = new Map(pool.map((one) => [one.id, one]))
    for (const lot of drawn) {
      const expert = known.get(lot.id)
      if (!expert) throw missing('expert')
      const judge = await tx.db
        .insertInto('competition.judges')
        .values({
          ...{ event_id: eventId, expert_id: expert.id, person_id: expert.personId, name: expert.name, duty: 'judge' },
          ...{ employer: expert.employer, organisation_id: expert.organisationId, draw_id: id },
          ...{ seated_by: tx.actor.id, seated_at: tx.now },
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      tx.about('judge', judge.id)
    }
    return { eventId, count: drawn.length }
  },
})

/** A judge steps back, or the host takes him out, while he has marked nothing. */
export const leaveJudge = command({
  name: 'competition.leaveJudge',
  permission: 'public',
  input: LeaveJudge,
  async run(tx, { judgeId, note }) {
    const found = await tx.db
      .selectFrom('competition.judges as j')
      .innerJoin('competition.events as e', 'e.id', 'j.event_id')
      .select(['j.event_id', 'j.person_id', 'e.organisation_id'])
      .where('j.id', '=', judgeId)
      .executeTakeFirst()
    const own = found && tx.actor.personId === found.person_id && tx.actor.can('competition.judge')
    const host = found && tx.actor.can('competition.host', { organisationId: found.organisation_id })
    if (!found || (!own && !host)) throw missing('judge')
    const judge = await tx.db
      .selectFrom('competition.judges')
      .select(['id', 'state'])
      .where('id', '=', judgeId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (judge.state === 'left') throw missing('judge')
    const marked = await tx.db
      .selectFrom('competition.sheets')
      .select('id')
      .where('judge_id', '=', judgeId)
      .executeTakeFirst()
    if (marked) throw no('judge-marked')
    await tx.db
      .updateTable('competition.judges')
      .set({ state: 'left', reason: note, left_at: tx.now })
      .where('id', '=', judgeId)
      .execute()
    tx.about('competition', found.event_id)
    tx.about('judge', judgeId)
    return { judgeId, state: 'left' }
  },
})

/**
 * An expert declares kin or a pupil by document number. The number itself is not kept, only its blind index: it matches
 * whoever registers under it later.
 * @clause A02
 */
export const declareRelation = command({
  name: 'competition.declareRelation',
  permission: 'competition.judge',
  input: DeclareRelation,
  told: ({ kind }) => ({ kind }),
  async run(tx, input) {
    const expert = await ownExpert(tx)
    const parsed = parseDocument(documentKind.parse(input.documentKind), input.documentNumber, dayOf(tx.now))
    if (!parsed.ok) throw invalid({ documentNumber: ['证件号码不对，请核对后再填'] })
    await tx.db
      .insertInto('competition.relations')
      .values({
        ...{ expert_id: expert.id, kind: input.kind, note: input.note, declared_at: tx.now },
        person_index: documentIndex(tx.crypto, parsed.value.kind, parsed.value.number),
      })
      .onConflict((c) => c.doNothing())
      .execute()
    tx.about('expert', expert.id)
    return { expertId: expert.id }
  },
})

export async function ownExpert(tx: Pick<Tx, 'db' | 'actor'>): Promise<{ id: string }> {
  const expert =
    tx.actor.personId &&
    (await tx.db
      .selectFrom('recognition.experts')
      .select('id')
      .where('person_id', '=', tx.actor.personId)
      .executeTakeFirst())
  if (!expert) throw missing('expert')
  return expert
}
