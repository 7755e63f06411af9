import { RegisterFilter, register } from '#modules/recognition/designation.queries.ts'
import { titleIn } from '#modules/recognition/designation.rules.ts'
import { designationStates } from '#modules/recognition/designation.schema.ts'
import { signedIn } from '../../../ctx.ts'
import { paths } from '../../../paths.ts'
import { designationTones } from '../../../recognition/desk.ts'
import { title } from '../../../site.ts'
import { DataTable } from '../../../ui/data-table.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { DateField, SelectField, TextField } from '../../../ui/fields.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { dayText } from '../../../ui/format.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Pagination } from '../../../ui/pagination.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import type { Route } from './+types/holders.ts'

export const meta = () => title('称号名册')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const filter = RegisterFilter.parse(Object.fromEntries(new URL(request.url).searchParams))
  const found = await register(ctx, { ...filter, cards: true })
  const { cursor: _, subdistrict: __, ...values } = filter
  return {
    ...found,
    rows: found.rows.map((row) => ({ ...row, title: titleIn(ctx.plan, row) })),
    values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? ''])),
    nextHref: found.next ? paths.officeHolders({ ...values, cursor: found.next }) : null,
    names: Object.fromEntries(ctx.plan.schemes.map(({ code, name }) => [code, name])),
  }
}

export default function Holders({ loaderData: { rows, total, on, values, nextHref, names } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="称号名册" lead="登记年度考核、警告、撤销、退出、续期和向上推荐。" />
      <div className="stack">
        <FilterBar label="查名册" action={paths.officeHolders()} values={values}>
          <TextField name="q" label="姓名、单位或编号" maxLength={60} />
          <SelectField
            name="scheme"
            label="称号"
            placeholder="全部"
            options={Object.entries(names).map(([value, label]) => ({ value, label }))}
          />
          <DateField name="on" label="哪一天" />
        </FilterBar>
        <DataTable
          caption="称号名册"
          captionNote={`${dayText(on)}在册 ${total} 个`}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            { key: 'name', header: '持有人', cell: (row) => <a href={paths.officeHolder(row.id)}>{row.name}</a> },
            { key: 'title', header: '称号', cell: (row) => row.title },
            { key: 'unit', header: '单位', cell: (row) => row.organisation || '—' },
            { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
            {
              key: 'term',
              header: '管理期止',
              keep: true,
              cell: (row) => (row.termTo ? dayText(row.termTo) : '尚未明确'),
            },
            {
              key: 'state',
              header: '状态',
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
        {nextHref && <Pagination next={nextHref} shown={rows.length} total={total} />}
      </div>
    </>
  )
}
