import { fromBase64url } from './encoding.rules.ts'

/** Places of one list: 16 kB, the least that the specification allows, so that one credential hides among many. */
export const placesPerList = 131_072

/** The place of the n-th credential of a list, counted from 0. Odd multiplier: every place comes once. */
export const placeOf = (list: { multiplier: number; shift: number }, dealt: number): number =>
  Number((BigInt(list.multiplier) * BigInt(dealt) + BigInt(list.shift)) % BigInt(placesPerList))

/** The bitstring: place 0 is the left-most bit of the first byte (Bitstring Status List 1.0, 3.4). */
export function bitstring(places: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(placesPerList / 8)
  for (const place of places) bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (0x80 >> (place & 7))
  return bytes
}

const largest = 8 * 1024 * 1024

/** Whether the bit of a place is set in an `encodedList` (`u`, base64url, gzip). Throws when it is none or too short. */
export async function isSet(encodedList: string, place: number): Promise<boolean> {
  if (!encodedList.startsWith('u')) throw new RangeError('an encoded list begins with u')
  const bytes = await gunzip(fromBase64url(encodedList.slice(1)))
  if (bytes.length * 8 < placesPerList) throw new RangeError('a list of less than 16 kB')
  const byte = bytes[place >> 3]
  if (!Number.isInteger(place) || place < 0 || byte === undefined) throw new RangeError('no such place in the list')
  return (byte & (0x80 >> (place & 7))) !== 0
}

async function gunzip(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  const reader = stream.getReader()
  const parts: Uint8Array[] = []
  let size = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length
    if (size > largest) throw new RangeError('a list that unpacks to too much')
    parts.push(next.value)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
