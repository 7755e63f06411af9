import { type SessionDeps, sessionCookie } from '#platform/session.ts'

/** Only the cookies of a library's answer; its other headers are not ours to repeat. */
export function onlyCookies(from: Headers): Headers {
  const headers = new Headers()
  for (const cookie of from.getSetCookie()) headers.append('set-cookie', cookie)
  return headers
}

/** The cookies after a sign-in step: the library's, and ours when the session got another token. */
export function sessionHeaders(sessions: SessionDeps, signedIn: { headers: Headers; token?: string }): Headers {
  const headers = onlyCookies(signedIn.headers)
  if (signedIn.token) headers.append('set-cookie', sessionCookie(sessions, signedIn.token))
  return headers
}

/** What the sign-in library may know of a request: its cookies, its browser, and the address we believe. */
export function headersFor(request: Request, address: string): Headers {
  const headers = new Headers()
  for (const name of ['cookie', 'user-agent']) {
    const value = request.headers.get(name)
    if (value) headers.set(name, value)
  }
  if (address) headers.set('x-forwarded-for', address)
  return headers
}
