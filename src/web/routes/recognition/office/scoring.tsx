import { redirect } from 'react-router'
import { declareTie } from '#modules/recognition/expert.commands.ts'
import { ownPanels } from '#modules/recognition/panel.queries.ts'
import { tieKinds } from '#modules/recognition/panel.schema.ts'
import { attempt, signedIn } from '../../../ctx.ts'
import { done, paths } from '../../../paths.ts'
import { recognitionWords } from '../../../recognition/desk.ts'
import { title } from '../../../site.ts'
import { Button } from '../../../ui/button.tsx'
import { DataTable } from '../../../ui/data-table.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../../ui/fields.tsx'
import { Form } from '../../../ui/form.tsx'
import { instantText } from '../../../ui/format.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { More } from '../../../ui/section.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import type { Route } from './+types/scoring.ts'

export const meta = () => title('我的评审')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.score')
  return { panels: await ownPanels(ctx) }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.score')
  const form = await request.formData()
  const tried = await attempt(declareTie(ctx, Object.fromEntries(form)), form, recognitionWords(ctx))
  return tried.ok ? redirect(done(paths.titleScoring(), 'saved')) : tried.answer
}

export default function Scoring({ loaderData: { panels }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="我的评审" lead="评审材料只有代号，没有姓名和单位；评审结束前看不到别人的分。" />
      <div className="stack">
        <DataTable
          caption="评审组"
          rows={panels}
          rowKey={(row) => row.panelId}
          columns={[
            {
              key: 'title',
              header: '评审',
              cell: (row) => <a href={paths.titleScoringPanel(row.panelId)}>{row.callTitle}</a>,
            },
            { key: 'at', header: '抽取时间', keep: true, cell: (row) => instantText(row.drawnAt) },
            { key: 'n', header: '已打分', end: true, cell: (row) => `${row.given}／${row.applications}` },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) =>
                row.state === 'closed' ? (
                  <StatusTag>已结束</StatusTag>
                ) : row.given < row.applications ? (
                  <StatusTag tone="wait">待打分</StatusTag>
                ) : (
                  <StatusTag tone="good">已交齐</StatusTag>
                ),
            },
          ]}
          empty={
            <EmptyState icon="check" title="没有抽到您">
              抽到后会列在这里。
            </EmptyState>
          }
        />
        <More label="申报与单位的关系（抽取时据此回避）" open={actionData !== undefined}>
          <Form failed={actionData} labels={{ uscc: '统一社会信用代码', kind: '关系', note: '说明' }}>
            <TextField name="uscc" label="单位的统一社会信用代码" maxLength={40} />
            <SelectField
              name="kind"
              label="关系"
              options={Object.entries(tieKinds).map(([value, label]) => ({ value, label }))}
            />
            <TextField name="note" label="说明" optional maxLength={500} />
            <Button kind="plain">申报关系</Button>
          </Form>
        </More>
      </div>
    </>
  )
}
