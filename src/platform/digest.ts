import { createHash } from 'node:crypto'

/** SHA-256 in hex of a text or file, as anybody can compute it again with `sha256sum`. */
export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')
