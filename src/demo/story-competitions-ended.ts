import { cancelEvent, rejectEvent, takeEvent, withdrawEvent } from '#modules/competition/filing.commands.ts'
import { lodgeProtest } from '#modules/competition/protest.commands.ts'
import { closeRound } from '#modules/competition/round.commands.ts'
import { announced, codesOf, examined, filed, hostOf, judges, type Plan, practical } from './story-competitions.ts'
import { at, type Story } from './world.ts'

/** Filings that came to nothing: one taken back, one refused with its reason, one called off after it was announced. */
export const endedStory: Story = async function* (w) {
  const autumn = { entriesFrom: '2021-09-01', entriesTo: '2021-09-20', heldFrom: '2021-10-08', heldTo: '2021-10-09' }
  const early = { entriesFrom: '2021-06-01', entriesTo: '2021-06-20', heldFrom: '2021-07-08', heldTo: '2021-07-09' }
  yield at('2021-05-20', '10:00')
  const called = await announced(w, {
    ...{ key: 'digital', type: 'artificial-intelligence', title: '智能客服应用技能竞赛（演示）', ...early },
    places: { employee: '30' },
  })
  yield at('2021-06-18', '15:00')
  await cancelEvent(w.as('林局长'), {
    ...{ eventId: called, note: '场地临时征用，主办单位申请取消，改到下半年另行备案（演示）。' },
  })
  yield at('2021-07-05', '10:00')
  const refused = await filed(w, {
    ...{ key: 'commerce', type: 'e-commerce', title: '主播资格速成大赛（演示）', ...autumn },
    places: { employee: '200' },
  })
  await takeEvent(w.as('李受理'), { eventId: refused })
  yield at('2021-07-07', '11:00')
  await rejectEvent(w.as('李受理'), {
    ...{ eventId: refused, reasonCodes: ['comp-certificate-mill'] },
    note: '方案以付费发证为主，没有考核内容（演示）。',
  })
  yield at('2021-07-12', '09:30')
  const back = await filed(w, {
    ...{ key: 'restaurant', type: 'catering', title: '广式点心创新技能竞赛（演示）', ...autumn },
    places: { employee: '20' },
  })
  yield at('2021-07-13', '16:00')
  await withdrawEvent(hostOf(w, 'restaurant'), { eventId: back })
}

/** Marked to the end; an entrant disputes the result, and the desk has not answered yet. */
export const protestStory: Story = async function* (w) {
  const plan: Plan = {
    ...{
      key: 'digital',
      type: 'artificial-intelligence',
      title: '图像标注技能竞赛（演示）',
      places: { employee: '20' },
    },
    ...{ entriesFrom: '2021-08-12', entriesTo: '2021-09-01', heldFrom: '2021-09-08', heldTo: '2021-09-10' },
  }
  const eventId = yield* examined(w, plan, {
    ...{ seats: 3, from: 793, people: 6 },
    days: {
      announced: ['2021-08-11', '09:30'],
      entered: ['2021-08-30', '10:00'],
      closed: ['2021-09-02', '09:00'],
      begun: ['2021-09-08', '08:30'],
      examined: ['2021-09-08', '17:00'],
    },
  })
  yield at('2021-09-14', '15:30')
  const roundId = await practical(w, 'artificial-intelligence', eventId, judges.slice(1, 3))
  await closeRound(hostOf(w, 'digital'), { roundId })
  const codes = await codesOf(w, roundId)
  await lodgeProtest(hostOf(w, 'digital'), {
    ...{ entryId: codes[2]?.entryId, text: '第二个模块漏记了一组标注，请复核评分表（演示）。' },
  })
}
