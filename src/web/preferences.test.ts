import { expect, test } from 'vitest'
import { preferencesCookie, readPreferences } from './preferences.ts'

const asked = (cookie: string) => readPreferences(new Request('http://x.invalid', { headers: { cookie } }))

test('what is stored is what is read', () => {
  for (const size of ['normal', 'large'] as const) {
    for (const contrast of ['normal', 'more'] as const) {
      const cookie = preferencesCookie({ size, contrast }).split(';')[0] ?? ''
      expect(asked(`a=1; ${cookie}`)).toEqual({ size, contrast })
    }
  }
})

test('nonsense reads as the default', () => {
  expect(asked('display=<script>')).toEqual({ size: 'normal', contrast: 'normal' })
  expect(asked('otherdisplay=large')).toEqual({ size: 'normal', contrast: 'normal' })
})
