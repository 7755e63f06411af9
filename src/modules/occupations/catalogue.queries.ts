import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { literally, normalise } from '#shared/text.ts'
import { keyText, type Occupation, parseKey } from './catalogue.schema.ts'

type Db = Ctx['db']

const occupations = (db: Db) =>
  db
    .selectFrom('occupations.occupations')
    .select([
      'edition',
      'code',
      'title',
      'level_scheme as levelScheme',
      'work_types as workTypes',
      'verified',
      'source',
    ])
    .$castTo<Occupation>()

/** The occupation of `edition:code`, if the catalogue has it. */
export async function occupationByKey(db: Db, key: string): Promise<Occupation | undefined> {
  const parsed = parseKey(key)
  if (!parsed) return undefined
  return occupations(db).where('edition', '=', parsed.edition).where('code', '=', parsed.code).executeTakeFirst()
}

/** The catalogue by code, newest edition first. `text` is part of a title or the beginning of a code. */
export async function occupationList(db: Db, text = ''): Promise<Occupation[]> {
  const wanted = literally(normalise(text))
  let query = occupations(db).orderBy('edition', 'desc').orderBy('code').limit(2_000)
  if (wanted) {
    query = query.where((eb) =>
      eb.or([
        eb('title', 'like', `%${wanted}%`),
        eb('code', 'like', `${wanted}%`),
        sql<boolean>`${wanted} = any(work_types)`,
      ]),
    )
  }
  return query.execute()
}

export type OccupationOption = { value: string; label: string; levelScheme: string }

/** For a select: `人工智能训练师（2022年版 4-04-05-05）`. */
export async function occupationOptions(db: Db): Promise<OccupationOption[]> {
  return (await occupationList(db)).map((o) => ({
    value: keyText(o),
    label: `${o.title}（${o.edition}年版 ${o.code}）`,
    levelScheme: o.levelScheme,
  }))
}
