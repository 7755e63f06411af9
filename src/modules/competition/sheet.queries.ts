import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { documentsOf, events } from './event.queries.ts'
import { entryFacts, seatedJudges } from './judge.queries.ts'
import { conflictWith } from './judge.rules.ts'
import { settle } from './marking.rules.ts'
import { roundById, roundEntries } from './round.queries.ts'
import { typeVersion } from './type.queries.ts'

export type CodeRow = {
  code: string
  /** Modules this judge may still mark. */
  open: string[]
  given: number
  third: boolean
}

/**
 * A round as its judge sees it: codes without those he is tied to, and only what is left for him to mark.
 * @clause A02 @clause R32
 */
export async function judgeSheet(ctx: Ctx, roundId: string) {
  const round = await roundById(ctx.db, roundId)
  const judge = (await seatedJudges(ctx.db, round.eventId)).find((one) => one.personId === ctx.actor.personId)
  const event = await events(ctx.db).where('e.id', '=', round.eventId).executeTakeFirst()
  if (!judge || !event || round.state === 'waiting') throw missing('round')
  const type = await typeVersion(ctx.db, event.versionId)
  const terms = (await documentsOf(ctx.db, event.id)).find((one) => one.id === event.documentId)?.terms
  const tolerance = terms?.tolerance ?? 0
  const facts = new Map((await entryFacts(ctx.db, event.id)).map((one) => [one.id, one]))
  const sheets = Map.groupBy(
    await ctx.db
      .selectFrom('competition.sheets')
      .select(['entry_id as entryId', 'module', 'judge_id as judgeId', 'mark'])
      .where('round_id', '=', roundId)
      .execute(),
    (one) => `${one.entryId}:${one.module}`,
  )
  const rows = (await roundEntries(ctx.db, roundId)).flatMap((one): CodeRow[] => {
    const own = facts.get(one.entryId)
    if (one.absent || !own || conflictWith(judge, own)) return []
    const of = (module: string) => sheets.get(`${one.entryId}:${module}`) ?? []
    const given = (module: string) => of(module).some((sheet) => sheet.judgeId === judge.id)
    const open = type.modules
      .map(({ id }) => id)
      .filter((id) => !given(id) && settle(of(id), tolerance).state === 'waiting')
    return [
      {
        code: one.code,
        open: round.kind === 'practical' ? open : [],
        given: type.modules.filter(({ id }) => given(id)).length,
        third: open.some((id) => of(id).length >= 2),
      },
    ]
  })
  return {
    round,
    eventTitle: event.title,
    parts: type.modules,
    rows: round.kind === 'practical' ? rows : [],
    tolerance,
  }
}
