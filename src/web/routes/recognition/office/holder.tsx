import { redirect } from 'react-router'
import { designationPage } from '#modules/recognition/designation.queries.ts'
import { titleWords } from '#modules/recognition/designation.rules.ts'
import { designationStates } from '#modules/recognition/designation.schema.ts'
import { referHolder } from '#modules/recognition/referral.commands.ts'
import { referralsOf } from '#modules/recognition/referral.queries.ts'
import {
  confirmYear,
  decideExit,
  proposeExit,
  recommendUpward,
  recordYear,
  renew,
} from '#modules/recognition/term.commands.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { attempt, fail, signedIn } from '../../../ctx.ts'
import { isId } from '../../../params.ts'
import { done, paths } from '../../../paths.ts'
import { designationTones, ofForm, recognitionWords } from '../../../recognition/desk.ts'
import { History } from '../../../recognition/parts.tsx'
import { Benefits } from '../../../recognition/referrals.tsx'
import { Exits, TermForms, Years } from '../../../recognition/term-forms.tsx'
import { title } from '../../../site.ts'
import { LinkButton } from '../../../ui/button.tsx'
import { dayText, instantText } from '../../../ui/format.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Section } from '../../../ui/section.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import { SummaryList } from '../../../ui/summary-list.tsx'
import type { Route } from './+types/holder.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.holder.name ?? '称号')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const found = await designationPage(ctx, isId(params.id)).catch(fail(request))
  return {
    ...found,
    referrals: await referralsOf(ctx.db, found.holder.id),
    year: yearOf(dayOf(ctx.now)),
    me: ctx.actor.id,
    undecided: ctx.plan.undecidedText,
    bodies: Object.fromEntries(ctx.plan.bodies.map(({ id, name }) => [id, name])),
    may: { manage: ctx.actor.can('recognition.manage'), decide: ctx.actor.can('recognition.decide') },
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const designationId = isId(params.id)
  const form = await request.formData()
  const intents = {
    year: recordYear,
    'confirm-year': confirmYear,
    exit: proposeExit,
    'decide-exit': decideExit,
    renew,
    upward: recommendUpward,
    refer: referHolder,
  } as const
  const intent = String(form.get('intent')) as keyof typeof intents
  const { given, named } = ofForm(form, intent)
  const work = named<unknown>((intents[intent] ?? recordYear)(ctx, { ...given, designationId }))
  const tried = await attempt(work, form, recognitionWords(ctx))
  return tried.ok ? redirect(done(paths.officeHolder(designationId), 'decided')) : tried.answer
}

const labels = { designate: '认定', warn: '警告', lift: '解除警告', revoke: '撤销', withdraw: '退出', expire: '期满' }

export default function Holder({ loaderData, actionData }: Route.ComponentProps) {
  const { holder, scheme, terms, moves, upward, undecided } = loaderData
  const causes = Object.fromEntries(scheme.exits.map((one) => [one.id, one.label]))
  return (
    <>
      <PageHeader
        title={holder.name}
        caption={`${titleWords(scheme, holder.grade)}　${holder.number}`}
        crumbs={[{ label: '称号名册', href: paths.officeHolders() }]}
        tag={<StatusTag tone={designationTones[holder.state]}>{designationStates[holder.state]}</StatusTag>}
        actions={
          <>
            <LinkButton href={paths.titleLetter(holder.id)}>下载认定通知（PDF）</LinkButton>
            <LinkButton href={paths.titleLetter(holder.id, 'docx')}>下载认定通知（DOCX）</LinkButton>
          </>
        }
      />
      <div className="stack">
        <SummaryList
          rows={[
            ...(holder.organisation ? [{ label: '单位', value: holder.organisation }] : []),
            { label: '认定日期', value: dayText(holder.designatedOn) },
            { label: '申请', value: <a href={paths.officeTitle(holder.applicationId)}>看申请和评审</a> },
            { label: '公开页', value: <a href={paths.titleHolder(holder.number)}>{holder.number}</a> },
            ...terms.map((one) => ({
              label: `第 ${one.seq} 届`,
              value: `${dayText(one.from)}起，${one.to ? `${dayText(one.to)}止` : `届满日期${undecided}`}`,
              note: one.note,
            })),
            ...(holder.endedOn
              ? [
                  {
                    label: designationStates[holder.state],
                    value: dayText(holder.endedOn),
                    note: causes[holder.endCause] ?? '',
                  },
                ]
              : []),
          ]}
        />
        <Exits data={loaderData} failed={actionData} />
        <Years data={loaderData} failed={actionData} />
        {holder.endedOn === null && <TermForms data={loaderData} failed={actionData} />}
        {upward.length > 0 && (
          <Section title="向上推荐">
            <ul className="list-disc ps-5">
              {upward.map((one) => (
                <li key={one.id}>
                  {scheme.upward.find((target) => target.id === one.target)?.label ?? one.target}（{one.by}，
                  {instantText(one.at)}）
                </li>
              ))}
            </ul>
          </Section>
        )}
        <Benefits data={loaderData} failed={actionData} />
        <History moves={moves} reasons={causes} labels={labels} />
      </div>
    </>
  )
}
