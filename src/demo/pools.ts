import type { UndertakerKey } from './cast.ts'
import { castPerson, trainee } from './people.ts'
import type { SyntheticPerson } from './synthetic.ts'

export type Learner = SyntheticPerson & { group?: string }

/** Which of the numbered trainees belong where. */
const pools: Record<UndertakerKey, readonly [from: number, count: number]> = {
  ai: [0, 20],
  commerce: [20, 18],
  restaurant: [38, 20],
  cuisine: [58, 20],
  domestic: [78, 24],
  digital: [102, 22],
}
export const traineesInAll = 124

/** Some of a pool, from the `skip`-th on, with the groups they say they belong to. */
export function some(key: UndertakerKey, count: number, skip = 0): Learner[] {
  const [from, size] = pools[key]
  return Array.from({ length: count }, (_, i) => {
    const nth = (skip + i) % size
    const group = groupOf(key, nth)
    return { ...trainee(from + nth), ...(group ? { group } : {}) }
  })
}

/** Key groups among those who learn free of charge. */
function groupOf(key: UndertakerKey, nth: number): string | undefined {
  if (key === 'domestic' && nth < 4) return 'disabled'
  if (key === 'cuisine' && nth < 3) return 'veterans'
  return (key === 'domestic' || key === 'cuisine' || key === 'digital') && nth % 5 === 4
    ? 'registeredUnemployed'
    : undefined
}

export const learners = {
  employee: castPerson('陈小明'),
  learner: { ...castPerson('黄秀英'), group: 'disabled' },
  veteran: { ...castPerson('梁志强'), group: 'veterans' },
  elder: castPerson('何桂兰'),
} satisfies Record<string, Learner>

/** Everybody who belongs to a group, once. */
export const grouped = (): Learner[] =>
  [
    learners.learner,
    learners.veteran,
    ...(['cuisine', 'domestic', 'digital'] as const).flatMap((key) => some(key, pools[key][1])),
  ].filter((one) => one.group !== undefined)
