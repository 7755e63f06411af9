import { courseWork } from '#modules/library/course.queries.ts'
import { differences } from '#modules/library/course.rules.ts'
import { fail } from '../../ctx.ts'
import { ContentTable } from '../../library/content-table.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import type { Route } from './+types/version.ts'

export const meta = () => title('课程版本')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const number = Number(args.params.number)
  const id = isId(args.params.courseId)
  const course = await courseWork(ctx, id, Number.isInteger(number) ? number : -1).catch(fail(args.request))
  const before = number > 1 ? await courseWork(ctx, id, number - 1).catch(() => null) : null
  const now = { plannedClassHours: course.shown.plannedClassHours, items: course.items }
  return {
    area,
    id,
    name: course.title,
    shown: course.shown,
    items: course.items,
    changes: before
      ? differences({ plannedClassHours: before.shown.plannedClassHours, items: before.items }, now)
      : null,
  }
}

export default function Version({ loaderData: { area, id, name, shown, items, changes } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={`第 ${shown.number} 版`}
        caption={name}
        crumbs={[{ label: name, href: paths.course(area, id) }]}
        lead={shown.publishedAt ? `${instantText(shown.publishedAt)} 发布，不再更改。` : '还没有发布。'}
      />
      <div className="stack">
        {changes && (
          <Section title="与上一版相比">
            {changes.length === 0 ? (
              <p>内容没有变化。</p>
            ) : (
              <ul className="list-disc ps-5">
                {changes.map((change) => (
                  <li key={change}>{change}</li>
                ))}
              </ul>
            )}
          </Section>
        )}
        <ContentTable items={items} />
      </div>
    </>
  )
}
