import { LibraryFilter, libraryPage } from '#modules/library/catalogue.queries.ts'
import { findLists } from '#modules/publicity/search.queries.ts'
import { CatalogueFilter, catalogue } from '#modules/training/catalogue.queries.ts'
import { tokens } from '#platform/search.ts'
import { clauseLabel } from '#policy/clauses.ts'
import { current } from '../ctx.ts'
import { PageBody, SiteSearch } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { dayText } from '../ui/format.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { Section } from '../ui/section.tsx'
import { LinkList } from '../ui/tile.tsx'
import type { Route } from './+types/search.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.q ? `“${loaderData.q}”的搜索结果` : '搜索')

const most = 8

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const q = (new URL(request.url).searchParams.get('q') ?? '').trim().slice(0, 100)
  if (q === '') return { q, classes: [], classTotal: 0, courses: [], courseTotal: 0, clauses: [], lists: [] }
  const [classes, courses, lists] = await Promise.all([
    catalogue(ctx, CatalogueFilter.parse({ q })),
    libraryPage(ctx, LibraryFilter.parse({ q })),
    findLists(ctx, q, most),
  ])
  const words = tokens(q)
  const clauses = ctx.plan.clauses.filter(({ heading, text, summary }) => {
    const whole = `${heading}${text}${summary}`.toLowerCase()
    return words.length > 0 && words.every((word) => whole.includes(word))
  })
  return {
    q,
    classTotal: classes.total ?? classes.rows.length,
    classes: classes.rows.slice(0, most).map((row) => ({
      href: paths.class(row.id),
      label: `${row.title}（${row.organisation}）`,
      meta: `${dayText(row.startsOn)}开班`,
    })),
    courseTotal: courses.total,
    courses: courses.rows.slice(0, most).map((row) => ({
      href: paths.libraryCourse(row.id),
      label: `${row.title}（${row.organisation}）`,
      meta: `${row.plannedClassHours} 课时`,
    })),
    clauses: clauses.slice(0, most).map((clause) => ({
      href: paths.clause(clause.id),
      label: `${clauseLabel(ctx.plan, clause.id)}：${clause.summary}`,
    })),
    lists: lists.map((list) => ({
      href: paths.notice(list.id),
      label: list.title,
      meta: `${dayText(list.openedOn)}公示`,
    })),
  }
}

export default function Search({ loaderData }: Route.ComponentProps) {
  const { q, classes, classTotal, courses, courseTotal, clauses, lists } = loaderData
  const nothing = q !== '' && classes.length + courses.length + clauses.length + lists.length === 0
  return (
    <PageBody>
      <PageHeader title="搜索" />
      <div className="stack">
        <SiteSearch id="search-q" value={q} />
        {q === '' && <p className="soft">可以搜培训班、线上课程、政策条款和公示名单的标题。</p>}
        {nothing && (
          <EmptyState
            icon="search"
            title={`没有找到与“${q}”有关的内容`}
            action={{ href: paths.classes(), label: '看全部班次' }}
          >
            可以换一个更短的词，例如“烹调”“护理”。
          </EmptyState>
        )}
        {classes.length > 0 && (
          <Section title={`培训班（${classTotal}）`} more={{ href: paths.classes({ q }), label: '全部有关的班' }}>
            <LinkList items={classes} />
          </Section>
        )}
        {courses.length > 0 && (
          <Section title={`线上课程（${courseTotal}）`} more={{ href: paths.library({ q }), label: '全部有关的课程' }}>
            <LinkList items={courses} />
          </Section>
        )}
        {clauses.length > 0 && (
          <Section title={`政策条款（${clauses.length}）`}>
            <LinkList items={clauses} />
          </Section>
        )}
        {lists.length > 0 && (
          <Section title={`公示（${lists.length}）`}>
            <LinkList items={lists} />
          </Section>
        )}
      </div>
    </PageBody>
  )
}
