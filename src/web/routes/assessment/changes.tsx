import { redirect } from 'react-router'
import { partNames } from '#modules/assessment/assessment.schema.ts'
import { decideScoreChange, proposeScoreChange } from '#modules/assessment/score.commands.ts'
import { scoreChanges, scoreSheet } from '#modules/assessment/score.queries.ts'
import { markText } from '#modules/assessment/score.schema.ts'
import { assessmentWords, deskOf, frameOf } from '../../assessment/desk.ts'
import { AssessmentFrame } from '../../assessment/frame.tsx'
import { attempt } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, Button, DisabledButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField, TextArea, TextField } from '../../ui/fields.tsx'
import { type Failed, Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Panel, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/changes.ts'

export const meta = () => title('成绩更改')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, desk } = await deskOf(args)
  const { assessment } = desk
  const frame = frameOf(area, desk)
  const confirmed = assessment?.state === 'confirmed' || assessment?.state === 'concluded'
  if (!assessment || !confirmed)
    return { frame, confirmed: false, open: false, scores: [], changes: [], approver: false }
  const [changes, sheet] = await Promise.all([scoreChanges(ctx.db, assessment.id), scoreSheet(ctx.db, assessment)])
  const closed = desk.cls.state === 'closed' || desk.cls.state === 'cancelled'
  return {
    frame,
    confirmed: true,
    open: !closed && desk.may.enter,
    approver: !closed && desk.may.approve,
    changes: changes.map(({ proposedBy, ...change }) => ({ ...change, own: proposedBy === ctx.actor.hand.id })),
    scores: sheet.flatMap((row) =>
      desk.parts.flatMap(({ part }) => {
        const mark = row.marks[part]
        const label = `${row.name}（${row.document}）${partNames[part]} ${markText(mark)}`
        return mark?.scoreId ? [{ value: mark.scoreId, label }] : []
      }),
    ),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, desk } = await deskOf(args)
  const form = await args.request.formData()
  const input = Object.fromEntries(form)
  const deciding = typeof input.changeId === 'string'
  const work = deciding ? decideScoreChange(ctx, input) : proposeScoreChange(ctx, input)
  const tried = await attempt<unknown>(work, form, assessmentWords(ctx))
  if (!tried.ok) return tried.answer
  const here = paths.assessment(area, desk.cls.id, 'changes')
  return redirect(done(here, deciding ? 'change-decided' : 'change-proposed'))
}

type Change = Route.ComponentProps['loaderData']['changes'][number]

export default function Changes({ loaderData, actionData }: Route.ComponentProps) {
  const { frame, confirmed, changes, open, approver, scores } = loaderData
  if (!confirmed) {
    return (
      <AssessmentFrame frame={frame} tab="changes">
        <EmptyState icon="document" title="成绩还没有确认">
          确认以前请直接在成绩表中修改；确认以后的更改才在这里办理。
        </EmptyState>
      </AssessmentFrame>
    )
  }
  const waiting = changes.filter(({ state }) => state === 'proposed')
  const failedFor = actionData?.values.changeId
  return (
    <AssessmentFrame frame={frame} tab="changes">
      {waiting.map((change) => (
        <Waiting
          key={change.id}
          change={change}
          approver={approver}
          failed={failedFor === change.id ? actionData : undefined}
        />
      ))}
      <Section title="更改记录" description="原成绩保留，每次更改都记下提出人、批准人和理由。">
        <DataTable
          caption={`共 ${changes.length} 项`}
          rows={changes}
          rowKey={(change) => change.id}
          columns={[
            { key: 'name', header: '学员', cell: (change) => `${change.name}　${partNames[change.part]}` },
            {
              key: 'change',
              header: '更改',
              keep: true,
              cell: (change) => `${markText(change.from)} → ${markText(change.to)}`,
            },
            { key: 'reason', header: '理由', cell: (change) => change.reason },
            {
              key: 'by',
              header: '提出',
              cell: (change) => `${change.proposedByName}　${instantText(change.proposedAt)}`,
            },
            {
              key: 'decided',
              header: '审批',
              cell: (change) =>
                change.decidedAt
                  ? `${change.decidedByName}　${instantText(change.decidedAt)}${change.decisionNote && `　${change.decisionNote}`}`
                  : '—',
            },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: ({ state }) => <StatusTag tone={tones[state]}>{states[state]}</StatusTag>,
            },
          ]}
          empty={<EmptyState icon="document" title="没有更改过成绩" />}
        />
      </Section>
      {open && (
        <Section title="提出更改" description="须写明理由；由另一位负责人批准后生效。">
          <Form
            failed={failedFor === undefined ? actionData : undefined}
            labels={{ scoreId: '成绩', to: '改为', reason: '理由' }}
          >
            <SelectField name="scoreId" label="哪一个成绩" options={scores} />
            <TextField
              name="to"
              label="改为"
              hint="0 至 100 分，最多一位小数，或者“缺考”"
              width="short"
              maxLength={10}
            />
            <TextArea name="reason" label="理由" hint="写明错在哪里、依据什么核实。" rows={3} maxLength={500} />
            <Button>提出更改</Button>
          </Form>
        </Section>
      )}
    </AssessmentFrame>
  )
}

const states = { proposed: '等待审批', approved: '已批准', rejected: '不同意' } as const
const tones = { proposed: 'wait', approved: 'good', rejected: 'bad' } as const

function Waiting({ change, approver, failed }: { change: Change; approver: boolean; failed: Failed | undefined }) {
  return (
    <Section title={`等待审批：${change.name} ${partNames[change.part]}`}>
      <Panel>
        <SummaryList
          rows={[
            { label: '更改', value: `${markText(change.from)} → ${markText(change.to)}` },
            { label: '理由', value: change.reason },
            { label: '提出', value: change.proposedByName, note: instantText(change.proposedAt) },
          ]}
        />
        {!approver ? (
          <p className="soft">由本单位负责人审批。</p>
        ) : change.own ? (
          <DisabledButton reason="您提出的更改，要由另一位负责人审批。">批准</DisabledButton>
        ) : (
          <Form failed={failed} labels={{ note: '说明' }}>
            <input type="hidden" name="changeId" value={change.id} />
            <TextArea name="note" label="说明" hint="不同意的，请写明理由。" optional rows={2} maxLength={500} />
            <Actions>
              <Button name="decision" value="approve">
                批准更改
              </Button>
              <Button name="decision" value="reject" kind="plain">
                不同意
              </Button>
            </Actions>
          </Form>
        )}
      </Panel>
    </Section>
  )
}
