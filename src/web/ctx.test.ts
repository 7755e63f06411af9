import { expect, test } from 'vitest'
import { conflict, invalid, missing } from '#platform/errors.ts'
import { attempt, fail } from './ctx.ts'

const request = new Request('http://x.invalid/my/classes?page=2')
const thrownBy = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing',
    (error) => error,
  )

test('a fault comes back beside the form with its status and what was typed', async () => {
  const form = new FormData()
  form.append('planned', '200')
  const tried = await attempt(Promise.reject(invalid({ planned: ['太多'] })), form)
  expect(tried).toMatchObject({
    ok: false,
    answer: {
      data: { fault: { kind: 'invalid', fields: { planned: ['太多'] } }, values: { planned: '200' } },
      init: { status: 422 },
    },
  })
  expect(await attempt(Promise.reject(conflict('claim')))).toMatchObject({ answer: { init: { status: 409 } } })
  expect(await attempt(Promise.resolve(7))).toEqual({ ok: true, value: 7 })
})

test('a bug is not mistaken for a fault', async () => {
  expect(await thrownBy(attempt(Promise.reject(new TypeError('bug'))))).toBeInstanceOf(TypeError)
})

test('in a loader a fault becomes its page', async () => {
  expect(await thrownBy(Promise.reject(missing('class')).catch(fail(request)))).toMatchObject({ init: { status: 404 } })
})
