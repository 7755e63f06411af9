/** How somebody wants to see the pages. Kept in a cookie, so that it works without script and without signing in. */
export type Preferences = { size: 'normal' | 'large'; contrast: 'normal' | 'more' }

const name = 'display'

export function readPreferences(request: Request): Preferences {
  const stored = request.headers.get('cookie')?.match(/(?:^|;\s*)display=([a-z.]*)/)?.[1] ?? ''
  return {
    size: stored.includes('large') ? 'large' : 'normal',
    contrast: stored.includes('more') ? 'more' : 'normal',
  }
}

export function preferencesCookie(wanted: Preferences): string {
  const value = [wanted.size, wanted.contrast].filter((word) => word !== 'normal').join('.')
  const age = value ? 31_536_000 : 0
  return `${name}=${value}; Path=/; Max-Age=${age}; SameSite=Lax; HttpOnly`
}
