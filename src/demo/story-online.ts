import { sql } from 'kysely'
import { gradeAssignment, submitAssignment } from '#modules/learning/assignment.commands.ts'
import { beat } from '#modules/learning/beat.commands.ts'
import { completeCourse } from '#modules/learning/completion.commands.ts'
import { itemsOf } from '#modules/learning/course.queries.ts'
import { handIn, saveAnswer, startAttempt } from '#modules/learning/exam.commands.ts'
import { paperQuestions } from '#modules/learning/exam.queries.ts'
import type { GivenAnswer } from '#modules/learning/exam.schema.ts'
import { jobs } from '#modules/learning/learning.jobs.ts'
import { addNote } from '#modules/learning/note.commands.ts'
import { answerPresence } from '#modules/learning/presence.commands.ts'
import { register } from '#modules/learning/registration.commands.ts'
import { closeViewing, openViewing } from '#modules/learning/viewing.commands.ts'
import { rateCourse } from '#modules/library/rating.commands.ts'
import type { Ctx } from '#platform/command.ts'
import { knife } from './library-courses.ts'
import { type Learner, learners } from './pools.ts'
import { asTrainee } from './teach.ts'
import { at, type Story, type World } from './world.ts'

/** Somebody learns the whole of a course for herself and gets its credential; somebody else is in the middle of it. */
export const onlineStories: Story[] = [
  async function* (w) {
    yield at('2021-08-21', '19:30')
    const own = await begin(w, learners.learner)
    for (const item of own.items.filter(({ mediumMs }) => mediumMs !== null)) {
      yield* learn(w, learners.learner, own.registrationId, item)
    }
    yield later(w, 5)
    const task = own.items.find(({ kind }) => kind === 'assignment')
    const text = '磨刀 8 分钟。用直切切片，再叠起来切丝。最粗的约两根火柴梗，最细的约一根。最难的是每次退一样的距离。'
    const handed = await submitAssignment(await asTrainee(w, learners.learner), {
      registrationId: own.registrationId,
      itemId: task?.itemId,
      text,
    })
    yield at('2021-08-22', '00:20')
    await jobs['learning.settleDays']?.(w.asSystem('learning.settleDays'), {})
    yield at('2021-08-23', '16:40')
    await gradeAssignment(w.as('曾师傅'), {
      submissionId: handed.submissionId,
      passed: 'yes',
      remark: '量过、写清楚了就是好作业。先慢后快，护手每次退一样的距离，粗细自然就匀。',
    })
    yield at('2021-08-24', '20:05')
    await sitExam(await asTrainee(w, learners.learner), own.registrationId, examOf(own.items))
    yield later(w, 12)
    await completeCourse(await asTrainee(w, learners.learner), { registrationId: own.registrationId })
    await rateCourse(await asTrainee(w, learners.learner), {
      courseId: own.courseId,
      stars: 5,
      remark: '字大，有字幕，作业有师傅批改。',
    })
  },
  async function* (w) {
    yield at('2021-09-13', '20:00')
    const own = await begin(w, learners.veteran)
    const timed = own.items.filter(({ mediumMs }) => mediumMs !== null)
    for (const item of timed.slice(0, 2)) yield* learn(w, learners.veteran, own.registrationId, item)
    await addNote(await asTrainee(w, learners.veteran), {
      registrationId: own.registrationId,
      itemId: timed[0]?.itemId,
      positionSeconds: 24,
      text: '两枚硬币的高度，明天拿自己的刀试。',
    })
    yield at('2021-09-14', '00:20')
    await jobs['learning.settleDays']?.(w.asSystem('learning.settleDays'), {})
  },
]

type Items = Awaited<ReturnType<typeof itemsOf>>
const later = (w: World, minutes: number) => new Date(w.now.getTime() + minutes * 60_000)
const examOf = (items: Items) => items.find(({ kind }) => kind === 'exam')?.itemId ?? ''

async function begin(w: World, who: Learner) {
  const ctx = await asTrainee(w, who)
  const course = await w.db
    .selectFrom('library.courses')
    .select('id')
    .where('title', '=', knife.title)
    .executeTakeFirstOrThrow()
  const { registrationId } = await register(ctx, { courseId: course.id })
  return { courseId: course.id, registrationId, items: await itemsOf(w.db, registrationId) }
}

/** An item from its beginning to its end, a heartbeat a minute, questions answered within the next. */
async function* learn(
  w: World,
  who: Learner,
  registrationId: string,
  { itemId, mediumMs }: Items[number],
): AsyncGenerator<Date, void, void> {
  const me = () => asTrainee(w, who)
  const { viewingId } = await openViewing(await me(), { registrationId, itemId, device: `phone-of-${who.phone}` })
  await fixDraw(w, await me())
  let [sequence, positionMs] = [0, 0]
  const tell = async (playing: boolean) =>
    beat(await me(), { viewingId, sequence: ++sequence, positionMs, playing, visible: true, rate: 1 })
  await tell(true)
  while (positionMs < (mediumMs ?? 0)) {
    yield later(w, 1)
    positionMs = Math.min(positionMs + 60_000, mediumMs ?? 0)
    const { question } = await tell(true)
    if (!question) continue
    await tell(false)
    yield later(w, 1)
    const { answer } = await w.db
      .selectFrom('learning.presences')
      .select('answer')
      .where('id', '=', question.id)
      .executeTakeFirstOrThrow()
    await answerPresence(await me(), { presenceId: question.id, choice: answer })
    await fixDraw(w, await me())
    await tell(true)
  }
  await tell(false)
  await closeViewing(await me(), { viewingId })
}

/** When the next question comes is drawn by lot; a district made twice is the same, so here the lot is eight minutes. */
const fixDraw = (w: World, { actor }: Ctx) =>
  sql`update learning.seats set until_question_ms = 480000 where person_id = ${actor.personId}`.execute(w.db)

/** Every drawn question, answered rightly. */
async function sitExam(ctx: Ctx, registrationId: string, itemId: string): Promise<void> {
  const { attemptId } = await startAttempt(ctx, { registrationId, itemId })
  const { question_ids: ids } = await ctx.db
    .selectFrom('learning.attempts')
    .select('question_ids')
    .where('id', '=', attemptId)
    .executeTakeFirstOrThrow()
  for (const { id, answer } of await paperQuestions(ctx.db, ids)) {
    await saveAnswer(ctx, { attemptId, questionId: id, answer: answer as GivenAnswer })
  }
  await handIn(ctx, { attemptId })
}
