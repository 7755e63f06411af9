import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { S3Settings } from './storage.ts'

const Env = z.object({
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z.url().optional(),
  APP_DATABASE_URL: z.url().optional(),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default('0.0.0.0'),
  PUBLIC_URL: z.url().optional(),
  PLAN: z.string().default('plan/haizhu-2020'),
  PROCESSES: z.coerce.number().int().min(1).max(256).optional(),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(5).default(0),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  DEMO: z.enum(['auto', 'no']).default('auto'),
  CONTENT_PORT: z.coerce.number().int().min(0).max(65535).optional(),
  CONTENT_URL: z.url().optional(),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_BUCKET: z.string().min(3).optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  CLAMD: z
    .string()
    .regex(/^[^:/]+:\d{1,5}$/, 'host:port')
    .optional(),
  UPLOAD_MAX_MB: z.coerce.number().int().min(1).max(1_000_000).default(4096),
  PACKAGE_MAX_MB: z.coerce.number().int().min(1).max(1_000_000).default(4096),
  PACKAGE_FILE_MAX_MB: z.coerce.number().int().min(1).max(1_000_000).default(2048),
  PACKAGE_MAX_FILES: z.coerce.number().int().min(1).max(60_000).default(20_000),
  PACKAGE_MAX_RATIO: z.coerce.number().int().min(2).max(10_000).default(200),
})

/** Every setting that the environment may give, checked once at start. */
export type Config = {
  dataDir: string
  databaseUrl: string | undefined
  appDatabaseUrl: string | undefined
  port: number
  host: string
  publicUrl: string | undefined
  /** The port that uploaded lessons are served on, by default the one after `port`. */
  contentPort: number
  /** The origin of uploaded lessons, e.g. `https://kejian.example.cn`; best on a host that shares no domain with the site. */
  contentUrl: string | undefined
  planFolder: string
  processes: number
  /** How many proxies of our own stand before us; as many entries at the end of `X-Forwarded-For` are believed. */
  trustedProxies: number
  logLevel: string
  /** `auto` fills an empty database with the synthetic demonstration district. */
  demo: 'auto' | 'no'
  oidc: { issuer: string; clientId: string; clientSecret: string } | undefined
  /** Where uploaded files lie; undefined: in `DATA_DIR/files`. */
  s3: S3Settings | undefined
  /** A clamd that looks at uploaded files; undefined: nobody does, and pages say so. */
  clamd: { host: string; port: number } | undefined
  /** The largest file that may be uploaded, in bytes. */
  uploadMaxBytes: number
  /** What an uploaded package may hold, unpacked. */
  archive: ArchiveLimits
}

/** Limits of an archive; sizes in bytes, `ratio` is unpacked to packed. */
export type ArchiveLimits = { totalBytes: number; entryBytes: number; entries: number; ratio: number }

export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const parsed = Env.safeParse(env)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The environment has settings that cannot be used:\n${lines.join('\n')}`)
  }
  const e = parsed.data
  const oidc =
    e.OIDC_ISSUER && e.OIDC_CLIENT_ID && e.OIDC_CLIENT_SECRET
      ? { issuer: e.OIDC_ISSUER, clientId: e.OIDC_CLIENT_ID, clientSecret: e.OIDC_CLIENT_SECRET }
      : undefined
  return {
    dataDir: resolve(e.DATA_DIR),
    databaseUrl: e.DATABASE_URL,
    appDatabaseUrl: e.APP_DATABASE_URL,
    port: e.PORT,
    host: e.HOST,
    publicUrl: e.PUBLIC_URL,
    contentPort: e.CONTENT_PORT ?? (e.PORT === 0 || e.PORT === 65535 ? 0 : e.PORT + 1),
    contentUrl: e.CONTENT_URL?.replace(/\/$/, ''),
    planFolder: resolve(e.PLAN),
    processes: e.PROCESSES ?? availableParallelism(),
    trustedProxies: e.TRUSTED_PROXIES,
    logLevel: e.LOG_LEVEL,
    demo: e.DEMO,
    oidc,
    s3: s3From(e),
    clamd: clamdFrom(e.CLAMD),
    uploadMaxBytes: e.UPLOAD_MAX_MB * 1024 * 1024,
    archive: {
      totalBytes: e.PACKAGE_MAX_MB * 1024 * 1024,
      entryBytes: e.PACKAGE_FILE_MAX_MB * 1024 * 1024,
      entries: e.PACKAGE_MAX_FILES,
      ratio: e.PACKAGE_MAX_RATIO,
    },
  }
}

/** Half a store is a mistake that would lose files quietly, so it stops the start. */
function s3From(e: z.output<typeof Env>): S3Settings | undefined {
  const given = [e.S3_ENDPOINT, e.S3_BUCKET, e.S3_ACCESS_KEY_ID, e.S3_SECRET_ACCESS_KEY]
  if (given.every((value) => value === undefined)) return undefined
  if (!e.S3_ENDPOINT || !e.S3_BUCKET || !e.S3_ACCESS_KEY_ID || !e.S3_SECRET_ACCESS_KEY) {
    throw new Error(
      'S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are given together or not at all',
    )
  }
  return {
    endpoint: e.S3_ENDPOINT,
    bucket: e.S3_BUCKET,
    region: e.S3_REGION,
    accessKeyId: e.S3_ACCESS_KEY_ID,
    secretAccessKey: e.S3_SECRET_ACCESS_KEY,
  }
}

function clamdFrom(address: string | undefined): Config['clamd'] {
  const [host, port] = address?.split(':') ?? []
  return host && port ? { host, port: Number(port) } : undefined
}
