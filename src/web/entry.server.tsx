import { PassThrough } from 'node:stream'
import { createReadableStreamFromReadable } from '@react-router/node'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { type EntryContext, type HandleErrorFunction, type RouterContextProvider, ServerRouter } from 'react-router'
import { current, isFault } from '#web/ctx.ts'
import { wantsScript } from '#web/handle.ts'

const giveUpAfter = 8_000

export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  router: EntryContext,
  context: RouterContextProvider,
) {
  headers.set('content-type', 'text/html; charset=utf-8')
  if (request.method === 'HEAD') return new Response(null, { status, headers })

  const { nonce, report } = context.get(current)
  const matches = router.staticHandlerContext.matches.map((match) => match.route)
  if (!wantsScript(matches)) {
    // Nothing will hydrate, so the loader data need not travel and the page can be one string.
    router.serverHandoffStream?.cancel()
    const { serverHandoffStream: _, ...withoutHandoff } = router
    const html = renderToString(<ServerRouter context={withoutHandoff} url={request.url} />)
    return new Response(`<!doctype html>${html}`, { status, headers })
  }

  return new Promise<Response>((resolve, reject) => {
    const { pipe, abort } = renderToPipeableStream(<ServerRouter context={router} url={request.url} nonce={nonce} />, {
      nonce,
      onAllReady() {
        const body = new PassThrough({ final: (done) => (clearTimeout(timer), done()) })
        resolve(new Response(createReadableStreamFromReadable(body), { status, headers }))
        pipe(body)
      },
      onShellError: reject,
      onError: report,
    })
    const timer = setTimeout(abort, giveUpAfter)
  })
}

/** Faults are answers, not errors; everything else is logged with the request id. */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (!request.signal.aborted && !isFault(error)) context.get(current).report(error)
}
