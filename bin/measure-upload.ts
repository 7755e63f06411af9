/**
 * `node bin/measure-upload.ts [megabytes]`: an upload by tus over HTTP to the real site (2,048 MB by default), cut off in
 * the middle by killing the server, resumed with another one, and compared by SHA-256 with what was sent. Beside it the
 * same bytes written to a file and hashed by this process. Tells the server's memory on the way; leaves nothing.
 */
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '#platform/config.ts'
import { openDb } from '#platform/db.ts'
import { filesFrom, uploadPath } from '#platform/uploads.ts'
import { paths } from '#web/paths.ts'
import { freePort, type RunningSite, runSite, streamOf } from '../tests/crash/running-site.ts'
import { organisationFor } from '../tests/fixtures/lessons.ts'
import { signInAs } from '../tests/setup/accounts.ts'
import { tell, withDatabase } from './measuring.ts'

const [megabytes = 2048] = process.argv.slice(2).map(Number)
const size = megabytes * 1024 * 1024
const piece = 64 * 1024 * 1024
const keys = { test: Buffer.alloc(32, 7), index: Buffer.alloc(32, 9) } // those that `signInAs` signs with
async function measure({ appUrl, folder }: { appUrl: string; folder: string }): Promise<void> {
  const { db } = openDb(appUrl, 4)
  const organisationId = await organisationFor(db)
  const { cookie } = await signInAs(db, appUrl, { roles: [{ role: 'provider-academic', organisationId }] })
  const port = await freePort()
  const start = () =>
    runSite({
      ...{ appUrl, dataDir: folder, port, clockOffsetMs: 0 },
      env: { DATA_KEYS: `test:${keys.test.toString('base64')}`, INDEX_KEY: keys.index.toString('base64') },
    })
  const expected = createHash('sha256')
  for (let at = 0; at < size; at += block.length) expected.update(blockAt(at))
  const digest = expected.digest('hex')

  let site = await start()
  const place = await created(site, cookie, organisationId)
  const idle = residentMb(site.pid)
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, residentMb(site.pid))
  }, 200)
  const began = performance.now()
  await sendUntil(site, place, cookie, 0, size / 2)
  const cut = performance.now()
  await site.kill()
  site = await start()
  const from = await offsetOf(site, place, cookie)
  const resumed = performance.now()
  await sendUntil(site, place, cookie, from, size)
  const seconds = (performance.now() - resumed + (cut - began)) / 1000
  clearInterval(watch)
  await site.kill()

  const files = filesFrom({ ...readConfig({}), dataDir: folder })
  const kept = createHash('sha256')
  for await (const chunk of createReadStream(uploadPath(files, place.split('/').at(-1) ?? ''))) kept.update(chunk)
  if (kept.digest('hex') !== digest) throw new Error('what lies there is not what was sent')
  const { state } = await db
    .selectFrom('library.media')
    .select('state')
    .where('organisation_id', '=', organisationId)
    .executeTakeFirstOrThrow()
  if (state !== 'checking') throw new Error(`the upload is ${state}`)
  const bare = await written(join(folder, 'bare'))
  const rate = (took: number) => `${(megabytes / took).toFixed(0)} MB/s`
  console.log(
    `  cut at ${Math.round(from / 1024 / 1024)} MB; the server was back and asked after ${((resumed - cut) / 1000).toFixed(1)} s`,
  )
  console.log(`  memory of the server ${idle.toFixed(0)} MB idle, at most ${most.toFixed(0)} MB`)
  tell({
    job: `upload of ${megabytes} MB, cut off and resumed, same SHA-256`,
    measured: `${rate(seconds)}, memory +${(most - idle).toFixed(0)} MB`,
    bare: rate(bare),
    ratio: (bare / seconds).toFixed(2),
    target: 'memory +150 MB at most',
    met: most - idle <= 150,
  })
  await db.destroy()
}

const block = Buffer.alloc(1024 * 1024)
const numbers = new Uint32Array(block.buffer, block.byteOffset, block.length / 4)
/** Bytes that differ from megabyte to megabyte, made again whenever they are needed: no file of that size lies here. */
function blockAt(offset: number): Buffer {
  if (offset === 0) for (let i = 0; i < numbers.length; i++) numbers[i] = Math.imul(i, 2_654_435_761)
  numbers[0] = offset / block.length
  numbers[numbers.length - 1] = ~(offset / block.length)
  return block
}

const tus = { 'tus-resumable': '1.0.0' }

async function created(site: RunningSite, cookie: string, organisationId: string): Promise<string> {
  const word = (text: string) => Buffer.from(text).toString('base64')
  const answer = await fetch(site.address + paths.libraryUploads(), {
    method: 'POST',
    headers: {
      ...{ ...tus, cookie, origin: site.address, 'upload-length': String(size) },
      'upload-metadata': `organisation ${word(organisationId)},filename ${word('measured.bin')}`,
    },
  })
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
  return answer.headers.get('location') as string
}

/** As the upload's own script does: pieces, each from where the server says it stands. At `until` we stop mid-piece. */
async function sendUntil(site: RunningSite, place: string, cookie: string, from: number, until: number): Promise<void> {
  for (let at = from; at < until; ) {
    const end = Math.min(at + piece, size)
    const cutAt = until < size && end >= until ? at + (end - at) / 2 : end
    const away = new AbortController()
    const body = streamOf(
      (async function* () {
        for (let next = at; next < end; ) {
          if (next >= cutAt) return away.abort()
          const start = next - (next % block.length) // where it was cut off is no round number
          const bytes = Buffer.from(blockAt(start).subarray(next - start, Math.min(block.length, end - start)))
          next += bytes.length
          yield bytes
        }
      })(),
    )
    const answer = await fetch(site.address + place, {
      method: 'PATCH',
      headers: {
        ...{ ...tus, cookie, origin: site.address, 'upload-offset': String(at) },
        ...{ 'content-type': 'application/offset+octet-stream', 'content-length': String(end - at) },
      },
      body,
      duplex: 'half',
      signal: away.signal,
    } as RequestInit).catch(() => null)
    if (!answer) return // cut off in the middle of a piece, as was wanted
    if (answer.status !== 204) throw new Error(`${answer.status} ${await answer.text()}`)
    at = Number(answer.headers.get('upload-offset'))
  }
}

async function offsetOf(site: RunningSite, place: string, cookie: string): Promise<number> {
  const answer = await fetch(site.address + place, { method: 'HEAD', headers: { ...tus, cookie } })
  if (answer.status === 423) return offsetOf(site, place, cookie) // the one that was killed still has the lease
  if (answer.status !== 200) throw new Error(`${answer.status}`)
  return Number(answer.headers.get('upload-offset'))
}

const residentMb = (pid: number): number => {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0 // it is being killed
  }
}

/** Seconds to make, hash and write the same bytes in one process, without a server. */
async function written(path: string): Promise<number> {
  const began = performance.now()
  const file = await open(path, 'w')
  const hash = createHash('sha256')
  for (let at = 0; at < size; at += block.length) {
    const bytes = blockAt(at)
    hash.update(bytes)
    await file.write(bytes)
  }
  await file.sync()
  await file.close()
  return (performance.now() - began) / 1000
}

await withDatabase(measure)
