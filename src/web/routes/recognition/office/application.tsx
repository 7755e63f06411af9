import { data, redirect } from 'react-router'
import { neededMaterials } from '#modules/recognition/application.queries.ts'
import { applicationStates } from '#modules/recognition/application.schema.ts'
import { departmentChecks } from '#modules/recognition/check.queries.ts'
import { designate } from '#modules/recognition/designation.commands.ts'
import { deskApplication } from '#modules/recognition/desk.queries.ts'
import { readForm } from '#modules/recognition/form.rules.ts'
import { addBlindCopy, dropBlindCopy } from '#modules/recognition/material.commands.ts'
import {
  declineRecommendation,
  passFormalReview,
  recommendApplication,
  refuseApplication,
  returnApplication,
  takeApplication,
} from '#modules/recognition/review.commands.ts'
import { confirmVisit } from '#modules/recognition/visit.commands.ts'
import type { Fault } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail, signedIn } from '../../../ctx.ts'
import { formObject } from '../../../form-object.ts'
import { isId } from '../../../params.ts'
import { done, paths } from '../../../paths.ts'
import { AnswerList } from '../../../recognition/answers.tsx'
import { BlindCopies } from '../../../recognition/blind-copies.tsx'
import { applicationTones, ofForm, recognitionWords } from '../../../recognition/desk.ts'
import { Clocks, Findings, History, Materials } from '../../../recognition/parts.tsx'
import { Progress } from '../../../recognition/progress.tsx'
import { ReviewSteps, Visits } from '../../../recognition/review-steps.tsx'
import { title } from '../../../site.ts'
import { instantText } from '../../../ui/format.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { More, Section } from '../../../ui/section.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import { SummaryList } from '../../../ui/summary-list.tsx'
import { uploadOf } from '../../../upload.ts'
import type { Route } from './+types/application.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.line.number ?? '办件')

function desk(args: { request: Request; context: Route.LoaderArgs['context'] }) {
  const { ctx } = signedIn(args)
  if (!ctx.actor.can('recognition.read') && !ctx.actor.can('recognition.recommend')) {
    throw data({ fault: { kind: 'forbidden', permission: 'recognition.read' } satisfies Fault }, 403)
  }
  return ctx
}

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const ctx = desk({ request, context })
  const found = await deskApplication(ctx, isId(params.id)).catch(fail(request))
  const { answers } = readForm(found.scheme, found.form.answers, false)
  const { actor } = ctx
  const { form: _, ...shown } = found
  return {
    ...shown,
    answers,
    checks: await departmentChecks(ctx, found.scheme, {
      ...{ organisationId: found.line.organisationId, personId: found.line.personId },
      on: dayOf(found.line.submittedAt ?? ctx.now),
    }),
    today: dayOf(ctx.now),
    kinds: neededMaterials(found.scheme, found.line.path, answers),
    path: found.scheme.paths.find((one) => one.id === found.line.path)?.label ?? '',
    reasons: ctx.plan.reasonCodes
      .filter((one) => one.stage === 'recognition')
      .map(({ code, text, mend, outcome, clause }) => ({
        ...{ code, text, outcome },
        mend: `${mend}（${clause ?? found.scheme.clause}）`,
      })),
    me: actor.id,
    may: {
      manage: actor.can('recognition.manage'),
      decide: actor.can('recognition.decide'),
      recommend: found.recommends,
      holds: found.line.formBy === actor.id,
      tookPart: [found.line.formBy, found.recommendedBy, found.chosenBy].includes(actor.id),
    },
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const ctx = desk({ request, context })
  const applicationId = isId(params.id)
  const form = await request.formData()
  const intents = {
    take: takeApplication,
    return: returnApplication,
    refuse: refuseApplication,
    pass: passFormalReview,
    recommend: recommendApplication,
    decline: declineRecommendation,
    'confirm-visit': confirmVisit,
    designate,
    'drop-copy': dropBlindCopy,
  } as const
  const intent = String(form.get('intent')) as keyof typeof intents
  const { given, named } = ofForm(form, intent)
  const whole = { ...given, ...formObject(form), ...given, applicationId }
  const work =
    String(intent) === 'blind-copy'
      ? addBlindCopy(ctx, { ...given, file: await uploadOf(form, 'file') })
      : named<unknown>((intents[intent] ?? takeApplication)(ctx, whole))
  const tried = await attempt(work, form, recognitionWords(ctx))
  return tried.ok ? redirect(done(paths.officeTitle(applicationId), `title-${intent}`)) : tried.answer
}

export default function Application({ loaderData, actionData }: Route.ComponentProps) {
  const { line, scheme, person, path, answers, findings, materials, kinds, clocks, moves, reasons, panelId } =
    loaderData
  const words = Object.fromEntries(reasons.map((one) => [one.code, one.text]))
  return (
    <>
      <PageHeader
        title={line.name || line.organisation}
        caption={`${scheme.name}　${line.number}`}
        crumbs={[
          { label: '认定办件', href: paths.titleDesk() },
          { label: line.callTitle, href: paths.officeTitleCall(line.callId) },
        ]}
        tag={<StatusTag tone={applicationTones[line.state]}>{applicationStates[line.state]}</StatusTag>}
      />
      <div className="stack">
        <Clocks clocks={clocks} />
        <Progress scheme={scheme} path={line.path} state={line.state} />
        <SummaryList
          rows={[
            { label: '申报方式', value: path },
            { label: '申报单位', value: line.organisation || '本人' },
            ...(person ? [{ label: '人选', value: `${line.name}（${person.document}）` }] : []),
            ...(line.submittedAt ? [{ label: '提交时间', value: instantText(line.submittedAt) }] : []),
            ...(loaderData.formalByName ? [{ label: '形式审查', value: loaderData.formalByName }] : []),
            ...(line.score === null
              ? []
              : [
                  {
                    label: '评审得分',
                    value: panelId ? (
                      <a href={paths.titlePanel(panelId)}>{line.score.toFixed(2)}</a>
                    ) : (
                      line.score.toFixed(2)
                    ),
                    note: `最高最低相差 ${(line.spread ?? 0).toFixed(2)}`,
                  },
                ]),
          ]}
        />
        <ReviewSteps data={loaderData} failed={actionData} />
        <Section title="申报条件核对">
          <Findings findings={findings} />
        </Section>
        <Section title="材料">
          <Materials materials={materials} kinds={kinds} records={loaderData.records} checks={loaderData.checks} />
          <BlindCopies data={loaderData} failed={actionData} />
        </Section>
        <Section title="填报内容">
          <AnswerList fields={scheme.fields} answers={answers} />
          <More label="申请人签署的承诺">
            <p>{loaderData.consentWords}</p>
          </More>
        </Section>
        <Visits data={loaderData} />
        <History moves={moves} reasons={words} />
      </div>
    </>
  )
}
