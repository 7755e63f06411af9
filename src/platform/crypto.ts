import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hash, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** The one place that knows algorithms: a provider with SM2/SM3/SM4 can stand in without touching anything else. */
export type CryptoProvider = {
  readonly name: string
  /** Encrypts a text so that it opens only under the same context, e.g. `person.document`. */
  seal(plaintext: string, context: string): string
  /** Throws `SealError` when the value was altered, belongs to another context, or its key is gone. */
  open(sealed: string, context: string): string
  /** True when the value was sealed with a key that is no longer the current one. */
  isStale(sealed: string): boolean
  /** The same value always gives the same index, and nothing but the key holder can compute it. */
  blindIndex(value: string, context: string): string
  /** Hex digest; with `previous`, a link of a hash chain. */
  digest(value: string | Uint8Array, previous?: string): string
}

export type Keys = { current: string; keys: Record<string, Buffer>; indexKey: Buffer }

export class SealError extends Error {
  readonly reason: 'format' | 'unknown-key' | 'tampered'
  constructor(reason: SealError['reason']) {
    super(`a sealed value cannot be opened: ${reason}`)
    this.reason = reason
  }
}

const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/

/** AES-256-GCM with the context as additional data, HMAC-SHA-256, SHA-256. Old keys of the ring still open. */
export function cryptoFrom({ current, keys, indexKey }: Keys): CryptoProvider {
  for (const [id, key] of Object.entries(keys)) checkKey(id, key)
  checkKey('index', indexKey)
  // Made once: a key that comes as bytes is read anew for each use, which costs six times the use itself.
  const ring = new Map(Object.entries(keys).map(([id, key]) => [id, createSecretKey(key)]))
  const index = createSecretKey(indexKey)
  const currentKey = ring.get(current)
  if (!currentKey) throw new Error(`the current key ${current} is not in the key ring`)
  return {
    name: 'aes-256-gcm/sha-256',
    seal(plaintext, context) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', currentKey, iv, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.from(`v1.${current}.${context}`))
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `v1.${current}.${iv.toString('base64url')}.${body.toString('base64url')}`
    },
    open(sealed, context) {
      const { keyId, iv, body } = parts(sealed)
      const key = ring.get(keyId)
      if (!key) throw new SealError('unknown-key')
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(`v1.${keyId}.${context}`))
      decipher.setAuthTag(body.subarray(-TAG_BYTES))
      try {
        return Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8')
      } catch {
        throw new SealError('tampered')
      }
    },
    isStale: (sealed) => parts(sealed).keyId !== current,
    blindIndex: (value, context) => createHmac('sha256', index).update(`${context}\0${value}`).digest('base64url'),
    digest: (value, previous = '') =>
      typeof value === 'string'
        ? hash('sha256', `${previous}|${value}`)
        : hash('sha256', Buffer.concat([Buffer.from(`${previous}|`), value])),
  }
}

function checkKey(id: string, key: Buffer): void {
  if (!KEY_ID.test(id)) throw new Error('a key id is 1 to 32 letters, digits, - or _')
  if (key.length !== KEY_BYTES) throw new Error(`the key ${id} must be ${KEY_BYTES} bytes, it is ${key.length}`)
}

function parts(sealed: string): { keyId: string; iv: Buffer; body: Buffer } {
  const match = /^v1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/.exec(sealed)
  const [, keyId = '', iv = '', body = ''] = match ?? []
  const bytes = { keyId, iv: Buffer.from(iv, 'base64url'), body: Buffer.from(body, 'base64url') }
  // Base64 ignores the spare bits of its last letter; a value that does not spell back the same was altered.
  const spelt = bytes.iv.toString('base64url') === iv && bytes.body.toString('base64url') === body
  if (!match || !spelt || bytes.iv.length !== IV_BYTES || bytes.body.length < TAG_BYTES) throw new SealError('format')
  return bytes
}

const KeyFile = z.object({
  current: z.string(),
  keys: z.record(z.string(), z.string()),
  indexKey: z.string(),
})

/**
 * The keys of this installation. `DATA_KEYS` is `id:base64[,id:base64…]`, the first one current; `INDEX_KEY` is base64.
 * Without them: `keys.json` in the data directory, made once, readable by its owner only. Lose it and the data is lost.
 */
export function loadKeys(dataDir: string, env: Record<string, string | undefined>): Keys {
  if (env.DATA_KEYS || env.INDEX_KEY) return keysFromEnv(env.DATA_KEYS, env.INDEX_KEY)
  const path = join(dataDir, 'keys.json')
  const text = readIfThere(path) ?? create(path, dataDir)
  const file = KeyFile.safeParse(parseJson(text))
  if (!file.success) throw new Error('keys.json in the data directory is damaged; restore it from a backup')
  return {
    current: file.data.current,
    keys: Object.fromEntries(Object.entries(file.data.keys).map(([id, key]) => [id, Buffer.from(key, 'base64')])),
    indexKey: Buffer.from(file.data.indexKey, 'base64'),
  }
}

function keysFromEnv(dataKeys: string | undefined, indexKey: string | undefined): Keys {
  if (!dataKeys || !indexKey) throw new Error('DATA_KEYS and INDEX_KEY are given together or not at all')
  const entries = dataKeys.split(',').map((entry) => {
    const at = entry.indexOf(':')
    if (at < 1) throw new Error('DATA_KEYS is written id:base64, separated by commas')
    return [entry.slice(0, at).trim(), Buffer.from(entry.slice(at + 1).trim(), 'base64')] as const
  })
  return {
    current: entries[0]?.[0] ?? '',
    keys: Object.fromEntries(entries),
    indexKey: Buffer.from(indexKey, 'base64'),
  }
}

/** Several processes may start at once: the file appears whole by a hard link, and the first one wins. */
function create(path: string, dataDir: string): string {
  mkdirSync(dataDir, { recursive: true })
  const fresh = () => randomBytes(KEY_BYTES).toString('base64')
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  const content = JSON.stringify({ current: 'k1', keys: { k1: fresh() }, indexKey: fresh() }, null, 2)
  writeFileSync(draft, content, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    unlinkSync(draft)
  }
  return readFileSync(path, 'utf8')
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code
