import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { subjectText, wordedSubjects } from './subject-words.ts'

test('HZ4-M16 whoever reads the trail reads what an action was about in words', () => {
  const named = globSync('src/modules/*/*.commands.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\babout\('([a-z-]+)'/g)].map(([, kind = '']) => kind),
  )
  expect(named.length).toBeGreaterThan(50)
  expect(named.filter((kind) => !wordedSubjects.includes(kind))).toEqual([])
  expect(subjectText('claim:7')).toBe('申领 7')
  expect(subjectText('unheard:7')).toBe('unheard:7')
})
