import { type RouteConfigEntry, route } from '@react-router/dev/routes'

/** Pages of skills competitions, by the layout they stand in. */
export const competitionPortal: RouteConfigEntry[] = [
  route('competitions', 'routes/competition/competitions.tsx'),
  route('competitions/answer', 'routes/competition/answer.tsx'),
  route('competitions/awards', 'routes/competition/award.tsx'),
  route('competitions/lists/:id', 'routes/competition/list.tsx'),
  route('competitions/objections/:rowId', 'routes/competition/objection.tsx'),
  route('competitions/:id', 'routes/competition/event.tsx'),
  route('competitions/:id/board', 'routes/competition/board.tsx'),
]

const own = (area: string): RouteConfigEntry[] => {
  const page = (path: string, file: string) =>
    route(`${area}/competitions${path}`, `routes/competition/${file}.tsx`, { id: `${area}-competitions-${file}` })
  const hosting = [page('/new', 'new'), page('/hosted/:id', 'host'), page('/rounds/:id', 'round')]
  return [
    page('', 'own'),
    page('/enter/:id', 'enter'),
    page('/entries/:id', 'entry'),
    ...(area === 'my' ? [] : hosting),
  ]
}

const desk = (path: string, file: string) =>
  route(`office/competitions${path}`, `routes/competition/office/${file}.tsx`, { id: `office-competitions-${file}` })
export const competitionWorkspaces: RouteConfigEntry[] = [
  ...own('provider'),
  ...own('enterprise'),
  ...own('my'),
  desk('', 'desk'),
  desk('/judging', 'judging'),
  desk('/judging/:id', 'judging-round'),
  desk('/objections', 'objections'),
  desk('/objections/:id', 'objection'),
  desk('/counts', 'counts'),
  route('office/competitions/rounds/:id', 'routes/competition/round.tsx', { id: 'office-competitions-round' }),
  desk('/:id', 'event'),
]

export const competitionFiles: RouteConfigEntry[] = [
  route('competitions/certificates/:id', 'routes/competition/certificate.ts'),
  route('competitions/rounds/:id/template.xlsx', 'routes/competition/template.ts'),
]
