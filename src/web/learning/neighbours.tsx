import type { CourseItem } from '#modules/learning/course.queries.ts'
import { paths } from '../paths.ts'
import { itemHref } from './item-href.ts'

type Place = { title: string; href: string }
export type Neighbours = { at: number; of: number; previous: Place | null; next: Place | null }

/** What stands before and after an item of one's course. */
export function neighboursOf(registrationId: string, items: readonly CourseItem[], itemId: string): Neighbours {
  const at = items.findIndex((item) => item.itemId === itemId)
  const place = (item: CourseItem | undefined): Place | null =>
    item ? { title: item.title, href: itemHref(registrationId, item) } : null
  return { at: at + 1, of: items.length, previous: place(items[at - 1]), next: place(items[at + 1]) }
}

/** From one item to the next, and back to the course. */
export function CourseSteps({ steps, registrationId }: { steps: Neighbours; registrationId: string }) {
  return (
    <nav className="course-steps" aria-label="课程内容">
      {steps.previous ? <a href={steps.previous.href}>上一节：{steps.previous.title}</a> : <span />}
      <a href={paths.myCourse(registrationId)}>
        第 {steps.at} 节，共 {steps.of} 节
      </a>
      {steps.next ? <a href={steps.next.href}>下一节：{steps.next.title}</a> : <span />}
    </nav>
  )
}
