import { allow, type Decision, refuse } from '#policy/decision.ts'
import { type CourseState, type ExamBody, type ItemRow, itemKinds } from './course.schema.ts'

type Step = { from: readonly CourseState[]; to: CourseState; clause: string }

/** The life of a course. What is not in the table cannot happen. */
export const courseCycle: Record<
  'submit' | 'call-back' | 'take' | 'return' | 'reject' | 'pass' | 'admit' | 'suspend' | 'restore' | 'withdraw',
  Step
> = {
  submit: { from: ['draft', 'returned'], to: 'submitted', clause: 'L01' },
  'call-back': { from: ['submitted'], to: 'returned', clause: 'L01' },
  take: { from: ['submitted'], to: 'under-review', clause: 'L01' },
  return: { from: ['under-review'], to: 'returned', clause: 'L01' },
  reject: { from: ['under-review'], to: 'rejected', clause: 'L01' },
  pass: { from: ['under-review'], to: 'trial', clause: 'L01' },
  admit: { from: ['trial'], to: 'admitted', clause: 'L01' },
  suspend: { from: ['trial', 'admitted'], to: 'suspended', clause: 'L02' },
  restore: { from: ['suspended'], to: 'admitted', clause: 'L02' },
  withdraw: {
    from: ['draft', 'submitted', 'returned', 'trial', 'admitted', 'suspended'],
    to: 'withdrawn',
    clause: 'L02',
  },
}

/** States in which the public finds and opens a course. */
export const listed: readonly CourseState[] = ['trial', 'admitted']
/** States in which a version may be worked on. */
export const workable: readonly CourseState[] = ['draft', 'returned', 'trial', 'admitted', 'suspended']

export type Content = {
  plannedClassHours: number
  /** Minutes of one class hour. */
  hourMinutes: number
  items: readonly (ItemRow & { mediaState: string | null })[]
  /** Questions not retired, by pool. */
  pools: ReadonlyMap<string, number>
}

/**
 * Whether a version is whole enough to be looked at: it has content, every file is checked, every exam finds its
 * questions, there is an exam or an assignment, and the class hours asked for are backed by planned time.
 * @clause L01
 */
export function checkContent(content: Content): Decision<null> {
  const { items } = content
  if (items.length === 0) return refuse('L01', 'course-empty')
  const waiting = items.find((item) => item.mediaId !== null && item.mediaState !== 'ready')
  if (waiting) return refuse('L01', 'media-not-ready', { title: waiting.title })
  for (const item of items.filter((one) => one.kind === 'exam')) {
    for (const { pool, count } of (item.body as ExamBody).pools) {
      const has = content.pools.get(pool) ?? 0
      if (has < count) return refuse('L01', 'pool-too-small', { title: item.title, pool, count, has })
    }
  }
  if (!items.some(practises)) return refuse('L01', 'no-practice')
  const minutes = Math.floor(items.reduce((sum, item) => sum + item.plannedSeconds, 0) / 60)
  const needed = content.plannedClassHours * content.hourMinutes
  if (content.plannedClassHours < 1) return refuse('L01', 'no-hours')
  if (minutes < needed) {
    return refuse('L01', 'hours-not-backed', { hours: content.plannedClassHours, needed, minutes })
  }
  return allow(null)
}

/** A tool of somebody else is practice only when its score has to reach something. */
const practises = ({ kind, body }: ItemRow) =>
  ['exam', 'assignment', 'package'].includes(kind) || (kind === 'lti' && typeof body.passMark === 'number')

type Compared = { plannedClassHours: number; items: readonly ItemRow[] }

const sameItem = (a: ItemRow, b: ItemRow) =>
  a.kind === b.kind && ((a.mediaId !== null && a.mediaId === b.mediaId) || a.title === b.title)

/** What changed from one version to the next, in sentences. Items are the same by file or, without one, by title. */
export function differences(before: Compared, after: Compared): string[] {
  const said: string[] = []
  if (before.plannedClassHours !== after.plannedClassHours) {
    said.push(`课时由 ${before.plannedClassHours} 改为 ${after.plannedClassHours}`)
  }
  const left = [...before.items]
  for (const item of after.items) {
    const at = left.findIndex((one) => sameItem(one, item))
    const old = at < 0 ? undefined : left.splice(at, 1)[0]
    const name = `${itemKinds[item.kind]}“${item.title}”`
    if (!old) said.push(`新增${name}（第${item.chapter}章）`)
    else {
      const changes = changesOf(old, item)
      if (changes.length > 0) said.push(`${name}：${changes.join('，')}`)
    }
  }
  for (const gone of left) said.push(`删去${itemKinds[gone.kind]}“${gone.title}”（原第${gone.chapter}章）`)
  return said
}

function changesOf(old: ItemRow, now: ItemRow): string[] {
  const changes: string[] = []
  if (old.title !== now.title) changes.push(`标题原为“${old.title}”`)
  if (old.mediaId !== now.mediaId) changes.push('换了文件')
  if (old.packageId !== now.packageId) changes.push('换了课件包')
  if (old.chapter !== now.chapter) changes.push(`由第${old.chapter}章移到第${now.chapter}章`)
  else if (old.chapterTitle !== now.chapterTitle) changes.push(`章名原为“${old.chapterTitle}”`)
  if (old.plannedSeconds !== now.plannedSeconds) {
    changes.push(`计划时长由 ${Math.round(old.plannedSeconds / 60)} 改为 ${Math.round(now.plannedSeconds / 60)} 分钟`)
  }
  if (old.required !== now.required) changes.push(now.required ? '改为必学' : '改为选学')
  if (ordered(old.body) !== ordered(now.body)) changes.push('内容有改动')
  return changes
}

/** JSON with its keys in order: the database gives them back in an order of its own. */
export function ordered(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(ordered).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${ordered(inner)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
