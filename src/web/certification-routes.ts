import { type RouteConfigEntry, route } from '@react-router/dev/routes'

/** Pages of assessment organisations and their batches, by the layout they stand in. */
export const certificationPortal: RouteConfigEntry[] = [
  route('assessors', 'routes/certification/assessors.tsx'),
  route('assessors/results/:id', 'routes/certification/results.tsx'),
  route('assessors/results/:id/objection/:seq', 'routes/certification/objection.tsx'),
  route('assessors/answer', 'routes/certification/answer.tsx'),
]

const page = (area: string, path: string, file: string) =>
  route(`${area}/${path}`, `routes/certification/${file}.tsx`, { id: `${area}-certification-${file}` })
const own = (area: string): RouteConfigEntry[] => [
  page(area, 'assessment-batches', 'batches'),
  page(area, 'assessment-batches/:id', 'batch'),
  page(area, 'assessment-batches/:id/marks', 'marks'),
  page(area, 'assessor', 'assessor'),
]
export const certificationWorkspaces: RouteConfigEntry[] = [
  ...own('provider'),
  ...own('enterprise'),
  page('office', 'assessors', 'office'),
  page('office', 'assessors/objections', 'office-objections'),
  page('office', 'assessors/objections/:id', 'office-objection'),
  page('office', 'assessors/:id', 'assessor'),
  page('office', 'assessment-batches/:id', 'batch'),
]

const template = (area: string) =>
  route(`${area}/assessment-batches/:id/template.xlsx`, 'routes/certification/template.ts', {
    id: `${area}-certification-template`,
  })
export const certificationFiles: RouteConfigEntry[] = [
  template('provider'),
  template('enterprise'),
  route('level-certificates/:id', 'routes/certification/certificate.ts'),
]
