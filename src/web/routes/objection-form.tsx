import { publicRow } from '#modules/publicity/list.queries.ts'
import { lodgeObjection } from '#modules/publicity/objection.commands.ts'
import { objectionReasons } from '#modules/publicity/objection.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, current, fail } from '../ctx.ts'
import { formObject } from '../form-object.ts'
import { PageBody } from '../layouts/portal.tsx'
import { isId } from '../params.ts'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { wordsAt } from '../subsidy/words.ts'
import { Button } from '../ui/button.tsx'
import { RadioGroup } from '../ui/choices.tsx'
import { TextArea, TextField } from '../ui/fields.tsx'
import { Form } from '../ui/form.tsx'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Copyable } from '../ui/section.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import type { Route } from './+types/objection-form.ts'

export const meta = () => title('提出公示异议')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  return { row: await publicRow(ctx.db, isId(params.rowId), dayOf(ctx.now)).catch(fail(request)) }
}

/** The code is shown once, in the answer to the post itself: an address that carries it would stay in histories. */
export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = context.get(current)
  const form = await request.formData()
  const input = { ...formObject(form), rowId: isId(params.rowId) }
  const tried = await attempt(lodgeObjection(ctx, input), form, wordsAt('objection', ctx))
  return tried.ok ? { made: { number: tried.value.number, receipt: tried.value.receipt } } : tried.answer
}

const reasons = Object.entries(objectionReasons).map(([value, label]) => ({ value, label }))

export default function ObjectionForm({ loaderData: { row }, actionData }: Route.ComponentProps) {
  const crumbs = [
    { label: '首页', href: paths.home() },
    { label: '补贴公示', href: paths.publicity() },
    { label: row.list.title, href: paths.notice(row.list.id) },
  ]
  if (actionData && 'made' in actionData) {
    return (
      <PageBody>
        <PageHeader title="已收到异议" crumbs={crumbs} />
        <Notice tone="good" live title={`编号 ${actionData.made.number}`}>
          <p>在异议办结以前，这件申领不会拨付。回执码只显示这一次，请抄下来或截图：</p>
          <p className="sum">
            <Copyable>{actionData.made.receipt}</Copyable>
          </p>
          <p>
            凭它可以<a href={paths.objectionAnswer()}>查办理结果</a>。
          </p>
        </Notice>
      </PageBody>
    )
  }
  return (
    <PageBody>
      <PageHeader
        title="提出公示异议"
        crumbs={crumbs}
        lead="不用登录，可以不留姓名。提出后，这件申领停止办理，等异议办结。"
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '名单', value: row.list.number },
            { label: '序号', value: `第 ${row.position} 行` },
            { label: '单位', value: row.unit },
            {
              label: row.kind === 'unit' ? '人数' : '姓名',
              value: row.kind === 'unit' ? `${row.persons} 人` : `${row.person}　${row.document}`,
            },
            { label: '补贴', value: row.subsidy },
            { label: '金额', value: <Money fen={row.amountFen} /> },
          ]}
        />
        <Form
          failed={actionData && 'fault' in actionData ? actionData : undefined}
          labels={{ reason: '理由', text: '情况', contact: '联系方式' }}
        >
          <RadioGroup name="reason" label="有什么异议" options={reasons} />
          <TextArea
            name="text"
            label="情况"
            hint="您知道的时间、地点、经过。请不要写身份证号和银行卡号。"
            rows={6}
            maxLength={2000}
          />
          <TextField
            name="contact"
            label="联系方式"
            optional
            hint="手机号或其他方式，加密保存，只给办理人看。不留也能凭回执码查结果。"
            maxLength={60}
          />
          <Button>提出异议</Button>
        </Form>
      </div>
    </PageBody>
  )
}
