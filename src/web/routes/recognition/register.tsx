import { RegisterFilter, register, registerBySubdistrict } from '#modules/recognition/designation.queries.ts'
import { titleIn } from '#modules/recognition/designation.rules.ts'
import { designationStates } from '#modules/recognition/designation.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { designationTones } from '../../recognition/desk.ts'
import { DistrictMap, tilesOf } from '../../recognition/district-map.tsx'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DateField, SelectField, TextField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/register.ts'

export const meta = () => title('称号名册')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const filter = RegisterFilter.parse(Object.fromEntries(new URL(request.url).searchParams))
  const found = await register(ctx, filter)
  const names = new Map(ctx.plan.schemes.map(({ code, name }) => [code, name]))
  const streets = new Map(ctx.plan.subdistricts.map(({ code, name }) => [code, name]))
  const values = {
    ...{ scheme: filter.scheme, subdistrict: filter.subdistrict, state: filter.state },
    ...{ q: filter.q, on: filter.on },
  }
  const counts = await registerBySubdistrict(ctx, filter)
  return {
    rows: found.rows.map((row) => ({
      ...row,
      title: titleIn(ctx.plan, row),
      street: streets.get(row.subdistrict) ?? '',
    })),
    tiles: tilesOf(ctx.plan.subdistricts, counts, filter.subdistrict ?? '', (subdistrict) =>
      paths.titleRegister({ ...values, subdistrict }),
    ),
    all: paths.titleRegister({ ...values, subdistrict: undefined }),
    total: found.total,
    on: found.on,
    today: dayOf(ctx.now),
    next: found.next ? paths.titleRegister({ ...values, cursor: found.next }) : null,
    values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? ''])),
    schemes: [...names].map(([value, label]) => ({ value, label })),
    streets: [...streets].map(([value, label]) => ({ value, label })),
  }
}

export default function Register({ loaderData }: Route.ComponentProps) {
  const { tiles, all, rows, total, on, today, next, values, schemes, streets } = loaderData
  return (
    <PageBody>
      <PageHeader
        title="称号名册"
        lead="按某一天查谁持有什么称号。历史不改：撤销、退出、期满以前持有的，按当时的日期仍然查得到。"
        crumbs={[{ label: '认定和聘任', href: paths.titles() }]}
      />
      <div className="stack">
        <FilterBar label="查名册" action={paths.titleRegister()} values={values}>
          <TextField name="q" label="姓名、单位或编号" maxLength={60} />
          <SelectField name="scheme" label="称号" options={schemes} placeholder="全部" />
          <SelectField name="subdistrict" label="街道" options={streets} placeholder="全部" />
          <SelectField
            name="state"
            label="现在的状态"
            options={Object.entries(designationStates).map(([value, label]) => ({ value, label }))}
            placeholder="全部"
          />
          <DateField name="on" label="哪一天" />
        </FilterBar>
        {tiles.length > 1 && <DistrictMap tiles={tiles} all={all} />}
        <p role="status">
          {dayText(on)}持有称号的共 <b>{total}</b> 个
        </p>
        <DataTable
          caption="称号名册"
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'name',
              header: '持有人',
              cell: (row) => <a href={paths.titleHolder(row.number, on === today ? undefined : on)}>{row.name}</a>,
            },
            { key: 'title', header: '称号', cell: (row) => row.title },
            { key: 'unit', header: '单位', cell: (row) => row.organisation || '—' },
            { key: 'street', header: '街道', keep: true, cell: (row) => row.street || '—' },
            { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
            { key: 'on', header: '认定日期', keep: true, cell: (row) => dayText(row.designatedOn) },
            {
              key: 'state',
              header: '现在',
              keep: true,
              cell: (row) => <StatusTag tone={designationTones[row.state]}>{designationStates[row.state]}</StatusTag>,
            },
          ]}
          empty={
            <EmptyState icon="star" title="没有符合条件的持有人">
              可以少选几项条件，或换一个日期。
            </EmptyState>
          }
        />
        {next && <Pagination next={next} shown={rows.length} total={total} />}
      </div>
    </PageBody>
  )
}
