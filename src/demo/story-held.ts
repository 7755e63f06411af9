import { addDays } from '#shared/dates.ts'
import { day } from '#shared/units.ts'
import type { UndertakerKey } from './cast.ts'
import { type Learner, learners, some } from './pools.ts'
import { type Marks, type Presence, type Taught, usualMarks, wholeClass } from './teach.ts'
import { at, type Story } from './world.ts'

/** Scans, vouching and lateness in all mixtures. */
const mixed = (seat: number, session: number): Presence =>
  (['both', 'both', 'both', 'both', 'scan', 'trainer', 'staff', 'late'] as const)[(seat + session * 3) % 8] ?? 'both'
/** One learner stays away from most of the class. */
const oneAway = (seat: number, session: number): Presence => (seat === 2 && session > 0 ? 'away' : 'both')
/** One learner is present but does not pass. */
const oneWeak: Marks = (seat) => (seat === 4 ? ['41', '48'] : usualMarks(seat))

type HeldClass = {
  key: UndertakerKey
  title: string
  days: readonly [string, string]
  people: readonly Learner[]
  presence?: (seat: number, session: number) => Presence
  marks?: Marks
  trainer?: number
}

/** The classes that have been held. Each is claimed for, and each claim has come to another point of its way. */
const held = {
  'cuisine-1': {
    key: 'cuisine',
    title: '粤菜烹饪基础班',
    days: ['2021-03-08', '2021-03-09'],
    people: some('cuisine', 8),
    presence: oneAway,
  },
  'domestic-1': {
    key: 'domestic',
    title: '家政服务员初级班',
    days: ['2021-03-15', '2021-03-16'],
    people: [learners.learner, ...some('domestic', 9)],
  },
  'ai-1': {
    key: 'ai',
    title: '数据标注与质检班',
    days: ['2021-03-22', '2021-03-23'],
    people: [learners.employee, ...some('ai', 9)],
    presence: mixed,
  },
  'commerce-1': {
    key: 'commerce',
    title: '店铺运营班',
    days: ['2021-04-12', '2021-04-13'],
    people: some('commerce', 8),
  },
  'ai-2': {
    key: 'ai',
    title: '模型训练数据管理班',
    days: ['2021-05-17', '2021-05-18'],
    people: [learners.employee, ...some('ai', 9)],
    marks: oneWeak,
  },
  'restaurant-1': {
    key: 'restaurant',
    title: '切配与打荷班',
    days: ['2021-05-24', '2021-05-25'],
    people: some('restaurant', 7),
  },
  'digital-1': {
    key: 'digital',
    title: '人工智能训练师一班',
    days: ['2021-06-07', '2021-06-08'],
    people: some('digital', 8),
  },
  'commerce-2': {
    key: 'commerce',
    title: '直播销售班',
    days: ['2021-06-15', '2021-06-16'],
    people: some('commerce', 8, 6),
  },
  'domestic-3': {
    key: 'domestic',
    title: '母婴护理班',
    days: ['2021-06-21', '2021-06-22'],
    people: some('domestic', 8, 9),
  },
  'restaurant-2': {
    key: 'restaurant',
    title: '粤式点心班',
    days: ['2021-07-05', '2021-07-06'],
    people: some('restaurant', 7, 7),
    presence: mixed,
  },
  'domestic-2': {
    key: 'domestic',
    title: '家庭照护班',
    days: ['2021-07-26', '2021-07-27'],
    people: some('domestic', 7, 17),
    trainer: 1,
  },
  'digital-2': {
    key: 'digital',
    title: '人工智能训练师二班',
    days: ['2021-08-02', '2021-08-03'],
    people: some('digital', 8, 8),
  },
  'digital-3': {
    key: 'digital',
    title: '人工智能训练师三班',
    days: ['2021-08-09', '2021-08-10'],
    people: some('digital', 6, 16),
    trainer: 1,
  },
  'ai-3': {
    key: 'ai',
    title: '智能质检上岗班',
    days: ['2021-08-16', '2021-08-17'],
    people: [learners.employee, ...some('ai', 9)],
  },
  'restaurant-3': {
    key: 'restaurant',
    title: '厨房安全班',
    days: ['2021-08-18', '2021-08-19'],
    people: some('restaurant', 6, 14),
  },
  'commerce-3': {
    key: 'commerce',
    title: '客服与售后班',
    days: ['2021-08-23', '2021-08-24'],
    people: some('commerce', 7, 11),
  },
} satisfies Record<string, HeldClass>

/** The class of `story-cuisine.ts` is held and claimed for as well. */
export type HeldName = keyof typeof held | 'cuisine-2'
export type Afterwards = (name: HeldName, taught: Taught) => Story

/** Each class from its application to its closing, and what came after it. */
export const heldStories = (afterwards: Afterwards): Story[] =>
  (Object.entries(held) as [HeldName, HeldClass][]).map(
    ([name, one]): Story =>
      async function* (w) {
        yield at(addDays(day(one.days[0]), -10), '09:00')
        const taught = yield* wholeClass(w, { ...one, planId: w.planOf(one.key) }, one.presence, one.marks)
        yield* afterwards(name, taught)(w)
      },
  )
