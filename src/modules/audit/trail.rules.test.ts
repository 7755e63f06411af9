import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ChainFault, type ChainState, chainStart, checkLine, isFault } from './trail.rules.ts'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')

function chain(count: number): string[] {
  let before = chainStart.hash
  return Array.from({ length: count }, (_, index) => {
    const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
    const text = [
      id,
      '2021-09-15T02:00:00.000000Z',
      'user',
      `u${index}`,
      '某某',
      '-',
      'training.filePlan',
      'plan:1',
      '{}',
      '{}',
      'r',
    ].join('\n')
    before = sha(`${before}\n${text}`)
    return JSON.stringify({
      seq: index + 1,
      hash: before,
      id,
      at: '2021-09-15T02:00:00.000000Z',
      actor: `u${index}`,
      command: 'training.filePlan',
      subjects: ['plan:1'],
      text,
    })
  })
}

function verify(lines: string[]): ChainState | ChainFault {
  let state: ChainState = chainStart
  for (const [index, line] of lines.entries()) {
    const next = checkLine(state, line, index + 1, sha)
    if (isFault(next)) return next
    state = next
  }
  return state
}

describe('HZ4-M16 the trail of an audit cannot be rewritten unseen', () => {
  test('an untouched copy passes to its last row', () => {
    expect(verify(chain(20))).toMatchObject({ seq: 20 })
  })

  test('changing, removing, moving or repeating any one row is found at that row', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 18 }),
        fc.constantFrom('change', 'remove', 'swap', 'repeat', 'actor'),
        (at, how) => {
          const lines = chain(20)
          const row = lines[at] as string
          if (how === 'change')
            lines[at] = row.replace('filePlan\\n', 'dropPlan\\n').replace('"training.filePlan"', '"training.dropPlan"')
          if (how === 'actor') lines[at] = row.replace(`"actor":"u${at}"`, '"actor":"other"')
          if (how === 'remove') lines.splice(at, 1)
          if (how === 'swap') [lines[at], lines[at + 1]] = [lines[at + 1] as string, row]
          if (how === 'repeat') lines.splice(at, 0, row)
          const result = verify(lines)
          const expected = how === 'repeat' ? at + 2 : at + 1
          return isFault(result) && result.line === expected
        },
      ),
    )
  })

  test('a line that cannot be read is named', () => {
    expect(verify([...chain(2), '{}'])).toEqual({
      line: 3,
      seq: null,
      reason: expect.stringContaining('cannot be read'),
    })
  })
})
