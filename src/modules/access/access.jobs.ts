import { z } from 'zod'
import type { Ctx } from '#platform/command.ts'
import { openText } from '#platform/messages.ts'
import { type SmsGateway, smsGatewayFrom } from '#platform/sms.ts'
import { noteDelivery, sweep } from './upkeep.commands.ts'

/** Hands a text to the gateway, once. Without a gateway it stays in the outbox, which says so. */
export async function deliver(ctx: Ctx, id: string, gateway: SmsGateway | undefined): Promise<void> {
  const row = await ctx.db.selectFrom('auth.outbox').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.sent_at) return
  if (!gateway) {
    await noteDelivery(ctx, { id, failure: 'no-gateway' })
    return
  }
  await gateway.send({ id, ...openText(ctx.crypto, row) })
  await noteDelivery(ctx, { id })
}

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  'access.deliverText': async (ctx, payload) => {
    const { id } = z.object({ id: z.uuid() }).parse(payload)
    await deliver(ctx, id, smsGatewayFrom(process.env))
  },
  'access.sweep': async (ctx) => {
    await sweep(ctx, {})
  },
}

export const timetable = { 'access.sweep': '17 * * * *' }
