import { expect, test } from 'vitest'
import { done, localPath, paths } from './paths.ts'

test('only addresses of our own are gone back to', () => {
  expect(localPath('/my?tab=1')).toBe('/my?tab=1')
  for (const elsewhere of [
    '//evil.invalid',
    '/\\evil.invalid',
    'https://evil.invalid',
    'javascript:alert(1)',
    '',
    null,
  ]) {
    expect(localPath(elsewhere)).toBe('/')
  }
  expect(localPath('/\t/evil.invalid')).toBe('/')
})

test('a code of what was done joins the address', () => {
  expect(done('/my?tab=1#x', 'saved')).toBe('/my?tab=1&done=saved#x')
})

test('parts are encoded', () => {
  expect(paths.clause('HZ4/16')).toBe('/policy/HZ4%2F16')
  expect(paths.signIn('/')).toBe('/sign-in')
})
