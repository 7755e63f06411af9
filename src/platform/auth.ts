import { AsyncLocalStorage } from 'node:async_hooks'
import { betterAuth } from 'better-auth'
import { genericOAuth, phoneNumber, twoFactor, username } from 'better-auth/plugins'
import type { CryptoProvider } from './crypto.ts'
import type { Db } from './db.ts'
import { AppError } from './errors.ts'
import { authSecret } from './session.ts'

export const unifiedProvider = 'unified-identity'

/** What the provincial unified identity tells of somebody who signed in there. */
export type UnifiedClaims = {
  sub: string
  name: string
  documentKind?: string | undefined
  documentNumber: string
  phone?: string | undefined
}

export type OidcSettings = { issuer: string; clientId: string; clientSecret: string }

export type AuthDeps = {
  db: Db
  crypto: CryptoProvider
  /** Where browsers find us: `https://hzpx.example`. */
  baseUrl: string
  /** What the site calls itself: shown in the app that makes one-time passwords. */
  siteName: string
  oidc?: OidcSettings | undefined
  /** Finds or registers the person behind verified claims. Refuses by throwing. */
  identify(claims: UnifiedClaims): Promise<{ personId: string; maskedName: string }>
  /** Problems that a user only sees as "did not work". */
  log(message: string, error?: unknown): void
}

/** The e-mail field is better-auth's key for "the same human"; ours is the person. Nothing is ever sent there. */
const personDomain = '@person.invalid'
export const emailOfPerson = (personId: string): string => personId + personDomain
const emailOfNobody = (): string => `${crypto.randomUUID()}@account.invalid`

/**
 * better-auth over our tables, without a global. It checks passwords, one-time passwords, back-up codes and the round trip
 * to the identity provider; sessions are read by `session.ts`, limits are counted by `limits.ts`, and only the identity
 * provider's call-back is reachable from outside (`handle`): everything else is called by our own pages.
 */
export function createAuth(deps: AuthDeps) {
  /** The phone whose code `codes.ts` has just accepted, for the length of one call. */
  const proven = new AsyncLocalStorage<string>()
  /** Why the person behind verified claims was not accepted, for the length of one call-back. */
  const turnedBack = new AsyncLocalStorage<{ reason?: string }>()
  const auth = betterAuth({
    appName: deps.siteName,
    baseURL: deps.baseUrl,
    basePath: '/api/auth',
    secret: authSecret(deps.crypto),
    database: { db: deps.db, type: 'postgres', schemaName: 'auth', transaction: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { level: 'error', log: (_level, message, ...args) => deps.log(message, args[0]) },
    advanced: {
      cookiePrefix: 'skills',
      useSecureCookies: deps.baseUrl.startsWith('https:'),
      database: { generateId: false },
    },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    session: {
      modelName: 'sessions',
      expiresIn: 30 * 24 * 3600, // the database shortens it by the kind of account
      disableSessionRefresh: true,
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
      },
    },
    user: {
      modelName: 'users',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: {
        personId: { type: 'string', required: false, input: false, fieldName: 'person_id' },
        identity: { type: 'string', required: false, input: false, defaultValue: 'none' },
      },
    },
    account: {
      modelName: 'accounts',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      accountLinking: { enabled: true, trustedProviders: [unifiedProvider] },
      updateAccountOnSignIn: false,
    },
    verification: {
      modelName: 'verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    databaseHooks: {
      user: {
        create: {
          // Only the verified claims of the unified identity give a person's e-mail key; see `identify`.
          before: async (user) =>
            user.email.endsWith(personDomain)
              ? { data: { ...user, personId: user.email.slice(0, -personDomain.length), identity: 'verified' } }
              : { data: user },
        },
      },
      account: {
        create: {
          // The provider's tokens hold personal data and open doors elsewhere; we have no use for them.
          before: async (account) => ({
            data: { ...account, accessToken: null, refreshToken: null, idToken: null, scope: null },
          }),
        },
      },
    },
    onAPIError: { errorURL: `${deps.baseUrl}/sign-in` },
    plugins: [
      phoneNumber({
        sendOTP: () => {
          throw new Error('codes are sent by codes.ts')
        },
        verifyOTP: ({ phoneNumber: phone }) => proven.getStore() === phone,
        signUpOnVerification: { getTempEmail: emailOfNobody, getTempName: () => '手机用户' },
        schema: { user: { fields: { phoneNumber: 'phone_index', phoneNumberVerified: 'phone_verified' } } },
      }),
      username({
        schema: { user: { fields: { displayUsername: 'display_username' } } },
        usernameValidator: (name) => /^[a-z0-9._-]+$/.test(name),
        validationOrder: { username: 'post-normalization' },
      }),
      twoFactor({
        issuer: deps.siteName,
        twoFactorTable: 'second_factors',
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            modelName: 'second_factors',
            fields: {
              userId: 'user_id',
              backupCodes: 'backup_codes',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
      ...(deps.oidc ? [unifiedIdentity(deps, deps.oidc, turnedBack)] : []),
    ],
  })
  return {
    api: auth.api,
    context: auth.$context,
    oidc: deps.oidc !== undefined,
    /** A session for the account with this phone (a new account if there is none). Only after its code was accepted. */
    startPhoneSession: (phoneIndex: string, headers: Headers) =>
      proven.run(phoneIndex, () =>
        auth.api.verifyPhoneNumber({
          body: { phoneNumber: phoneIndex, code: 'accepted' },
          headers,
          returnHeaders: true,
        }),
      ),
    /** Answers the identity provider's call-back; any other address under `/api/auth` is not there. */
    async handle(request: Request): Promise<Response> {
      const { pathname } = new URL(request.url)
      if (pathname !== `/api/auth/callback/${unifiedProvider}`) return new Response(null, { status: 404 })
      const why: { reason?: string } = {}
      const answer = await turnedBack.run(why, () => auth.handler(request))
      const failed = answer.status >= 400 || /[?&]error=/.test(answer.headers.get('location') ?? '')
      if (!failed) return answer
      const headers = new Headers(answer.headers)
      headers.set('location', `/sign-in?error=${why.reason ?? 'unified-failed'}`)
      return new Response(null, { status: 302, headers })
    },
  }
}

export type Auth = ReturnType<typeof createAuth>

/** Authorization code with PKCE, state and nonce; the id_token's signature, issuer and audience are checked. */
function unifiedIdentity(deps: AuthDeps, oidc: OidcSettings, refused: AsyncLocalStorage<{ reason?: string }>) {
  return genericOAuth({
    config: [
      {
        providerId: unifiedProvider,
        discoveryUrl: `${oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
        clientId: oidc.clientId,
        clientSecret: oidc.clientSecret,
        scopes: ['openid', 'profile', 'phone', 'identity'],
        requireIdTokenVerification: true,
        pkce: true,
        getUserInfo: async ({ idToken }) => {
          // Verified by the plugin before it asks; all we need stands in the token itself.
          const claims = JSON.parse(Buffer.from((idToken ?? '').split('.')[1] ?? '', 'base64url').toString('utf8'))
          return { ...claims, id: claims.sub, emailVerified: true }
        },
        mapProfileToUser: async (profile) => {
          const claims = profile as Record<string, unknown>
          const text = (key: string) => (typeof claims[key] === 'string' ? claims[key] : undefined)
          try {
            const { personId, maskedName } = await deps.identify({
              sub: String(claims.sub),
              name: text('name') ?? '',
              documentKind: text('document_kind'),
              documentNumber: text('document_number') ?? '',
              phone: text('phone_number'),
            })
            return { email: emailOfPerson(personId), emailVerified: true, name: maskedName }
          } catch (error) {
            if (!(error instanceof AppError)) throw error
            // Without an e-mail key the library turns back; `handle` says why.
            const store = refused.getStore()
            if (store) store.reason = error.fault.kind === 'refused' ? error.fault.refusal.reason : 'unified-incomplete'
            return { email: undefined, emailVerified: false }
          }
        },
      },
    ],
  })
}
