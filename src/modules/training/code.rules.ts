import { allow, type Decision, refuse } from '#policy/decision.ts'

/** Letters that are not mistaken for one another on a screen at the end of a room. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const LENGTH = 8
/** How far back a code is recognised, only to tell its holder how late it is. */
const REMEMBERED = 40

/** Keyed digest of a text in base64url; the key never leaves the installation. */
export type Keyed = (text: string) => string
export type Rotation = { seconds: number; graceSeconds: number }

/** Number of the window an instant falls into. */
export const windowAt = (at: Date, { seconds }: Rotation): number => Math.floor(at.getTime() / 1000 / seconds)

/** The room code of one window: eight letters, the same on the wall, in the QR code and on paper. */
export function codeOf(keyed: Keyed, window: number): string {
  const digest = keyed(String(window))
  let code = ''
  for (const letter of digest.slice(0, LENGTH)) code += ALPHABET[BASE64URL.indexOf(letter) % 32]
  return code
}

export const codeAt = (keyed: Keyed, at: Date, rotation: Rotation): string => codeOf(keyed, windowAt(at, rotation))

/** Whole seconds until the code on the wall changes. */
export const secondsLeft = (at: Date, { seconds }: Rotation): number =>
  seconds - (Math.floor(at.getTime() / 1000) % seconds)

/** As typed: lower case, dashes, and the letters people write for digits. */
export const readCode = (typed: string): string =>
  typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')

/**
 * Whether a code is the one on the wall, or was until the grace seconds ran out. A late one is told how late.
 * @clause R03
 */
export function checkCode(keyed: Keyed, typed: string, at: Date, rotation: Rotation): Decision<null> {
  const code = readCode(typed)
  if (code.length !== LENGTH) return refuse('R03', 'code-wrong')
  const now = windowAt(at, rotation)
  for (let window = now; window > now - REMEMBERED; window--) {
    if (codeOf(keyed, window) !== code) continue
    const late = Math.floor(at.getTime() / 1000) - (window + 1) * rotation.seconds
    return late <= rotation.graceSeconds ? allow(null) : refuse('R03', 'code-stale', { seconds: late })
  }
  return refuse('R03', 'code-wrong')
}

/** Proof that somebody read the right code at an instant: `instant.digest`, good for one device. */
export function holdFor(keyed: Keyed, device: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000)
  return `${seconds}.${keyed(`hold:${seconds}:${device}`).slice(0, 32)}`
}

/**
 * Lets somebody finish who read the code in time and was slow to sign in. The instant of the reading comes back.
 * @clause R03
 */
export function checkHold(keyed: Keyed, hold: string, device: string, at: Date, holdMinutes: number): Decision<Date> {
  const seconds = Number(/^(\d{9,11})\./.exec(hold)?.[1] ?? Number.NaN)
  const read = new Date(seconds * 1000)
  if (device === '' || Number.isNaN(seconds) || holdFor(keyed, device, read) !== hold)
    return refuse('R03', 'code-wrong')
  const late = Math.floor((at.getTime() - read.getTime()) / 1000)
  return late >= 0 && late <= holdMinutes * 60 ? allow(read) : refuse('R03', 'code-stale', { seconds: late })
}
