import { type RouteConfigEntry, route } from '@react-router/dev/routes'

/** Pages of titles and appointments, by the layout they stand in. */
export const recognitionPortal: RouteConfigEntry[] = [
  route('titles', 'routes/recognition/titles.tsx'),
  route('titles/calls/:id', 'routes/recognition/call.tsx'),
  route('titles/publicity/:id', 'routes/recognition/list.tsx'),
  route('titles/objections/:rowId', 'routes/recognition/objection.tsx'),
  route('titles/answer', 'routes/recognition/answer.tsx'),
  route('titles/register', 'routes/recognition/register.tsx'),
  route('titles/register/:number', 'routes/recognition/holder.tsx'),
]

const own = (area: string): RouteConfigEntry[] => {
  const page = (path: string, file: string) =>
    route(`${area}/titles${path}`, `routes/recognition/${file}.tsx`, { id: `${area}-titles-${file}` })
  return [page('', 'own'), page('/calls/:callId', 'start'), page('/applications/:id', 'application')]
}

const desk = (path: string, file: string) => route(`office/titles${path}`, `routes/recognition/office/${file}.tsx`)
export const recognitionWorkspaces: RouteConfigEntry[] = [
  ...own('provider'),
  ...own('enterprise'),
  ...own('my'),
  route('my/titles/cards/:id', 'routes/recognition/card.tsx'),
  desk('', 'desk'),
  desk('/calls', 'calls'),
  desk('/calls/new', 'call-new'),
  desk('/calls/:id', 'call'),
  desk('/applications/:id', 'application'),
  desk('/panels/:id', 'panel'),
  desk('/experts', 'experts'),
  desk('/objections', 'objections'),
  desk('/objections/:id', 'objection'),
  desk('/holders', 'holders'),
  desk('/holders/:id', 'holder'),
  desk('/visits/:id', 'visit'),
  desk('/schemes', 'schemes'),
  desk('/schemes/:code', 'scheme'),
  desk('/schemes/:code/parts/:part', 'scheme-part'),
  desk('/scoring', 'scoring'),
  desk('/scoring/:id', 'scoring-panel'),
  desk('/sheets/:id', 'sheet'),
]

const keep = (area: string) =>
  route(`${area}/titles/applications/:id/keep`, 'routes/recognition/keep.ts', { id: `${area}-titles-keep` })

export const recognitionFiles: RouteConfigEntry[] = [
  keep('provider'),
  keep('enterprise'),
  keep('my'),
  route('titles/materials/:id', 'routes/recognition/material.ts'),
  route('titles/letters/:id', 'routes/recognition/letter.ts'),
  route('titles/notices/:id', 'routes/recognition/notice.ts'),
  route('office/titles/visits/:id/send', 'routes/recognition/office/visit-send.ts'),
  route('titles/visit-files/:id', 'routes/recognition/visit-file.ts'),
  route('titles/referrals/:id', 'routes/recognition/referral.ts'),
  route('office/titles/scoring/:id/blank', 'routes/recognition/office/blank-sheet.ts'),
  route('office/titles/schemes/:code/file', 'routes/recognition/office/scheme-file.ts'),
]
