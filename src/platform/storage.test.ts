import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import S3rver from '@20minutes/s3rver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diskStorage, newKey, type Storage, s3Storage } from './storage.ts'

const folder = mkdtempSync(join(tmpdir(), 'storage-test-'))
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory: join(folder, 's3'),
  configureBuckets: [{ name: 'courses', configs: [] }],
})
const kinds: Record<string, Storage> = {}

beforeAll(async () => {
  const { port } = await server.run()
  kinds.disk = diskStorage(join(folder, 'disk'))
  kinds.s3 = s3Storage({
    endpoint: `http://127.0.0.1:${port}`,
    bucket: 'courses',
    region: 'us-east-1',
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
  })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe.each(['disk', 's3'])('HZ4-M13 files on %s', (kind) => {
  const storage = () => kinds[kind] as Storage

  it('HZ4-M13 gives back what was put, whole and in ranges', async () => {
    const key = newKey('media')
    const bytes = randomBytes(300_000)
    expect(await storage().put(key, Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]))).toBe(300_000)
    const whole = await storage().open(key)
    expect(whole?.size).toBe(300_000)
    expect(sha(await buffer(whole?.stream as Readable))).toBe(sha(bytes))
    const part = await storage().open(key, { from: 100, to: 199 })
    expect(part?.size).toBe(300_000)
    expect(sha(await buffer(part?.stream as Readable))).toBe(sha(bytes.subarray(100, 200)))
    const tail = await storage().open(key, { from: 299_999 })
    expect(await buffer(tail?.stream as Readable)).toHaveLength(1)
    await expect(storage().open(key, { from: 300_000 })).rejects.toThrow(RangeError)
    await storage().remove(key)
    await storage().remove(key)
    expect(await storage().open(key)).toBeNull()
  })

  it('HZ4-M13 carries a file of several parts without holding it', async () => {
    const key = newKey('media')
    const piece = randomBytes(1024 * 1024)
    const total = createHash('sha256')
    const many = Readable.from(
      (function* () {
        for (let i = 0; i < 40; i++) {
          total.update(piece)
          yield piece
        }
      })(),
    )
    expect(await storage().put(key, many)).toBe(40 * piece.length)
    const found = await storage().open(key)
    expect(sha(await buffer(found?.stream as Readable))).toBe(total.digest('hex'))
  })

  it('HZ4-M13 keeps nothing of a stream that broke off', async () => {
    const key = newKey('media')
    const broken = Readable.from(
      (async function* () {
        yield randomBytes(1000)
        throw new Error('the line was cut')
      })(),
    )
    await expect(storage().put(key, broken)).rejects.toThrow('the line was cut')
    expect(await storage().open(key)).toBeNull()
  })

  it('HZ4-M13 takes no key but its own', async () => {
    for (const key of ['../../etc/passwd', 'media/ab/../x', '教材.mp4', 'media/ab/short'])
      await expect(storage().put(key, Readable.from(['x']))).rejects.toThrow('not a key')
  })
})

it('HZ4-M13 leaves no half file in the folder', () => {
  const left = readdirSync(join(folder, 'disk'), { recursive: true, encoding: 'utf8' })
  expect(left.filter((name) => name.endsWith('.part'))).toEqual([])
})
