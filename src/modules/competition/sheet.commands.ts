import { command, type Tx } from '#platform/command.ts'
import { invalid, missing } from '#platform/errors.ts'
import { no, termsOf } from './case.commands.ts'
import { ownExpert } from './judge.commands.ts'
import { entryFacts, seatedJudges } from './judge.queries.ts'
import { conflictWith } from './judge.rules.ts'
import { GiveSheet } from './mark.schema.ts'
import { readMark, settle } from './marking.rules.ts'
import { lockRound, mustMark } from './round.commands.ts'
import { partsOf } from './round.queries.ts'

/**
 * One judge's marks behind one code, final; as many modules as he judges. Two agree: the mark stands. They differ by more
 * than the tolerance: the module waits for a third.
 * @clause R32
 */
export const giveSheet = command({
  name: 'competition.giveSheet',
  permission: 'competition.judge',
  input: GiveSheet,
  async run(tx, { roundId, code, marks, remark }) {
    const expert = await ownExpert(tx)
    const { event, type, round } = await lockRound(tx, roundId, 'share')
    const judge = await tx.db
      .selectFrom('competition.judges')
      .select('id')
      .where('event_id', '=', event.id)
      .where('expert_id', '=', expert.id)
      .where('state', '=', 'seated')
      .executeTakeFirst()
    if (!judge) throw missing('round')
    mustMark(event, round)
    if (round.kind !== 'practical') throw no('round-kind')
    const row = await lockCode(tx, roundId, code)
    await mustBeApart(tx, event.id, judge.id, row.entry_id)
    const parts = partsOf(type, 'practical')
    const faults: Record<string, string[]> = {}
    const given: { module: string; mark: number }[] = []
    for (const { id, title } of parts) {
      const typed = marks[id] ?? ''
      if (typed === '') continue
      const mark = readMark(typed)
      if (mark === null) faults[`marks.${id}`] = [`${title}请打0到100分，最多两位小数`]
      else given.push({ module: id, mark })
    }
    if (Object.keys(faults).length > 0) throw invalid(faults)
    const first = parts[0]
    if (given.length === 0 || !first) throw invalid({ [`marks.${first?.id ?? ''}`]: ['请至少给一个模块打分'] })
    const terms = await termsOf(tx, event)
    const before = await tx.db
      .selectFrom('competition.sheets')
      .select(['module', 'judge_id as judgeId', 'mark'])
      .where('round_id', '=', roundId)
      .where('entry_id', '=', row.entry_id)
      .execute()
    let thirds = 0
    for (const { module, mark } of given) {
      const own = before.filter((one) => one.module === module)
      if (own.some((one) => one.judgeId === judge.id)) throw no('sheet-given')
      if (settle(own, terms.tolerance).state === 'settled') throw no('sheet-enough')
      const values = { round_id: roundId, entry_id: row.entry_id, module }
      await tx.db
        .insertInto('competition.sheets')
        .values({ ...values, judge_id: judge.id, mark, remark, given_at: tx.now })
        .execute()
      const result = settle([...own, { judgeId: judge.id, mark }], terms.tolerance)
      if (result.state === 'settled') {
        await tx.db
          .insertInto('competition.marks')
          .values({ ...values, mark: result.mark, source: 'sheets', at: tx.now })
          .execute()
      } else if (own.length > 0) thirds += 1
    }
    return { roundId, count: given.length, thirds }
  },
})

/** The judges of one code come one after the other. */
async function lockCode(tx: Tx, roundId: string, code: string): Promise<{ entry_id: string }> {
  const row = await tx.db
    .selectFrom('competition.round_entries as r')
    .innerJoin('competition.entries as n', 'n.id', 'r.entry_id')
    .select(['r.entry_id', 'r.absent', 'n.state'])
    .where('r.round_id', '=', roundId)
    .where('r.code', '=', code.toUpperCase())
    .forUpdate('r')
    .executeTakeFirst()
  if (!row || row.absent || row.state !== 'eligible') throw missing('code')
  return row
}

async function mustBeApart(tx: Tx, eventId: string, judgeId: string, entryId: string): Promise<void> {
  const judge = (await seatedJudges(tx.db, eventId)).find((one) => one.id === judgeId)
  const entry = (await entryFacts(tx.db, eventId)).find((one) => one.id === entryId)
  if (!judge || !entry || conflictWith(judge, entry)) throw no('sheet-conflict')
}
