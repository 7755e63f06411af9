import { type RouteConfigEntry, route } from '@react-router/dev/routes'

/** Pages of skill standards, by the layout they stand in. */
export const standardsPortal: RouteConfigEntry[] = [
  route('standards', 'routes/standards/public.tsx'),
  route('standards/answer', 'routes/standards/answer.tsx'),
  route('standards/:id', 'routes/standards/standard.tsx'),
]
const page = (area: string, path: string, file: string) =>
  route(`${area}/standards${path}`, `routes/standards/${file}.tsx`, { id: `${area}-standards-${file}` })
export const standardsWorkspaces: RouteConfigEntry[] = [
  ...['provider', 'enterprise'].flatMap((area) => [page(area, '', 'own'), page(area, '/:id', 'version')]),
  page('office', '', 'office'),
  page('office', '/:id', 'version'),
]
export const standardsFiles: RouteConfigEntry[] = [route('standards/:id/paper', 'routes/standards/paper.ts')]
