/** A signed answer for programs of anywhere: its media type, and no name of anybody in it. */
export const publicAnswer = (body: string | object, mediaType: string, seconds: number): Response =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    headers: { 'content-type': mediaType, 'cache-control': `public, max-age=${seconds}`, vary: 'accept' },
  })

/** Whether the caller asks for the JWT: the type is named and not outweighed by the other one before it. */
export function wantsJwt(request: Request): boolean {
  const accept = request.headers.get('accept') ?? ''
  const at = (type: string) => accept.search(new RegExp(`${type.replace('+', '\\+')}\\s*(?:[,;]|$)`))
  const jwt = Math.max(at('application/vc+jwt'), at('application/jwt'))
  const json = at('application/vc')
  return jwt >= 0 && (json < 0 || jwt < json)
}
