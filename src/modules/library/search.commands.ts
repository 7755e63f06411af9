import { sql } from 'kysely'
import type { Tx } from '#platform/command.ts'
import { searchText, soundText } from '#platform/search.ts'

/** Makes the words of a course findable: title and sounds first, then occupation, organisation, chapters, summary. */
export async function refreshSearch(tx: Tx, courseId: string): Promise<void> {
  const { rows } = await sql<{
    title: string
    summary: string
    number: string | null
    organisation: string
    occupation: string | null
    inside: string | null
  }>`
    select c.title, c.summary, c.number, o.name as organisation, oc.title as occupation,
      (select string_agg(distinct i.chapter_title || ' ' || i.title, ' ') from library.items i where i.version_id = c.current_version_id) as inside
    from library.courses c join people.organisations o on o.id = c.organisation_id
      left join occupations.occupations oc on oc.edition = c.occupation_edition and oc.code = c.occupation_code
    where c.id = ${courseId}
  `.execute(tx.db)
  const found = rows[0]
  if (!found) return
  const first = `${searchText(found.title)} ${soundText(found.title)}`
  const second = searchText(found.occupation ?? '', found.organisation, found.number ?? '')
  const rest = searchText(found.inside?.slice(0, 20_000) ?? '', found.summary)
  await sql`
    update library.courses set search = setweight(to_tsvector('simple', ${first}), 'A')
      || setweight(to_tsvector('simple', ${second}), 'B') || setweight(to_tsvector('simple', ${rest}), 'C')
    where id = ${courseId}
  `.execute(tx.db)
}
