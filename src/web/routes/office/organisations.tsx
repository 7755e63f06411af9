import { proposedAdmins } from '#modules/access/grant.queries.ts'
import { type OrganisationStatus, searchOrganisations } from '#modules/people/organisation.queries.ts'
import { type OrganisationType, organisationTypes, statuses } from '#modules/people/organisation.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subdistrictName, subdistrictOptions } from '../../subdistricts.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/organisations.ts'

export const meta = () => title('单位')

const options = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }))

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const asked = new URL(request.url).searchParams
  const pick = (name: string, among: object) =>
    Object.hasOwn(among, asked.get(name) ?? '') ? (asked.get(name) ?? '') : ''
  const values = {
    text: (asked.get('text') ?? '').slice(0, 120),
    type: pick('type', organisationTypes),
    status: pick('status', statuses),
    subdistrict: /^\d{9}$/.test(asked.get('subdistrict') ?? '') ? (asked.get('subdistrict') ?? '') : '',
  }
  const page = await searchOrganisations(ctx.db, {
    text: values.text,
    type: (values.type || undefined) as OrganisationType | undefined,
    status: (values.status || undefined) as OrganisationStatus | undefined,
    subdistrict: values.subdistrict || undefined,
    cursor: asked.get('cursor') ?? undefined,
  })
  const mayApprove = ctx.actor.can('account.verify')
  return {
    values,
    rows: page.rows.map((row) => ({ ...row, place: subdistrictName(ctx.plan, row.subdistrict) })),
    next: page.next && paths.officeOrganisations({ ...values, cursor: page.next }),
    subdistricts: subdistrictOptions(ctx.plan, dayOf(ctx.now)),
    mayRegister: ctx.actor.can('organisation.register'),
    waiting: mayApprove ? await proposedAdmins(ctx.db) : [],
  }
}

export default function Organisations({ loaderData }: Route.ComponentProps) {
  const { rows, values, waiting } = loaderData
  return (
    <>
      <PageHeader
        title="单位"
        actions={
          loaderData.mayRegister && (
            <LinkButton href={paths.officeNewOrganisation()} kind="primary">
              登记单位
            </LinkButton>
          )
        }
      />
      {waiting.length > 0 && (
        <Notice tone="warn" title={`有 ${waiting.length} 名单位管理员等待批准`}>
          <ul>
            {waiting.map((row) => (
              <li key={row.id}>
                <a href={paths.officeOrganisation(row.organisationId ?? '')}>
                  {row.organisationName}：{row.accountName}
                </a>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <FilterBar label="查找单位" action={paths.officeOrganisations()} values={values}>
        <TextField name="text" label="名称或统一社会信用代码" />
        <SelectField name="type" label="类型" options={options(organisationTypes)} placeholder="全部" />
        <SelectField name="status" label="状态" options={options(statuses)} placeholder="全部" />
        <SelectField name="subdistrict" label="街道" options={loaderData.subdistricts} placeholder="全部" />
      </FilterBar>
      <DataTable
        caption="单位"
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', header: '名称', cell: (row) => <a href={paths.officeOrganisation(row.id)}>{row.name}</a> },
          { key: 'uscc', header: '统一社会信用代码', cell: (row) => <span className="number">{row.uscc}</span> },
          { key: 'type', header: '类型', cell: (row) => organisationTypes[row.type] },
          { key: 'place', header: '街道', cell: (row) => row.place },
          {
            key: 'status',
            header: '状态',
            cell: (row) => (
              <StatusTag tone={row.status === 'active' ? 'good' : 'warn'}>{statuses[row.status]}</StatusTag>
            ),
          },
        ]}
        empty={<EmptyState title="没有找到单位">名称可以只写一部分，代码要写全。</EmptyState>}
      />
      <Pagination shown={rows.length} next={loaderData.next} />
    </>
  )
}
