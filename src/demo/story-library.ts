import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCourse, planVersion, submitCourse } from '#modules/library/course.commands.ts'
import { courses } from '#modules/library/course.queries.ts'
import { addItem } from '#modules/library/item.commands.ts'
import { jobs } from '#modules/library/library.jobs.ts'
import { addCaptions, uploadWhole } from '#modules/library/media.commands.ts'
import { addQuestion } from '#modules/library/question.commands.ts'
import { giveReview, takeReview } from '#modules/library/round.commands.ts'
import { rounds } from '#modules/library/round.queries.ts'
import type { UndertakerKey } from './cast.ts'
import { care, type DemoCourse, filmCaptions, knife, labels, live, tidy } from './library-courses.ts'
import { at, type Story, type World } from './world.ts'

const film = join(import.meta.dirname, 'media/knife.webm')
const reviewers = ['范评审', '江评审'] as const

/** Courses of the library at every stage of their way: listed, on trial, looked at, sent back, a draft. */
export const libraryStories: Story[] = [
  async function* (w) {
    yield at('2021-05-10', '09:00')
    const courseId = yield* written(w, 'cuisine', '潘教务', knife)
    yield at('2021-05-11', '10:00')
    const roundId = await submit(w, '潘教务', courseId)
    yield at('2021-05-18', '14:30')
    await review(w, reviewers[0], roundId, 4, '刀法讲得清楚，有示范和批改。建议以后补一节拍摄的推切示范。')
    yield at('2021-05-20', '16:00')
    await review(w, reviewers[1], roundId, 4, '内容与职业标准相符，字幕和文字稿齐全，手机上看得清。')
    yield at('2021-06-20', '01:20')
    await jobs['library.watchAll']?.(w.asSystem('library.watchAll'), {})
  },
  async function* (w) {
    yield at('2021-08-02', '15:00')
    const courseId = yield* written(w, 'domestic', '钟教务', care)
    yield at('2021-08-03', '09:30')
    const roundId = await submit(w, '钟教务', courseId)
    yield at('2021-08-24', '10:00')
    await review(w, reviewers[1], roundId, 4, '三件事都是天天要做的，讲法实在。表格在小屏上也能看。')
    yield at('2021-08-25', '11:00')
    await review(w, reviewers[0], roundId, 5, '先说再动、停一分钟等要点明确，题目与内容对应。')
  },
  async function* (w) {
    yield at('2021-08-16', '10:00')
    const courseId = yield* written(w, 'digital', '温教务', labels)
    yield at('2021-08-16', '11:00')
    const roundId = await submit(w, '温教务', courseId)
    yield at('2021-08-27', '15:00')
    await review(w, reviewers[0], roundId, 3, '方向对，但两节文字撑不起两个课时，请补充真实的标注样例。')
    yield at('2021-08-30', '09:20')
    await review(w, reviewers[1], roundId, 2, '申报课时与内容不符，缺少练习。请补充样例和练习后再提交。')
  },
  async function* (w) {
    yield at('2021-09-06', '14:00')
    const courseId = yield* written(w, 'commerce', '汪培训', live)
    yield at('2021-09-06', '16:00')
    const roundId = await submit(w, '汪培训', courseId)
    yield at('2021-09-09', '10:00')
    await review(w, reviewers[0], roundId, 4, '贴近布匹市场的实际，三句话的售后说明很好用。')
    await takeReview(w.as(reviewers[1]), { roundId })
  },
  async function* (w) {
    yield at('2021-09-10', '17:00')
    yield* written(w, 'domestic', '钟教务', tidy)
  },
]

/** A draft with its film, texts, questions, assignment and exam, as its contributor makes it. */
async function* written(
  w: World,
  key: UndertakerKey,
  who: string,
  course: DemoCourse,
): AsyncGenerator<Date, string, void> {
  const organisationId = w.organisations.get(key) ?? ''
  const { title, summary, occupation = '', level = '', groups = [] } = course
  const { courseId } = await createCourse(w.as(who), { organisationId, title, summary, occupation, level, groups })
  if (course.film) {
    const { mediaId } = await uploadWhole(w.as(who), { organisationId, name: '磨刀.webm', bytes: readFileSync(film) })
    yield new Date(w.now.getTime() + 60_000)
    await addCaptions(w.as(who), {
      mediaId,
      language: 'zh-CN',
      source: 'human',
      bytes: new TextEncoder().encode(filmCaptions),
    })
    await addItem(w.as(who), { courseId, kind: 'video', ...course.film, plannedMinutes: 2, mediaId, body: {} })
  }
  for (const { text, minutes, ...lesson } of course.lessons) {
    await addItem(w.as(who), { courseId, kind: 'text', ...lesson, plannedMinutes: minutes, body: { text } })
  }
  for (const question of course.questions) {
    await addQuestion(w.as(who), { courseId, pool: '全部内容', points: 2, options: '', ...question })
  }
  const last = course.lessons.at(-1)
  const end = { chapter: last?.chapter ?? 1, chapterTitle: last?.chapterTitle ?? '' }
  if (course.task) {
    const body = { task: course.task, accepts: 'text' }
    await addItem(w.as(who), { courseId, kind: 'assignment', title: '实操作业', ...end, plannedMinutes: 0, body })
  }
  if (course.questions.length > 0) {
    const count = Math.min(3, course.questions.length)
    const body = { pools: [{ pool: '全部内容', count }], minutes: 15, passMark: 60, resits: 2 }
    await addItem(w.as(who), { courseId, kind: 'exam', title: '结课考试', ...end, plannedMinutes: 10, body })
  }
  await planVersion(w.as(who), { courseId, plannedClassHours: course.classHours, changeNote: '' })
  return courseId
}

async function submit(w: World, who: string, courseId: string): Promise<string> {
  const { version } = await courses(w.db).where('c.id', '=', courseId).executeTakeFirstOrThrow()
  await submitCourse(w.as(who), { courseId, version, basis: 'own', rightsNote: '', signed: true })
  const round = await rounds(w.db)
    .where('r.course_id', '=', courseId)
    .where('r.state', '=', 'waiting')
    .executeTakeFirstOrThrow()
  return round.id
}

const criteria = ['content', 'teaching', 'practice', 'hours', 'media', 'access', 'support']

async function review(w: World, who: string, roundId: string, score: number, opinion: string): Promise<void> {
  const remark = score <= 2 ? '这一项还不够，请按总的意见补充' : ''
  await takeReview(w.as(who), { roundId })
  await giveReview(w.as(who), {
    roundId,
    scores: Object.fromEntries(criteria.map((id) => [id, score])),
    remarks: Object.fromEntries(criteria.map((id) => [id, remark])),
    vetoes: [],
    opinion,
  })
}
