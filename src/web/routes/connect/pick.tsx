import { arrivalFor, browserCookie } from '#modules/connect/arrival.queries.ts'
import { LibraryFilter, libraryPage } from '#modules/library/catalogue.queries.ts'
import { cookieOf } from '#platform/session.ts'
import { connectWords } from '../../connect/words.ts'
import { current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { CheckboxGroup, RadioGroup } from '../../ui/choices.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TextField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/pick.ts'

export const meta = () => title('选择课程')
export const headers = () => ({ 'x-robots-tag': 'noindex, nofollow', 'cache-control': 'no-store' })

/** A teacher of another platform picks from what everybody may see; the list says nothing that the catalogue does not. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const arrival = await arrivalFor(ctx.db, params.code, cookieOf(request, browserCookie) ?? '')
  if (typeof arrival === 'string' || arrival.kind !== 'deep-linking') {
    const reason = arrival === 'other-browser' ? 'arrival-other-browser' : 'arrival-over'
    return { kind: 'refused' as const, words: connectWords(ctx)({ clause: 'C01', reason, facts: {} }) ?? null }
  }
  const q = (new URL(request.url).searchParams.get('q') ?? '').trim().slice(0, 100)
  const { rows, total } = await libraryPage(ctx, LibraryFilter.parse({ q }))
  return {
    kind: 'list' as const,
    q,
    code: params.code,
    from: arrival.platformName,
    multiple: arrival.multiple,
    total,
    rows: rows.map(({ id, title: name, organisation, plannedClassHours }) => ({
      value: id,
      label: name,
      hint: `${organisation}，${plannedClassHours} 课时`,
    })),
  }
}

export default function Pick({ loaderData }: Route.ComponentProps) {
  if (loaderData.kind === 'refused') {
    const { words } = loaderData
    return (
      <PageBody>
        <PageHeader title="不能选择课程" crumbs={[{ label: '首页', href: paths.home() }]} />
        <Notice tone="bad" live title={words?.title ?? '这次进入已经用过或过期'}>
          <p>{words?.remedy ?? '请回到贵校的学习平台重新打开。'}</p>
        </Notice>
      </PageBody>
    )
  }
  const { q, code, from, multiple, total, rows } = loaderData
  const Group = multiple ? CheckboxGroup : RadioGroup
  return (
    <PageBody>
      <PageHeader
        title="选择课程"
        caption={`送到${from}`}
        crumbs={[{ label: '首页', href: paths.home() }]}
        lead="这里列出已入库的课程。选好后送回贵校平台，学生从那里打开；学完后，结果自动送回贵校成绩册。"
      />
      <div className="stack">
        <FilterBar label="查找课程" action={paths.pickCourses(code)} values={{ q }}>
          <TextField name="q" label="课程名称或内容" type="search" />
        </FilterBar>
        {rows.length === 0 ? (
          <EmptyState title="没有找到课程">
            换个词再找，或<a href={paths.pickCourses(code)}>看全部课程</a>。
          </EmptyState>
        ) : (
          <Form action={paths.sendPicked(code)}>
            <Group
              name="course"
              label={`课程（共 ${total} 门${total > rows.length ? `，列出前 ${rows.length} 门，请用查找缩小范围` : ''}）`}
              options={rows}
            />
            <Button>送回{from}</Button>
          </Form>
        )}
      </div>
    </PageBody>
  )
}
