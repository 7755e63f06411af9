import { checkActivity } from './activity.rules.ts'
import { checkActor, checkAgent, checkAuthority, checkGroup } from './actor.rules.ts'
import { checkContext, checkRef, checkResult } from './context.rules.ts'
import { type Json, type Statement, type Version, voided, wrong } from './statement.schema.ts'
import {
  arrayOf,
  iriOf,
  isSha2,
  languageMapOf,
  mediaType,
  numberOf,
  objectOf,
  textOf,
  timestampOf,
  uuidOf,
} from './value.rules.ts'

const subKeys = new Set(['objectType', 'actor', 'verb', 'object', 'result', 'context', 'timestamp', 'attachments'])
const statementKeys = new Set([
  ...['id', 'actor', 'verb', 'object', 'result', 'context', 'timestamp', 'stored', 'authority', 'version'],
  'attachments',
])
const verbKeys = new Set(['id', 'display'])
const attachmentKeys = new Set([...['usageType', 'display', 'description', 'contentType', 'length', 'sha2', 'fileUrl']])
const versions: Record<Version, RegExp> = { '1.0.3': /^1\.0(\.\d+)?$/, '2.0.0': /^(1\.0|2\.0)\.\d+$/ }

/**
 * Every rule that the standard has for the form of one statement. Makes single context activities lists and, in version 2,
 * puts timestamps into UTC. Throws `Wrong`.
 * xAPI Data 2.2.
 */
export function checkStatement(value: unknown, version: Version, path = ''): Statement {
  const statement = objectOf(value, path, statementKeys)
  const at = path ? `${path}.` : ''
  if (statement.id !== undefined) uuidOf(statement.id, `${at}id`)
  checkCore(statement, at, version, true)
  if (statement.stored !== undefined) timestampOf(statement.stored, `${at}stored`, version)
  if (statement.authority !== undefined) checkAuthority(statement.authority, `${at}authority`)
  if (statement.version !== undefined && !versions[version].test(textOf(statement.version, `${at}version`)))
    wrong(`${at}version`, 'is not a version that is spoken here')
  return statement as unknown as Statement
}

function checkCore(statement: Json, at: string, version: Version, outer: boolean): void {
  if (statement.actor === undefined) wrong(`${at}actor`, 'is missing')
  checkActor(statement.actor, `${at}actor`)
  if (statement.verb === undefined) wrong(`${at}verb`, 'is missing')
  const verb = objectOf(statement.verb, `${at}verb`, verbKeys)
  iriOf(verb.id, `${at}verb.id`)
  if (verb.display !== undefined) languageMapOf(verb.display, `${at}verb.display`)
  if (statement.object === undefined) wrong(`${at}object`, 'is missing')
  const kind = checkObject(statement.object, `${at}object`, version, outer)
  if (verb.id === voided && (kind !== 'StatementRef' || !outer))
    wrong(`${at}object`, 'of a voiding statement must be a StatementRef')
  if (statement.result !== undefined) checkResult(statement.result, `${at}result`)
  if (statement.context !== undefined) checkContext(statement.context, `${at}context`, version, kind === 'Activity')
  if (statement.timestamp !== undefined) {
    timestampOf(statement.timestamp, `${at}timestamp`, version)
    if (version === '2.0.0') statement.timestamp = inUtc(statement.timestamp as string)
  }
  if (statement.attachments !== undefined) {
    for (const [i, one] of arrayOf(statement.attachments, `${at}attachments`).entries())
      checkAttachment(one, `${at}attachments[${i}]`)
  }
}

function checkObject(value: unknown, path: string, version: Version, outer: boolean): string {
  const kind = (value as Json | null)?.objectType ?? 'Activity'
  if (kind === 'Activity') checkActivity(value, path)
  else if (kind === 'Agent') checkAgent(value, path)
  else if (kind === 'Group') checkGroup(value, path)
  else if (kind === 'StatementRef') checkRef(value, path)
  else if (kind === 'SubStatement' && outer) checkCore(objectOf(value, path, subKeys), `${path}.`, version, false)
  else wrong(`${path}.objectType`, outer ? 'is not one of the standard' : 'must not be a statement within a statement')
  return kind as string
}

function checkAttachment(value: unknown, path: string): void {
  const one = objectOf(value, path, attachmentKeys)
  iriOf(one.usageType, `${path}.usageType`)
  if (one.display === undefined) wrong(`${path}.display`, 'is missing')
  languageMapOf(one.display, `${path}.display`)
  if (one.description !== undefined) languageMapOf(one.description, `${path}.description`)
  if (!mediaType.test(textOf(one.contentType, `${path}.contentType`)))
    wrong(`${path}.contentType`, 'must be a media type')
  const length = numberOf(one.length, `${path}.length`)
  if (!Number.isInteger(length) || length < 0) wrong(`${path}.length`, 'must be a whole number of bytes')
  if (!isSha2(one.sha2)) wrong(`${path}.sha2`, 'must be a SHA-2 in hexadecimal')
  if (one.fileUrl !== undefined) iriOf(one.fileUrl, `${path}.fileUrl`)
}

/** Keeps every digit of the fraction, which a Date would not. */
function inUtc(text: string): string {
  const found = /^(.{19})(\.\d+)?(.*)$/.exec(text)
  const [, seconds = '', fraction = '', zone = ''] = found ?? []
  if (/^z$/i.test(zone)) return `${seconds.toUpperCase()}${fraction}Z`
  const minutes = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * (zone[0] === '-' ? -1 : 1)
  const leap = seconds.endsWith(':60')
  const base = Date.parse(`${(leap ? `${seconds.slice(0, 17)}59` : seconds).toUpperCase()}Z`)
  const moved = new Date(base - minutes * 60_000).toISOString().slice(0, 19)
  return `${leap ? `${moved.slice(0, 17)}60` : moved}${fraction}Z`
}

/** What a statement must bring with it: files by digest. Those with a `fileUrl` may do without. */
export function attachmentsOf(statement: Statement): NonNullable<Statement['attachments']> {
  const own = statement.attachments ?? []
  const { object } = statement
  return 'attachments' in object && object.objectType === 'SubStatement' ? [...own, ...(object.attachments ?? [])] : own
}
