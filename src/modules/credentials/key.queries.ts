import type { Ctx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { signBytes } from '#platform/signature.ts'
import { statusUrl } from './credential.rules.ts'
import type { Issuer } from './credential.schema.ts'
import { didDocument, didOf, jwkMethodOf, methodOf, type PublishedKey, secondsOf } from './did.rules.ts'
import { bytesOf, toBase64url, toMultibase58 } from './encoding.rules.ts'
import type { KeyReason, KeyState } from './key.schema.ts'
import { hashData, type Json, type ProofOptions, signingInput, withContext } from './proof.rules.ts'

/** Under which context a private key is sealed. */
export const keyContext = 'credentials.key'

export type KeyRow = {
  id: string
  number: number
  publicKey: string
  state: KeyState
  reason: KeyReason
  note: string
  proposedBy: string
  proposedByName: string
  proposedAt: Date
  decidedByName: string | null
  decidedAt: Date | null
  endedAt: Date | null
}

/** Every key there ever was, newest first, without its private half. */
export const allKeys = (db: Ctx['db']): Promise<KeyRow[]> =>
  db
    .selectFrom('credentials.keys')
    .select([
      'id',
      'number',
      'public_key as publicKey',
      'state',
      'reason',
      'note',
      'proposed_by as proposedBy',
      'proposed_by_name as proposedByName',
      'proposed_at as proposedAt',
      'decided_by_name as decidedByName',
      'decided_at as decidedAt',
      'ended_at as endedAt',
    ])
    .orderBy('number', 'desc')
    .$castTo<KeyRow>()
    .execute()

const listNumbers = (db: Ctx['db']) => db.selectFrom('credentials.lists').select('number').orderBy('number').execute()

/** The DID document of this installation. Throws `missing` before there is a key. */
export async function publishedDid(db: Ctx['db'], origin: string): Promise<Json> {
  const [all, lists] = await Promise.all([allKeys(db), listNumbers(db)])
  const keys = all.filter((key): key is KeyRow & PublishedKey => key.state !== 'proposed' && key.state !== 'rejected')
  if (keys.length === 0) throw missing('key')
  return didDocument(
    origin,
    keys,
    lists.map(({ number }) => statusUrl(origin, number)),
  )
}

export type Signer = { number: number; sign(bytes: Uint8Array): Uint8Array }

/** The key that signs now. Refuses with `no-key` before the first one is made. */
export async function signerOf(ctx: Pick<Ctx, 'db' | 'crypto'>): Promise<Signer> {
  const row = await ctx.db
    .selectFrom('credentials.keys')
    .select(['number', 'private_sealed as sealed'])
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (!row) throw refused({ clause: 'HZ4-M13', reason: 'no-key', facts: {} })
  const privateText = ctx.crypto.open(row.sealed, keyContext)
  return { number: row.number, sign: (bytes) => signBytes(privateText, bytes) }
}

/** Secures a document with a Data Integrity proof (`eddsa-jcs-2022`). */
export async function withProof(
  signer: Signer,
  issuer: Issuer,
  document: Json,
  made: { created: Date; expires?: Date },
): Promise<Json> {
  const options: ProofOptions = {
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-jcs-2022',
    created: secondsOf(made.created),
    verificationMethod: methodOf(didOf(issuer.origin), signer.number),
    proofPurpose: 'assertionMethod',
    ...(made.expires && { expires: secondsOf(made.expires) }),
  }
  const config = withContext(document, options)
  const proofValue = toMultibase58(signer.sign(await hashData(document, config)))
  return { ...document, proof: { ...config, proofValue } }
}

/** Secures a credential as a JWT (VC-JOSE-COSE). */
export function asJwt(signer: Signer, issuer: Issuer, credential: Json): string {
  const header = { alg: 'EdDSA', typ: 'vc+jwt', kid: jwkMethodOf(didOf(issuer.origin), signer.number) }
  const input = signingInput(header, credential)
  return `${input}.${toBase64url(signer.sign(bytesOf(input)))}`
}

/** Who issues here, by its public address and the plan's words. */
export const issuerOf = (ctx: Pick<Ctx, 'plan'>, origin: string): Issuer => ({ origin, name: ctx.plan.site.name })
