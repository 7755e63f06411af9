import type { Ctx } from '#platform/command.ts'
import { closeLists } from './list.commands.ts'

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  'publicity.close': async (ctx) => void (await closeLists(ctx, {})),
}

/** 00:05 in Guangzhou. */
export const timetable: Record<string, string> = { 'publicity.close': '5 16 * * *' }
