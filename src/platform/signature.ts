import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'

/** A key pair of Ed25519: the public half as its 32 bytes, the private half as PKCS #8 in base64, to be sealed at once. */
export type SigningKey = { publicBytes: Uint8Array; privateText: string }

export function newSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    publicBytes: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)),
    privateText: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
  }
}

/** The 64 bytes of an Ed25519 signature (RFC 8032). The same key and bytes always give the same signature. */
export function signBytes(privateText: string, bytes: Uint8Array): Uint8Array {
  const key = createPrivateKey({ key: Buffer.from(privateText, 'base64'), format: 'der', type: 'pkcs8' })
  return new Uint8Array(sign(null, bytes, key))
}
