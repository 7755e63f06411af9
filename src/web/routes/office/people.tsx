import { data } from 'react-router'
import { documentKinds } from '#modules/people/identity.schema.ts'
import { waitingNameRequests } from '#modules/people/name-request.queries.ts'
import { searchPersons } from '#modules/people/person.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/people.ts'

export const meta = () => title('人员查询')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const waiting = ctx.actor.can('account.verify') ? await waitingNameRequests(ctx.db, ctx.crypto) : []
  return { waiting: waiting.length }
}

/** Posted, so that no name and no number stands in an address, a history or a log. */
export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const form = await request.formData()
  const text = String(form.get('text') ?? '').slice(0, 120)
  const { rows } = await searchPersons(ctx.db, ctx.crypto, { text }, dayOf(ctx.now))
  return data({ text, rows }, { headers: { 'cache-control': 'no-store' } })
}

export default function People({ loaderData: { waiting }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="人员查询"
        lead="姓名、证件号码、手机号要写全；加密保存的信息不能按一部分查。结果只显示部分字符，查看完整信息要写明理由并留痕。"
      />
      {waiting > 0 && (
        <Notice tone="warn" title={`有 ${waiting} 份更名申请等待核对`}>
          <p>
            <a href={paths.officeNameRequests()}>去核对</a>
          </p>
        </Notice>
      )}
      <Form>
        <TextField name="text" label="姓名、证件号码或手机号" {...(actionData && { value: actionData.text })} />
        <Button>查询</Button>
      </Form>
      {actionData && (
        <DataTable
          caption="查询结果"
          rows={actionData.rows}
          rowKey={(row) => row.id}
          columns={[
            { key: 'name', header: '姓名', cell: (row) => <a href={paths.officePerson(row.id)}>{row.name}</a> },
            { key: 'kind', header: '证件', cell: (row) => documentKinds[row.documentKind] },
            { key: 'document', header: '证件号码', keep: true, cell: (row) => row.document },
            { key: 'phone', header: '手机号', keep: true, cell: (row) => row.phone ?? '未登记' },
          ]}
          empty={<EmptyState title="没有找到">请核对是否写全；以前的姓名也能查到。</EmptyState>}
        />
      )}
    </>
  )
}
