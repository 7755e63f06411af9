import { cancelSession, planSessions } from '#modules/training/session.commands.ts'
import { excuse, markManually, voidMark } from '#modules/training/witness.commands.ts'
import { learners, some } from './pools.ts'
import { claimAfterwards } from './story-claims.ts'
import { approvedClass, examine, graduate, type Presence, peopleOf, teach } from './teach.ts'
import { at, type Story, type World } from './world.ts'

/**
 * A class in which things go wrong and are put right on record: an excused absence made up on another day, a mark typed in
 * by hand, one taken back, a session that was called off.
 */
export const cuisineStory: Story = async function* (w) {
  yield at('2021-07-08', '09:00')
  const taught = yield* approvedClass(w, {
    key: 'cuisine',
    planId: w.planOf('cuisine'),
    title: '粤菜烹饪提高班',
    days: ['2021-07-19', '2021-07-20'],
    endsOn: '2021-07-21',
    people: [learners.veteran, ...some('cuisine', 7, 8)],
    accessibility: '一楼教室，有无障碍通道',
  })
  const { academic } = peopleOf('cuisine')
  const [first, second, third, fourth] = taught.sessions
  if (!first || !second || !third || !fourth) throw new RangeError('a class of four sessions')
  const seat = (nth: number) => taught.people[nth]?.enrolmentId
  const place = w.places.cuisine

  yield at('2021-07-16', '10:00')
  const spare = await makeUp(w, taught.classId, '2021-07-20', ['18:30', '20:30'], '刀工加练')
  yield at('2021-07-17', '09:00')
  await cancelSession(w.as(academic), { sessionId: spare, reason: '当晚停电检修，取消加练' })

  yield* teach(w, taught, first, (nth): Presence => (nth === 3 ? 'away' : 'both'))
  yield at('2021-07-19', '12:30')
  await markManually(w.as(academic), {
    sessionId: first.id,
    enrolmentId: seat(3),
    reason: '手机没电未能扫码，同班学员和教师证明全程在场',
  })
  yield at('2021-07-19', '13:10')
  await excuse(w.as(academic), { sessionId: second.id, enrolmentId: seat(5), reason: '到医院复诊，已交病历' })
  yield* teach(w, taught, second, (nth): Presence => (nth === 5 ? 'away' : 'both'))
  yield at('2021-07-19', '17:30')
  const makeup = await makeUp(w, taught.classId, '2021-07-21', ['09:00', '12:00'], '补课：专业技能（1）', second.id)
  yield* teach(w, taught, third)
  yield* teach(w, taught, fourth, (nth): Presence => (nth === 6 ? 'late' : 'both'))
  yield at('2021-07-20', '17:20')
  await takeBack(w, fourth.id, seat(6) ?? '', academic)
  const absent = taught.people[5]
  if (absent) {
    const session = { id: makeup, on: '2021-07-21', from: '09:00', to: '12:00' }
    yield* teach(w, { ...taught, people: [absent] }, session)
  }
  const ended = { ...taught, days: [...taught.days, '2021-07-21'] }
  yield* examine(w, ended)
  yield* graduate(w, ended)
  if (!place) throw new RangeError('the cuisine school has nowhere to teach')
  yield* claimAfterwards('cuisine-2', ended)(w)
}

async function makeUp(
  w: World,
  classId: string,
  day: string,
  [from, to]: readonly [string, string],
  title: string,
  makeupOf?: string,
): Promise<string> {
  const place = w.places.cuisine
  const { sessionIds } = await planSessions(w.as(peopleOf('cuisine').academic), {
    classId,
    title,
    courseKind: 'professional',
    day,
    from,
    to,
    breakMinutes: 0,
    trainerId: place?.trainers[0]?.id,
    roomId: place?.rooms[0],
    weeks: 1,
    makeupOf,
  })
  return sessionIds[0] as string
}

/** The trainer had marked a late learner as if on time: the scan shows otherwise, so the mark goes. */
async function takeBack(w: World, sessionId: string, enrolmentId: string, academic: string): Promise<void> {
  const mark = await w.db
    .selectFrom('training.attendance_marks')
    .select('id')
    .where('session_id', '=', sessionId)
    .where('enrolment_id', '=', enrolmentId)
    .where('kind', '=', 'trainer')
    .executeTakeFirstOrThrow()
  await voidMark(w.as(academic), { markId: mark.id, reason: '教师把迟到学员记成全程到课，作废后按扫码时间计' })
}
