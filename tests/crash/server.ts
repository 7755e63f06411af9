/** The real site in a process that is going to be killed: `serve()` as `npm start` forks it. Says `ready` when it listens. */
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { readConfig } from '#platform/config.ts'

process.env.NODE_ENV = 'production' // before React is loaded
const { serve } = await import('#serve.ts')
const { appUrl, clockOffsetMs } = JSON.parse(process.argv[2] as string) as { appUrl: string; clockOffsetMs: number }
const config = readConfig()
await serve({ config, appUrl, facts: { clockOffsetMs } })
for (;;) {
  const answer = await fetch(`http://127.0.0.1:${config.port}/healthz`).catch(() => null)
  if (answer?.ok) break
  await new Promise((go) => setTimeout(go, 50))
}
writeSync(1, 'ready\n')
await once(process, 'SIGTERM')
