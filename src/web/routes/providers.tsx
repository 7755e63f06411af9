import { providers } from '#modules/assessment/provider.queries.ts'
import { organisationTypes } from '#modules/people/organisation.schema.ts'
import { current } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { SelectField, TextField } from '../ui/fields.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { dayText } from '../ui/format.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { Pagination } from '../ui/pagination.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import type { Route } from './+types/providers.ts'

export const meta = () => title('已备案的培训和评价机构')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const asked = new URL(request.url).searchParams
  const values = { q: (asked.get('q') ?? '').slice(0, 60), subdistrict: asked.get('subdistrict') ?? '' }
  const cursor = asked.get('cursor') ?? undefined
  const page = await providers(ctx, { ...values, cursor })
  const { subdistricts } = ctx.plan
  return {
    values,
    rows: page.rows.map((row) => ({
      ...row,
      place: subdistricts.find(({ code }) => code === row.subdistrict)?.name ?? '',
    })),
    first: cursor ? paths.providers(values) : null,
    next: page.next && paths.providers({ ...values, cursor: page.next }),
    subdistricts: subdistricts.map(({ code, name }) => ({ value: code, label: name })),
  }
}

export default function Providers({ loaderData }: Route.ComponentProps) {
  const { rows, values, first, next } = loaderData
  return (
    <PageBody>
      <PageHeader
        title="已备案的培训和评价机构"
        lead="报名前先看：有没有在有效期内的证照，能教哪些职业，是不是被暂停开班。"
      />
      <div className="stack">
        <FilterBar label="找机构" action={paths.providers()} values={values}>
          <TextField name="q" label="机构名称" type="search" />
          <SelectField name="subdistrict" label="街道" placeholder="全部" options={loaderData.subdistricts} />
        </FilterBar>
        <DataTable
          caption="机构名单"
          captionNote="合格率只在参加考核的人数足够多时公布。"
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'name',
              header: '机构',
              cell: (row) => (
                <>
                  <a href={paths.publicProvider(row.id)}>{row.name}</a>{' '}
                  {row.status === 'suspended' && <StatusTag tone="bad">暂停开班</StatusTag>}
                </>
              ),
            },
            { key: 'type', header: '类别', cell: (row) => organisationTypes[row.type] },
            { key: 'place', header: '街道', cell: (row) => row.place || '区外' },
            { key: 'scope', header: '证照和范围', cell: (row) => <Scope licences={row.licences} /> },
            { key: 'open', header: '正在报名', end: true, cell: (row) => `${row.openClasses} 个班` },
            {
              key: 'rate',
              header: '考核合格率',
              end: true,
              cell: (row) =>
                row.passRate ? `${row.passRate.percent}%（${row.passRate.assessed}人）` : '人数不足，不公布',
            },
          ]}
          empty={
            <EmptyState
              icon="school"
              title="没有符合条件的机构"
              action={{ href: paths.providers(), label: '看全部机构' }}
            >
              请核对机构名称；查不到的机构可能没有备案。
            </EmptyState>
          }
        />
        {(first || next) && <Pagination previous={first} next={next} shown={rows.length} />}
      </div>
    </PageBody>
  )
}

type Row = Route.ComponentProps['loaderData']['rows'][number]

function Scope({ licences }: { licences: Row['licences'] }) {
  if (licences.length === 0) return <StatusTag tone="warn">没有有效证照</StatusTag>
  return licences.map((licence) => (
    <span key={licence.number}>
      {licence.number}（{licence.to ? `至${dayText(licence.to)}` : '长期'}）：
      {licence.any ? '不限职业' : licence.occupations.join('、') || '所列职业未收录'}
      <br />
    </span>
  ))
}
