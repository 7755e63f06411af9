import { checkRow } from '#modules/publicity/list.commands.ts'
import { publicList } from '#modules/publicity/list.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, current, fail } from '../ctx.ts'
import { formObject } from '../form-object.ts'
import { PageBody } from '../layouts/portal.tsx'
import { isId } from '../params.ts'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { Button } from '../ui/button.tsx'
import { RadioGroup } from '../ui/choices.tsx'
import { TextField } from '../ui/fields.tsx'
import { Form } from '../ui/form.tsx'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Copyable, Section } from '../ui/section.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import type { Route } from './+types/publicity-check.ts'

export const meta = () => title('核对我的这一行')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const { id, number, title: name } = await publicList(ctx.db, isId(params.id), dayOf(ctx.now)).catch(fail(request))
  return { id, number, name }
}

/** Posted, so that neither name nor number stands in an address; the answer is shown once and not stored. */
export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = context.get(current)
  const form = await request.formData()
  const tried = await attempt(checkRow(ctx, { ...formObject(form), listId: isId(params.id) }))
  return tried.ok ? { receipts: tried.value.receipts } : tried.answer
}

export default function PublicityCheck({ loaderData: { id, number, name }, actionData }: Route.ComponentProps) {
  const receipts = actionData && 'receipts' in actionData ? actionData.receipts : null
  return (
    <PageBody>
      <PageHeader
        title="核对我的这一行"
        caption={`${number}　${name}`}
        lead="看看名单里有没有您，内容有没有被改动，并取得凭证。"
        crumbs={[
          { label: '首页', href: paths.home() },
          { label: '补贴公示', href: paths.publicity() },
          { label: name, href: paths.notice(id) },
        ]}
      />
      <div className="stack">
        {receipts?.length === 0 && (
          <Notice tone="warn" live title="名单中没有这个姓名和号码">
            <p>请核对姓名和号码是否完整。仍查不到的，请问办理补贴的单位；认为应当有您的，可以举报与投诉。</p>
          </Notice>
        )}
        {receipts?.map((receipt) => (
          <Receipt key={receipt.row.position} receipt={receipt} />
        ))}
        <Form
          failed={actionData && 'fault' in actionData ? actionData : undefined}
          labels={{ kind: '查什么', realName: '姓名或单位全称', documentNumber: '号码' }}
        >
          <RadioGroup
            name="kind"
            label="查什么"
            value="person"
            options={[
              { value: 'person', label: '查个人' },
              { value: 'unit', label: '查单位' },
            ]}
          />
          <TextField name="realName" label="姓名或单位全称" hint="要写完整。" />
          <TextField
            name="documentNumber"
            label="证件号码或统一社会信用代码"
            hint="要写完整的号码。只用来在名单里找这一行，不保存。每小时最多查6次。"
          />
          <Button kind={receipts ? 'plain' : 'primary'}>核对</Button>
        </Form>
      </div>
    </PageBody>
  )
}

type Shown = Extract<Exclude<Route.ComponentProps['actionData'], undefined>, { receipts: unknown }>['receipts'][number]

function Receipt({ receipt }: { receipt: Shown }) {
  const { unaltered, ...paper } = receipt
  return (
    <Section title={`在名单第 ${paper.row.position} 行`}>
      <Notice
        tone={unaltered ? 'good' : 'bad'}
        live
        title={unaltered ? '在名单中，内容没有被改动' : '内容与公示时不一致'}
      >
        {unaltered ? <p>这一行与名单总值相符。</p> : <p>请立即联系区人社局，并保存本页。</p>}
      </Notice>
      <SummaryList
        rows={[
          { label: '单位', value: paper.row.unit },
          {
            label: paper.row.kind === 'unit' ? '人数' : '姓名',
            value: paper.row.kind === 'unit' ? `${paper.row.persons} 人` : paper.row.person,
          },
          { label: '号码', value: paper.row.document },
          { label: '补贴', value: paper.row.subsidy },
          { label: '金额', value: <Money fen={paper.row.amountFen} /> },
          {
            label: '凭证',
            value: <Copyable>{JSON.stringify(paper)}</Copyable>,
            note: '整段复制保存。以后在“验凭证”里贴上它，或交给别人核对。',
          },
        ]}
      />
    </Section>
  )
}
