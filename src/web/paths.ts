import { certificationPaths } from './certification-paths.ts'
import { competitionPaths } from './competition-paths.ts'
import { connectPaths } from './connect-paths.ts'
import { exchangePaths } from './exchange-paths.ts'
import { learningPaths } from './learning-paths.ts'
import { libraryPaths } from './library-paths.ts'
import { recognitionPaths } from './recognition-paths.ts'
import { standardsPaths } from './standards-paths.ts'

/** Every address that pages link to. A page that moves is changed here and in `routes.ts`, nowhere else. */
const query = (values: Record<string, string | undefined>) => {
  const given = Object.entries(values).filter((entry): entry is [string, string] => !!entry[1])
  return given.length > 0 ? `?${new URLSearchParams(given)}` : ''
}
const part = encodeURIComponent
type Filter = Record<string, string | undefined>

export type AssessmentTab = '' | 'scores' | 'import' | 'changes' | 'results' | 'certificates'

export const paths = {
  ...libraryPaths,
  ...learningPaths,
  ...connectPaths,
  ...recognitionPaths,
  ...competitionPaths,
  ...certificationPaths,
  ...exchangePaths,
  ...standardsPaths,
  home: () => '/',
  search: (q?: string) => `/search${query({ q })}`,

  classes: (filter: Record<string, string | undefined> = {}) => `/classes${query(filter)}`,
  class: (id: string) => `/classes/${part(id)}`,
  /** Where the code on the wall of a room leads. */
  checkIn: (sessionId: string, given: { c?: string; h?: string; checked?: 'now' | 'again' } = {}) =>
    `/s/${part(sessionId)}${query(given)}`,
  calculator: (asked: Record<string, string | undefined> = {}) => `/calculator${query(asked)}`,
  policies: () => '/policy',
  /** A clause; a rule's id leads on to the rule. */
  clause: (id: string) => `/policy/${part(id)}`,
  rule: (id: string) => `/rules/${part(id)}`,
  publicity: () => '/publicity',
  notice: (id: string, filter: Record<string, string | undefined> = {}) => `/publicity/${part(id)}${query(filter)}`,
  noticeFile: (id: string) => `/publicity/${part(id)}/list.json`,
  noticeCheck: (id: string) => `/publicity/${part(id)}/check`,
  noticeObjection: (rowId: string) => `/publicity/rows/${part(rowId)}/objection`,
  objectionAnswer: () => '/publicity/objection',
  receiptCheck: () => '/publicity/receipt',
  funds: (year?: string) => `/funds${query({ year })}`,
  fundsTable: (year?: string) => `/funds/table.csv${query({ year })}`,
  verifyCertificate: (code?: string) => (code ? `/verify/${part(code)}` : '/verify'),
  /** The plan's indicators and how far they have come. */
  figures: (filter: Filter = {}) => `/plan${query(filter)}`,
  figure: (id: string, filter: Filter = {}) => `/plan/${part(id)}${query(filter)}`,
  figureTable: (id: string, filter: Filter = {}) => `/plan/${part(id)}/table.csv${query(filter)}`,
  providers: (filter: Record<string, string | undefined> = {}) => `/providers${query(filter)}`,
  publicProvider: (id: string) => `/providers/${part(id)}`,
  reportProblem: (about?: string) => `/report-problem${query({ about })}`,
  reportAnswer: () => '/report-problem/answer',

  signIn: (next?: string) => `/sign-in${query({ next: next === '/' ? undefined : next })}`,
  /** Says who one is, once, after the first sign-in by phone. */
  identity: (next?: string) => `/identity${query({ next: next === '/' ? undefined : next })}`,
  secondFactor: (next?: string) => `/sign-in/second-factor${query({ next: next === '/' ? undefined : next })}`,
  /** Where everybody goes after signing in: on to `next`, or to what must be done first. */
  welcome: (next?: string) => `/welcome${query({ next: next === '/' ? undefined : next })}`,
  signOut: () => '/sign-out',
  account: () => '/account',
  accountPassword: () => '/account/password',
  accountFactor: () => '/account/second-factor',
  accountName: () => '/account/name',
  demoOutbox: () => '/dev/outbox',
  preferences: (change: { size?: 'large' | 'normal'; contrast?: 'more' | 'normal'; next?: string } = {}) =>
    `/preferences${query(change)}`,
  accessibility: () => '/accessibility',
  design: () => '/design',

  my: () => '/my',
  /** What packages reported, for whoever audits. */
  packageAttempts: () => '/office/package-attempts',
  packageAttempt: (id: string) => `/office/package-attempts/${part(id)}`,
  /** A package of a course that one is registered for; with a unit, that unit running. */
  myPackage: (registrationId: string, itemId: string, unit?: string) =>
    `/my/packages/${part(registrationId)}/${part(itemId)}${query({ unit })}`,
  myClass: (id: string) => `/my/classes/${part(id)}`,
  myWithdrawal: (id: string) => `/my/classes/${part(id)}/withdraw`,
  myCertificate: (id: string) => `/my/certificates/${part(id)}`,
  myCredential: (id: string, form: 'json' | 'jwt') => `/my/certificates/${part(id)}/credential.${form}`,
  myPassport: () => '/my/passport',
  passport: (token: string) => `/passport/${part(token)}`,
  presentation: (token: string) => `/passport/${part(token)}/presentation`,
  verifyOffline: () => '/verify/offline',
  officeCredentials: () => '/office/credentials',
  system: () => '/office/system',
  myRecord: () => '/my/record.pdf',
  myLearning: () => '/my/record',
  provider: () => '/provider',
  enterprise: () => '/enterprise',
  office: () => '/office',
  /** An organisation's own pages, in its own workspace. */
  organisation: (area: 'provider' | 'enterprise') => `/${area}/organisation`,
  organisationAccount: (area: 'provider' | 'enterprise') => `/${area}/organisation/bank-account`,
  members: (area: 'provider' | 'enterprise') => `/${area}/members`,
  apiKeys: (area: 'provider' | 'enterprise') => `/${area}/keys`,
  records: (area: 'provider' | 'enterprise') => `/${area}/records`,
  officeRecords: () => '/office/records',
  /** The API for reading, which is no page of React Router. */
  developers: () => '/api/v1',
  officeAccess: (filter: Record<string, string | undefined> = {}) => `/office/access${query(filter)}`,
  officeAccounts: (filter: Record<string, string | undefined> = {}) => `/office/access/accounts${query(filter)}`,
  officeNewAccount: () => '/office/access/accounts/new',
  officeAccount: (id: string) => `/office/access/accounts/${part(id)}`,
  officeGrant: (id: string) => `/office/access/grants/${part(id)}`,
  officeOrganisations: (filter: Record<string, string | undefined> = {}) => `/office/organisations${query(filter)}`,
  officeNewOrganisation: () => '/office/organisations/new',
  officeOrganisation: (id: string) => `/office/organisations/${part(id)}`,
  officeOrganisationAdmin: (id: string) => `/office/organisations/${part(id)}/admin`,
  officeLicence: (id: string) => `/office/organisations/${part(id)}/licence`,
  officeGroups: (filter: Record<string, string | undefined> = {}) => `/office/groups${query(filter)}`,
  officeNewMembership: (group?: string) => `/office/groups/new${query({ group })}`,
  officeGroupImport: (group?: string) => `/office/groups/import${query({ group })}`,
  officeGroupTemplate: () => '/office/groups/template.xlsx',
  officeMembership: (id: string) => `/office/groups/${part(id)}`,
  officePeople: (filter: Record<string, string | undefined> = {}) => `/office/people${query(filter)}`,
  officePerson: (id: string) => `/office/people/${part(id)}`,
  officeNameRequests: () => '/office/people/names',
  officeNameProof: (id: string) => `/office/people/names/${part(id)}/proof`,
  officeAssist: (filter: Record<string, string | undefined> = {}) => `/office/assist${query(filter)}`,
  board: (filter: Filter = {}) => `/office/board${query(filter)}`,
  boardIndicator: (id: string, filter: Filter = {}) => `/office/board/${part(id)}${query(filter)}`,
  boardEvents: (id: string, filter: Filter = {}) => `/office/board/${part(id)}/events${query(filter)}`,
  eventTrail: (id: number) => `/office/trail/${id}`,
  statistics: (filter: Filter = {}) => `/office/statistics${query(filter)}`,
  withdrawStatistic: (id: number) => `/office/statistics/${id}/withdraw`,
  settings: () => '/office/settings',
  setting: (kind: string, key: string) => `/office/settings/${part(kind)}/${part(key)}`,
  proposal: (id: string) => `/office/settings/proposals/${part(id)}`,
  reports: () => '/office/reports',
  report: (kind: string, from: string) => `/office/reports/${part(kind)}/${part(from)}`,
  reportWork: (what: string, span: Filter = {}) => `/office/reports/works/${part(what)}${query(span)}`,
  frozenReport: (id: string) => `/office/reports/archive/${part(id)}`,
  audit: (filter: Filter = {}) => `/office/audit${query(filter)}`,
  auditEntry: (id: string) => `/office/audit/${part(id)}`,
  auditExport: () => '/office/audit/export',
  officeFeedback: (filter: Record<string, string | undefined> = {}) => `/office/feedback${query(filter)}`,
  officeReport: (id: string) => `/office/feedback/${part(id)}`,
  reviews: (filter: Record<string, string | undefined> = {}) => `/office/reviews${query(filter)}`,
  reviewLine: (claimId: string, lineId: string) => `/office/claims/${part(claimId)}/lines/${part(lineId)}`,
  claimReview: (id: string) => `/office/claims/${part(id)}`,
  officePublicity: () => '/office/publicity',
  officeNotice: (id: string, cursor?: string) => `/office/publicity/${part(id)}${query({ cursor })}`,
  officeObjections: (filter: Record<string, string | undefined> = {}) => `/office/objections${query(filter)}`,
  officeObjection: (id: string) => `/office/objections/${part(id)}`,
  objectionLetter: (id: string) => `/office/objections/${part(id)}/letter.pdf`,
  payments: () => '/office/payments',
  paymentBatch: (id: string) => `/office/payments/${part(id)}`,
  paymentFile: (id: string) => `/office/payments/${part(id)}/bank-file.csv`,
  bankReturn: (id: string) => `/office/bank-returns/${part(id)}`,
  bankReturnTemplate: () => '/office/bank-returns/template.xlsx',
  ledger: () => '/office/ledger',
  budget: () => '/office/budget',
  recoveries: (filter: Record<string, string | undefined> = {}) => `/office/recoveries${query(filter)}`,
  newRecovery: (claimId: string) => `/office/recoveries/new${query({ claim: claimId })}`,
  recovery: (id: string) => `/office/recoveries/${part(id)}`,
  /** For the office and for the party itself. */
  recoveryLetter: (id: string) => `/recoveries/${part(id)}/letter.pdf`,
  /** The payment slip of a claim, for the claimant and for the office. */
  slip: (area: string, claimId: string) => `/${area}/claims/${part(claimId)}/slip`,
  passRates: () => '/office/pass-rates',
  passRate: (organisationId: string) => `/office/pass-rates/${part(organisationId)}`,
  certificateRegister: (filter: Record<string, string | undefined> = {}) => `/office/certificates${query(filter)}`,
  registeredCertificate: (id: string) => `/office/certificates/${part(id)}`,

  /** Claims of an organisation, in its own workspace. */
  claims: (area: string, filter: Filter = {}) => `/${area}/claims${query(filter)}`,
  claim: (area: string, id: string) => `/${area}/claims/${part(id)}`,
  claimSubmission: (area: string, id: string) => `/${area}/claims/${part(id)}/submit`,
  claimWithdrawal: (area: string, id: string) => `/${area}/claims/${part(id)}/withdraw`,
  claimLine: (area: string, id: string, line: string) => `/${area}/claims/${part(id)}/lines/${part(line)}`,
  /** What a class would earn. */
  quote: (area: string, classId: string) => `/${area}/classes/${part(classId)}/quote`,
  /** What is looked at before money is paid. */
  controls: () => '/controls',
  datasets: (filter: Filter = {}) => `/office/datasets${query(filter)}`,
  newDataset: () => '/office/datasets/new',
  dataset: (id: string) => `/office/datasets/${part(id)}`,
  datasetTemplate: (kind: string) => `/office/datasets/template/${part(kind)}`,
  overrides: (filter: Filter = {}) => `/office/overrides${query(filter)}`,
  override: (id: string) => `/office/overrides/${part(id)}`,
  newOverride: (claimId: string, control?: string) => `/office/claims/${part(claimId)}/override${query({ control })}`,

  /** Plans, classes and what belongs to them, in the workspace of an undertaker or of the office. */
  orgPlans: (area: string, filter: Filter = {}) => `/${area}/plans${query(filter)}`,
  newPlan: (area: string) => `/${area}/plans/new`,
  orgPlan: (area: string, id: string) => `/${area}/plans/${part(id)}`,
  editPlan: (area: string, id: string) => `/${area}/plans/${part(id)}/edit`,
  planStep: (area: string, id: string, step: 'withdraw' | 'return' | 'reject') =>
    `/${area}/plans/${part(id)}/do/${step}`,
  orgClasses: (area: string, filter: Filter = {}) => `/${area}/classes${query(filter)}`,
  newClass: (area: string, planId: string) => `/${area}/classes/new${query({ plan: planId })}`,
  orgClass: (area: string, id: string) => `/${area}/classes/${part(id)}`,
  editClass: (area: string, id: string) => `/${area}/classes/${part(id)}/edit`,
  classStep: (area: string, id: string, step: string) => `/${area}/classes/${part(id)}/do/${step}`,
  roster: (area: string, classId: string) => `/${area}/classes/${part(classId)}/roster`,
  addLearner: (area: string, classId: string) => `/${area}/classes/${part(classId)}/roster/new`,
  dropLearner: (area: string, classId: string, enrolmentId: string) =>
    `/${area}/classes/${part(classId)}/roster/${part(enrolmentId)}/withdraw`,
  rosterImport: (area: string, classId: string, importId: string) =>
    `/${area}/classes/${part(classId)}/imports/${part(importId)}`,
  rosterErrors: (area: string, classId: string, importId: string) =>
    `/${area}/classes/${part(classId)}/imports/${part(importId)}/errors.xlsx`,
  rosterTemplate: () => '/roster-template.xlsx',
  classSessions: (area: string, classId: string) => `/${area}/classes/${part(classId)}/sessions`,
  planSession: (area: string, classId: string) => `/${area}/classes/${part(classId)}/sessions/new`,
  hoursSheet: (area: string, classId: string) => `/${area}/classes/${part(classId)}/hours`,
  learnerHours: (area: string, classId: string, enrolmentId: string) =>
    `/${area}/classes/${part(classId)}/hours/${part(enrolmentId)}`,
  session: (area: string, id: string) => `/${area}/sessions/${part(id)}`,
  editSession: (area: string, id: string) => `/${area}/sessions/${part(id)}/edit`,
  roomCode: (area: string, id: string) => `/${area}/sessions/${part(id)}/code`,
  witness: (area: string, id: string, enrolmentId: string) =>
    `/${area}/sessions/${part(id)}/learners/${part(enrolmentId)}`,
  timetable: (area: string, filter: Filter = {}) => `/${area}/timetable${query(filter)}`,
  places: (area: string) => `/${area}/places`,
  place: (area: string, kind: 'venue' | 'room' | 'trainer', id: string, at?: string) =>
    `/${area}/places/${kind}/${part(id)}${query({ venue: at })}`,
  occupations: (filter: Filter = {}) => `/office/occupations${query(filter)}`,
  assessment: (area: string, classId: string, tab: AssessmentTab = '') =>
    `/${area}/classes/${part(classId)}/${tab === 'certificates' ? tab : ['assessment', tab].filter(Boolean).join('/')}`,
  sheetTemplate: (area: string, classId: string) => `/${area}/classes/${part(classId)}/assessment/template.xlsx`,
  classCertificatesFile: (area: string, classId: string) => `/${area}/classes/${part(classId)}/certificates.pdf`,
  certificateFile: (id: string) => `/certificates/${part(id)}`,
} as const

/** Only an address of our own: `/a?b` yes, `//elsewhere`, `/\elsewhere` and `https://elsewhere` no. */
export function localPath(next: string | null | undefined, otherwise = '/'): string {
  if (!next?.startsWith('/') || !URL.canParse(next, 'http://here.invalid')) return otherwise
  const url = new URL(next, 'http://here.invalid')
  return url.host === 'here.invalid' && !url.pathname.startsWith('//') ? url.pathname + url.search : otherwise
}

/** An address that, when reached, says what was just done; the sentences are in `done.ts`. */
export function done(path: string, code: string): string {
  const url = new URL(path, 'http://here.invalid')
  url.searchParams.set('done', code)
  return url.pathname + url.search + url.hash
}
