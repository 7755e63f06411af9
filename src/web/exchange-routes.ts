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
  route('office/sharing', 'routes/exchange/office.tsx'),
]
/** A phone in a room, and the wall of the room. */
export const exchangeBare: RouteConfigEntry[] = [
  route('sharing/:id/sign-in', 'routes/exchange/sign-in.tsx'),
  route('sharing/:id/code', 'routes/exchange/code.tsx'),
]
export const exchangeFiles: RouteConfigEntry[] = [
  route('sharing/:id/list.pdf', 'routes/exchange/blank-sheet.ts'),
  route('sharing/sheets/:id', 'routes/exchange/sheet.ts'),
  route('office/sharing/year.xlsx', 'routes/exchange/year.ts'),
]
