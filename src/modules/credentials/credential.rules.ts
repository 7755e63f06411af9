import type { Day } from '#shared/units.ts'
import { type CredentialFacts, credentialKinds, type Issuer } from './credential.schema.ts'
import { didOf, secondsOf } from './did.rules.ts'
import type { Json } from './proof.rules.ts'

export const vcContext = 'https://www.w3.org/ns/credentials/v2'
export const badgeContext = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'
const badgeSchema = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json'

export const contextUrl = (origin: string) => `${origin}/credentials/context/v1`
export const statusUrl = (origin: string, list: number) => `${origin}/credentials/status/${list}`
/** The page that verifies without a network. What stands behind `#` never leaves the browser. */
export const offlineUrl = (origin: string, jwt: string) => `${origin}/verify/offline#${jwt}`
export const achievementUrl = (origin: string, facts: Pick<CredentialFacts, 'kind' | 'achievementId'>) =>
  `${origin}/credentials/achievements/${facts.kind}/${facts.achievementId}`

const morning = (on: Day) => `${on}T00:00:00+08:00`
const known = <T extends Json>(values: T): Json =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined))

/** What has been achieved, the same for everybody of a class (Open Badges 3.0, B.1). */
export function achievementOf(issuer: Issuer, facts: CredentialFacts): Json {
  const learnt = facts.kind === 'training' ? '结业考核合格' : '完成全部课程内容和考试'
  return known({
    id: achievementUrl(issuer.origin, facts),
    type: ['Achievement'],
    achievementType: 'CertificateOfCompletion',
    name: facts.course,
    description: `${facts.programme}“${facts.course}”`,
    criteria: { narrative: `应学 ${facts.plannedHours} 课时，${learnt}。依据：${facts.basis}` },
    creditsAvailable: facts.plannedHours,
    fieldOfStudy: facts.occupation,
    specialization: facts.level,
    inLanguage: 'zh-CN',
  })
}

export const statusOf = (issuer: Issuer, { list, place }: Pick<CredentialFacts, 'list' | 'place'>): Json => ({
  id: `${statusUrl(issuer.origin, list)}#${place}`,
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: String(place),
  statusListCredential: statusUrl(issuer.origin, list),
})

export const issuerProfile = (issuer: Issuer): Json => ({
  id: didOf(issuer.origin),
  type: ['Profile'],
  name: issuer.name,
  url: issuer.origin,
})

/**
 * The certificate as an OpenBadgeCredential. The subject has no name but a salted hash of the person's id here; `name`
 * is given for the copy that the holder downloads, and for a share in which the holder chose to show it.
 * @clause HZ4-M13 R37
 */
export function badgeOf(issuer: Issuer, facts: CredentialFacts, name: string | null): Json {
  const identifier = [
    {
      type: 'IdentityObject',
      hashed: true,
      identityHash: `sha256$${facts.identityHash}`,
      identityType: 'systemId',
      salt: facts.salt,
    },
    ...(name === null ? [] : [{ type: 'IdentityObject', hashed: false, identityHash: name, identityType: 'name' }]),
  ]
  return {
    '@context': [vcContext, badgeContext],
    id: `urn:uuid:${facts.id}`,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: credentialKinds[facts.kind],
    issuer: issuerProfile(issuer),
    validFrom: secondsOf(facts.issuedAt),
    credentialSubject: known({
      type: ['AchievementSubject'],
      identifier,
      achievement: achievementOf(issuer, facts),
      activityStartDate: morning(facts.from),
      activityEndDate: morning(facts.to),
      creditsEarned: facts.hours,
      licenseNumber: facts.number,
      source: { id: `${issuer.origin}/providers/${facts.trainedBy.id}`, type: ['Profile'], name: facts.trainedBy.name },
    }),
    credentialStatus: statusOf(issuer, facts),
    credentialSchema: [{ id: badgeSchema, type: '1EdTechJsonSchemaValidator2019' }],
  }
}

/**
 * The same certificate in as few letters as a printed QR code can bear: the data model's least, our own few terms, the
 * name that stands on the paper. Without `id`s that only say again what stands elsewhere.
 * @clause HZ4-M13
 */
export function compactOf(issuer: Issuer, facts: CredentialFacts, name: string): Json {
  const { id: _, ...status } = statusOf(issuer, facts)
  return {
    '@context': [vcContext, contextUrl(issuer.origin)],
    type: ['VerifiableCredential', facts.kind === 'training' ? 'TrainingCertificate' : 'CourseCertificate'],
    issuer: didOf(issuer.origin),
    validFrom: secondsOf(facts.issuedAt),
    credentialSubject: known({
      holder: name,
      number: facts.number,
      programme: facts.programme,
      course: facts.course,
      hours: facts.hours,
      trainedBy: facts.trainedBy.name,
    }),
    credentialStatus: status,
  }
}

/** Class hours that somebody chose to show, valid as long as the share. */
export function hoursOf(
  issuer: Issuer,
  shown: {
    name: string | null
    lines: readonly { course: string; trainedBy: string; minutes: number; hours: number }[]
  },
  from: Date,
  until: Date,
): Json {
  return {
    '@context': [vcContext, contextUrl(issuer.origin)],
    type: ['VerifiableCredential', 'LearningHours'],
    issuer: didOf(issuer.origin),
    validFrom: secondsOf(from),
    validUntil: secondsOf(until),
    credentialSubject: known({
      holder: shown.name,
      classes: shown.lines.map(({ course, trainedBy, minutes, hours }) => ({ course, trainedBy, minutes, hours })),
    }),
  }
}

/** The signed list of what no longer stands (Bitstring Status List 1.0). */
export function statusCredential(issuer: Issuer, list: number, encodedList: string, now: Date): Json {
  const url = statusUrl(issuer.origin, list)
  return {
    '@context': [vcContext],
    id: url,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: didOf(issuer.origin),
    validFrom: secondsOf(now),
    credentialSubject: { id: `${url}#list`, type: 'BitstringStatusList', statusPurpose: 'revocation', encodedList },
  }
}

const terms = ['holder', 'number', 'programme', 'course', 'hours', 'minutes', 'trainedBy', 'classes']
const types = ['TrainingCertificate', 'CourseCertificate', 'LearningHours']

/** The JSON-LD context of the terms that are ours. */
export function ownContext(origin: string): Json {
  const at = (term: string) => `${contextUrl(origin)}#${term}`
  return { '@context': Object.fromEntries([...types, ...terms].map((term) => [term, at(term)])) }
}
