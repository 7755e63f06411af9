/** Every address that pages link to. A page that moves is changed here and in `routes.ts`, nowhere else. */
const query = (values: Record<string, string | undefined>) => {
  const given = Object.entries(values).filter((entry): entry is [string, string] => !!entry[1])
  return given.length > 0 ? `?${new URLSearchParams(given)}` : ''
}
const part = encodeURIComponent

export const paths = {
  home: () => '/',
  search: (q?: string) => `/search${query({ q })}`,

  classes: (filter: { occupation?: string; subdistrict?: string } = {}) => `/classes${query(filter)}`,
  class: (id: string) => `/classes/${part(id)}`,
  courses: () => '/courses',
  calculator: () => '/calculator',
  policies: () => '/policies',
  clause: (id: string) => `/policies/${part(id)}`,
  publicity: () => '/publicity',
  notice: (id: string) => `/publicity/${part(id)}`,
  verifyCertificate: (number?: string) => `/certificates${query({ number })}`,
  figures: () => '/figures',
  figure: (id: string) => `/figures/${part(id)}`,
  providers: () => '/providers',
  reportProblem: () => '/report-problem',

  signIn: (next?: string) => `/sign-in${query({ next: next === '/' ? undefined : next })}`,
  signOut: () => '/sign-out',
  preferences: (change: { size?: 'large' | 'normal'; contrast?: 'more' | 'normal'; next?: string } = {}) =>
    `/preferences${query(change)}`,
  accessibility: () => '/accessibility',
  design: () => '/design',

  my: () => '/my',
  provider: () => '/provider',
  enterprise: () => '/enterprise',
  office: () => '/office',
} as const

/** Only an address of our own: `/a?b` yes, `//elsewhere`, `/\elsewhere` and `https://elsewhere` no. */
export function localPath(next: string | null | undefined, otherwise = '/'): string {
  if (!next?.startsWith('/')) return otherwise
  const url = new URL(next, 'http://here.invalid')
  return url.host === 'here.invalid' && !url.pathname.startsWith('//') ? url.pathname + url.search : otherwise
}

/** An address that, when reached, says what was just done; the sentences are in `done.ts`. */
export function done(path: string, code: string): string {
  const url = new URL(path, 'http://here.invalid')
  url.searchParams.set('done', code)
  return url.pathname + url.search + url.hash
}
