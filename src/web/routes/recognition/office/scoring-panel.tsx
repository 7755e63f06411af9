import { data, redirect } from 'react-router'
import { recuse } from '#modules/recognition/panel.commands.ts'
import { ownPanel } from '#modules/recognition/panel.queries.ts'
import { checkSheetFile, takeSheetFile } from '#modules/recognition/sheet-file.commands.ts'
import { checkedFile } from '#modules/recognition/sheet-file.queries.ts'
import { clauseLabel } from '#policy/clauses.ts'
import { ruleNames } from '#shared/table.ts'
import { attempt, fail, signedIn } from '../../../ctx.ts'
import { isId } from '../../../params.ts'
import { done, paths } from '../../../paths.ts'
import { recognitionWords } from '../../../recognition/desk.ts'
import { SheetFile } from '../../../recognition/sheet-file.tsx'
import { title } from '../../../site.ts'
import { Button } from '../../../ui/button.tsx'
import { DataTable } from '../../../ui/data-table.tsx'
import { TextArea } from '../../../ui/fields.tsx'
import { Form } from '../../../ui/form.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { More } from '../../../ui/section.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import { uploadOf } from '../../../upload.ts'
import type { Route } from './+types/scoring-panel.ts'

export const meta = () => title('评审')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.score')
  const panel = await ownPanel(ctx, isId(params.id)).catch(fail(request))
  return { panel, checked: await checkedFile(ctx, panel.panelId).catch(fail(request)) }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.score')
  const form = await request.formData()
  const panelId = isId(params.id)
  const here = paths.titleScoringPanel(panelId)
  const intent = String(form.get('intent') ?? '')
  if (intent === 'check') {
    const file = await uploadOf(form, 'file')
    const checked = await attempt(checkSheetFile(ctx, { panelId, file }), form, recognitionWords(ctx))
    if (!checked.ok) return checked.answer
    const faults = checked.value.faults.map((one) => ({
      ...one,
      rule: ruleNames[one.rule] ?? clauseLabel(ctx.plan, one.rule),
    }))
    return faults.length > 0 ? data({ faults }, 422) : redirect(done(here, 'sheet-file-checked'))
  }
  if (intent === 'take') {
    const taken = await attempt(takeSheetFile(ctx, Object.fromEntries(form)), form, recognitionWords(ctx))
    return taken.ok ? redirect(done(here, 'sheet-file-taken')) : taken.answer
  }
  const tried = await attempt(recuse(ctx, { ...Object.fromEntries(form), panelId }), form, recognitionWords(ctx))
  return tried.ok ? redirect(done(paths.titleScoring(), 'saved')) : tried.answer
}

export default function ScoringPanel({ loaderData: { panel, checked }, actionData }: Route.ComponentProps) {
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  const found = actionData && 'faults' in actionData ? actionData : null
  const stepsBack = failed !== undefined && !('intent' in failed.values)
  const due = panel.rows.some((one) => one.total === null)
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
        {panel.state === 'open' && due && (
          <SheetFile panelId={panel.panelId} checked={checked} found={found} failed={stepsBack ? undefined : failed} />
        )}
        {panel.state === 'open' && panel.given === 0 && (
          <More label="我应当回避" open={stepsBack}>
            <Form failed={stepsBack ? failed : undefined} labels={{ note: '回避理由' }}>
              <TextArea name="note" label="回避理由" rows={3} maxLength={2000} />
              <Button kind="plain">回避，由下一名专家替补</Button>
            </Form>
          </More>
        )}
      </div>
    </>
  )
}
