/** For tests and measurements: the site as a process of its own, on a port and a folder of its own, that can be killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buildWeb } from '#platform/build.ts'

const root = join(import.meta.dirname, '../..')

export type RunningSite = { address: string; pid: number; kill(): Promise<void> }

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A body that comes piece by piece. */
export const streamOf = (pieces: AsyncIterable<Uint8Array>) =>
  Readable.toWeb(Readable.from(pieces, { objectMode: false })) as ReadableStream<Uint8Array>

/** Starts it; the same settings again after a kill are the same site going on. */
export async function runSite(settings: {
  appUrl: string
  dataDir: string
  port: number
  clockOffsetMs: number
  env?: Record<string, string>
}): Promise<RunningSite> {
  await buildWeb(() => {})
  const contentPort = await freePort()
  const child = spawn(process.execPath, [join(root, 'tests/crash/server.ts'), JSON.stringify(settings)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(settings.port),
      CONTENT_PORT: String(contentPort),
      DATA_DIR: settings.dataDir,
      LOG_LEVEL: 'error',
      ...settings.env,
    },
  })
  await ready(child)
  return {
    address: `http://127.0.0.1:${settings.port}`,
    pid: child.pid as number,
    kill: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
    },
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      if (String(chunk).includes('ready')) resolve()
    })
    child.once('exit', (code, signal) => reject(new Error(`the site ended: ${signal ?? code}`)))
  })
}
