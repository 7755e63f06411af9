import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commandText, wordedCommands } from './command-words.ts'

test('HZ4-M16 whoever reads the trail reads words: every command has them, and no words stand for nothing', () => {
  const named = globSync('src/modules/*/*.commands.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bname: '([a-z]+\.[A-Za-z]+)'/g)].map(([, name = '']) => name),
  )
  expect(named.filter((name) => commandText(name) === name)).toEqual([])
  expect(wordedCommands.filter((name) => !named.includes(name))).toEqual([])
  expect(commandText('nobody.knows')).toBe('nobody.knows')
})
