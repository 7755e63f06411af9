import { redirect } from 'react-router'
import { claimPage } from '#modules/subsidy/claim.queries.ts'
import { requestOverride } from '#modules/subsidy/override.commands.ts'
import { figuresFor } from '#platform/figures.ts'
import { addDays, dayOf } from '#shared/dates.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subsidyWords } from '../../subsidy/desk.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DateField, SelectField, TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/new-override.ts'

export const meta = () => title('申请放行')

export async function loader(args: Route.LoaderArgs) {
  const { ctx } = signedIn(args, 'control.override')
  const { claim, run } = await claimPage(ctx, isId(args.params.id)).catch(fail(args.request))
  const failing = (run?.controls ?? []).filter((control) => control.verdict === 'fail')
  const today = dayOf(ctx.now)
  const days = (await figuresFor(ctx))('OP.overrideDays', today).value
  const asked = new URL(args.request.url).searchParams.get('control') ?? ''
  return {
    claim: { id: claim.id, number: claim.number },
    asked,
    controls: failing.map(({ id, asks }) => ({ value: id, label: `${id}　${asks}` })),
    lines: failing.flatMap(({ id, lines }) =>
      lines.map((line) => ({ value: line.lineId, label: `${id}　${line.person}：${line.message}` })),
    ),
    today,
    days,
    latest: days === null ? today : addDays(today, days),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx } = signedIn(args, 'control.override')
  const claimId = isId(args.params.id)
  const form = await args.request.formData()
  const text = (name: string) => String(form.get(name) ?? '')
  const input = {
    claimId,
    control: text('control'),
    lineId: text('lineId'),
    reason: text('reason'),
    expiresOn: text('expiresOn'),
  }
  const tried = await attempt(requestOverride(ctx, input), form, subsidyWords(ctx))
  return tried.ok ? redirect(done(paths.override(tried.value.overrideId), 'override-requested')) : tried.answer
}

export default function NewOverride({ loaderData, actionData }: Route.ComponentProps) {
  const { claim, controls, lines, asked, today, days, latest } = loaderData
  return (
    <>
      <PageHeader
        title="申请放行"
        caption={`申领 ${claim.number}`}
        crumbs={[{ label: `申领 ${claim.number}`, href: paths.claimReview(claim.id) }]}
      />
      {controls.length === 0 ? (
        <EmptyState icon="check" title="最近一次核查没有发现问题">
          没有需要放行的核查项。
        </EmptyState>
      ) : (
        <Form failed={actionData} labels={{ control: '核查项', reason: '理由', expiresOn: '到期日' }}>
          <Notice tone="warn" title="放行须另一人批准">
            <p>
              批准前不起作用；
              {days === null ? '最长期限尚未明确。' : `最长 ${days} 天，到期自动失效，并由另一岗位抽查。`}
            </p>
          </Notice>
          <SelectField name="control" label="核查项" options={controls} value={asked} />
          <SelectField
            name="lineId"
            label="学员"
            hint="不选则对整件申领放行"
            options={lines}
            placeholder="整件申领"
            optional
          />
          <TextArea
            name="reason"
            label="放行的理由和依据"
            hint="至少10个字，写明核实了什么、凭什么材料"
            maxLength={1000}
          />
          <DateField name="expiresOn" label="到期日" min={today} max={latest} value={latest} />
          <Actions>
            <Button>提交申请</Button>
            <LinkButton kind="quiet" href={paths.claimReview(claim.id)}>
              返回
            </LinkButton>
          </Actions>
        </Form>
      )}
    </>
  )
}
