const part = encodeURIComponent

export type RegistrationKind = 'tools' | 'platforms' | 'sign-ins'

/** Addresses of what connects us with other platforms. The machines' own are under `/lti` (`src/api/lti`). */
export const connectPaths = {
  /** An organisation's registrations, in its workspace. */
  connections: (area: string) => `/${area}/connect`,
  newTool: (area: string) => `/${area}/connect/tools/new`,
  newPlatform: (area: string) => `/${area}/connect/platforms/new`,
  newSignIn: (area: string) => `/${area}/connect/sign-in/new`,
  officeConnect: () => '/office/connect',
  officeRegistration: (kind: RegistrationKind, id: string) => `/office/connect/${kind}/${part(id)}`,

  /** Tools in a course. */
  courseTools: (area: string, course: string) => `/${area}/library/courses/${part(course)}/tools`,
  addTool: (area: string, course: string, tool: string) =>
    `/${area}/library/courses/${part(course)}/tools/${part(tool)}`,
  pickedItems: (area: string, course: string, launch: string) =>
    `/${area}/library/courses/${part(course)}/picked/${part(launch)}`,
  toolLesson: (registration: string, item: string) => `/my/courses/${part(registration)}/tools/${part(item)}`,
  toolGo: (token: string) => `/lti/go/${part(token)}`,

  /** Coming from a school's platform. */
  arrive: (code: string) => `/connect/arrive/${part(code)}`,
  pickCourses: (code: string, q?: string) => `/connect/pick/${part(code)}${q ? `?${new URLSearchParams({ q })}` : ''}`,
  sendPicked: (code: string) => `/lti/pick/${part(code)}`,

  accountLinks: () => '/account/links',
  partnerSignIn: (next?: string) =>
    `/sign-in/organisation${next && next !== '/' ? `?${new URLSearchParams({ next })}` : ''}`,
  partnerCallback: () => '/sign-in/organisation/callback',

  importCartridge: (area: string) => `/${area}/library/cartridge`,
  courseCartridge: (area: string, course: string) => `/${area}/library/courses/${part(course)}/course.imscc`,
} as const
