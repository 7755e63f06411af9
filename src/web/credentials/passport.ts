import { countOpening } from '#modules/credentials/share.commands.ts'
import { openPassport, type Passport } from '#modules/credentials/share.queries.ts'
import type { Current } from '../ctx.ts'

/** Opens a link and counts it, unless it is the holder who looks. Throws `missing`, `limited`. */
export async function passportBy({ ctx, address }: Current, token: string): Promise<Passport> {
  const shown = await openPassport(ctx, token.slice(0, 100), address)
  if (ctx.actor.personId !== shown.share.personId) await countOpening(ctx, { id: shown.share.id })
  return shown
}
