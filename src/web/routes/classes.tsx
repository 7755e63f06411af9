import { CatalogueFilter, type CatalogueRow, catalogue, catalogueChoices } from '#modules/training/catalogue.queries.ts'
import { classModes } from '#modules/training/class.schema.ts'
import { current } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { whoMayJoin } from '../programme-words.ts'
import { title } from '../site.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FormStateContext, SelectField } from '../ui/fields.tsx'
import { dayText } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pagination } from '../ui/pagination.tsx'
import { More } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import type { Route } from './+types/classes.ts'

export const meta = () => title('找培训')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const filter = CatalogueFilter.parse(Object.fromEntries(new URL(request.url).searchParams))
  const [page, choices] = await Promise.all([catalogue(ctx, filter), catalogueChoices(ctx)])
  const { plan } = ctx
  const programmes = new Map(plan.programmes.map((one) => [one.code, one]))
  const subdistricts = new Map(plan.subdistricts.map(({ code, name }) => [code, name]))
  const rows = page.rows.map((row) => ({
    ...row,
    place: [subdistricts.get(row.subdistrict), row.venue].filter(Boolean).join('　'),
    programme: programmes.get(row.programme)?.name ?? row.programme,
    who: whoMayJoin(plan, programmes.get(row.programme)),
  }))
  const { cursor, ...values } = filter
  return {
    rows,
    total: page.total,
    first: cursor ? paths.classes(values) : null,
    next: page.next && paths.classes({ ...values, cursor: page.next }),
    values,
    subdistricts: plan.subdistricts.map(({ code, name }) => ({ value: code, label: name })),
    programmes: plan.programmes
      .filter(({ undertaker }) => undertaker.mode !== 'employer')
      .map(({ code, name }) => ({ value: code, label: name })),
    occupations: choices.occupations,
    months: choices.months.map((month) => ({ value: month, label: monthText(month) })),
  }
}

const monthText = (month: string) => `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`

export default function Classes({ loaderData }: Route.ComponentProps) {
  const { rows, total, first, next, values } = loaderData
  const narrowed = Object.values(values).some((value) => value !== '')
  return (
    <PageBody>
      <PageHeader title="找培训" lead="这里的班都不向学员收费。选一个班，看清楚再报名。" />
      <div className="stack">
        <Filter data={loaderData} />
        {total !== null && (
          <p className="found" role="status">
            {narrowed ? '符合条件的班' : '正在报名的班'} <b>{total}</b> 个，按开班日期从近到远
          </p>
        )}
        {rows.length === 0 ? (
          <EmptyState
            icon="calendar"
            title={narrowed ? '没有符合这些条件的班' : '眼下没有正在报名的班'}
            {...(narrowed && { action: { href: paths.classes(), label: '看全部班次' } })}
          >
            {narrowed ? '可以少选几项条件，或换一个词再搜。' : '新班开放报名后会列在这里。'}
          </EmptyState>
        ) : (
          <ol className="class-list">
            {rows.map((row) => (
              <ClassItem key={row.id} row={row} />
            ))}
          </ol>
        )}
        {(first || next) && (
          <Pagination previous={first} next={next} shown={rows.length} {...(total !== null && { total })} />
        )}
      </div>
    </PageBody>
  )
}

function Filter({ data }: { data: Route.ComponentProps['loaderData'] }) {
  const { values } = data
  const { q, ...rest } = values
  const chosen = Object.values(rest).filter((value) => value !== '').length
  return (
    <search>
      <FormStateContext value={{ errors: {}, values, free: true }}>
        <form method="get" action={paths.classes()} aria-label="找班条件" className="class-search">
          <div className="site-search">
            <label htmlFor="class-q" className="sr-only">
              想学什么：职业、课程、机构、地址
            </label>
            <input
              id="class-q"
              name="q"
              type="search"
              defaultValue={q}
              placeholder="想学什么：粤菜、家政、养老护理"
              autoComplete="off"
            />
            <button type="submit">
              <Icon name="search" />
              找班
            </button>
          </div>
          <More label={chosen > 0 ? `筛选（已选 ${chosen} 项）` : '按街道、职业、时间筛选'}>
            <div className="filters">
              <SelectField name="subdistrict" label="街道" placeholder="全部" options={data.subdistricts} />
              <SelectField name="occupation" label="职业" placeholder="全部" options={data.occupations} />
              <SelectField name="programme" label="培训项目" placeholder="全部" options={data.programmes} />
              <SelectField name="mode" label="方式" placeholder="全部" options={modes} />
              <SelectField name="month" label="开班月份" placeholder="全部" options={data.months} />
              <SelectField
                name="places"
                label="名额"
                placeholder="全部"
                options={[{ value: 'yes', label: '还有名额' }]}
              />
              <div className="filter-actions">
                <Button kind="plain">筛选</Button>
                {chosen > 0 && <a href={paths.classes({ q })}>清除 {chosen} 项条件</a>}
              </div>
            </div>
          </More>
        </form>
      </FormStateContext>
    </search>
  )
}

const modes = Object.entries(classModes).map(([value, label]) => ({ value, label }))

type Item = Omit<CatalogueRow, 'programme'> & { place: string; programme: string; who: string }

/** One class, as few words as tell whether to look closer. Kept lean: this list is what the whole town looks at. */
function ClassItem({ row }: { row: Item }) {
  const left = row.capacity - row.taken
  return (
    <li>
      <h2>
        <a href={paths.class(row.id)}>{row.title}</a>
      </h2>
      {left > 0 ? (
        <StatusTag tone={left <= 5 ? 'warn' : 'good'}>{`余 ${left} 个名额`}</StatusTag>
      ) : (
        <StatusTag>名额已满</StatusTag>
      )}
      <p>
        {row.organisation}　{row.programme}
        {row.occupationTitle && `　${row.occupationTitle}`}
      </p>
      <dl>
        <dt>谁可以报</dt>
        <dd>{row.who}</dd>
        <dt>费用</dt>
        <dd>免费</dd>
        <dt>课时</dt>
        <dd>
          {row.classHours} 课时，{classModes[row.mode]}
        </dd>
        <dt>地点</dt>
        <dd>{row.place || '线上'}</dd>
        <dt>时间</dt>
        <dd>
          {dayText(row.startsOn)}至{dayText(row.endsOn)}
        </dd>
      </dl>
    </li>
  )
}
