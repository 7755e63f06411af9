import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { MiddlewareHandler } from 'hono'
import type { Env } from './env.ts'

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
}
const text = new Set(['.css', '.js', '.json', '.svg', '.txt', '.webmanifest', '.wasm'])

type Asset = { type: string; cache: string; raw: Bytes; br?: Bytes; gzip?: Bytes }
type Bytes = Uint8Array<ArrayBuffer>

/**
 * Serves the built client from memory, compressed once at start (about a megabyte in all). Names under `/assets/`
 * carry a hash of their content, so a browser may keep them for ever.
 */
export function assets(root: string): MiddlewareHandler<Env> {
  const files = new Map<string, Asset>()
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const path = `/${relative(root, file).split(sep).join('/')}`
    if (path.startsWith('/.')) continue
    files.set(path, load(file, path))
  }
  return async (c, next) => {
    const asset = files.get(c.req.path)
    if (!asset || (c.req.method !== 'GET' && c.req.method !== 'HEAD')) return next()
    const accepts = c.req.header('accept-encoding') ?? ''
    const [encoding, body] = choose(asset, accepts)
    c.header('content-type', asset.type)
    c.header('cache-control', asset.cache)
    c.header('vary', 'accept-encoding')
    if (encoding) c.header('content-encoding', encoding)
    return c.body(body)
  }
}

function choose(asset: Asset, accepts: string): [encoding: string | null, body: Bytes] {
  if (asset.br && /\bbr\b/.test(accepts)) return ['br', asset.br]
  if (asset.gzip && /\bgzip\b/.test(accepts)) return ['gzip', asset.gzip]
  return [null, asset.raw]
}

function load(file: string, path: string): Asset {
  const raw = new Uint8Array(readFileSync(file))
  const asset: Asset = {
    type: types[extname(file)] ?? 'application/octet-stream',
    cache: path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
    raw,
  }
  if (text.has(extname(file)) && raw.length > 1024) {
    asset.br = new Uint8Array(brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }))
    asset.gzip = new Uint8Array(gzipSync(raw))
  }
  return asset
}
