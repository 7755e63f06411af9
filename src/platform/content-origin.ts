/**
 * Where uploaded lessons run. Cookies know hosts, not ports: on one machine `localhost` and `127.0.0.1` are two hosts, so
 * a site asked for under one name shows its lessons under the other.
 */
export function contentOrigin(
  config: { contentUrl: string | undefined; contentPort: number },
  address: string,
): string {
  if (config.contentUrl) return new URL(config.contentUrl).origin
  const { protocol, hostname } = new URL(address)
  return `${protocol}//${other[hostname] ?? hostname}:${config.contentPort}`
}

const other: Record<string, string> = { localhost: '127.0.0.1', '127.0.0.1': 'localhost', '[::1]': '127.0.0.1' }

/** The site as lessons may be shown by it: the same host and its other name, at the site's own port. */
export function siteOrigins(config: { publicUrl: string | undefined; port: number }, address: string): string[] {
  if (config.publicUrl) return [new URL(config.publicUrl).origin]
  const { protocol, hostname } = new URL(address)
  return [...new Set([hostname, other[hostname] ?? hostname])].map((host) => `${protocol}//${host}:${config.port}`)
}
