import { type RouteConfigEntry, route } from '@react-router/dev/routes'

/** Pages of mentors' hours and open seats, by the layout they stand in. */
export const exchangePortal: RouteConfigEntry[] = [route('sharing', 'routes/exchange/public.tsx')]

const own = (area: string): RouteConfigEntry[] => [
  route(`${area}/sharing`, 'routes/exchange/firm.tsx', { id: `${area}-sharing` }),
  route(`${area}/open-seats`, 'routes/exchange/centre.tsx', { id: `${area}-open-seats` }),
]
export const exchangeWorkspaces: RouteConfigEntry[] = [
  ...own('provider'),
  ...own('enterprise'),
  route('my/mentoring', 'routes/exchange/mentor.tsx'),
  route('my/sharing/:id', 'routes/exchange/sign-in.tsx'),
  route('office/sharing', 'routes/exchange/office.tsx'),
]
