import type { Ctx } from '#platform/command.ts'
import { literally, normalise } from '#shared/text.ts'
import type { Day } from '#shared/units.ts'

export type FoundList = { id: string; number: string; title: string; openedOn: Day; closesOn: Day; state: string }

/** Public lists whose title or number holds the text, the newest first; without a text the newest. */
export async function findLists({ db }: Pick<Ctx, 'db'>, text: string, most: number): Promise<FoundList[]> {
  const part = literally(normalise(text).slice(0, 100))
  let query = db
    .selectFrom('publicity.lists')
    .select(['id', 'number', 'title', 'opened_on as openedOn', 'closes_on as closesOn', 'state'])
    .$castTo<FoundList>()
    .orderBy('opened_at', 'desc')
    .limit(most)
  if (part) query = query.where((eb) => eb.or([eb('title', 'like', `%${part}%`), eb('number', 'like', `${part}%`)]))
  return query.execute()
}
