import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'

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
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
})

/** Every setting that the environment may give, checked once at start. */
export type Config = {
  dataDir: string
  databaseUrl: string | undefined
  appDatabaseUrl: string | undefined
  port: number
  host: string
  publicUrl: string | undefined
  planFolder: string
  processes: number
  /** How many proxies of our own stand before us; as many entries at the end of `X-Forwarded-For` are believed. */
  trustedProxies: number
  logLevel: string
  /** `auto` fills an empty database with the synthetic demonstration district. */
  demo: 'auto' | 'no'
  oidc: { issuer: string; clientId: string; clientSecret: string } | undefined
}

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
    planFolder: resolve(e.PLAN),
    processes: e.PROCESSES ?? availableParallelism(),
    trustedProxies: e.TRUSTED_PROXIES,
    logLevel: e.LOG_LEVEL,
    demo: e.DEMO,
    oidc,
  }
}
