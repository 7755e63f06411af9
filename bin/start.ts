/** `npm start`: database, migrations, demonstration district, pages, then one server process per core. */
import cluster from 'node:cluster'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '#platform/config.ts'

process.env.NODE_ENV = 'production' // before React is loaded: its development build is four times slower
if (cluster.isPrimary) await primary()
else await (await import('#serve.ts')).serve(JSON.parse(process.env.SERVE as string))

async function primary(): Promise<void> {
  const began = Date.now()
  const say = (line: string) => console.log(line)
  const [
    { install, installationFacts },
    { loadPlan },
    { buildWeb },
    { seedWhenEmpty },
    { accountsText },
    { weakContent },
  ] = await Promise.all([
    import('#platform/installation.ts'),
    import('#policy/plan.ts'),
    import('#platform/build.ts'),
    import('#demo/seed.ts'),
    import('#demo/accounts.ts'),
    import('#platform/content-origin.ts'),
  ])
  const config = readConfig()
  loadPlan(config.planFolder) // a wrong plan folder is refused before anything starts
  say(
    config.databaseUrl
      ? 'Using the database at DATABASE_URL …'
      : `Starting the embedded database in ${config.dataDir} …`,
  )
  const installation = await install(config, (line) => say(`  ${line}`))
  if (installation.applied > 0) say(`  ${installation.applied} migrations applied`)
  let stopped = false
  const stop = async (code: number) => {
    if (stopped) return
    stopped = true
    for (const worker of Object.values(cluster.workers ?? {})) worker?.kill('SIGTERM')
    await Promise.all(Object.values(cluster.workers ?? {}).map((worker) => worker && once(worker, 'exit')))
    await background?.stop()
    await installation.stop()
    rmSync(pidFile, { force: true })
    process.exit(code)
  }
  const pidFile = join(config.dataDir, 'server.pid')
  let background: { stop(): Promise<void> } | undefined
  process.on('SIGINT', () => void stop(0))
  process.on('SIGTERM', () => void stop(0))
  try {
    writeFileSync(pidFile, String(process.pid))
    if (config.demo === 'auto') await seedWhenEmpty(config, installation, say)
    await buildWeb(say)
    const { startBackground } = await import('#serve.ts')
    const facts = await installationFacts(installation.ownerUrl)
    const settings = { config, appUrl: installation.appUrl, facts }
    background = await startBackground(settings, installation.ownerUrl)
    const ready = Array.from({ length: config.processes }, () => {
      const worker = cluster.fork({ SERVE: JSON.stringify(settings) })
      return new Promise<void>((resolve) => worker.once('listening', () => resolve()))
    })
    cluster.on('exit', (worker) => {
      if (stopped || worker.exitedAfterDisconnect) return
      say(`a server process ended (${worker.process.signalCode ?? worker.process.exitCode}); starting another`)
      cluster.fork({ SERVE: JSON.stringify(settings) })
    })
    await Promise.all(ready)
    say(
      `\nReady in ${((Date.now() - began) / 1000).toFixed(1)} s: ${config.publicUrl ?? `http://localhost:${config.port}`}\n`,
    )
    for (const weakness of weakContent(config)) say(`WEAK  ${weakness}`)
    if (facts.demo) say(accountsText())
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    await stop(1)
  }
}
