/**
 * HMAC-SHA-256 (FIPS 180-4, RFC 2104) that answers at once: a lesson may be gone before WebCrypto has answered. With it a
 * frame knows its own reports again when it finds them in a store that other lessons share.
 */
const fraction = (root: number) => ((root - Math.floor(root)) * 2 ** 32) | 0
const primes = (count: number): number[] => {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n)
  return found
}
const rounds = primes(64).map((p) => fraction(Math.cbrt(p)))
const start = primes(8).map((p) => fraction(Math.sqrt(p)))
const turned = (word: number, by: number) => (word >>> by) | (word << (32 - by))

function sha256(bytes: Uint8Array): Uint8Array {
  const padded = new DataView(new ArrayBuffer(((bytes.length + 72) >> 6) << 6))
  new Uint8Array(padded.buffer).set(bytes)
  padded.setUint8(bytes.length, 0x80)
  padded.setUint32(padded.byteLength - 8, Math.floor(bytes.length / 2 ** 29))
  padded.setUint32(padded.byteLength - 4, bytes.length << 3)
  const hash = Int32Array.from(start)
  const w = new Int32Array(64)
  const at = (list: Int32Array | number[], i: number) => list[i] as number
  for (let block = 0; block < padded.byteLength; block += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) w[i] = padded.getInt32(block + i * 4)
      else {
        const [x, y] = [at(w, i - 15), at(w, i - 2)]
        const low = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3)
        const high = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10)
        w[i] = at(w, i - 16) + low + at(w, i - 7) + high
      }
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
    for (let i = 0; i < 64; i++) {
      const choice = (e & f) ^ (~e & g)
      const one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + choice + at(rounds, i) + at(w, i)
      const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0]
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) hash[i] = at(hash, i) + word
  }
  const out = new DataView(new ArrayBuffer(32))
  for (const [i, word] of hash.entries()) out.setInt32(i * 4, word)
  return new Uint8Array(out.buffer)
}

const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]))

/** The seal of a text under a key, as hexadecimal digits. */
export function sealOf(key: string, text: string): string {
  const coder = new TextEncoder()
  const given = coder.encode(key)
  const block = new Uint8Array(64)
  block.set(given.length > 64 ? sha256(given) : given)
  const inner = sha256(
    joined(
      block.map((byte) => byte ^ 0x36),
      coder.encode(text),
    ),
  )
  const outer = sha256(
    joined(
      block.map((byte) => byte ^ 0x5c),
      inner,
    ),
  )
  return Array.from(outer, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
