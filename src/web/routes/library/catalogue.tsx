import {
  type LibraryFilter as Filter,
  LibraryFilter,
  type LibraryRow,
  libraryPage,
} from '#modules/library/catalogue.queries.ts'
import { current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { ratingText } from '../../library/desk.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { levelOptions } from '../../training/options.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FormStateContext, SelectField } from '../../ui/fields.tsx'
import { Icon } from '../../ui/icon.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { More } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/catalogue.ts'

export const meta = () => title('线上课程')

const hourWords: Record<string, string> = { short: '4 课时以内', middle: '5 到 16 课时', long: '17 课时以上' }

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const filter: Filter = LibraryFilter.parse(Object.fromEntries(new URL(request.url).searchParams))
  const found = await libraryPage(ctx, filter)
  const levels = new Map(levelOptions(ctx.plan).map(({ value, label }) => [value, label]))
  const groups = new Map(ctx.plan.groups.map(({ id, label }) => [id, label]))
  const { page, ...values } = filter
  const at = (to: number) => paths.library({ ...values, page: to === 1 ? undefined : to })
  const option = (label: string, n: number) => `${label}（${n}）`
  const { facets } = found
  return {
    rows: found.rows.map((row) => ({ ...row, level: row.level ? (levels.get(row.level) ?? row.level) : '' })),
    total: found.total,
    previous: page > 1 ? at(page - 1) : null,
    next: page < found.pages ? at(page + 1) : null,
    values,
    options: {
      occupation: facets.occupations.map(({ value, label, n }) => ({ value, label: option(label, n) })),
      level: facets.levels.map(({ value, n }) => ({ value, label: option(levels.get(value) ?? value, n) })),
      group: facets.groups.map(({ value, n }) => ({ value, label: option(groups.get(value) ?? value, n) })),
      hours: facets.hours.map(({ value, n }) => ({ value, label: option(hourWords[value] ?? value, n) })),
      captioned: [{ value: 'yes', label: option('有字幕', facets.captioned) }],
      subsidised: [{ value: 'yes', label: option('可计入补贴培训', facets.subsidised) }],
    },
  }
}

export default function Catalogue({ loaderData }: Route.ComponentProps) {
  const { rows, total, previous, next, values } = loaderData
  const narrowed = Object.values(values).some((value) => value !== '')
  return (
    <PageBody>
      <PageHeader
        title="线上课程"
        lead={
          <>
            海珠区职业技能培训平台资源库，免费学习。每门课程都经两名评审人独立评审，
            <a href={paths.libraryStandard()}>看入库标准</a>。
          </>
        }
      />
      <div className="stack">
        <FilterForm data={loaderData} />
        <p className="found" role="status">
          {narrowed ? '符合条件的课程' : '在库课程'} <b>{total}</b> 门
        </p>
        {rows.length === 0 ? (
          <EmptyState
            icon="book"
            title={narrowed ? '没有符合这些条件的课程' : '资源库还没有课程'}
            {...(narrowed && { action: { href: paths.library(), label: '看全部课程' } })}
          >
            {narrowed ? '可以少选几项条件，或换一个词再搜；也可以打拼音首字母。' : '课程通过评审后会列在这里。'}
          </EmptyState>
        ) : (
          <ol className="class-list">
            {rows.map((row) => (
              <CourseLine key={row.id} row={row} />
            ))}
          </ol>
        )}
        {(previous || next) && <Pagination previous={previous} next={next} shown={rows.length} total={total} />}
      </div>
    </PageBody>
  )
}

function FilterForm({ data: { values, options } }: { data: Route.ComponentProps['loaderData'] }) {
  const { q, ...rest } = values
  const chosen = Object.values(rest).filter((value) => value !== '').length
  return (
    <search>
      <FormStateContext value={{ errors: {}, values, free: true }}>
        <form method="get" action={paths.library()} aria-label="找课程条件" className="class-search">
          <div className="site-search">
            <label htmlFor="library-q" className="sr-only">
              想学什么：课程、职业、机构，或拼音首字母
            </label>
            <input
              id="library-q"
              name="q"
              type="search"
              defaultValue={q}
              placeholder="想学什么：粤菜、家政，或 ycsf"
              autoComplete="off"
            />
            <button type="submit">
              <Icon name="search" />
              找课程
            </button>
          </div>
          <More label={chosen > 0 ? `筛选（已选 ${chosen} 项）` : '按职业、等级、人群、课时筛选'}>
            <div className="filters">
              <SelectField name="occupation" label="职业" placeholder="全部" options={options.occupation} />
              <SelectField name="level" label="等级" placeholder="全部" options={options.level} />
              <SelectField name="group" label="适合人群" placeholder="全部" options={options.group} />
              <SelectField name="hours" label="课时" placeholder="全部" options={options.hours} />
              <SelectField name="captioned" label="字幕" placeholder="不限" options={options.captioned} />
              <SelectField name="subsidised" label="补贴" placeholder="不限" options={options.subsidised} />
              <div className="filter-actions">
                <Button kind="plain">筛选</Button>
                {chosen > 0 && <a href={paths.library({ q })}>清除 {chosen} 项条件</a>}
              </div>
            </div>
          </More>
        </form>
      </FormStateContext>
    </search>
  )
}

function CourseLine({ row }: { row: LibraryRow }) {
  return (
    <li>
      <h2>
        <a href={paths.libraryCourse(row.id)}>{row.title}</a>
      </h2>
      {row.state === 'trial' ? <StatusTag tone="info">试用</StatusTag> : <StatusTag tone="good">已入库</StatusTag>}
      <p>
        {row.organisation}
        {row.occupationTitle && `　${row.occupationTitle}`}
        {row.level && `　${row.level}`}
      </p>
      <dl>
        <dt>课时</dt>
        <dd>{row.plannedClassHours} 课时</dd>
        <dt>费用</dt>
        <dd>免费</dd>
        <dt>评分</dt>
        <dd>{ratingText(row)}</dd>
        <dt>字幕</dt>
        <dd>{row.captioned ? '全部视频有字幕' : '没有或不全'}</dd>
        <dt>补贴</dt>
        <dd>{row.subsidised ? '课时可计入补贴培训' : '不计入补贴培训'}</dd>
      </dl>
    </li>
  )
}
