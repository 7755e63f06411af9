import type { Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { ServerBuild } from 'react-router'

/**
 * Pages in development: Vite makes them as they are asked for and reloads them when a `.tsx` or a style sheet changes.
 * Server code (`.ts`) is not bundled, so a change there needs a restart: `node --watch --conditions=development`.
 * `build` goes to `createApp`; `attach` puts Vite in front of the app on an HTTP server.
 */
export async function devPages(server: Server) {
  const { createServer } = await import('vite')
  const vite = await createServer({ server: { middlewareMode: true, ws: { server } } })
  return {
    build: () => vite.ssrLoadModule('virtual:react-router/server-build') as Promise<ServerBuild>,
    attach(app: { fetch(request: Request): Response | Promise<Response> }) {
      const answer = getRequestListener(app.fetch)
      server.on('request', (request, response) => vite.middlewares(request, response, () => answer(request, response)))
    },
    close: () => vite.close(),
  }
}
