import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { choicesFor, figuresFor } from '#platform/figures.ts'
import type { ChoiceValue } from '#policy/choices.ts'
import type { FigureValue } from '#policy/figures.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { SettingKind, SettingState } from './setting.schema.ts'

export type SettingRow = {
  id: string
  kind: SettingKind
  key: string
  value: number | string | null
  from: Day
  to: Day | null
  source: string
  state: SettingState
  proposedBy: string
  proposedByName: string
  proposedAt: Date
  settledByName: string | null
  settledAt: Date | null
  /** Why it was not approved. */
  note: string
}

const settings = ({ db }: Pick<Ctx, 'db'>) =>
  db
    .selectFrom('platform.settings as s')
    .leftJoin('platform.moves as m', (join) =>
      join.onRef('m.subject_id', '=', 's.id').on('m.subject_kind', '=', 'setting'),
    )
    .select([
      's.id',
      's.kind',
      's.key',
      's.value',
      's.from_on as from',
      's.to_on as to',
      's.source',
      's.state',
      's.proposed_by as proposedBy',
      's.proposed_by_name as proposedByName',
      's.proposed_at as proposedAt',
      's.approved_by_name as settledByName',
      's.approved_at as settledAt',
      (eb) => eb.fn.coalesce('m.note', eb.val('')).as('note'),
    ])
    .$castTo<SettingRow>()

/** Proposals waiting for the second person, oldest first. */
export const openProposals = (ctx: Pick<Ctx, 'db'>): Promise<SettingRow[]> =>
  settings(ctx).where('s.state', '=', 'proposed').orderBy('s.proposed_at').orderBy('s.id').execute()

/** Everything that was ever proposed for one figure or question, newest first. */
export const settingHistory = (ctx: Pick<Ctx, 'db'>, kind: SettingKind, key: string): Promise<SettingRow[]> =>
  settings(ctx)
    .where('s.kind', '=', kind)
    .where('s.key', '=', key)
    .orderBy('s.proposed_at', 'desc')
    .orderBy('s.id', 'desc')
    .execute()

export async function settingById(ctx: Pick<Ctx, 'db'>, id: string): Promise<SettingRow> {
  const row = await settings(ctx).where('s.id', '=', id).executeTakeFirst()
  if (!row) throw missing('setting')
  return row
}

/** Every figure and every open question as it stands today. */
export async function settingsToday(
  ctx: Pick<Ctx, 'db' | 'plan' | 'now'>,
): Promise<{ figures: FigureValue[]; decisions: ChoiceValue[] }> {
  const today = dayOf(ctx.now)
  const [figureOn, choiceOn] = await Promise.all([figuresFor(ctx), choicesFor(ctx)])
  return {
    figures: ctx.plan.figures.map(({ id }) => figureOn(id, today)),
    decisions: ctx.plan.decisions.map(({ id }) => choiceOn(id, today)),
  }
}
