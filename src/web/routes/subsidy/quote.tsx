import { redirect } from 'react-router'
import { claimOfClass } from '#modules/subsidy/claim.queries.ts'
import { quote } from '#modules/subsidy/quote.commands.ts'
import { classQuote } from '#modules/subsidy/quote-page.queries.ts'
import { attempt, fail } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subsidyWords } from '../../subsidy/desk.ts'
import { QuotePanel } from '../../subsidy/quote-panel.tsx'
import { ClassFrame } from '../../training/class-frame.tsx'
import { workOf } from '../../training/desk.ts'
import type { Route } from './+types/quote.ts'

export const meta = () => title('预计金额')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'organisation.read')
  const classId = isId(args.params.classId)
  const shown = await classQuote(ctx, classId).catch(fail(args.request))
  const claim = await claimOfClass(ctx.db, classId)
  return {
    area,
    shown,
    claim: claim ? { id: claim.id, number: claim.number } : null,
    may: ctx.actor.can('claim.prepare', { organisationId: shown.organisationId }),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'claim.prepare')
  const classId = isId(args.params.classId)
  const tried = await attempt(quote(ctx, { classId }), undefined, subsidyWords(ctx))
  return tried.ok ? redirect(done(paths.quote(area, classId), 'quoted')) : tried.answer
}

export default function Quote({ loaderData, actionData }: Route.ComponentProps) {
  const { area, shown, claim, may } = loaderData
  return (
    <ClassFrame
      area={area}
      tab="quote"
      cls={{
        id: shown.classId,
        number: shown.number,
        title: shown.title,
        state: shown.state,
        organisation: shown.organisation,
      }}
    >
      <QuotePanel
        shown={shown}
        may={may}
        {...(actionData && { failed: actionData })}
        {...(claim && { claim: { href: paths.claim(area, claim.id), number: claim.number } })}
      />
    </ClassFrame>
  )
}
