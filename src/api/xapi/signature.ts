import { verify, X509Certificate } from 'node:crypto'
import { sameAsSigned } from '#modules/records/compare.rules.ts'
import type { NewFile } from '#modules/records/statement.commands.ts'
import { checkStatement } from '#modules/records/statement.rules.ts'
import { type Statement, signatureUsage, type Version, wrong } from '#modules/records/statement.schema.ts'

const algorithms: Record<string, string> = { RS256: 'sha256', RS384: 'sha384', RS512: 'sha512' }

/**
 * A signature is a JSON Web Signature whose payload is the statement; when it brings the certificate, it is checked against
 * it. xAPI Data 2.6.
 */
export function checkSignatures(statement: Statement, files: readonly NewFile[], version: Version): void {
  for (const [i, one] of (statement.attachments ?? []).entries()) {
    if (one.usageType !== signatureUsage) continue
    const path = `attachments[${i}]`
    if (!/^application\/octet-stream\s*(;|$)/i.test(one.contentType))
      wrong(`${path}.contentType`, 'of a signature must be application/octet-stream')
    const file = files.find(({ sha2 }) => sha2 === one.sha2.toLowerCase())
    if (!file) wrong(path, 'a signature must be sent with its statement')
    checkJws(Buffer.from(file.content).toString('latin1').trim(), statement, path, version)
  }
}

function checkJws(text: string, statement: Statement, path: string, version: Version): void {
  const [head = '', payload = '', signature = '', ...rest] = text.split('.')
  if (rest.length > 0 || ![head, payload, signature].every((part) => /^[\w-]+$/.test(part)))
    wrong(path, 'is not a JWS in compact form')
  const header = jsonOf(head, path) as { alg?: unknown; x5c?: unknown }
  const algorithm = algorithms[String(header?.alg)]
  if (!algorithm) wrong(path, 'must be signed with RS256, RS384 or RS512')
  if (!sameAsSigned(signedOf(payload, path, version), statement)) wrong(path, 'its payload is another statement')
  if (header.x5c === undefined) return
  const [certificate] = Array.isArray(header.x5c) ? (header.x5c as unknown[]) : []
  let genuine = false
  try {
    const { publicKey } = new X509Certificate(Buffer.from(String(certificate), 'base64'))
    genuine = verify(algorithm, Buffer.from(`${head}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))
  } catch {
    wrong(path, 'its certificate cannot be read')
  }
  if (!genuine) wrong(path, 'its signature does not fit its certificate')
}

function signedOf(payload: string, path: string, version: Version): Statement {
  try {
    return checkStatement(jsonOf(payload, path), version)
  } catch {
    return wrong(path, 'its payload is not a statement')
  }
}

function jsonOf(part: string, path: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return wrong(path, 'holds no JSON')
  }
}
