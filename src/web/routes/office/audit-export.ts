import { redirect } from 'react-router'
import { exportTrail } from '#modules/audit/trail.commands.ts'
import { exportedTrail } from '#modules/audit/trail.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import type { Route } from './+types/audit-export.ts'

/** Nothing to see by itself: the form is on the page of the trail. */
export function loader({ request, context }: Route.LoaderArgs) {
  signedIn({ request, context }, 'audit.export')
  return redirect(paths.audit())
}

/** The sealed trail up to the row that says it was taken, a line for each row, streamed. */
export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'audit.export')
  const form = await request.formData()
  const tried = await attempt(exportTrail(ctx, { reason: form.get('reason') ?? '' }), form)
  if (!tried.ok) return redirect(paths.audit({ refused: 'reason' })) // an answer that is a file cannot show a form
  const { sealed } = tried.value
  const rows = exportedTrail(ctx.db)
  const text = new TextEncoder()
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await rows.next()
      const lines = done ? [] : value.filter((row) => row.seq <= sealed)
      if (lines.length > 0) controller.enqueue(text.encode(lines.map((row) => `${JSON.stringify(row)}\n`).join('')))
      if (done || lines.length < (value?.length ?? 0)) controller.close()
    },
    cancel: () => void rows.return(undefined),
  })
  const name = `留痕-${dayOf(ctx.now)}.jsonl`
  return new Response(stream, {
    headers: {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
      'cache-control': 'private, no-store',
    },
  })
}
