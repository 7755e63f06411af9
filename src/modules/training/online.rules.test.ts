import { expect, test } from 'vitest'
import { day } from '#shared/units.ts'
import { type OnlineFacts, onlineMinutes } from './online.rules.ts'

const facts: OnlineFacts = {
  mode: 'mixed',
  classState: 'in-session',
  startsOn: day('2021-09-16'),
  endsOn: day('2021-10-31'),
  enrolled: true,
  on: day('2021-09-20'),
  minutes: 40,
  acceptedMinutes: 90,
  hadMinutes: 0,
  mostMinutes: null,
  hadOnlineMinutes: 0,
}

test.each<[string, Partial<OnlineFacts>, unknown]>([
  ['a day within the class', {}, { value: 40 }],
  ['a class in a room', { mode: 'offline' }, { refusal: { reason: 'no-online-hours' } }],
  ['nobody of the class', { enrolled: false }, { refusal: { reason: 'not-in-class' } }],
  ['the day before it begins', { on: day('2021-09-15') }, { refusal: { reason: 'before-class', clause: 'R01' } }],
  ['the first day', { on: day('2021-09-16') }, { value: 40 }],
  ['the last day', { on: day('2021-10-31') }, { value: 40 }],
  ['the day after it ends', { on: day('2021-11-01') }, { refusal: { reason: 'before-class' } }],
  ['a day before the assessment', { classState: 'assessed' }, { value: 40 }],
  ['a closed class', { classState: 'closed' }, { refusal: { reason: 'before-class' } }],
  ['while nobody has decided', { acceptedMinutes: null }, { refusal: { reason: 'online-undecided-hours' } }],
  ['up to what is accepted', { hadMinutes: 70 }, { value: 20 }],
  ['past what is accepted', { hadMinutes: 90 }, { refusal: { reason: 'conversion-cap' } }],
  ['up to what all courses may bring', { mostMinutes: 100, hadOnlineMinutes: 95 }, { value: 5 }],
  ['past it', { mostMinutes: 100, hadOnlineMinutes: 100 }, { refusal: { reason: 'conversion-cap' } }],
])('HZ4-M13 online minutes: %s', (_, over, wanted) => {
  expect(onlineMinutes({ ...facts, ...over })).toMatchObject(wanted as object)
})
