import { redirect } from 'react-router'
import { dropLine } from '#modules/subsidy/claim.commands.ts'
import { claimPage } from '#modules/subsidy/claim.queries.ts'
import { missing } from '#platform/errors.ts'
import { attempt, fail } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subsidyWords } from '../../subsidy/desk.ts'
import { Steps } from '../../subsidy/parts.tsx'
import { workOf } from '../../training/desk.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/line.ts'

export const meta = () => title('移除学员')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'claim.prepare')
  const { claim, lines } = await claimPage(ctx, isId(args.params.id)).catch(fail(args.request))
  const line = lines.find((one) => one.id === args.params.line && !one.dropped)
  if (!line) return fail(args.request)(missing('claim-line'))
  return { area, claim, line }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'claim.prepare')
  const claimId = isId(args.params.id)
  const form = await args.request.formData()
  const input = { lineId: isId(args.params.line), reason: form.get('reason') }
  const tried = await attempt(dropLine(ctx, input), form, subsidyWords(ctx))
  return tried.ok ? redirect(done(paths.claim(area, claimId), 'claim-line-dropped')) : tried.answer
}

export default function DropLine({ loaderData, actionData }: Route.ComponentProps) {
  const { area, claim, line } = loaderData
  const back = paths.claim(area, claim.id)
  return (
    <>
      <PageHeader
        title="移除学员"
        caption={`${claim.number}　${claim.classTitle}`}
        crumbs={[
          { label: '补贴申领', href: paths.claims(area) },
          { label: claim.number, href: back },
        ]}
      />
      <Confirm
        failed={actionData}
        rows={[
          { label: '学员', value: line.person, note: line.document },
          { label: '金额', value: <Money fen={line.amountFen} /> },
          { label: '计算过程', value: <Steps steps={line.explanation} /> },
        ]}
        consequence="该学员不在本申领中，其课时释放；其他人照常申领。提交前可以恢复。"
        submit="移除"
        back={back}
      >
        <TextArea name="reason" label="移除原因" maxLength={500} rows={3} />
      </Confirm>
    </>
  )
}
