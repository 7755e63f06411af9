import { overrideList } from '#modules/subsidy/override.queries.ts'
import { type OverrideState, overrideStates } from '#modules/subsidy/override.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { overrideTone } from '../../subsidy/override.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/overrides.ts'

export const meta = () => title('人工放行')

export async function loader(args: Route.LoaderArgs) {
  const { ctx } = signedIn(args, 'casework.read')
  const asked = new URL(args.request.url).searchParams
  const wanted = asked.get('state') ?? ''
  const state = wanted in overrideStates ? (wanted as OverrideState) : undefined
  const page = await overrideList(ctx.db, { state, cursor: asked.get('after') ?? undefined })
  const today = dayOf(ctx.now)
  return {
    state: state ?? '',
    page: { ...page, rows: page.rows.map((row) => ({ ...row, tag: overrideTone(row, today) })) },
  }
}

export default function Overrides({ loaderData }: Route.ComponentProps) {
  const { page, state } = loaderData
  return (
    <>
      <PageHeader title="人工放行" lead="核查没有通过而要放行的，由一人申请、另一人批准，写明理由，到期自动失效。" />
      <FilterBar label="筛选人工放行" action={paths.overrides()} values={{ state }}>
        <SelectField
          name="state"
          label="状态"
          optional
          placeholder="全部"
          options={Object.entries(overrideStates).map(([value, label]) => ({ value, label }))}
        />
      </FilterBar>
      <DataTable
        caption="人工放行"
        rows={page.rows}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'control',
            header: '核查项',
            keep: true,
            cell: (row) => <a href={paths.override(row.id)}>{row.control}</a>,
          },
          { key: 'claim', header: '申领', keep: true, cell: (row) => row.claimNumber },
          { key: 'whom', header: '范围', cell: (row) => row.person ?? '整件申领' },
          { key: 'reason', header: '理由', cell: (row) => row.reason },
          { key: 'by', header: '申请', cell: (row) => `${row.requestedBy}　${instantText(row.requestedAt)}` },
          { key: 'until', header: '到期日', keep: true, cell: (row) => row.expiresOn },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) => <StatusTag tone={row.tag.tone}>{row.tag.label}</StatusTag>,
          },
        ]}
        empty={<EmptyState icon="shield" title={state ? '没有这种状态的放行' : '没有人工放行'} />}
      />
      <Pagination shown={page.rows.length} next={page.next && paths.overrides({ state, after: page.next })} />
    </>
  )
}
