import { z } from 'zod'
import type { ReasonTexts } from '#modules/training/input.schema.ts'
import type { Day } from '#shared/units.ts'

export const credentialKinds = { training: '培训合格证书', course: '在线课程结业证书' } as const
export type CredentialKind = keyof typeof credentialKinds

/** Media types of what we sign (VC Data Model 2.0, VC-JOSE-COSE, JSON-LD). */
export const mediaTypes = {
  vc: 'application/vc',
  jwt: 'application/vc+jwt',
  vp: 'application/vp',
  did: 'application/did+ld+json',
  ld: 'application/ld+json',
} as const

/** Who issues: the installation under its public address. `origin` has no slash at its end. */
export type Issuer = { origin: string; name: string }

/** What a credential says, and nothing more: what the certificate shows to everybody. */
export type CredentialFacts = {
  /** Of `credentials.issued`; becomes `urn:uuid:`. */
  id: string
  kind: CredentialKind
  /** Class or course: the last part of the achievement's address. */
  achievementId: string
  number: string | null
  programme: string
  course: string
  occupation: string | null
  level: string | null
  plannedHours: number
  hours: number
  from: Day
  to: Day
  trainedBy: { id: string; name: string }
  basis: string
  issuedAt: Date
  list: number
  place: number
  salt: string
  /** SHA-256 in hex of the person's id in this installation with the salt behind it. */
  identityHash: string
  state: 'issued' | 'revoked'
}

/** A course of the online library that somebody finished, as its job hands it over. */
export const IssueCompletion = z.object({
  personId: z.uuid(),
  /** What the library calls this completion; a second call with it changes nothing. */
  sourceKey: z.string().min(8).max(120),
  course: z.object({
    id: z.uuid(),
    title: z.string().min(1).max(120),
    provider: z.object({ id: z.uuid(), name: z.string().min(1).max(120) }),
    occupation: z.string().max(120).nullable(),
    level: z.string().max(60).nullable(),
    plannedHours: z.int().min(0).max(2000),
    hours: z.int().min(0).max(2000),
    from: z.iso.date(),
    to: z.iso.date(),
    basis: z.string().max(120),
  }),
})
export type CourseFacts = z.output<typeof IssueCompletion>['course']

export const RevokeCompletion = z.object({ sourceKey: z.string().min(8).max(120), reason: z.string().min(4).max(500) })
export const IssueMissing = z.object({ size: z.int().min(1).max(2000).default(500) })

/** Reasons of this module in words. */
export const reasonText: ReasonTexts = {
  'no-key': () => ({ message: '平台还没有签名密钥', remedy: '请稍后再试；仍不行的，请联系平台管理人员。' }),
  'not-ready': () => ({ message: '这张证书的数字版正在生成', remedy: '一般一分钟内完成，请稍后再下载。' }),
  'already-revoked': () => ({ message: '这份数字凭证已经撤销', remedy: '请刷新页面查看。' }),
}
