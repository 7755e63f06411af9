import { type RouteConfigEntry, route } from '@react-router/dev/routes'

/** Pages of connecting with other platforms, by the layout they stand in. */
export const connectPortal: RouteConfigEntry[] = [
  route('connect/arrive/:code', 'routes/connect/arrive.tsx'),
  route('connect/pick/:code', 'routes/connect/pick.tsx'),
  route('account/links', 'routes/connect/account-links.tsx'),
  route('sign-in/organisation', 'routes/connect/partner-sign-in.tsx'),
]

const own = (area: string): RouteConfigEntry[] => {
  const page = (path: string, file: string) =>
    route(`${area}/${path}`, `routes/connect/${file}.tsx`, { id: `${area}-connect-${file}` })
  return [
    page('connect', 'registrations'),
    page('connect/tools/new', 'tool-new'),
    page('connect/platforms/new', 'platform-new'),
    page('connect/sign-in/new', 'sign-in-new'),
    page('library/cartridge', 'cartridge-import'),
    page('library/courses/:courseId/tools', 'course-tools'),
    page('library/courses/:courseId/tools/:toolId', 'course-tool-new'),
    page('library/courses/:courseId/picked/:launchId', 'picked'),
  ]
}

export const connectWorkspaces: RouteConfigEntry[] = [
  ...own('provider'),
  ...own('enterprise'),
  route('office/connect', 'routes/connect/office.tsx'),
  route('office/connect/tools/new', 'routes/connect/tool-new.tsx', { id: 'office-connect-tool-new' }),
  route('office/connect/:kind/:id', 'routes/connect/office-registration.tsx'),
  route('my/courses/:registrationId/tools/:itemId', 'routes/connect/lesson.tsx'),
]

export const connectFiles: RouteConfigEntry[] = [
  ...['provider', 'enterprise'].map((area) =>
    route(`${area}/library/courses/:courseId/course.imscc`, 'routes/connect/cartridge-file.ts', {
      id: `${area}-cartridge`,
    }),
  ),
  route('connect/picked/:launchId', 'routes/connect/picked-back.ts'),
  route('sign-in/organisation/callback', 'routes/connect/partner-callback.ts'),
]
