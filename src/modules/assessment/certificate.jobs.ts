import { z } from 'zod'
import type { Ctx } from '#platform/command.ts'
import { AppError } from '#platform/errors.ts'
import { failRun, issueChunk } from './certificate.commands.ts'
import { reasonText } from './certificate.schema.ts'

const Payload = z.object({ runId: z.uuid() })

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  /** Chunk by chunk, each its own transaction. A crash is taken up by the queue; a refusal ends the run with its reason. */
  'assessment.issueCertificates': async (ctx, payload) => {
    const { runId } = Payload.parse(payload)
    try {
      while (!(await issueChunk(ctx, { runId })).done);
    } catch (error) {
      if (!(error instanceof AppError) || error.fault.kind !== 'refused') throw error
      const { reason, facts } = error.fault.refusal
      const words = reasonText[reason]?.(facts)
      await failRun(ctx, { runId, message: words ? `${words.message}。${words.remedy}` : reason })
    }
  },
}
