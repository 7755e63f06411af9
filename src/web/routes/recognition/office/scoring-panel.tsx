import { redirect } from 'react-router'
import { recuse } from '#modules/recognition/panel.commands.ts'
import { ownPanel } from '#modules/recognition/panel.queries.ts'
import { attempt, fail, signedIn } from '../../../ctx.ts'
import { isId } from '../../../params.ts'
import { done, paths } from '../../../paths.ts'
import { recognitionWords } from '../../../recognition/desk.ts'
import { title } from '../../../site.ts'
import { Button } from '../../../ui/button.tsx'
import { DataTable } from '../../../ui/data-table.tsx'
import { TextArea } from '../../../ui/fields.tsx'
import { Form } from '../../../ui/form.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { More } from '../../../ui/section.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import type { Route } from './+types/scoring-panel.ts'

export const meta = () => title('评审')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.score')
  return { panel: await ownPanel(ctx, isId(params.id)).catch(fail(request)) }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.score')
  const form = await request.formData()
  const tried = await attempt(
    recuse(ctx, { ...Object.fromEntries(form), panelId: isId(params.id) }),
    form,
    recognitionWords(ctx),
  )
  return tried.ok ? redirect(done(paths.titleScoring(), 'saved')) : tried.answer
}

export default function ScoringPanel({ loaderData: { panel }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title={panel.callTitle} crumbs={[{ label: '我的评审', href: paths.titleScoring() }]} />
      <div className="stack">
        <DataTable
          caption="待评审的申请"
          rows={panel.rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'code',
              header: '代号',
              keep: true,
              cell: (row) => <a href={paths.titleSheet(row.id)}>{row.code}</a>,
            },
            {
              key: 'total',
              header: '我的总分',
              end: true,
              cell: (row) => (row.total === null ? <StatusTag tone="wait">待打分</StatusTag> : row.total.toFixed(2)),
            },
          ]}
          empty={null}
        />
        {panel.state === 'open' && panel.given === 0 && (
          <More label="我应当回避" open={actionData !== undefined}>
            <Form failed={actionData} labels={{ note: '回避理由' }}>
              <TextArea name="note" label="回避理由" rows={3} maxLength={2000} />
              <Button kind="plain">回避，由下一名专家替补</Button>
            </Form>
          </More>
        )}
      </div>
    </>
  )
}
