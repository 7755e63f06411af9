import { redirect } from 'react-router'
import { claimPage } from '#modules/subsidy/claim.queries.ts'
import { commitmentText } from '#modules/subsidy/claim.schema.ts'
import { checkClaim } from '#modules/subsidy/control.commands.ts'
import { submitClaim } from '#modules/subsidy/submission.commands.ts'
import { attempt, fail } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subsidyWords } from '../../subsidy/desk.ts'
import { Controls } from '../../subsidy/parts.tsx'
import { workOf } from '../../training/desk.ts'
import { Checkbox } from '../../ui/choices.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import type { Route } from './+types/submission.ts'

export const meta = () => title('提交申领')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'claim.submit')
  const page = await claimPage(ctx, isId(args.params.id)).catch(fail(args.request))
  const { claim, lines, run } = page
  return { area, claim, persons: lines.filter((line) => !line.dropped).length, run }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'claim.submit')
  const claimId = isId(args.params.id)
  const form = await args.request.formData()
  const input = { claimId, version: form.get('version'), commitment: form.get('commitment') ?? undefined }
  const tried = await attempt(submitClaim(ctx, input), form, subsidyWords(ctx))
  if (tried.ok) return redirect(done(paths.claim(area, claimId), 'claim-submitted'))
  // what blocked is kept, so that the page can say whom it concerns and how to mend it
  const { fault } = tried.answer.data
  if (fault.kind === 'refused' && fault.refusal.reason === 'controls-block') await checkClaim(ctx, { claimId })
  return tried.answer
}

export default function Submission({ loaderData, actionData }: Route.ComponentProps) {
  const { area, claim, persons, run } = loaderData
  const back = paths.claim(area, claim.id)
  return (
    <>
      <PageHeader
        title="提交申领"
        caption={`${claim.number}　${claim.classTitle}`}
        crumbs={[
          { label: '补贴申领', href: paths.claims(area) },
          { label: claim.number, href: back },
        ]}
      />
      <div className="stack">
        <Confirm
          failed={actionData}
          rows={[
            { label: '班级', value: claim.classTitle },
            { label: '人数', value: `${persons} 人` },
            { label: '申领金额', value: <Money fen={claim.amountFen} />, note: '由平台按记录计算' },
          ]}
          consequence="提交时按现在的记录再算一次，并作全部核查；通过后由区人社局审核，办理时限开始计算。审核人员开始办理前可以撤回。"
          submit="提交申领"
          back={back}
        >
          <input type="hidden" name="version" value={claim.version} />
          <Checkbox name="commitment" label={commitmentText} />
        </Confirm>
        {run && (
          <Section title="最近一次核查">
            <Controls run={run} />
          </Section>
        )}
      </div>
    </>
  )
}
