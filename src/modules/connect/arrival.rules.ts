import type { Arrive } from './arrival.schema.ts'
import { claim, ltiVersion, teachingRoles } from './vocabulary.schema.ts'

type Claims = Record<string, unknown>
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const object = (value: unknown): Claims => (typeof value === 'object' && value !== null ? (value as Claims) : {})
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [])
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/

export type Expected = { clientId: string; nonce: string; deploymentIds: readonly string[] }

/**
 * What a platform's message asks for, once its signature, sender, receiver and time were good. The rest that LTI wants
 * of a message is judged here; the first thing wrong is told.
 * @clause HZ4-M13
 */
export function arrivalOf(
  said: Claims,
  expected: Expected,
): { ok: true; value: Omit<Arrive, 'state' | 'platformId'> } | { ok: false; why: string } {
  const no = (why: string) => ({ ok: false as const, why })
  if (Array.isArray(said.aud) && said.aud.length > 1 && said.azp !== expected.clientId) return no('azp')
  if (said.azp !== undefined && said.azp !== expected.clientId) return no('azp')
  if (said.nonce !== expected.nonce) return no('nonce')
  if (said[claim.version] !== ltiVersion) return no('version')
  const deploymentId = text(said[claim.deployment])
  if (!deploymentId || !expected.deploymentIds.includes(deploymentId)) return no('deployment')
  const subject = text(said.sub)
  if (!subject || subject.length > 255) return no('sub')
  if (!Array.isArray(said[claim.roles])) return no('roles')
  const type = said[claim.messageType]
  const teaches = texts(said[claim.roles]).some((one) => teachingRoles.includes(one))
  const base = { subject, teaches, deploymentId, courseId: courseAsked(said) }
  if (type === 'LtiDeepLinkingRequest') {
    const settings = object(said[claim.settings])
    const returnUrl = text(settings.deep_link_return_url)
    if (!returnUrl) return no('deep_link_return_url')
    if (!texts(settings.accept_types).includes('ltiResourceLink')) return no('accept_types')
    const picking = { returnUrl, data: text(settings.data), multiple: settings.accept_multiple !== false }
    return { ok: true, value: { ...base, kind: 'deep-linking', resourceLinkId: null, grades: null, picking } }
  }
  if (type !== 'LtiResourceLinkRequest') return no('message_type')
  const resourceLinkId = text(object(said[claim.link]).id)
  if (!resourceLinkId || resourceLinkId.length > 255) return no('resource_link')
  if (!text(said[claim.target])) return no('target_link_uri')
  const endpoint = object(said[claim.grades])
  const grades = said[claim.grades]
    ? { lineItem: text(endpoint.lineitem), lineItems: text(endpoint.lineitems), scopes: texts(endpoint.scope) }
    : null
  return { ok: true, value: { ...base, kind: 'resource', resourceLinkId, grades, picking: null } }
}

/** The course: in the link's own parameters, or in the address that the link was made with. */
function courseAsked(said: Claims): string | null {
  const custom = text(object(said[claim.custom]).course_id)
  const target = text(said[claim.target])
  const asked = target && URL.canParse(target) ? new URL(target).searchParams.get('course') : null
  return uuid.exec(custom ?? '')?.[0] ?? uuid.exec(asked ?? '')?.[0] ?? null
}
