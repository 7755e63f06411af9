import type { Custom } from './registration.rules.ts'
import type { Tool } from './tool.schema.ts'
import { claim, ltiVersion, role, type Scope, scopeUrls } from './vocabulary.schema.ts'

/** Everything that a launch may tell. What the tool is not allowed to know is left out by `launchClaims`, nowhere else. */
export type LaunchFacts = {
  origin: string
  siteName: string
  tool: Pick<Tool, 'clientId' | 'deploymentId' | 'scopes' | 'tells' | 'custom' | 'opens' | 'targetUrl' | 'deepLinkUrl'>
  kind: 'resource' | 'deep-linking'
  subject: string
  name: string | null
  course: { id: string; number: string | null; title: string }
  link: { id: string; title: string; url: string; custom: Custom } | null
  /** The only line item of the link, if it has exactly one. */
  lineItemId: string | null
  nonce: string
  /** Where the learner goes back to. */
  returnUrl: string
  /** Of deep linking: what ties the answer to this question. */
  data: string
}

const known = /\$[A-Za-z][A-Za-z0-9.]*/g

/** Variables of LTI that we give a value to. The name is one only for a tool that may know it; others stay as they are. */
export function substituted(custom: Custom, facts: LaunchFacts): Custom {
  const values: Record<string, string | undefined> = {
    '$User.id': facts.subject,
    '$Person.name.full': facts.tool.tells.includes('name') ? (facts.name ?? undefined) : undefined,
    '$Context.id': facts.course.id,
    '$Context.title': facts.course.title,
    '$Context.label': facts.course.number ?? undefined,
    '$CourseSection.sourcedId': facts.course.number ?? undefined,
    '$CourseSection.title': facts.course.title,
    '$ResourceLink.id': facts.link?.id,
    '$ResourceLink.title': facts.link?.title,
    '$Membership.role': facts.kind === 'resource' ? role.learner : role.instructor,
    '$Message.documentTarget': facts.tool.opens === 'frame' ? 'iframe' : 'window',
    '$Message.locale': 'zh-CN',
    '$ToolPlatformInstance.guid': new URL(facts.origin).host,
    '$ToolPlatformInstance.name': facts.siteName,
  }
  return Object.fromEntries(
    Object.entries(custom).map(([name, value]) => [name, value.replace(known, (word) => values[word] ?? word)]),
  )
}

export const serviceAddresses = (origin: string, courseId: string) => ({
  members: `${origin}/lti/courses/${courseId}/members`,
  lineItems: `${origin}/lti/courses/${courseId}/line-items`,
  lineItem: (id: string) => `${origin}/lti/courses/${courseId}/line-items/${id}`,
})

/** The claims of the id_token, all but its times. @clause HZ4-M13 */
export function launchClaims(facts: LaunchFacts): Record<string, unknown> {
  const { tool, course, link, origin } = facts
  const at = serviceAddresses(origin, course.id)
  const common = {
    iss: origin,
    aud: tool.clientId,
    sub: facts.subject,
    nonce: facts.nonce,
    ...(tool.tells.includes('name') && facts.name !== null && { name: facts.name }),
    locale: 'zh-CN',
    [claim.version]: ltiVersion,
    [claim.deployment]: tool.deploymentId,
    [claim.context]: {
      id: course.id,
      title: course.title,
      ...(course.number && { label: course.number }),
      type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'],
    },
    [claim.platform]: { guid: new URL(origin).host, name: facts.siteName, product_family_code: 'haizhu-skills-cloud' },
    [claim.custom]: substituted({ ...tool.custom, ...link?.custom }, facts),
    ...(tool.scopes.includes('membership') && {
      [claim.members]: { context_memberships_url: at.members, service_versions: ['2.0'] },
    }),
    ...gradeClaim(tool.scopes, at, facts.lineItemId),
  }
  if (facts.kind === 'deep-linking' || !link) {
    return {
      ...common,
      [claim.messageType]: 'LtiDeepLinkingRequest',
      [claim.target]: tool.deepLinkUrl ?? tool.targetUrl,
      [claim.roles]: [role.instructor, role.developer],
      [claim.presentation]: { document_target: 'window', locale: 'zh-CN', return_url: facts.returnUrl },
      [claim.settings]: {
        deep_link_return_url: `${origin}/lti/deep-link`,
        accept_types: ['ltiResourceLink'],
        accept_presentation_document_targets: ['window', 'iframe'],
        accept_multiple: true,
        accept_lineitem: tool.scopes.includes('score'),
        auto_create: false,
        data: facts.data,
      },
    }
  }
  return {
    ...common,
    [claim.messageType]: 'LtiResourceLinkRequest',
    [claim.target]: link.url,
    [claim.link]: { id: link.id, title: link.title },
    [claim.roles]: [role.learner],
    [claim.presentation]: {
      document_target: tool.opens === 'frame' ? 'iframe' : 'window',
      locale: 'zh-CN',
      return_url: facts.returnUrl,
    },
  }
}

function gradeClaim(scopes: readonly Scope[], at: ReturnType<typeof serviceAddresses>, lineItemId: string | null) {
  const of = scopes.filter((scope) => scope !== 'membership')
  if (of.length === 0) return {}
  return {
    [claim.grades]: {
      scope: of.map((scope) => scopeUrls[scope]),
      lineitems: at.lineItems,
      ...(lineItemId && { lineitem: at.lineItem(lineItemId) }),
    },
  }
}

export type LoginRequest = { issuer: string; loginHint: string; messageHint: string; target: string }

/** Where the browser is sent so that the tool begins its sign-in. */
export function loginAddress(
  tool: Pick<Tool, 'loginUrl' | 'clientId' | 'deploymentId'>,
  { issuer, loginHint, messageHint, target }: LoginRequest,
): string {
  const url = new URL(tool.loginUrl)
  for (const [name, value] of Object.entries({
    iss: issuer,
    login_hint: loginHint,
    target_link_uri: target,
    lti_message_hint: messageHint,
    client_id: tool.clientId,
    lti_deployment_id: tool.deploymentId,
  }))
    url.searchParams.set(name, value)
  return url.href
}
