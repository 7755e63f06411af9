import { openPersons } from '#modules/people/person.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { formatDay } from '#shared/dates.ts'
import { type Day, isDay } from '#shared/units.ts'
import { openForm } from './application.queries.ts'
import { type Holder, holderCard } from './designation.queries.ts'
import { titleIn } from './designation.rules.ts'

export type CardLine = { id: string; label: string; value: string; shows: Item['shows'] }
type Item = NonNullable<Scheme['card']>['items'][number]

/** What the holder agreed to show, the newest choice; nothing until somebody chose. */
export async function cardChoice(db: Ctx['db'], designationId: string): Promise<string[]> {
  const row = await db
    .selectFrom('recognition.card_choices')
    .select('items')
    .where('designation_id', '=', designationId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.items ?? []
}

/** Of these items what there is to show; an item without a value is left out. */
export async function cardLines(
  ctx: Ctx,
  scheme: Scheme,
  holder: Pick<Holder, 'id' | 'applicationId' | 'versionId'>,
  ids: readonly string[],
): Promise<CardLine[]> {
  const items = (scheme.card?.items ?? []).filter((one) => ids.includes(one.id))
  if (items.length === 0) return []
  const row = await ctx.db
    .selectFrom('recognition.applications')
    .select(['person_id as personId', 'form_sealed as form', 'holder_key as key'])
    .where('id', '=', holder.applicationId)
    .executeTakeFirstOrThrow()
  const { answers } = openForm(ctx.crypto, row.form)
  const said = (item: Item): string => {
    const field = scheme.fields.find((one) => one.id === item.of)
    const given = String(answers[item.of ?? ''] ?? '')
    if (field?.kind === 'choice') return field.options?.find((one) => one.value === given)?.label ?? ''
    return field?.kind === 'day' && isDay(given) ? formatDay(given) : given
  }
  const lines = await Promise.all(
    items.map(async (item) => {
      if (item.shows === 'field') return { ...item, value: said(item) }
      if (item.shows === 'title') return { ...item, value: await heldTitle(ctx, row.key ?? '', item.of ?? '') }
      const person = row.personId
        ? (await openPersons(ctx.db, ctx.crypto, [row.personId])).get(row.personId)
        : undefined
      return { ...item, value: person?.name ?? '' }
    }),
  )
  return lines.flatMap(({ id, label, value, shows }) => (value ? [{ id, label, value, shows }] : []))
}

async function heldTitle(ctx: Ctx, key: string, scheme: string): Promise<string> {
  const held = await ctx.db
    .selectFrom('recognition.designations')
    .select(['scheme', 'grade'])
    .where('holder_key', '=', key)
    .where('scheme', '=', scheme)
    .where('ended_on', 'is', null)
    .executeTakeFirst()
  return held ? titleIn(ctx.plan, held) : ''
}

/**
 * What whoever scans a card sees: whether it stands, and beside that only what its holder agreed to show.
 * @clause R26
 */
export async function publicCard(ctx: Ctx, number: string, on?: Day) {
  const card = await holderCard(ctx, number, on)
  const shown = card.scheme.card
    ? await cardLines(ctx, card.scheme, card.holder, await cardChoice(ctx.db, card.holder.id))
    : null
  return { ...card, shown }
}

/** The holder's own page: everything that can be shown, and what is. Somebody else's card is not there. */
export async function ownCard(ctx: Ctx, designationId: string, personId: string) {
  const row = await ctx.db
    .selectFrom('recognition.designations')
    .select('number')
    .where('id', '=', designationId)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  if (!row) throw missing('designation')
  const { holder, scheme } = await holderCard(ctx, row.number)
  if (!scheme.card) throw missing('designation')
  const all = scheme.card.items.map((one) => one.id)
  return {
    holder,
    scheme,
    lines: await cardLines(ctx, scheme, holder, all),
    chosen: await cardChoice(ctx.db, holder.id),
  }
}
