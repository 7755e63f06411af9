/** Names that the IMS (1EdTech) documents give to things: LTI 1.3, Deep Linking 2.0, Names and Roles 2.0, Grades 2.0. */
const lti = 'https://purl.imsglobal.org/spec/lti/claim/'
const deep = 'https://purl.imsglobal.org/spec/lti-dl/claim/'

export const claim = {
  messageType: `${lti}message_type`,
  version: `${lti}version`,
  deployment: `${lti}deployment_id`,
  target: `${lti}target_link_uri`,
  link: `${lti}resource_link`,
  context: `${lti}context`,
  roles: `${lti}roles`,
  custom: `${lti}custom`,
  platform: `${lti}tool_platform`,
  presentation: `${lti}launch_presentation`,
  toolConfiguration: 'https://purl.imsglobal.org/spec/lti-tool-configuration',
  platformConfiguration: 'https://purl.imsglobal.org/spec/lti-platform-configuration',
  settings: `${deep}deep_linking_settings`,
  items: `${deep}content_items`,
  data: `${deep}data`,
  message: `${deep}msg`,
  members: 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
  grades: 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
} as const

export const ltiVersion = '1.3.0'

const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership#'
export const role = {
  learner: `${membership}Learner`,
  instructor: `${membership}Instructor`,
  developer: `${membership}ContentDeveloper`,
} as const

/** What a platform calls somebody who teaches or prepares a course there. */
export const teachingRoles: readonly string[] = [
  role.instructor,
  role.developer,
  `${membership}Administrator`,
  'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator',
  'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor',
  'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Faculty',
  'Instructor',
]

/** What a tool may be allowed to ask of us, by our own short name. */
export const scopeUrls = {
  lineitem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  'lineitem.readonly': 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  'result.readonly': 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  membership: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
} as const
export type Scope = keyof typeof scopeUrls

export const mediaType = {
  item: 'application/vnd.ims.lis.v2.lineitem+json',
  items: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
  score: 'application/vnd.ims.lis.v1.score+json',
  results: 'application/vnd.ims.lis.v2.resultcontainer+json',
  members: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
} as const
