import { redirect } from 'react-router'
import { withdrawClaim } from '#modules/subsidy/claim.commands.ts'
import { claimPage } from '#modules/subsidy/claim.queries.ts'
import { attempt, fail } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subsidyWords } from '../../subsidy/desk.ts'
import { workOf } from '../../training/desk.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/withdrawal.ts'

export const meta = () => title('撤销申领')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'claim.prepare')
  const { claim } = await claimPage(ctx, isId(args.params.id)).catch(fail(args.request))
  return { area, claim }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'claim.prepare')
  const claimId = isId(args.params.id)
  const form = await args.request.formData()
  const tried = await attempt(withdrawClaim(ctx, { claimId, reason: form.get('reason') }), form, subsidyWords(ctx))
  return tried.ok ? redirect(done(paths.claim(area, claimId), 'claim-withdrawn')) : tried.answer
}

export default function Withdrawal({ loaderData, actionData }: Route.ComponentProps) {
  const { area, claim } = loaderData
  const back = paths.claim(area, claim.id)
  return (
    <>
      <PageHeader
        title="撤销申领"
        caption={`${claim.number}　${claim.classTitle}`}
        crumbs={[
          { label: '补贴申领', href: paths.claims(area) },
          { label: claim.number, href: back },
        ]}
      />
      <Confirm
        failed={actionData}
        rows={[
          { label: '班级', value: claim.classTitle },
          { label: '申领金额', value: <Money fen={claim.amountFen} /> },
        ]}
        consequence="这件申领到此结束，占用的课时和个人额度全部释放，记录保留。本班在申领期限内可以重新生成申领。"
        final
        submit="撤销申领"
        back={back}
      >
        <TextArea name="reason" label="撤销原因" maxLength={500} rows={3} />
      </Confirm>
    </>
  )
}
