import { scheduleAssessment } from '#modules/assessment/assessment.commands.ts'
import {
  confirmScores,
  decideScoreChange,
  enterScores,
  proposeScoreChange,
} from '#modules/assessment/score.commands.ts'
import { setOpenEnrolment } from '#modules/training/class.commands.ts'
import { approveClass, cancelClass, returnClass, suspendClass } from '#modules/training/decide.commands.ts'
import { enrolSelf, withdrawEnrolment } from '#modules/training/enrolment.commands.ts'
import { openSession } from '#modules/training/session.commands.ts'
import { markByTrainer } from '#modules/training/witness.commands.ts'
import { addDays } from '#shared/dates.ts'
import { day } from '#shared/units.ts'
import { type Learner, learners, some } from './pools.ts'
import { claimAfterwards } from './story-claims.ts'
import {
  apply,
  approvedClass,
  asTrainee,
  type ClassSpec,
  cellsOf,
  draftClass,
  enrol,
  examine,
  peopleOf,
  scan,
  type Taught,
  teach,
  usualMarks,
} from './teach.ts'
import { at, type Story, type World } from './world.ts'

void claimAfterwards

/** In session this very morning: some have scanned, one has not yet. Whoever signs in as that one can try it. */
export const openClassStory: Story = async function* (w) {
  yield at('2021-08-30', '09:00')
  const taught = yield* approvedClass(w, {
    key: 'ai',
    planId: w.planOf('ai'),
    title: '人工智能运维岗位班',
    days: ['2021-09-13', '2021-09-14', '2021-09-15', '2021-09-16'],
    times: [
      ['10:00', '12:00'],
      ['14:00', '16:00'],
    ],
    people: [learners.employee, ...some('ai', 9, 10)],
  })
  for (const session of taught.sessions.filter(({ on }) => on < '2021-09-15')) yield* teach(w, taught, session)
  const now = taught.sessions.find(({ on, from }) => on === '2021-09-15' && from === '10:00')
  if (!now) throw new RangeError('no class this morning')
  yield at('2021-09-15', '09:45')
  await openSession(w.as(taught.trainer), { sessionId: now.id })
  yield at('2021-09-15', '09:52')
  await scan(
    w,
    taught,
    now,
    taught.people.slice(1, 7).map(({ person }) => person),
  )
  yield at('2021-09-15', '09:58')
  const seen = taught.people.slice(1, 4).map(({ enrolmentId }) => enrolmentId)
  await markByTrainer(w.as(taught.trainer), { sessionId: now.id, enrolmentIds: seen })
}

/** Stopped by an inspection in the middle. */
export const suspendedClassStory: Story = async function* (w) {
  yield at('2021-08-25', '09:00')
  const taught = yield* approvedClass(w, {
    key: 'restaurant',
    planId: w.planOf('restaurant'),
    title: '食材保鲜技术班',
    days: ['2021-09-06', '2021-09-07'],
    people: some('restaurant', 6, 3),
  })
  for (const session of taught.sessions.slice(0, 2)) yield* teach(w, taught, session)
  yield at('2021-09-07', '08:40')
  await suspendClass(w.as('李受理'), {
    classId: taught.classId,
    reasonCodes: ['class-suspended'],
    note: '检查发现授课教师与备案不一致，暂停整改（演示）',
  })
}

/** Assessed, not closed: a score was changed by two people, a change refused, another waits. */
export const assessedClassStory: Story = async function* (w) {
  yield at('2021-08-27', '09:00')
  const taught = yield* approvedClass(w, {
    key: 'domestic',
    planId: w.planOf('domestic'),
    title: '收纳整理班',
    days: ['2021-09-08', '2021-09-09'],
    people: some('domestic', 6, 2),
  })
  for (const session of taught.sessions) yield* teach(w, taught, session)
  yield* examine(w, taught, (seat) => (seat === 1 ? ['38', '52'] : usualMarks(seat)))
  const { admin } = peopleOf('domestic')
  const change = async (seat: number, part: 'theory' | 'practice', to: string, reason: string) =>
    proposeScoreChange(w.as(taught.trainer), { scoreId: await scoreOf(w, taught, seat, part), to, reason })
  yield at('2021-09-13', '10:00')
  const right = await change(1, 'practice', '82', '登分时把82录成52，附评分表')
  yield at('2021-09-13', '15:00')
  await decideScoreChange(w.as(admin), { changeId: right.changeId, decision: 'approve', note: '核对评分表无误' })
  yield at('2021-09-14', '10:00')
  const wrong = await change(2, 'theory', '95', '学员认为主观题评分偏低')
  yield at('2021-09-14', '15:00')
  await decideScoreChange(w.as(admin), { changeId: wrong.changeId, decision: 'reject', note: '复核原卷，评分无误' })
  yield at('2021-09-15', '09:20')
  await change(3, 'practice', '88', '漏计一项操作分，附评分表')
}

async function scoreOf(w: World, taught: Taught, seat: number, part: string): Promise<string> {
  const { id } = await w.db
    .selectFrom('assessment.scores')
    .select('id')
    .where('enrolment_id', '=', taught.people[seat]?.enrolmentId ?? '')
    .where('part', '=', part)
    .executeTakeFirstOrThrow()
  return id
}

/** Score sheets at the points before the results: arranged, being filled in, confirmed. */
const sheets: {
  days: readonly [string, string]
  upTo: 'planned' | 'scoring' | 'confirmed'
  title: string
  skip: number
}[] = [
  { days: ['2021-09-13', '2021-09-14'], upTo: 'planned', title: '人工智能训练师五班', skip: 0 },
  { days: ['2021-09-09', '2021-09-10'], upTo: 'scoring', title: '人工智能训练师六班', skip: 4 },
  { days: ['2021-09-06', '2021-09-07'], upTo: 'confirmed', title: '人工智能训练师七班', skip: 8 },
]
export const sheetStories: Story[] = sheets.map(
  ({ days, upTo, title, skip }): Story =>
    async function* (w) {
      yield at(addDays(day(days[0]), -10), '09:00')
      const spec: ClassSpec = {
        key: 'digital',
        planId: w.planOf('digital'),
        title,
        days,
        people: some('digital', 4, skip),
      }
      const taught = yield* approvedClass(w, { ...spec, trainer: 1, room: 1 })
      for (const session of taught.sessions) yield* teach(w, taught, session, () => 'trainer')
      yield at(days[1], '17:20')
      const { academic, admin } = peopleOf('digital')
      const part = {
        heldOn: days[1],
        place: '新港教学点',
        examinerName: '马老师',
        examinerUnit: '海珠数智技能培训中心',
      }
      const { assessmentId } = await scheduleAssessment(w.as(academic), {
        classId: taught.classId,
        theory: part,
        practice: part,
      })
      if (upTo === 'planned') return
      yield at(days[1], '18:00')
      const cells = cellsOf(upTo === 'scoring' ? { ...taught, people: taught.people.slice(0, 2) } : taught, usualMarks)
      const { version } = await enterScores(w.as(taught.trainer), { assessmentId, version: 0, cells })
      if (upTo === 'scoring') return
      yield at('2021-09-08', '10:00')
      await confirmScores(w.as(admin), { assessmentId, version })
    },
)

type Waiting = {
  key: 'commerce' | 'cuisine' | 'digital' | 'domestic'
  title: string
  days: readonly [string, string]
  upTo: 'draft' | 'applied' | 'returned' | 'cancelled' | 'open'
  people: readonly Learner[]
  accessibility?: string
  summary?: string
  trainer?: number
}

/** Classes of the weeks to come: on paper, on the desk, sent back, given up, open for sign-up. */
const waiting: Waiting[] = [
  {
    key: 'digital',
    title: '数据可视化班',
    days: ['2021-10-11', '2021-10-12'],
    upTo: 'draft',
    people: some('digital', 3),
  },
  {
    key: 'cuisine',
    title: '广式烧腊班',
    days: ['2021-10-18', '2021-10-19'],
    upTo: 'applied',
    people: some('cuisine', 6, 5),
  },
  {
    key: 'commerce',
    title: '短视频运营班',
    days: ['2021-10-12', '2021-10-13'],
    upTo: 'returned',
    people: some('commerce', 6, 2),
  },
  {
    key: 'digital',
    title: '机器人流程自动化班',
    days: ['2021-09-23', '2021-09-24'],
    upTo: 'cancelled',
    people: some('digital', 5, 11),
  },
  {
    key: 'domestic',
    title: '养老照护免费班',
    days: ['2021-09-27', '2021-09-28'],
    upTo: 'open',
    people: some('domestic', 5, 18),
    summary: '面向想从事居家养老照护的劳动者，免费，含实操和结业考核，合格者发培训合格证书。',
    accessibility: '无障碍电梯；可安排手语翻译',
  },
  {
    key: 'digital',
    title: '人工智能训练师八班',
    days: ['2021-10-13', '2021-10-14'],
    upTo: 'open',
    people: some('digital', 4, 5),
    summary: '学习数据采集、标注和质检，零基础可报名，免费。',
    accessibility: '线下教室配读屏软件',
  },
  {
    key: 'cuisine',
    title: '粤菜师傅周末班',
    days: ['2021-10-09', '2021-10-10'],
    upTo: 'open',
    people: some('cuisine', 4, 12),
    summary: '从切配到小炒，名师带教，免费提供食材。',
    accessibility: '一楼教室，有无障碍通道',
    trainer: 1,
  },
]

export const waitingStories: Story[] = waiting.map(
  (one, nth): Story =>
    async function* (w) {
      yield at('2021-09-06', `1${nth % 8}:0${nth}`)
      const spec: ClassSpec = { ...one, planId: w.planOf(one.key), open: one.upTo === 'open', capacity: 24 }
      const taught = await draftClass(w, spec)
      if (one.upTo === 'draft') return
      yield at(one.upTo === 'applied' ? '2021-09-14' : '2021-09-07', `1${nth % 8}:1${nth}`)
      await apply(w, taught)
      if (one.upTo === 'applied') return
      yield at('2021-09-10', `1${nth % 8}:2${nth}`)
      if (one.upTo === 'returned') {
        const told = { reasonCodes: ['dossier-missing'], note: '请补充实操教学所用直播设备的说明' }
        await returnClass(w.as('李受理'), { classId: taught.classId, ...told })
        return
      }
      await approveClass(w.as('李受理'), { classId: taught.classId, note: '' })
      if (one.upTo === 'cancelled') {
        yield at('2021-09-13', '10:30')
        await cancelClass(w.as(peopleOf(one.key).academic), {
          classId: taught.classId,
          reason: '教师临时出差，改期再办',
        })
      } else if (one.title === '养老照护免费班') yield* comeAndGo(w, one.key, taught)
    },
)

/** Sign-up by people themselves; one is taken off the roster again. */
async function* comeAndGo(w: World, key: Waiting['key'], taught: Taught): AsyncGenerator<Date, void, void> {
  yield at('2021-09-11', '20:10')
  const own = await enrolSelf(await asTrainee(w, learners.learner), { classId: taught.classId, commitment: true })
  yield at('2021-09-12', '09:30')
  await setOpenEnrolment(w.as(peopleOf(key).academic), { classId: taught.classId, open: true })
  const extra = await enrol(w, key, taught.classId, some('domestic', 1, 1)[0] as Learner)
  yield at('2021-09-13', '15:45')
  await withdrawEnrolment(w.as(peopleOf(key).academic), {
    enrolmentId: extra.enrolmentId,
    reason: '本人来电，时间冲突，退出本班',
  })
  void own
}
