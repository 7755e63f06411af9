import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { schemeFile } from './scheme.schema.ts'

type Node = { [key: string]: unknown }

/** Every key and every fixed word that a scheme's file may hold. */
function wordsOf(node: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(node)) for (const one of node) wordsOf(one, found)
  else if (typeof node === 'object' && node !== null) {
    const { properties, enum: fixed, const: only } = node as Node
    for (const key of Object.keys((properties ?? {}) as Node)) found.add(key)
    for (const word of [...((fixed ?? []) as unknown[]), only]) if (typeof word === 'string') found.add(word)
    for (const inner of Object.values(node)) wordsOf(inner, found)
  }
  return found
}

describe('A01 the plan folder’s description of a scheme', () => {
  const doc = readFileSync(new URL('../../docs/plan-folder.md', import.meta.url), 'utf8')
  const told = doc.slice(doc.indexOf('## A scheme, key by key'), doc.indexOf('## Words with a fixed meaning'))
  const words = [...wordsOf(z.toJSONSchema(schemeFile, { io: 'input' }))]

  test('A01 tells every key and fixed word of the shape', () => {
    expect(words.length).toBeGreaterThan(80)
    const code = new Set([...told.matchAll(/`([^`]+)`/g)].flatMap(([, one = '']) => one.split(/[^A-Za-z-]+/)))
    expect(words.filter((word) => !code.has(word))).toEqual([])
  })
})
