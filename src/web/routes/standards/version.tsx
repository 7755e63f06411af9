import { redirect } from 'react-router'
import {
  abolish,
  answerComment,
  decideProposal,
  decideReview,
  openComments,
  recordOpinion,
  revise,
  saveDraft,
  submitReview,
} from '#modules/standards/standard.commands.ts'
import { versionPage } from '#modules/standards/standard.queries.ts'
import { standardKinds, versionStates } from '#modules/standards/standard.schema.ts'
import { movesOf } from '#modules/training/case.queries.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { ofForm } from '../../recognition/desk.ts'
import { History } from '../../recognition/parts.tsx'
import { title } from '../../site.ts'
import { BodyView, Redline, standardWords, versionTones } from '../../standards/parts.tsx'
import { Comments, DeskSteps, Draft, Opinions, OwnSteps } from '../../standards/steps.tsx'
import { areaAt } from '../../training/desk.ts'
import { LinkButton } from '../../ui/button.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/version.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.version.title ?? '技能标准')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const area = areaAt(request)
  const { ctx } = signedIn({ request, context }, area === 'office' ? 'casework.read' : 'standard.draft')
  const page = await versionPage(ctx, isId(params.id)).catch(fail(request))
  const today = dayOf(ctx.now)
  const at = await figuresFor(ctx)
  return {
    ...page,
    area,
    moves: await movesOf(ctx.db, 'standard-version', page.version.id),
    levels: ctx.plan.levelSchemes.find((one) => one.id === page.version.levelScheme)?.levels ?? [],
    commentDays: at('N02.commentDays', today).value,
    experts: at('N03.experts', today).value,
    undecided: ctx.plan.undecidedText,
    own: area !== 'office',
    me: ctx.actor.hand.id,
    may: { manage: ctx.actor.can('standard.manage'), approve: ctx.actor.can('standard.approve') },
  }
}

const levelsOf = (form: FormData) => {
  const codes = form.getAll('level-code').map(String)
  return codes
    .map((code) => {
      const weights = Object.fromEntries(
        [...form].flatMap(([name, value]) =>
          name.startsWith(`weight.${code}.`) ? [[name.slice(`weight.${code}.`.length), String(value)]] : [],
        ),
      )
      return { code, hours: form.get(`hours.${code}`), conditions: form.get(`conditions.${code}`) ?? '', weights }
    })
    .filter((one) => Object.values(one.weights).some((weight) => Number(weight) > 0))
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context })
  const versionId = isId(params.id)
  const form = await request.formData()
  const intents = {
    ...{
      decide: decideProposal,
      open: openComments,
      answer: answerComment,
      submit: submitReview,
      opinion: recordOpinion,
    },
    ...{ review: decideReview, revise, abolish },
  } as const
  const intent = String(form.get('intent'))
  const { given, named } = ofForm(form, intent)
  const work =
    intent === 'draft'
      ? saveDraft(ctx, { ...given, versionId, levels: levelsOf(form) })
      : (intents[intent as keyof typeof intents] ?? submitReview)(ctx, { ...given, versionId })
  const tried = await attempt(named<unknown>(work), form, standardWords(ctx))
  if (!tried.ok) return tried.answer
  const next = intent === 'revise' ? (tried.value as { versionId: string }).versionId : versionId
  return redirect(done(paths.standardDesk(areaAt(request), next), 'saved'))
}

const labels = {
  ...{ create: '申请立项', approve: '同意立项', decline: '不予立项', open: '开始征求意见', close: '征求意见期满' },
  ...{ submit: '提交审定', redo: '退回修改', publish: '发布', supersede: '被新版代替', abolish: '废止' },
}

export default function VersionPage({ loaderData, actionData }: Route.ComponentProps) {
  const { version, changes, levels, area, own, moves, others } = loaderData
  const open = !['proposed', 'declined', 'drafting'].includes(version.state)
  const editing = own && (version.state === 'drafting' || version.state === 'answering')
  return (
    <>
      <PageHeader
        title={version.title}
        caption={`${version.number} 第${version.seq}版`}
        crumbs={[{ label: '技能标准', href: paths.ownStandards(area) }]}
        tag={<StatusTag tone={versionTones[version.state]}>{versionStates[version.state]}</StatusTag>}
        {...(open && { actions: <LinkButton href={paths.standard(version.id)}>看公开页</LinkButton> })}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '类别', value: standardKinds[version.kind] },
            { label: '职业', value: `${version.occupation}（${version.edition}年版 ${version.code}）` },
            { label: '起草单位', value: version.organisation },
            { label: version.seq === 1 ? '立项理由' : '修订理由', value: version.purpose },
            ...(version.commentsFrom && version.commentsTo
              ? [{ label: '征求意见', value: `${dayText(version.commentsFrom)}至${dayText(version.commentsTo)}` }]
              : []),
            ...(version.note ? [{ label: '批复意见', value: version.note }] : []),
            ...others.map((one) => ({
              label: `第${one.seq}版`,
              value: <a href={paths.standardDesk(area, one.id)}>{versionStates[one.state]}</a>,
            })),
          ]}
        />
        {own ? <OwnSteps data={loaderData} failed={actionData} /> : <DeskSteps data={loaderData} failed={actionData} />}
        <Comments data={loaderData} failed={actionData} />
        <Opinions data={loaderData} />
        {changes && <Redline changes={changes} />}
        {editing ? <Draft data={loaderData} failed={actionData} /> : <BodyView body={version.body} levels={levels} />}
        <History moves={moves} reasons={{}} labels={labels} />
      </div>
    </>
  )
}
