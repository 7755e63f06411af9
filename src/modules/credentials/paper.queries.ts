import { certificatePaper, type Paper } from '#modules/assessment/paper.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { compactJwt, credentialOfCertificate, holderName } from './credential.queries.ts'
import { offlineUrl } from './credential.rules.ts'
import type { Issuer } from './credential.schema.ts'
import { signerOf } from './key.queries.ts'

/**
 * The certificate as a paper. The holder's own copy gets a second page with the signed form as a code of its own: on the
 * first one it would be too fine to read. Everybody else, and a certificate taken back, gets the paper alone.
 * @clause HZ4-M13 R37
 */
export async function signedPaper(ctx: Ctx, id: string, issuer: Issuer): Promise<Paper> {
  const found = await credentialOfCertificate(ctx.db, id)
  if (!found || found.state === 'revoked' || !ctx.actor.can('self.records', { personId: found.personId })) {
    return certificatePaper(ctx, id, issuer.origin)
  }
  const jwt = compactJwt(await signerOf(ctx), issuer, found, holderName(ctx, found))
  return certificatePaper(ctx, id, issuer.origin, offlineUrl(issuer.origin, jwt))
}
