/** `npm run dev`: the whole system in one process, pages rebuilt as they are edited. */
import { createServer } from 'node:http'
import { serve } from '@hono/node-server'
import { seedWhenEmpty } from '#demo/seed.ts'
import { readConfig } from '#platform/config.ts'
import { install, installationFacts } from '#platform/installation.ts'
import { createLessons, createSite, parts, startBackground } from '#serve.ts'
import { devPages } from '#web/http/dev-pages.ts'

const config = readConfig()
const installation = await install(config, (line) => console.log(line))
if (config.demo === 'auto') await seedWhenEmpty(config, installation, (line) => console.log(line))
const settings = { config, appUrl: installation.appUrl, facts: await installationFacts(installation.ownerUrl) }
const shared = parts(settings)
const background = await startBackground(settings, installation.ownerUrl)
const server = createServer()
const pages = await devPages(server)
pages.attach(createSite(shared, pages.build, { dev: true }))
const lessons = serve({ fetch: createLessons(shared).fetch, port: config.contentPort, hostname: config.host })
server.listen(config.port, config.host, () => console.log(`http://localhost:${config.port}`))
process.on('SIGINT', async () => {
  server.close()
  lessons.close()
  await pages.close()
  await background.stop()
  await shared.pool.end()
  await installation.stop()
  process.exit(0)
})
