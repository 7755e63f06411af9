import { PassThrough } from 'node:stream'
import { brotliCompressSync, constants } from 'node:zlib'
import { createReadableStreamFromReadable } from '@react-router/node'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import {
  type EntryContext,
  type HandleErrorFunction,
  isRouteErrorResponse,
  type RouterContextProvider,
  ServerRouter,
} from 'react-router'
import { current, isFault } from './ctx.ts'
import { wantsScript } from './handle.ts'
import { sameForAll } from './http/together.ts'
import { type Drawn, drawnFrom, drawnOnce } from './remember.ts'

const giveUpAfter = 8_000

export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  router: EntryContext,
  context: RouterContextProvider,
) {
  headers.set('content-type', 'text/html; charset=utf-8')
  if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-store')
  if (request.method === 'HEAD') return new Response(null, { status, headers })

  const { nonce, report, session } = context.get(current)
  const routes = router.staticHandlerContext.matches.map((match) => match.route)
  if (!wantsScript(routes)) {
    // Nothing will hydrate, so the loader data need not travel and the page is one string.
    const { serverHandoffStream: _, ...plain } = router
    const draw = () => `<!doctype html>${renderToString(<ServerRouter context={plain} url={request.url} />)}`
    const { loaderData, actionData, errors } = router.staticHandlerContext
    const everybodys = session === null && request.method === 'GET' && !errors
    if (everybodys && status === 200 && !headers.has('set-cookie')) headers.set(sameForAll, 'yes')
    const drawn = everybodys ? drawnOnce(request.url, [drawnFrom(loaderData), actionData], draw) : { html: draw() }
    return new Response(packed(drawn, request, headers), { status, headers })
  }

  return new Promise<Response>((resolve, reject) => {
    const { pipe, abort } = renderToPipeableStream(<ServerRouter context={router} url={request.url} nonce={nonce} />, {
      nonce,
      onAllReady() {
        clearTimeout(timer)
        const body = new PassThrough()
        resolve(new Response(createReadableStreamFromReadable(body), { status, headers }))
        pipe(body)
      },
      onShellError: reject,
      onError: report,
    })
    const timer = setTimeout(abort, giveUpAfter)
  })
}

/** A page of 18 kB becomes 3 kB in a tenth of a millisecond; nothing secret stands in a page beside what was typed. */
function packed(drawn: Drawn, request: Request, headers: Headers): string | Uint8Array<ArrayBuffer> {
  headers.append('vary', 'accept-encoding')
  if (!/\bbr\b/.test(request.headers.get('accept-encoding') ?? '')) return drawn.html
  headers.set('content-encoding', 'br')
  drawn.packed ??= new Uint8Array(brotliCompressSync(drawn.html, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }))
  return drawn.packed
}

/** Faults are answers, not errors; everything else is logged with the request id. */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  // an address without that page or form is the caller's mistake
  const mistaken = isRouteErrorResponse(error) && error.status < 500
  if (!request.signal.aborted && !isFault(error) && !mistaken) context.get(current).report(error)
}
