import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { publishedKeys } from '#modules/connect/key.queries.ts'
import { realTime } from '#platform/clock.ts'
import { authorize, go } from './authorize.ts'
import { deepLink } from './deep-link.ts'
import { contextOf, type Env, type LtiDeps } from './door.ts'
import { launch, login } from './login.ts'
import { pick } from './pick.ts'
import { addServices } from './services.ts'
import { token } from './token.ts'

const mostBytes = 1024 * 1024

/**
 * LTI 1.3 in both directions, under `/lti`. Messages come from other sites through people's browsers, so they are judged
 * by signature, state and nonce instead of by where they come from; nothing here acts on a cookie alone.
 * @clause HZ4-M13
 */
export function createLti(deps: LtiDeps): Hono<Env> {
  const app = new Hono<Env>()
  app.use(bodyLimit({ maxSize: mostBytes, onError: (c) => c.json({ error: 'at most 1 MB' }, 413) }))
  app.get('/jwks', async (c) => {
    const ctx = await contextOf(c, deps)
    return c.json(await publishedKeys(ctx.db, realTime()), 200, { 'cache-control': 'public, max-age=300' })
  })
  // as the platform of other people's tools
  app.get('/go/:token', (c) => go(c, deps))
  app.on(['GET', 'POST'], '/auth', (c) => authorize(c, deps))
  app.post('/token', (c) => token(c, deps))
  app.post('/deep-link', (c) => deepLink(c, deps))
  // as a tool of other people's platforms
  app.on(['GET', 'POST'], '/login', (c) => login(c, deps))
  app.post('/launch', (c) => launch(c, deps))
  app.post('/pick/:code', (c) => pick(c, deps))
  addServices(app, deps)
  app.all('*', (c) => c.json({ error: 'not_found' }, 404))
  return app
}
