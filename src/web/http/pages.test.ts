import type { ServerBuild } from 'react-router'
import { describe, expect, test } from 'vitest'
import { knownWords, partOf, wordsOf } from './pages.ts'

type Routes = ServerBuild['routes']
const route = (id: string, parentId?: string, path?: string, index?: boolean) => [id, { id, parentId, path, index }]
const routes = Object.fromEntries([
  route('root'),
  route('portal', 'root'),
  route('home', 'portal', undefined, true),
  route('classes', 'portal', 'classes'),
  route('class', 'portal', 'classes/:id'),
  route('verify', 'portal', 'verify/:code?'),
  route('office', 'root'),
  route('office-home', 'office', 'office'),
  route('office-claims', 'office', 'office/claims'),
  route('office-claim', 'office', 'office/claims/:id/slip'),
  route('office-plans', 'office', 'office/plans'),
  route('nested', 'root', 'api'),
  route('nested-leaf', 'nested', 'docs'),
  route('missing', 'portal', '*'),
]) as unknown as Routes

const known = knownWords(routes)
const reach = (path: string) => Object.keys(partOf(routes, wordsOf(path, known))).toSorted()

describe('the part of the site an address can reach', () => {
  test.each([
    ['/', ['home', 'missing', 'portal', 'root']],
    ['/_root.data', ['home', 'missing', 'portal', 'root']],
    ['/classes', ['classes', 'missing', 'portal', 'root']],
    ['/Classes/41', ['class', 'missing', 'portal', 'root']],
    ['/classes/41.data', ['class', 'missing', 'portal', 'root']],
    ['/verify', ['missing', 'portal', 'root', 'verify']],
    ['/verify/AB', ['missing', 'portal', 'root', 'verify']],
    ['/office/claims', ['missing', 'office', 'office-claim', 'office-claims', 'portal', 'root']],
    ['/office/claims/7/slip', ['missing', 'office', 'office-claim', 'office-claims', 'portal', 'root']],
    ['/office', ['missing', 'office', 'office-home', 'portal', 'root']],
    ['/api/docs', ['missing', 'nested', 'nested-leaf', 'portal', 'root']],
    ['/nowhere', ['missing', 'portal', 'root']],
    ['/nowhere/else/at/all', ['missing', 'portal', 'root']],
  ])('%s', (path, ids) => {
    expect(reach(path)).toEqual(ids)
  })

  test('unknown words share one part, so that nobody can make us keep more', () => {
    expect(wordsOf('/classes/1', known)).toEqual(wordsOf('/classes/2', known))
    expect(wordsOf('/a/b', known)).toEqual(['*', '*'])
  })
})
