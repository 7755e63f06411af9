import { replayDays, replayOf } from '#modules/learning/replay.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { dayOf } from '#shared/dates.ts'
import { isDay } from '#shared/units.ts'

/** The days of a registration and the one asked for, else the newest. */
export async function replayFor({ db, now }: Pick<Ctx, 'db' | 'now'>, registrationId: string, request: Request) {
  const days = await replayDays(db, registrationId)
  const asked = new URL(request.url).searchParams.get('on') ?? ''
  const on = (isDay(asked) && days.find((one) => one.on === asked)?.on) || (days[0]?.on ?? null)
  return { days, on, today: dayOf(now), replay: on === null ? null : await replayOf(db, registrationId, on) }
}
