import { sql } from 'kysely'
import { z } from 'zod'
import type { Ctx } from '#platform/command.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import { closeSession } from './hours.commands.ts'
import { applyImportBatch, checkImport } from './import.commands.ts'

const ImportPayload = z.object({ importId: z.uuid() })

async function applyAll(ctx: Ctx, importId: string): Promise<void> {
  let left = 1
  while (left > 0) left = (await applyImportBatch(ctx, { importId })).left
}

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  'training.checkImport': async (ctx, payload) => {
    await checkImport(ctx, ImportPayload.parse(payload))
  },
  'training.applyImport': async (ctx, payload) => {
    await applyAll(ctx, ImportPayload.parse(payload).importId)
  },
  /** Goes on with imports whose process died: their job stays taken for hours, their rows do not. */
  'training.resumeImports': async (ctx) => {
    const { rows } = await sql<{ id: string; state: string }>`
      select id, state from training.imports where state in ('checking', 'applying') and at < ${ctx.now}::timestamptz - interval '1 minute'
    `.execute(ctx.db)
    for (const { id, state } of rows) {
      if (state === 'checking') await checkImport(ctx, { importId: id })
      else await applyAll(ctx, id)
    }
  },
  /** A session nobody ended is ended when the time for vouching is over; what its marks prove is credited. */
  'training.closeForgotten': async (ctx) => {
    const minutes = (await figuresFor(ctx))('OP.checkInMissedMinutes', dayOf(ctx.now)).value ?? 1440
    const { rows } = await sql<{ id: string }>`
      select id from training.sessions where state = 'open' and upper(during) < ${ctx.now}::timestamptz - ${minutes} * interval '1 minute'
      order by upper(during) limit 200
    `.execute(ctx.db)
    for (const { id } of rows) await closeSession(ctx, { sessionId: id })
  },
}

export const timetable = { 'training.resumeImports': '* * * * *', 'training.closeForgotten': '7 * * * *' }
