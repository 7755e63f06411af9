import { TrailLine } from './trail.schema.ts'

/** SHA-256 of a text, in hexadecimal: given from outside so that the rule runs anywhere. */
export type Hash = (text: string) => string

export type ChainState = { seq: number; hash: string }
export const chainStart: ChainState = { seq: 0, hash: '0'.repeat(64) }

export type ChainFault = { line: number; seq: number | null; reason: string }

/**
 * Checks one line of an exported trail against the line before it. The hash of a row covers the hash of the row before,
 * so a row that was changed, removed, added or moved breaks the chain at its place.
 *
 * @param line 1-based, for the message
 * @returns the state for the next line, or the fault that names the first broken row
 * @clause HZ4-M16 专项审计
 */
export function checkLine(before: ChainState, raw: string, line: number, hash: Hash): ChainState | ChainFault {
  let parsed: TrailLine
  try {
    parsed = TrailLine.parse(JSON.parse(raw))
  } catch {
    return { line, seq: null, reason: 'not a trail line: it cannot be read' }
  }
  if (parsed.seq !== before.seq + 1) {
    return { line, seq: parsed.seq, reason: `row ${before.seq + 1} is missing or out of place` }
  }
  if (hash(`${before.hash}\n${parsed.text}`) !== parsed.hash) {
    return { line, seq: parsed.seq, reason: 'the row or the one before it was changed: its hash does not fit' }
  }
  const [id, at, , actor, , , command, subjects] = parsed.text.split('\n')
  if (
    id !== parsed.id ||
    at !== parsed.at ||
    actor !== flat(parsed.actor) ||
    command !== flat(parsed.command) ||
    subjects !== flat(parsed.subjects.join(','))
  ) {
    return { line, seq: parsed.seq, reason: 'the readable fields differ from the hashed text' }
  }
  return { seq: parsed.seq, hash: parsed.hash }
}

/** As `audit.canonical` writes a field: a line break in it is not the end of it. */
const flat = (field: string) => field.replaceAll('\n', '\\n')

export const isFault = (result: ChainState | ChainFault): result is ChainFault => 'reason' in result
