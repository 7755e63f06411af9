import { redirect } from 'react-router'
import { askNameChange } from '#modules/people/name-request.commands.ts'
import { nameRequestsOf } from '#modules/people/name-request.queries.ts'
import { personCard } from '#modules/people/person.queries.ts'
import { reasonText } from '#modules/people/person.schema.ts'
import { attempt, wordsOf } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { done, paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { FileField } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { DateField, TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { DayText, Instant } from '../../ui/time.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/name.ts'

export const meta = () => title('申请更名')

const states = { asked: '待核对', accepted: '已更正', refused: '未同意', withdrawn: '已撤回' } as const
const tones = { asked: 'wait', accepted: 'good', refused: 'bad', withdrawn: 'neutral' } as const

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const [person, requests] = await Promise.all([personCard(ctx.db, personId), nameRequestsOf(ctx.db, personId)])
  return { person, requests, open: requests.some((row) => row.state === 'asked') }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const form = await request.formData()
  const input = { ...Object.fromEntries(form), paper: await uploadOf(form, 'paper') }
  const tried = await attempt(askNameChange(ctx, input), form, (refusal) => wordsOf(ctx.plan, reasonText, refusal))
  return tried.ok ? redirect(done(paths.accountName(), 'name-asked')) : tried.answer
}

export default function NamePage({ loaderData: { person, requests, open }, actionData }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader
        title="申请更名"
        crumbs={[{ label: '我的账号', href: paths.account() }]}
        lead={`现在登记的姓名：${person.name}。更名后，原姓名和以前的证书、学时仍算在您名下。`}
      />
      {requests.length > 0 && (
        <Section title="办理情况">
          <DataTable
            caption="更名申请"
            rows={requests}
            rowKey={(row) => row.id}
            columns={[
              { key: 'at', header: '申请时间', cell: (row) => <Instant at={row.askedAt} /> },
              { key: 'name', header: '新姓名', cell: (row) => row.wanted },
              { key: 'from', header: '更名日期', cell: (row) => <DayText day={row.from} /> },
              {
                key: 'state',
                header: '状态',
                cell: (row) => <StatusTag tone={tones[row.state]}>{states[row.state]}</StatusTag>,
              },
              { key: 'why', header: '核对情况', cell: (row) => row.decision || '等待核对' },
            ]}
            empty={null}
          />
        </Section>
      )}
      {open ? (
        <Notice tone="info" title="申请正在办理">
          <p>受理窗口核对证明后更正；需要补材料的会联系您。</p>
        </Notice>
      ) : (
        <Form upload failed={actionData} labels={{ name: '新姓名', from: '更名日期', paper: '更名证明', note: '说明' }}>
          <TextField name="name" label="新姓名" width="short" />
          <DateField name="from" label="更名日期" hint="证明上写的日期。" />
          <FileField
            name="paper"
            label="更名证明"
            accept=".pdf,.jpg,.jpeg,.png"
            limit="PDF、JPG 或 PNG，不超过10 MB。"
            hint="户口簿变更页，或公安机关出具的证明。"
          />
          <TextArea name="note" label="说明" optional rows={3} maxLength={500} />
          <Button>提交申请</Button>
        </Form>
      )}
    </PageBody>
  )
}
