import { index, layout, prefix, type RouteConfig, route } from '@react-router/dev/routes'
import { certificationFiles, certificationPortal, certificationWorkspaces } from './certification-routes.ts'
import { competitionFiles, competitionPortal, competitionWorkspaces } from './competition-routes.ts'
import { connectFiles, connectPortal, connectWorkspaces } from './connect-routes.ts'
import { exchangeBare, exchangeFiles, exchangePortal, exchangeWorkspaces } from './exchange-routes.ts'
import { learningFiles, learningWorkspaces } from './learning-routes.ts'
import { libraryFiles, libraryPortal, libraryWorkspaces } from './library-routes.ts'
import { recognitionFiles, recognitionPortal, recognitionWorkspaces } from './recognition-routes.ts'
import { standardsFiles, standardsPortal, standardsWorkspaces } from './standards-routes.ts'

/**
 * Every address of the site and the layout it stands in. Files are named after what the page shows. A page behind
 * sign-in goes under its workspace; a page for everybody under the portal; an answer that is no page stands alone.
 */
const portal = layout('layouts/portal.tsx', [
  index('routes/home.tsx'),
  route('search', 'routes/search.tsx'),
  route('classes', 'routes/classes.tsx'),
  route('classes/:id', 'routes/class.tsx'),
  route('calculator', 'routes/calculator.tsx'),
  route('providers', 'routes/providers.tsx'),
  route('providers/:id', 'routes/provider.tsx'),
  route('publicity', 'routes/publicity.tsx'),
  route('publicity/objection', 'routes/objection-answer.tsx'),
  route('publicity/receipt', 'routes/publicity-receipt.tsx'),
  route('publicity/rows/:rowId/objection', 'routes/objection-form.tsx'),
  route('publicity/:id', 'routes/publicity-list.tsx'),
  route('publicity/:id/check', 'routes/publicity-check.tsx'),
  route('funds', 'routes/funds.tsx'),
  route('report-problem', 'routes/report-problem.tsx'),
  route('report-problem/answer', 'routes/report-answer.tsx'),
  route('plan', 'routes/plan.tsx'),
  route('plan/:indicator', 'routes/plan-indicator.tsx'),
  route('policy', 'routes/policy.tsx'),
  route('policy/:clause', 'routes/clause.tsx'),
  route('rules/:id', 'routes/rule.tsx'),
  route('controls', 'routes/controls.tsx'),
  route('sign-in', 'routes/sign-in.tsx'),
  route('sign-in/second-factor', 'routes/sign-in-factor.tsx'),
  route('identity', 'routes/identity.tsx'),
  route('account', 'routes/account/account.tsx'),
  route('account/password', 'routes/account/password.tsx'),
  route('account/second-factor', 'routes/account/factor.tsx'),
  route('account/name', 'routes/account/name.tsx'),
  route('dev/outbox', 'routes/dev-outbox.tsx'),
  route('verify/offline', 'routes/verify-offline.tsx'),
  route('verify/:code?', 'routes/verify.tsx'),
  route('passport/:token', 'routes/passport.tsx'),
  route('accessibility', 'routes/accessibility.tsx'),
  route('preferences', 'routes/preferences.tsx'),
  ...libraryPortal,
  ...connectPortal,
  ...recognitionPortal,
  ...competitionPortal,
  ...certificationPortal,
  ...exchangePortal,
  ...standardsPortal,
  route('design', 'routes/design.tsx'),
  route('design/script', 'routes/design-script.tsx'),
])

/** The assessment of a class: the same pages in the workspace of whoever may see it. */
const assessment = (area: string) =>
  prefix(`${area}/classes/:classId`, [
    route('assessment', 'routes/assessment/plan.tsx', { id: `${area}-assessment` }),
    route('assessment/scores', 'routes/assessment/scores.tsx', { id: `${area}-scores` }),
    route('assessment/import', 'routes/assessment/import.tsx', { id: `${area}-import` }),
    route('assessment/changes', 'routes/assessment/changes.tsx', { id: `${area}-changes` }),
    route('assessment/results', 'routes/assessment/results.tsx', { id: `${area}-results` }),
    route('certificates', 'routes/assessment/certificates.tsx', { id: `${area}-certificates` }),
  ])
const assessmentFiles = (area: string) =>
  prefix(`${area}/classes/:classId`, [
    route('assessment/template.xlsx', 'routes/assessment/template.ts', { id: `${area}-template` }),
    route('certificates.pdf', 'routes/assessment/certificates-file.ts', { id: `${area}-certificates-file` }),
  ])

/** Claims and quotes, in the workspace of the claimant. */
const claims = (area: string) =>
  prefix(area, [
    route('claims', 'routes/subsidy/claims.tsx', { id: `${area}-claims` }),
    route('claims/:id', 'routes/subsidy/claim.tsx', { id: `${area}-claim` }),
    route('claims/:id/slip', 'routes/subsidy/slip.tsx', { id: `${area}-claim-slip` }),
    route('claims/:id/submit', 'routes/subsidy/submission.tsx', { id: `${area}-claim-submission` }),
    route('claims/:id/withdraw', 'routes/subsidy/withdrawal.tsx', { id: `${area}-claim-withdrawal` }),
    route('claims/:id/lines/:line', 'routes/subsidy/line.tsx', { id: `${area}-claim-line` }),
    route('classes/:classId/quote', 'routes/subsidy/quote.tsx', { id: `${area}-quote` }),
  ])

/** Plans, classes and what belongs to them: in the undertaker's own workspace to work on, in the office's to look at. */
const training = (area: string) => {
  const page = (path: string, file: string) =>
    route(path, `routes/training/${file}.tsx`, { id: `${area}-training-${file}` })
  return prefix(area, [
    page('plans/:planId', 'plan'),
    page('plans/:planId/do/:step', 'plan-step'),
    page('classes/:classId', 'class'),
    page('classes/:classId/do/:step', 'class-step'),
    page('classes/:classId/roster', 'roster'),
    page('classes/:classId/sessions', 'sessions'),
    page('classes/:classId/hours', 'hours'),
    page('classes/:classId/hours/:enrolmentId', 'learner-hours'),
    page('sessions/:sessionId', 'session'),
    ...(area === 'office'
      ? []
      : [
          page('', 'home'),
          page('plans', 'plans'),
          page('plans/new', 'plan-new'),
          page('plans/:planId/edit', 'plan-edit'),
          page('classes', 'classes'),
          page('classes/new', 'class-new'),
          page('classes/:classId/edit', 'class-edit'),
          page('classes/:classId/roster/new', 'roster-new'),
          page('classes/:classId/roster/:enrolmentId/withdraw', 'roster-drop'),
          page('classes/:classId/imports/:importId', 'import'),
          page('classes/:classId/sessions/new', 'session-new'),
          page('sessions/:sessionId/edit', 'session-edit'),
          page('sessions/:sessionId/learners/:enrolmentId', 'witness'),
          page('timetable', 'timetable'),
          page('places', 'places'),
          page('places/:kind/:id', 'place'),
        ]),
  ])
}
const importErrors = (area: string) =>
  route(`${area}/classes/:classId/imports/:importId/errors.xlsx`, 'routes/training/import-errors.ts', {
    id: `${area}-import-errors`,
  })
const roomCode = (area: string) =>
  route(`${area}/sessions/:sessionId/code`, 'routes/training/room-code.tsx', { id: `${area}-room-code` })

const workspaces = layout('layouts/workspace.tsx', [
  ...prefix('my', [
    index('routes/my/home.tsx'),
    route('classes/:id', 'routes/my/class.tsx'),
    route('classes/:id/withdraw', 'routes/my/withdraw.tsx'),
    route('record', 'routes/my/learning.tsx'),
    route('packages/:registration/:item', 'routes/my/package.tsx'),
    route('passport', 'routes/my/passport.tsx'),
  ]),
  ...prefix('provider', [
    route('organisation', 'routes/organisation/organisation.tsx', { id: 'provider-organisation' }),
    route('organisation/bank-account', 'routes/organisation/bank-account.tsx', { id: 'provider-bank-account' }),
    route('members', 'routes/organisation/members.tsx', { id: 'provider-members' }),
    route('keys', 'routes/organisation/keys.tsx', { id: 'provider-keys' }),
    route('records', 'routes/organisation/records.tsx', { id: 'provider-records' }),
  ]),
  ...prefix('enterprise', [
    route('organisation', 'routes/organisation/organisation.tsx', { id: 'enterprise-organisation' }),
    route('organisation/bank-account', 'routes/organisation/bank-account.tsx', { id: 'enterprise-bank-account' }),
    route('members', 'routes/organisation/members.tsx', { id: 'enterprise-members' }),
    route('keys', 'routes/organisation/keys.tsx', { id: 'enterprise-keys' }),
    route('records', 'routes/organisation/records.tsx', { id: 'enterprise-records' }),
  ]),
  ...prefix('office', [
    route('access', 'routes/office/access.tsx'),
    route('access/accounts', 'routes/office/accounts.tsx'),
    route('access/accounts/new', 'routes/office/new-account.tsx'),
    route('access/accounts/:id', 'routes/office/account.tsx'),
    route('access/grants/:id', 'routes/office/grant.tsx'),
    route('organisations', 'routes/office/organisations.tsx'),
    route('organisations/new', 'routes/office/new-organisation.tsx'),
    route('organisations/:id', 'routes/office/organisation.tsx'),
    route('organisations/:id/admin', 'routes/office/organisation-admin.tsx'),
    route('organisations/:id/licence', 'routes/office/organisation-licence.tsx'),
    route('groups', 'routes/office/groups.tsx'),
    route('groups/new', 'routes/office/new-membership.tsx'),
    route('groups/import', 'routes/office/group-import.tsx'),
    route('groups/:id', 'routes/office/membership.tsx'),
    route('people', 'routes/office/people.tsx'),
    route('people/names', 'routes/office/name-requests.tsx'),
    route('people/:id', 'routes/office/person.tsx'),
    route('assist', 'routes/office/assist.tsx'),
    index('routes/office/home.tsx'),
    route('plans', 'routes/office/plans.tsx'),
    route('classes', 'routes/office/classes.tsx'),
    route('occupations', 'routes/office/occupations.tsx'),
    route('board', 'routes/office/board.tsx'),
    route('board/:indicator', 'routes/office/board-indicator.tsx'),
    route('board/:indicator/events', 'routes/office/board-events.tsx'),
    route('trail/:id', 'routes/office/event-trail.tsx'),
    route('statistics', 'routes/office/statistics.tsx'),
    route('statistics/:id/withdraw', 'routes/office/statistic-withdraw.tsx'),
    route('settings', 'routes/office/settings.tsx'),
    route('settings/proposals/:id', 'routes/office/proposal.tsx'),
    route('settings/:kind/:key', 'routes/office/setting.tsx'),
    route('reports', 'routes/office/reports.tsx'),
    route('reports/works/:what', 'routes/office/report-work.tsx'),
    route('reports/archive/:id', 'routes/office/report-frozen.tsx'),
    route('reports/:kind/:from', 'routes/office/report-period.tsx'),
    route('records', 'routes/office/records.tsx'),
    route('audit', 'routes/office/audit.tsx'),
    route('audit/:id', 'routes/office/audit-entry.tsx'),
    route('package-attempts', 'routes/office/package-attempts.tsx'),
    route('package-attempts/:id', 'routes/office/package-attempt.tsx'),
    route('feedback', 'routes/office/feedback.tsx'),
    route('feedback/:id', 'routes/office/report.tsx'),
    route('reviews', 'routes/office/reviews.tsx'),
    route('claims/:id', 'routes/office/claim.tsx'),
    route('claims/:id/lines/:line', 'routes/office/claim-line.tsx'),
    route('claims/:id/slip', 'routes/subsidy/slip.tsx', { id: 'office-slip' }),
    route('publicity', 'routes/office/publicity.tsx'),
    route('publicity/:id', 'routes/office/notice.tsx'),
    route('objections', 'routes/office/objections.tsx'),
    route('objections/:id', 'routes/office/objection.tsx'),
    route('payments', 'routes/office/payments.tsx'),
    route('payments/:id', 'routes/office/payment-batch.tsx'),
    route('bank-returns/:id', 'routes/office/bank-return.tsx'),
    route('ledger', 'routes/office/ledger.tsx'),
    route('budget', 'routes/office/budget.tsx'),
    route('recoveries', 'routes/office/recoveries.tsx'),
    route('recoveries/new', 'routes/office/new-recovery.tsx'),
    route('recoveries/:id', 'routes/office/recovery.tsx'),
    route('pass-rates', 'routes/office/pass-rates.tsx'),
    route('pass-rates/:id', 'routes/office/pass-rate.tsx'),
    route('certificates', 'routes/office/certificates.tsx'),
    route('certificates/:id', 'routes/office/certificate.tsx'),
    route('credentials', 'routes/office/credentials.tsx'),
    route('system', 'routes/office/system.tsx'),
    route('datasets', 'routes/office/datasets.tsx'),
    route('datasets/new', 'routes/office/new-dataset.tsx'),
    route('datasets/:id', 'routes/office/dataset.tsx'),
    route('overrides', 'routes/office/overrides.tsx'),
    route('overrides/:id', 'routes/office/override.tsx'),
    route('claims/:id/override', 'routes/office/new-override.tsx'),
  ]),
  ...learningWorkspaces,
  ...['provider', 'enterprise', 'office'].flatMap(assessment),
  ...['provider', 'enterprise', 'office'].flatMap(training),
  ...['provider', 'enterprise'].flatMap(claims),
  ...libraryWorkspaces,
  ...connectWorkspaces,
  ...recognitionWorkspaces,
  ...competitionWorkspaces,
  ...certificationWorkspaces,
  ...exchangeWorkspaces,
  ...standardsWorkspaces,
  route('design/workspace', 'routes/design-workspace.tsx'),
])

/** With next to nothing around it. */
const bare = layout('layouts/bare.tsx', [
  route('s/:sessionId', 'routes/check-in.tsx'),
  roomCode('provider'),
  roomCode('enterprise'),
  ...exchangeBare,
])

/** Answers that are files. */
const files = [
  route('sign-out', 'routes/sign-out.ts'),
  ...learningFiles,
  route('roster-template.xlsx', 'routes/training/roster-template.ts'),
  importErrors('provider'),
  importErrors('enterprise'),
  route('welcome', 'routes/welcome.ts'),
  route('publicity/:id/list.json', 'routes/publicity-file.ts'),
  route('office/objections/:id/letter.pdf', 'routes/office/objection-letter.ts'),
  route('recoveries/:id/letter.pdf', 'routes/subsidy/recovery-letter.ts'),
  route('office/payments/:id/bank-file.csv', 'routes/office/payment-file.ts'),
  route('office/bank-returns/template.xlsx', 'routes/office/bank-return-template.ts'),
  route('funds/table.csv', 'routes/funds-table.ts'),
  route('office/datasets/template/:kind', 'routes/office/dataset-template.ts'),
  route('office/groups/template.xlsx', 'routes/office/group-template.ts'),
  route('office/people/names/:id/proof', 'routes/office/name-proof.ts'),

  route('plan/:indicator/table.csv', 'routes/plan-table.ts'),
  route('office/audit/export', 'routes/office/audit-export.ts'),
  route('my/certificates/:id', 'routes/my/certificate.ts'),
  route('my/certificates/:id/credential.json', 'routes/my/credential.ts', { id: 'credential-json' }),
  route('my/certificates/:id/credential.jwt', 'routes/my/credential.ts', { id: 'credential-jwt' }),
  route('passport/:token/presentation', 'routes/passport-presentation.ts'),
  route('.well-known/did.json', 'routes/credentials/did.ts'),
  route('credentials/issuer', 'routes/credentials/issuer.ts'),
  route('credentials/context/v1', 'routes/credentials/context.ts'),
  route('credentials/status/:list', 'routes/credentials/status.ts'),
  route('credentials/achievements/:kind/:id', 'routes/credentials/achievement.ts'),
  route('credentials/certificates/:code', 'routes/credentials/copy.ts'),
  route('my/record.pdf', 'routes/my/record.ts'),
  route('certificates/:id', 'routes/my/certificate.ts', { id: 'certificate-file' }),
  ...['provider', 'enterprise', 'office'].flatMap(assessmentFiles),
  ...libraryFiles,
  ...connectFiles,
  ...recognitionFiles,
  ...competitionFiles,
  ...certificationFiles,
  ...exchangeFiles,
  ...standardsFiles,
]

/** Last: every other address, and what is not there. */
const nowhere = layout('layouts/portal.tsx', { id: 'nowhere' }, [route('*', 'routes/not-found.tsx')])

export default [portal, workspaces, bare, ...files, nowhere] satisfies RouteConfig
