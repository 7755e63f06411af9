import { redirect } from 'react-router'
import { witnessList } from '#modules/training/attendance.queries.ts'
import { sessionPage } from '#modules/training/session.queries.ts'
import { markKinds } from '#modules/training/session.schema.ts'
import { excuse, markManually, voidMark } from '#modules/training/witness.commands.ts'
import { missing } from '#platform/errors.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { areaAt, trainingWords } from '../../training/desk.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { Route } from './+types/witness.ts'

export const meta = () => title('考勤更正')

const steps = {
  manual: { label: '人工补录', command: markManually, done: 'marked' },
  excuse: { label: '登记请假', command: excuse, done: 'marked' },
  void: { label: '作废一条', command: voidMark, done: 'voided' },
} as const
type Step = keyof typeof steps

const stepAt = (request: Request): Step => {
  const asked = new URL(request.url).searchParams.get('do') ?? ''
  return Object.hasOwn(steps, asked) ? (asked as Step) : 'manual'
}

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'session.edit')
  const session = await sessionPage(ctx, isId(params.sessionId)).catch(fail(request))
  const id = isId(params.enrolmentId)
  const row = (await witnessList(ctx.db, session.id)).find((one) => one.enrolmentId === id)
  if (!row) return fail(request)(missing('enrolment'))
  const { from, to } = session
  return {
    area: areaAt(request),
    step: stepAt(request),
    session: { id: session.id, title: session.title, from, to, state: session.state },
    running: ['in-session', 'suspended'].includes(session.class.state),
    row: { ...row, marks: row.marks.map(({ device: _, by: __, ...mark }) => mark) },
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'session.edit')
  const sessionId = isId(params.sessionId)
  const enrolmentId = isId(params.enrolmentId)
  const form = await request.formData()
  const step = steps[stepAt(request)]
  const input = { ...Object.fromEntries(form), sessionId, enrolmentId }
  const tried = await attempt<unknown>(step.command(ctx, input), form, trainingWords(ctx))
  return tried.ok ? redirect(done(paths.session(areaAt(request), sessionId), step.done)) : tried.answer
}

export default function Witness({ loaderData, actionData }: Route.ComponentProps) {
  const { area, session, row, step, running } = loaderData
  const here = paths.witness(area, session.id, row.enrolmentId)
  const at = (name: Step) => (name === 'manual' ? here : `${here}?do=${name}`)
  const standing = row.marks.filter((mark) => !mark.voided)
  const blocked = running ? null : '本班没有在上课，或已经考核，考勤不能再改。'
  return (
    <>
      <PageHeader
        title={`${row.name}的考勤`}
        caption={`${session.title}　${instantText(session.from)}`}
        crumbs={[{ label: session.title, href: paths.session(area, session.id) }]}
      />
      <div className="stack">
        <DataTable
          caption="签到记录"
          rows={row.marks}
          rowKey={(mark) => mark.id}
          columns={[
            { key: 'kind', header: '方式', keep: true, cell: (mark) => markKinds[mark.kind] },
            {
              key: 'span',
              header: '时段',
              keep: true,
              cell: (mark) => `${instantText(mark.from).slice(-5)}—${instantText(mark.to).slice(-5)}`,
            },
            { key: 'at', header: '记录时间', cell: (mark) => instantText(mark.at) },
            { key: 'reason', header: '理由', cell: (mark) => mark.reason || '无' },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (mark) => (
                <StatusTag tone={mark.voided ? 'neutral' : 'good'}>{mark.voided ? '已作废' : '有效'}</StatusTag>
              ),
            },
          ]}
          empty={
            <EmptyState icon="clock" title="还没有签到记录">
              可以补录或登记请假。
            </EmptyState>
          }
        />
        <Tabs
          label="更正方式"
          current={at(step)}
          tabs={(Object.keys(steps) as Step[]).map((name) => ({ href: at(name), label: steps[name].label }))}
        />
        <Section title={steps[step].label} description={descriptions[step]}>
          {blocked ? (
            <DisabledButton reason={blocked}>{steps[step].label}</DisabledButton>
          ) : step === 'void' && standing.length === 0 ? (
            <DisabledButton reason="没有可以作废的签到记录。">作废一条</DisabledButton>
          ) : (
            <Form action={at(step)} failed={actionData} labels={labels}>
              {step === 'void' && (
                <RadioGroup
                  name="markId"
                  label="作废哪一条"
                  options={standing.map((mark) => ({
                    value: mark.id,
                    label: `${markKinds[mark.kind]}　${instantText(mark.at)}`,
                  }))}
                />
              )}
              {step === 'manual' && (
                <>
                  <TextField
                    name="from"
                    label="到课时间"
                    optional
                    hint="整节课都在的不用填。例如 09:30。"
                    width="short"
                    maxLength={5}
                  />
                  <TextField name="to" label="离开时间" optional width="short" maxLength={5} />
                </>
              )}
              <TextArea
                name="reason"
                label="理由"
                hint="写明凭什么，例如监控、作业、同学证明。"
                rows={3}
                maxLength={500}
              />
              <Button kind={step === 'void' ? 'danger' : 'primary'}>{steps[step].label}</Button>
            </Form>
          )}
        </Section>
      </div>
    </>
  )
}

const labels = { markId: '作废哪一条', from: '到课时间', to: '离开时间', reason: '理由' }
const descriptions: Record<Step, string> = {
  manual:
    '没有扫码、教师也没有确认的，由教务补录。补录是最弱的证据（丁级），比例过高会被核查。已下课的，课时立即重新计算。',
  excuse: '请假不计课时，缺的课可以另排补课。',
  void: '作废的记录仍然留着，写明理由。已下课的，课时立即重新计算。',
}
