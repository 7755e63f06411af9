import { certificateRegister } from '#modules/assessment/certificate.queries.ts'
import { type CertificateState, certificateStates } from '#modules/assessment/certificate.schema.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/certificates.ts'

export const meta = () => title('证书登记')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const asked = new URL(request.url).searchParams
  const state = asked.get('state') ?? ''
  const values = { number: (asked.get('number') ?? '').slice(0, 40), state: state in certificateStates ? state : '' }
  const cursor = asked.get('cursor') ?? undefined
  const page = await certificateRegister(ctx.db, {
    ...(values.number && { number: values.number }),
    ...(values.state && { state: values.state as CertificateState }),
    cursor,
  })
  return {
    values,
    rows: page.rows.map(({ id, number, holderMasked, record, issuedOn, state: now }) => ({
      ...{ id, number, holder: holderMasked, issuedOn, state: now },
      course: record.course,
      issuer: record.issuer.name,
    })),
    first: cursor ? paths.certificateRegister(values) : null,
    next: page.next && paths.certificateRegister({ ...values, cursor: page.next }),
  }
}

export default function Certificates({ loaderData: { rows, values, first, next } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="证书登记" lead="全区签发的培训合格证书，新的在前。" />
      <div className="stack">
        <FilterBar label="查找证书" action={paths.certificateRegister()} values={values}>
          <TextField name="number" label="证书编号" width="full" />
          <SelectField
            name="state"
            label="状态"
            placeholder="全部"
            options={Object.entries(certificateStates).map(([value, label]) => ({ value, label }))}
          />
        </FilterBar>
        <DataTable
          caption="证书"
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'number',
              header: '编号',
              keep: true,
              cell: (row) => <a href={paths.registeredCertificate(row.id)}>{row.number}</a>,
            },
            { key: 'holder', header: '持证人', cell: (row) => row.holder },
            { key: 'course', header: '培训', cell: (row) => row.course },
            { key: 'issuer', header: '签发机构', cell: (row) => row.issuer },
            { key: 'on', header: '签发日期', keep: true, cell: (row) => <DayText day={row.issuedOn} /> },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => (
                <StatusTag tone={row.state === 'issued' ? 'good' : 'bad'}>{certificateStates[row.state]}</StatusTag>
              ),
            },
          ]}
          empty={
            <EmptyState icon="certificate" title="没有符合条件的证书">
              编号要填完整的 17 位，横线可以不填。
            </EmptyState>
          }
        />
        <Pagination shown={rows.length} previous={first} next={next} />
      </div>
    </>
  )
}
