import { lodgeObjection } from '#modules/competition/publication.commands.ts'
import { listRow } from '#modules/competition/publication.queries.ts'
import { objectionReasons } from '#modules/competition/publication.schema.ts'
import { competitionWords } from '../../competition/desk.ts'
import { attempt, current, fail } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/objection.ts'

export const meta = () => title('对公示名单提出异议')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  return { row: await listRow(ctx, isId(params.rowId)).catch(fail(request)) }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = context.get(current)
  const form = await request.formData()
  const work = lodgeObjection(ctx, { ...Object.fromEntries(form), rowId: isId(params.rowId) })
  const tried = await attempt(work, form, competitionWords(ctx))
  return tried.ok ? { receipt: tried.value.receipt, number: tried.value.number } : tried.answer
}

export default function Objection({ loaderData: { row }, actionData }: Route.ComponentProps) {
  const told = actionData && 'receipt' in actionData ? actionData : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  return (
    <PageBody>
      <PageHeader
        title="对公示名单提出异议"
        crumbs={[
          { label: '技能竞赛', href: paths.competitions() },
          { label: row.title, href: paths.resultList(row.publicationId) },
        ]}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '选手', value: row.content.person },
            { label: '单位', value: row.content.unit || '—' },
            { label: '成绩', value: row.content.subsidy },
          ]}
        />
        {told ? (
          <Notice tone="good" live title={`异议已收到，编号 ${told.number}`}>
            <p>
              回执码：<Copyable>{told.receipt}</Copyable>
            </p>
            <p>
              回执码只显示这一次，请记下来。凭它在<a href={paths.resultAnswer()}>查异议答复</a>看办理结果。
            </p>
          </Notice>
        ) : (
          <Form failed={failed} labels={{ reason: '异议理由', text: '情况', contact: '联系方式' }}>
            <RadioGroup
              name="reason"
              label="异议理由"
              options={Object.entries(objectionReasons).map(([value, label]) => ({ value, label }))}
            />
            <TextArea name="text" label="情况" hint="请写明时间、地点和可以核实的线索；内容加密保存" maxLength={2000} />
            <TextField name="contact" label="联系方式" optional hint="不留也可以，答复凭回执码查" maxLength={60} />
            <Button>提交异议</Button>
          </Form>
        )}
      </div>
    </PageBody>
  )
}
