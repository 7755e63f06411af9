import { sql } from 'kysely'
import { endClock, startClock } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { invalid, missing, refused } from '#platform/errors.ts'
import { addMonths, dayOf } from '#shared/dates.ts'
import { figureToday, lockCourse, moveCourse, moveTo, publishVersion } from './course.commands.ts'
import type { CourseRecord } from './course.queries.ts'
import type { CourseState } from './course.schema.ts'
import { type ReviewRecord, type RoundRecord, reviews, rounds, standardOf } from './round.queries.ts'
import { judge, moveAfter, totalOf } from './round.rules.ts'
import { GiveReview, type Outcome, PutBackReview, TakeReview } from './round.schema.ts'

type Taken = { roundId: string; seat: number }

/**
 * A reviewer takes one of the two seats of a round: nobody twice, nobody of the other's organisation or of the course's.
 * @clause L01
 */
export const takeReview: Command<typeof TakeReview, Taken> = command({
  name: 'library.takeReview',
  permission: 'library.review',
  input: TakeReview,
  async run(tx, { roundId }) {
    const { round, record, sheets } = await lockRound(tx, roundId)
    const own = sheets.find((one) => one.reviewer === tx.actor.id)
    if (own) return { roundId, seat: own.seat }
    if (round.openedBy === tx.actor.id || record.submittedBy === tx.actor.id) throw no('own-submission')
    const affiliation = affiliationOf(tx)
    if (tx.actor.holdings.some(({ organisationId }) => organisationId === record.organisationId))
      throw no('own-organisation')
    const same = sheets.find((one) => one.affiliation === affiliation)
    if (same) throw no('same-affiliation', { name: same.reviewerName })
    if (sheets.length >= 2) throw no('seats-taken')
    const seat = sheets.some((one) => one.seat === 1) ? 2 : 1
    await tx.db
      .insertInto('library.reviews')
      .values({
        round_id: roundId,
        seat,
        reviewer: tx.actor.id,
        reviewer_name: tx.actor.name,
        affiliation,
        taken_at: tx.now,
      })
      .execute()
    if (round.state === 'waiting') {
      await tx.db.updateTable('library.rounds').set({ state: 'under-review' }).where('id', '=', roundId).execute()
      const workdays = await figureToday(tx, 'LIB.reviewDays')
      if (workdays !== null)
        await startClock(tx, { kind: 'round', id: roundId, clock: 'review', workdays, ruleId: 'L01' })
      if (round.kind === 'admission') await moveCourse(tx, record, 'take', moveTo(record, 'take'), {})
    }
    return { roundId, seat }
  },
})

/** Gives a seat back that one cannot fill; a review that was given stays. */
export const putBackReview: Command<typeof PutBackReview, { roundId: string }> = command({
  name: 'library.putBackReview',
  permission: 'library.review',
  input: PutBackReview,
  async run(tx, { roundId }) {
    const { sheets } = await lockRound(tx, roundId)
    const own = ownSheet(tx, sheets)
    await tx.db.deleteFrom('library.reviews').where('id', '=', own.id).execute()
    return { roundId }
  },
})

type Given = { roundId: string; total: number; outcome: Outcome | null; state: CourseState }

/**
 * A reviewer's scores, final. The second of the two decides the round by the rule, in the same transaction; two at once
 * wait for each other on the round's row, so exactly one of them decides.
 * @clause L01
 */
export const giveReview: Command<typeof GiveReview, Given> = command({
  name: 'library.giveReview',
  permission: 'library.review',
  input: GiveReview,
  async run(tx, input) {
    const { round, record, sheets } = await lockRound(tx, input.roundId)
    const own = ownSheet(tx, sheets)
    const standard = standardOf(tx.plan, round.standard)
    const absent = standard.criteria.filter(({ id }) => input.scores[id] === undefined)
    if (absent.length > 0) {
      throw invalid(Object.fromEntries(absent.map(({ id }) => [`scores.${id}`, ['请打分']])))
    }
    const low = standard.criteria.filter(
      ({ id }) => (input.scores[id] ?? 0) <= 2 && (input.remarks[id] ?? '').length < 4,
    )
    if (low.length > 0) {
      throw invalid(
        Object.fromEntries(low.map(({ id }) => [`remarks.${id}`, ['打 2 分及以下的，请写明问题，至少4个字']])),
      )
    }
    if (!input.vetoes.every((veto) => standard.vetoes.some(({ id }) => id === veto)))
      throw invalid({ vetoes: ['请从列表中选择'] })
    const scores = Object.fromEntries(standard.criteria.map(({ id }) => [id, input.scores[id] ?? 0]))
    const total = totalOf(standard.criteria, scores)
    await tx.db
      .updateTable('library.reviews')
      .set({
        scores: JSON.stringify(scores),
        remarks: JSON.stringify(input.remarks),
        vetoes: input.vetoes,
        opinion: input.opinion,
        total,
        given_at: tx.now,
      })
      .where('id', '=', own.id)
      .execute()
    const other = sheets.find((one) => one.id !== own.id && one.givenAt !== null)
    if (!other) return { roundId: round.id, total, outcome: null, state: record.state }
    const passMark = await figureToday(tx, standard.passMarkFigure)
    if (passMark === null) throw no('figure-undecided', { label: '入库合格分' })
    const judged = judge(
      { criteria: standard.criteria, passMark, floor: (await figureToday(tx, standard.floorFigure)) ?? 0 },
      { scores, vetoes: input.vetoes },
      { scores: other.scores ?? {}, vetoes: other.vetoes },
    )
    await tx.db
      .updateTable('library.rounds')
      .set({
        state: 'decided',
        outcome: judged.outcome,
        score: judged.score,
        reason: judged.reasons.join(' '),
        decided_at: tx.now,
      })
      .where('id', '=', round.id)
      .execute()
    await endClock(tx, 'round', round.id, 'review')
    return { roundId: round.id, total, outcome: judged.outcome, state: await settle(tx, round, record, judged.outcome) }
  },
})

/** What the decision does to version and course. */
async function settle(tx: Tx, round: RoundRecord, record: CourseRecord, outcome: Outcome): Promise<CourseState> {
  const passed = outcome === 'pass'
  if (round.kind !== 'recheck' && !passed) {
    await tx.db.updateTable('library.versions').set({ state: 'draft' }).where('id', '=', round.versionId).execute()
  }
  const set: Record<string, unknown> =
    passed && round.kind !== 'recheck' ? await publishVersion(tx, record.id, round.versionId) : {}
  const move = moveAfter(round.kind, outcome, record.state)
  if (round.kind === 'admission' && passed) set.trial_from_on = dayOf(tx.now)
  if (round.kind === 'recheck' && passed) set.recheck_on = await nextRecheck(tx)
  if (move === 'suspend') set.suspended_for = 'recheck'
  if (move === 'restore') set.suspended_for = ''
  const to = move ? moveTo(record, move) : record.state
  await moveCourse(tx, record, move ?? `${round.kind}-${outcome}`, to, set)
  return to
}

/** The day of the next re-check; null when the district has not said how often. */
export async function nextRecheck(tx: Tx): Promise<string | null> {
  const months = await figureToday(tx, 'LIB.recheckMonths')
  return months === null ? null : addMonths(dayOf(tx.now), months)
}

const no = (reason: string, facts: Record<string, string | number> = {}) => refused({ clause: 'L01', reason, facts })

/** Locks the course, then the round: the same order everywhere. */
async function lockRound(tx: Tx, roundId: string) {
  const found = await rounds(tx.db).where('r.id', '=', roundId).executeTakeFirst()
  if (!found) throw missing('round')
  const record = await lockCourse(tx, found.courseId, 'library.review')
  const round = await rounds(tx.db).where('r.id', '=', roundId).forUpdate().executeTakeFirstOrThrow()
  tx.about('round', roundId)
  if (round.state === 'decided' || round.state === 'called-back') throw no('round-closed')
  const sheets = await reviews(tx.db).where('w.round_id', '=', roundId).orderBy('w.seat').execute()
  return { round, record, sheets }
}

function ownSheet(tx: Tx, sheets: ReviewRecord[]): ReviewRecord {
  const own = sheets.find((one) => one.reviewer === tx.actor.id)
  if (!own) throw no('not-taken')
  if (own.givenAt !== null) throw no('already-given')
  return own
}

/** Whose reviewer somebody is: the department or the organisation that the role is held in. */
function affiliationOf(tx: Tx): string {
  const held = tx.actor.holdings.find(({ role }) => role === 'library-reviewer' || role === 'library-expert')
  if (held?.organisationId) return `organisation:${held.organisationId}`
  return `body:${held?.body ?? tx.actor.id}`
}

/** Opens the re-check of a listed course whose day has come; one that is open already stays the only one. */
export async function openRecheck(tx: Tx, record: CourseRecord): Promise<void> {
  const today = dayOf(tx.now)
  const standard = tx.plan.admissionStandards.findLast(
    (one) => one.from <= today && (one.to === null || today <= one.to),
  )
  if (!standard || record.currentVersionId === null) return
  await sql`
    insert into library.rounds (course_id, version_id, kind, standard, opened_by, opened_at)
    select ${record.id}, ${record.currentVersionId}, 'recheck', ${standard.edition}, ${tx.actor.id}, ${tx.now}
    where not exists (select from library.rounds where course_id = ${record.id} and state in ('waiting', 'under-review'))
  `.execute(tx.db)
}
