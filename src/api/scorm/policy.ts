/**
 * What pages of the content origin may do. Sources carry paths, so that even with a stolen token a lesson asks nobody but
 * its own package: neither the lesson itself nor, through it, the frame around it.
 */
export type Place = {
  /** Host and port that the lesson is served under. */
  host: string
  token: string
  /** Origins of the site: only they may show a frame of ours. */
  sites: readonly string[]
}

const own = ({ host, token }: Place) => `${host}/p/${token}/`

/** The page around a lesson: our script, our style, the lesson's frame, the place for its reports. */
export const framePolicy = (place: Place, abroad: string | null): string =>
  [
    ...["default-src 'none'", `script-src ${place.host}/frame/`, `style-src ${place.host}/style.css`],
    `connect-src ${place.host}/report/${place.token}`,
    `frame-src ${own(place)} ${place.host}/left${abroad ? ` ${abroad}` : ''}`,
    `media-src ${own(place)}`,
    ...["base-uri 'none'", "form-action 'none'", `frame-ancestors ${place.sites.join(' ')}`],
  ].join('; ')

/** A lesson may run its own scripts and read its own package; an AU of cmi5 may speak to its record store besides. */
export const lessonPolicy = (place: Place): string =>
  [
    `default-src ${own(place)} data: blob: 'unsafe-inline' 'unsafe-eval'`,
    `connect-src ${own(place)} ${place.host}/cmi5/ data: blob:`,
    `frame-src ${own(place)} data: blob:`,
    `object-src ${own(place)}`,
    `base-uri ${own(place)}`,
    `form-action ${own(place)}`,
    `worker-src ${own(place)} blob:`,
    `frame-ancestors 'self' ${place.sites.join(' ')}`,
  ].join('; ')

export const messagePolicy = (sites: readonly string[]): string =>
  `default-src 'none'; style-src 'self'; frame-ancestors 'self' ${sites.join(' ')}`
