import { redirect } from 'react-router'
import { judgingOf } from '#modules/competition/board.queries.ts'
import { declareRelation, leaveJudge } from '#modules/competition/judge.commands.ts'
import { dutyLabels, roundStates } from '#modules/competition/mark.schema.ts'
import { documentKinds } from '#modules/people/identity.schema.ts'
import { competitionWords } from '../../../competition/desk.ts'
import { attempt, signedIn } from '../../../ctx.ts'
import { done, paths } from '../../../paths.ts'
import { title } from '../../../site.ts'
import { Button } from '../../../ui/button.tsx'
import { RadioGroup } from '../../../ui/choices.tsx'
import { DataTable } from '../../../ui/data-table.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { SelectField, TextArea, TextField } from '../../../ui/fields.tsx'
import { Form } from '../../../ui/form.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { More, Section } from '../../../ui/section.tsx'
import type { Route } from './+types/judging.ts'

export const meta = () => title('我的执裁')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'competition.judge')
  return { rows: await judgingOf(ctx) }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'competition.judge')
  const form = await request.formData()
  const given = Object.fromEntries(form)
  const leaves = form.get('intent') === 'leave'
  const work = leaves
    ? leaveJudge(ctx, { judgeId: form.get('judgeId') ?? '', note: form.get('reason') ?? '' })
    : declareRelation(ctx, given)
  const tried = await attempt<unknown>(work, form, competitionWords(ctx))
  return tried.ok
    ? redirect(done(paths.judging(), leaves ? 'competition-leave' : 'competition-declared'))
    : tried.answer
}

export default function Judging({ loaderData: { rows }, actionData }: Route.ComponentProps) {
  const intent = actionData && 'values' in actionData ? actionData.values.intent : undefined
  const seats = [...new Map(rows.map((one) => [one.judgeId, one])).values()]
  return (
    <>
      <PageHeader title="我的执裁" lead="按代号评分，看不到选手姓名和单位。评分提交后不能更改。" />
      <div className="stack">
        <Section title="竞赛">
          <DataTable
            caption="竞赛"
            rows={rows}
            rowKey={(row) => `${row.judgeId}-${row.roundId ?? ''}`}
            columns={[
              { key: 'title', header: '竞赛', cell: (row) => row.title },
              { key: 'duty', header: '职责', keep: true, cell: (row) => dutyLabels[row.duty] },
              {
                key: 'round',
                header: '轮次',
                cell: (row) =>
                  row.roundId && row.state !== 'waiting' ? (
                    <a href={paths.judgingRound(row.roundId)}>{row.roundTitle}</a>
                  ) : (
                    (row.roundTitle ?? '还没有开赛')
                  ),
              },
              { key: 'state', header: '状态', keep: true, cell: (row) => (row.state ? roundStates[row.state] : '—') },
              { key: 'given', header: '已评', end: true, cell: (row) => row.given },
            ]}
            empty={
              <EmptyState icon="check" title="没有执裁任务">
                主办单位从专家库中选您后会列在这里。
              </EmptyState>
            }
          />
        </Section>
        <Section
          title="申报亲属和学生"
          description="选手中有亲属或者学生的，平台不让您评他的分。只保存核对用的索引，不保存号码。"
        >
          <More label="申报" open={intent === 'declare'}>
            <Form
              failed={intent === 'declare' ? actionData : undefined}
              labels={{ kind: '关系', documentNumber: '对方证件号码', note: '说明' }}
            >
              <RadioGroup
                name="kind"
                label="关系"
                options={[
                  { value: 'kin', label: '亲属' },
                  { value: 'pupil', label: '学生、徒弟' },
                ]}
              />
              <SelectField
                name="documentKind"
                label="证件类型"
                value="resident-id"
                options={Object.entries(documentKinds).map(([value, label]) => ({ value, label }))}
              />
              <TextField name="documentNumber" label="对方证件号码" maxLength={60} />
              <TextField name="note" label="说明" optional maxLength={300} />
              <Button kind="plain" name="intent" value="declare">
                申报
              </Button>
            </Form>
          </More>
        </Section>
        {seats.length > 0 && (
          <More label="我应当回避" open={intent === 'leave'}>
            <Form failed={intent === 'leave' ? actionData : undefined} labels={{ judgeId: '竞赛', reason: '理由' }}>
              <SelectField
                name="judgeId"
                label="竞赛"
                options={seats.map((one) => ({ value: one.judgeId, label: one.title }))}
              />
              <TextArea name="reason" label="理由" rows={2} maxLength={1000} />
              <Button kind="quiet" name="intent" value="leave">
                退出执裁
              </Button>
            </Form>
          </More>
        )}
      </div>
    </>
  )
}
