import { sql } from 'kysely'
import { command, type Tx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { invalid, missing } from '#platform/errors.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { hosts, no } from './case.commands.ts'
import { readMarks } from './import.rules.ts'
import { ChooseRound, ImportMarks, LinkExam, markColumns } from './mark.schema.ts'
import { lockRound, mustMark, type RoundCase } from './round.commands.ts'
import { roundEntries } from './round.queries.ts'

/**
 * Theory marks from a file, all or none. The file's digest stays with them.
 * @clause R32
 */
export const importMarks = command({
  name: 'competition.importMarks',
  permission: 'competition.host',
  input: ImportMarks,
  told: ({ roundId, file }) => ({ roundId, digest: sha256(file.bytes) }),
  async run(tx, { roundId, file }) {
    const { round } = await lockTheory(tx, roundId)
    const table = await readTable(
      file.bytes,
      file.name,
      undefined,
      markColumns.flatMap((one) => [one.header, ...one.aliases]),
    )
    const entries = await roundEntries(tx.db, roundId)
    const known = new Map(
      entries.filter((one) => one.entryState === 'eligible').map((one) => [one.number.toUpperCase(), one.entryId]),
    )
    const { marks, absent, faults } = readMarks(table, known)
    if (faults.length > 0) throw invalid({ file: faults })
    return keep(tx, round.id, 'file', file.name.slice(-120) || '成绩', sha256(file.bytes), { marks, absent })
  },
})

type Brought = { marks: { entryId: string; mark: number; attemptId?: string | null }[]; absent: string[] }

async function keep(
  tx: Tx,
  roundId: string,
  source: 'file' | 'exam',
  name: string,
  digest: string,
  { marks, absent }: Brought,
) {
  const { id } = await tx.db
    .insertInto('competition.imports')
    .values({
      ...{ round_id: roundId, source, name, digest, count: marks.length + absent.length },
      ...{ by_user: tx.actor.id, by_name: tx.actor.name, at: tx.now },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  tx.about('mark-import', id)
  await sql`
    insert into competition.marks (round_id, entry_id, module, mark, source, import_id, attempt_id, at)
    select ${roundId}, entry, 'theory', mark, ${source}, ${id}, attempt, ${tx.now}
    from unnest(${marks.map((one) => one.entryId)}::uuid[], ${marks.map((one) => one.mark)}::numeric[],
      ${marks.map((one) => one.attemptId ?? null)}::uuid[]) x (entry, mark, attempt)
  `.execute(tx.db)
  if (absent.length > 0) {
    await sql`update competition.round_entries set absent = true where round_id = ${roundId} and entry_id = any(${absent}::uuid[])`.execute(
      tx.db,
    )
  }
  return { importId: id, roundId, count: marks.length + absent.length }
}

/** A theory round of one's own competition without marks yet. */
async function lockTheory(tx: Tx, roundId: string): Promise<RoundCase> {
  const found = await lockRound(tx, roundId)
  if (!hosts(tx, found.event)) throw missing('round')
  mustMark(found.event, found.round)
  if (found.round.kind !== 'theory') throw no('round-kind')
  const before = await tx.db
    .selectFrom('competition.marks')
    .select('entry_id')
    .where('round_id', '=', roundId)
    .limit(1)
    .executeTakeFirst()
  if (before) throw no('imported-already')
  return found
}

/** The class of the host whose exam on the platform is this round's theory. */
export const linkExam = command({
  name: 'competition.linkExam',
  permission: 'competition.host',
  input: LinkExam,
  async run(tx, { roundId, classNumber }) {
    const { event, round } = await lockTheory(tx, roundId)
    const found = await tx.db
      .selectFrom('training.classes')
      .select('id')
      .where('number', '=', classNumber)
      .where('organisation_id', '=', event.organisation_id)
      .executeTakeFirst()
    if (!found) throw no('class-unknown')
    await tx.db.updateTable('competition.rounds').set({ class_id: found.id }).where('id', '=', round.id).execute()
    tx.about('class', found.id)
    return { roundId, classId: found.id }
  },
})

/**
 * Marks from the class's exam: each person's first sitting, points out of a hundred; a team has the mean of its members,
 * and who did not sit counts nothing there. Nobody of an entry sat: no mark.
 * @clause R32
 */
export const takeExam = command({
  name: 'competition.takeExam',
  permission: 'competition.host',
  input: ChooseRound,
  async run(tx, { roundId }) {
    const { event, round } = await lockTheory(tx, roundId)
    if (!round.class_id) throw no('class-unknown')
    const { rows } = await sql<{ entryId: string; mark: number; attemptId: string | null; members: number }>`
      select r.entry_id as "entryId", round(sum(coalesce(s.mark, 0)) / count(*), 2)::float8 as mark, count(*)::int as members,
        case when count(*) = 1 then (array_agg(s.attempt))[1] end as "attemptId"
      from competition.round_entries r join competition.entries n on n.id = r.entry_id and n.state = 'eligible'
      join competition.members m on m.entry_id = r.entry_id and m.left_at is null
      left join lateral (
        select 100 * sum(a.points) / sum(a.full_points) as mark, (array_agg(a.id order by a.started_at))[1] as attempt
        from learning.registrations g join learning.attempts a on a.registration_id = g.id
        where g.class_id = ${round.class_id} and g.person_id = m.person_id and a.number = 1 and a.submitted_at is not null
      ) s on true
      where r.round_id = ${roundId} group by r.entry_id having count(s.mark) > 0
    `.execute(tx.db)
    if (rows.length === 0) throw no('exam-none')
    const marks = rows.map((one) => ({ entryId: one.entryId, mark: one.mark, attemptId: one.attemptId }))
    tx.about('competition', event.id)
    return keep(tx, roundId, 'exam', '平台考试', sha256(JSON.stringify(marks)), { marks, absent: [] })
  },
})
