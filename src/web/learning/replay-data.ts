import { replayDays, replayOf } from '#modules/learning/replay.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { isDay } from '#shared/units.ts'

/** The days of a registration and the one asked for, else the newest. */
export async function replayFor({ db }: Pick<Ctx, 'db'>, registrationId: string, request: Request) {
  const days = await replayDays(db, registrationId)
  const asked = new URL(request.url).searchParams.get('on') ?? ''
  const on = (isDay(asked) && days.find((one) => one.on === asked)?.on) || (days[0]?.on ?? null)
  return { days, on, replay: on === null ? null : await replayOf(db, registrationId, on) }
}
