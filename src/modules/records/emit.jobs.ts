import { z } from 'zod'
import type { Ctx } from '#platform/command.ts'
import { readConfig } from '#platform/config.ts'
import { emitClass, makeMonths } from './emit.commands.ts'

/** Under which address persons have their accounts. */
function homeOf(): string {
  const { publicUrl, port } = readConfig()
  return publicUrl ? new URL(publicUrl).origin : `http://localhost:${port}`
}

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  'records.emitClass': async (ctx, payload) => {
    const { classId } = z.object({ classId: z.uuid() }).parse(payload)
    for (let left = true; left; ) left = (await emitClass(ctx, { classId, home: homeOf() })).left
  },
  'records.makeMonths': async (ctx) => void (await makeMonths(ctx, {})),
}

/** Every day at 03:10 in Guangzhou. */
export const timetable: Record<string, string> = { 'records.makeMonths': '10 19 * * *' }
export const atStart: string[] = ['records.makeMonths']
