import { redirect } from 'react-router'
import {
  callBackApplication,
  saveApplication,
  submitApplication,
  withdrawApplication,
} from '#modules/recognition/application.commands.ts'
import { neededMaterials, ownApplication } from '#modules/recognition/application.queries.ts'
import { workable } from '#modules/recognition/application.rules.ts'
import { applicationStates } from '#modules/recognition/application.schema.ts'
import { readForm } from '#modules/recognition/form.rules.ts'
import { addMaterial, dropMaterial } from '#modules/recognition/material.commands.ts'
import { clocksOf, movesOf } from '#modules/training/case.queries.ts'
import { AppError } from '#platform/errors.ts'
import { maskDocument } from '#shared/text.ts'
import { attempt, fail } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import type { Handle } from '../../handle.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { AnswerList } from '../../recognition/answers.tsx'
import { applicationTones, recognitionWords } from '../../recognition/desk.ts'
import { FillIn } from '../../recognition/fill-in.tsx'
import { applicantOf } from '../../recognition/own.ts'
import { Clocks, Findings, History, LastReasons, Materials } from '../../recognition/parts.tsx'
import { Progress } from '../../recognition/progress.tsx'
import { title } from '../../site.ts'
import { Actions, Button } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/application.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.line.callTitle ?? '申报')

/** Keeps a draft while it is written; everything else works without. */
export const handle = { script: true } satisfies Handle

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = applicantOf(args)
  const found = await ownApplication(ctx, isId(args.params.id)).catch(fail(args.request))
  const { line, scheme, form, findings, materials } = found
  const { answers } = readForm(scheme, form.answers, false)
  const [moves, clocks] = await Promise.all([
    movesOf(ctx.db, 'application', line.id),
    clocksOf(ctx, 'application', line.id),
  ])
  return {
    area,
    line,
    scheme,
    person: { ...form.person, documentNumber: maskDocument(form.person.documentNumber) },
    answers,
    findings,
    materials,
    records: found.records,
    kinds: neededMaterials(scheme, line.path, answers),
    moves,
    clocks,
    reasons: ctx.plan.reasonCodes
      .filter((one) => one.stage === 'recognition')
      .map(({ code, text, mend, clause }) => ({ code, text, mend, clause: clause ?? scheme.clause })),
    editable: workable.includes(line.state),
    asksPerson: scheme.holder === 'person' && scheme.applicants.by === 'organisation',
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = applicantOf(args)
  const applicationId = isId(args.params.id)
  const form = await args.request.formData()
  const intent = String(form.get('intent') ?? 'save')
  const version = Number(form.get('version'))
  const given = { ...formObject(form), applicationId, version }
  const save = () => saveApplication(ctx, { ...given, whole: intent === 'submit' })
  const work = async (): Promise<string> => {
    switch (intent) {
      case 'submit': {
        const { version: saved } = await save()
        await submitApplication(ctx, {
          applicationId,
          version: saved,
          consent: String(form.get('consent') ?? ''),
        }).catch((error) => {
          // what was typed is saved by now, so the page's own number has moved on
          if (error instanceof AppError) form.set('version', String(saved))
          throw error
        })
        return 'title-submitted'
      }
      case 'add-material': {
        await addMaterial(ctx, { applicationId, kind: form.get('kind') ?? '', file: await uploadOf(form, 'file') })
        return 'saved'
      }
      case 'drop-material':
        await dropMaterial(ctx, { materialId: String(form.get('materialId')) })
        return 'removed'
      case 'call-back':
        await callBackApplication(ctx, { applicationId })
        return 'called-back'
      case 'withdraw':
        await withdrawApplication(ctx, { applicationId })
        return 'withdrawn'
      default:
        await save()
        return 'saved'
    }
  }
  const tried = await attempt(work(), form, recognitionWords(ctx))
  return tried.ok ? redirect(done(paths.ownTitle(area, applicationId), tried.value)) : tried.answer
}

export default function Application({ loaderData, actionData }: Route.ComponentProps) {
  const { area, line, scheme, answers, moves, clocks, findings, materials, kinds, reasons, editable } = loaderData
  const last = moves.findLast((one) => ['return', 'refuse', 'uphold', 'leave-out', 'fall-short'].includes(one.move))
  const words = Object.fromEntries(reasons.map((one) => [one.code, one.text]))
  const said = { returned: '需要补正', rejected: '不予认定', 'not-selected': '未入选' }[line.state as 'returned']
  const mayLeave = [
    'submitted',
    'formal-review',
    'recommendation',
    'expert-review',
    'site-visit',
    'shortlist',
    'shortlisted',
  ]
  return (
    <>
      <PageHeader
        title={line.callTitle}
        caption={`${scheme.name}　${line.number ?? '草稿'}`}
        crumbs={[{ label: '申报和称号', href: paths.ownTitles(area) }]}
        tag={<StatusTag tone={applicationTones[line.state]}>{applicationStates[line.state]}</StatusTag>}
      />
      <div className="stack">
        {said && <LastReasons title={said} move={last} reasons={reasons} letter={paths.titleNotice(line.id)} />}
        <Clocks clocks={clocks} />
        <Progress scheme={scheme} path={line.path} state={line.state} />
        {editable ? (
          <FillIn data={loaderData} failed={actionData} />
        ) : (
          <>
            <Section title="填报内容">
              <AnswerList fields={scheme.fields} answers={answers} />
            </Section>
            <Section title="材料">
              <Materials materials={materials} kinds={kinds} records={loaderData.records} />
            </Section>
            <Section title="申报条件核对">
              <Findings findings={findings} />
            </Section>
            {mayLeave.includes(line.state) && (
              <Section title="撤回" description="受理以前可以撤回修改；公示以前可以撤回申请。">
                <Form failed={actionData}>
                  <Actions>
                    {line.state === 'submitted' && (
                      <Button kind="plain" name="intent" value="call-back">
                        撤回修改
                      </Button>
                    )}
                    <Button kind="quiet" name="intent" value="withdraw">
                      撤回申请，不再申报
                    </Button>
                  </Actions>
                </Form>
              </Section>
            )}
          </>
        )}
        <History moves={moves} reasons={words} />
      </div>
    </>
  )
}
