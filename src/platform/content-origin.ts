type ContentConfig = { contentUrl: string | undefined; contentPort: number }

/**
 * Where the lessons of a package run. With a `*` in `CONTENT_URL` every package has a host of its own, so that browsers
 * keep their storage apart. Cookies know hosts, not ports: on one machine `localhost` and `127.0.0.1` are two hosts, so a
 * site asked for under one name shows its lessons under the other.
 */
export function contentOrigin(config: ContentConfig, address: string, packageId: string): string {
  return contentSource(config, address).replace('*', hostLabel(packageId))
}

/** What frames of the site may show, as a source of a content policy: one origin, or all hosts under one domain. */
export function contentSource(config: ContentConfig, address: string): string {
  // not `origin` of a URL: the star must stay
  if (config.contentUrl) return /^[a-z]+:\/\/[^/]+/i.exec(config.contentUrl)?.[0] ?? ''
  const { protocol, hostname } = new URL(address)
  return `${protocol}//${other[hostname] ?? hostname}:${config.contentPort}`
}

/** Whether every package has a host of its own. */
export const keptApart = (config: Pick<ContentConfig, 'contentUrl'>): boolean =>
  config.contentUrl?.includes('*') ?? false

/** What of the lessons' address is weak in a public installation, for whoever starts it. */
export function weakContent(config: Pick<ContentConfig, 'contentUrl'> & { publicUrl: string | undefined }): string[] {
  if (!config.publicUrl) return []
  if (!config.contentUrl) {
    return ['CONTENT_URL is not set: lessons of strangers run on the host of the site itself, only the port differs.']
  }
  const weak: string[] = []
  if (!keptApart(config)) {
    weak.push(
      'CONTENT_URL has no *: all packages share one origin. Whoever has a package open is refused one of another organisation.',
    )
  }
  const host = new URL(config.contentUrl.replace('*.', '')).hostname
  const site = new URL(config.publicUrl).hostname
  if (host === site || host.endsWith(`.${site}`) || site.endsWith(`.${host}`)) {
    weak.push('CONTENT_URL shares a domain with PUBLIC_URL: a lesson could set cookies for the site.')
  }
  return weak
}

/** Whether an address is one where this package's lessons run; always, where all share one origin. */
export function runsHere(config: ContentConfig, address: string, packageId: string): boolean {
  if (!keptApart(config)) return true
  const wanted = new URL(contentOrigin(config, address, packageId)).hostname
  return new URL(address).hostname === wanted
}

const hostLabel = (packageId: string) => `p${packageId.replaceAll('-', '').toLowerCase()}`

const other: Record<string, string> = { localhost: '127.0.0.1', '127.0.0.1': 'localhost', '[::1]': '127.0.0.1' }

/** The site as lessons may be shown by it: the same host and its other name, at the site's own port. */
export function siteOrigins(config: { publicUrl: string | undefined; port: number }, address: string): string[] {
  if (config.publicUrl) return [new URL(config.publicUrl).origin]
  const { protocol, hostname } = new URL(address)
  return [...new Set([hostname, other[hostname] ?? hostname])].map((host) => `${protocol}//${host}:${config.port}`)
}
