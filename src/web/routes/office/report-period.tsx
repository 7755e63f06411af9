import { data, redirect } from 'react-router'
import { freezeReport } from '#modules/reports/report.commands.ts'
import { liveReport, snapshotsOf } from '#modules/reports/report.queries.ts'
import { mayFreeze, periodOf } from '#modules/reports/report.rules.ts'
import { type ReportKind, reasonText, reportKinds } from '#modules/reports/report.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { isDay } from '#shared/units.ts'
import { attempt, signedIn, wordsOf } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { Checks, ReportTables } from '../../plan/report-view.tsx'
import { title } from '../../site.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/report-period.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.period.label)

function asked(params: { kind: string; from: string }) {
  const period =
    params.kind in reportKinds && isDay(params.from) ? periodOf(params.kind as ReportKind, params.from) : undefined
  if (!period) throw data(null, 404)
  return period
}

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'report.read')
  const period = asked(params)
  const today = dayOf(ctx.now)
  if (period.from > today || period.to < ctx.plan.startsOn) throw data(null, 404)
  const [{ cells, checks }, frozen] = await Promise.all([
    liveReport(ctx, period),
    snapshotsOf(ctx.db, period.kind, period.from),
  ])
  const may = mayFreeze(ctx.plan, period, today)
  return {
    period,
    cells,
    checks,
    undecided: ctx.plan.undecidedText,
    frozen: frozen.map(({ id, revision }) => ({ id, revision })),
    mayFreeze: ctx.actor.can('statistic.import'),
    why: may.ok ? null : (reasonText[may.refusal.reason]?.(may.refusal.facts).message ?? ''),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'statistic.import')
  const period = asked(params)
  const form = await request.formData()
  const input = { ...Object.fromEntries(form), kind: period.kind, from: period.from }
  const tried = await attempt(freezeReport(ctx, input), form, (refusal) => wordsOf(ctx.plan, reasonText, refusal))
  return tried.ok ? redirect(done(paths.frozenReport(tried.value.id), 'report-frozen')) : tried.answer
}

export default function ReportPeriod({ loaderData, actionData }: Route.ComponentProps) {
  const { period, cells, checks, undecided, frozen, why } = loaderData
  const failed = checks.some((check) => !check.ok)
  return (
    <>
      <PageHeader
        title={period.label}
        caption={cells.plan.docNo}
        crumbs={[{ label: '季报和年报', href: paths.reports() }]}
        tag={
          <StatusTag tone={frozen.length > 0 ? 'good' : 'wait'}>
            {frozen.length > 0 ? '已归档' : '按现在的记录'}
          </StatusTag>
        }
      />
      <div className="stack">
        {frozen.length > 0 && (
          <Notice title="这一期已经归档">
            <p>
              下面是按现在的记录重算的数。归档稿：
              {frozen.map((one, at) => (
                <span key={one.id}>
                  {at > 0 && '、'}
                  <a href={paths.frozenReport(one.id)}>第 {one.revision} 稿</a>
                </span>
              ))}
            </p>
          </Notice>
        )}
        <ReportTables cells={cells} undecided={undecided} />
        <Checks checks={checks} />
        <Section title={frozen.length > 0 ? '归档更正稿' : '归档'}>
          {!loaderData.mayFreeze ? (
            <DisabledButton reason="由统计员归档。您可以查看，不能归档。">归档</DisabledButton>
          ) : why !== null ? (
            <DisabledButton reason={why}>归档</DisabledButton>
          ) : failed ? (
            <DisabledButton reason="有校验没有通过，先看“数据校验”。">归档</DisabledButton>
          ) : (
            <Form failed={actionData} labels={{ problems: '存在问题', nextSteps: '下一步工作', reason: '更正理由' }}>
              <TextArea name="problems" label="存在问题" optional rows={4} maxLength={4000} />
              <TextArea name="nextSteps" label="下一步工作" optional rows={4} maxLength={4000} />
              {frozen.length > 0 && (
                <TextField
                  name="reason"
                  label="更正理由"
                  hint="原稿保留，更正稿列在旁边。"
                  width="full"
                  maxLength={300}
                />
              )}
              <Button>归档</Button>
            </Form>
          )}
        </Section>
      </div>
    </>
  )
}
