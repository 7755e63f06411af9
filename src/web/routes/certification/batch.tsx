import { redirect } from 'react-router'
import { examinersOf, scopeById, sitesOf, stopsOf } from '#modules/certification/assessor.queries.ts'
import { capacity } from '#modules/certification/assessor.rules.ts'
import { examParts } from '#modules/certification/assessor.schema.ts'
import {
  acceptBatch,
  addSitting,
  cancelBatch,
  chooseSupervisor,
  dropSitting,
  fileBatch,
  holdBatch,
  publiciseBatch,
  releaseBatch,
  returnBatch,
} from '#modules/certification/batch.commands.ts'
import { batchPage } from '#modules/certification/batch.queries.ts'
import { batchStates } from '#modules/certification/batch.schema.ts'
import { addCandidate, addClass, strikeCandidate } from '#modules/certification/candidate.commands.ts'
import { issueBatch } from '#modules/certification/certificate.commands.ts'
import { reopenMarks } from '#modules/certification/mark.commands.ts'
import { movesOf } from '#modules/training/case.queries.ts'
import { figuresFor } from '#platform/figures.ts'
import { CandidatePart } from '../../certification/candidate-part.tsx'
import { batchTones, certificationWords } from '../../certification/desk.ts'
import { PlanPart } from '../../certification/plan-part.tsx'
import { Steps } from '../../certification/steps.tsx'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { ofForm } from '../../recognition/desk.ts'
import { History } from '../../recognition/parts.tsx'
import { title } from '../../site.ts'
import { areaAt } from '../../training/desk.ts'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/batch.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.batch.title ?? '认定批次')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, areaAt(request) === 'office' ? 'casework.read' : 'organisation.read')
  const page = await batchPage(ctx, isId(params.id)).catch(fail(request))
  const { batch, sittings } = page
  const { organisationId } = batch
  const [scope, sites, examiners, stops, moves, at] = await Promise.all([
    scopeById(ctx.db, batch.scopeId),
    sitesOf(ctx.db, organisationId),
    examinersOf(ctx.db, organisationId),
    stopsOf(ctx.db, organisationId),
    movesOf(ctx.db, 'assessment-batch', batch.id),
    figuresFor(ctx),
  ])
  const may = (permission: Parameters<typeof ctx.actor.can>[0]) => ctx.actor.can(permission, { organisationId })
  const rooms = sites.find((one) => one.id === batch.siteId)?.rooms ?? []
  const people = (role: string) =>
    examiners
      .filter((one) => one.role === role)
      .map((one) => ({ value: one.id, label: `${one.name}（${one.cardNo}）` }))
  return {
    ...page,
    area: areaAt(request),
    conditions: scope.conditions,
    sittings: sittings.map((one) => ({ ...one, time: `${clock(one.from)}至${clock(one.to)}` })),
    capacity: capacity(batch.parts, sittings),
    standard: scope.standard,
    moves,
    stopped: stops.some((one) => one.state !== 'lifted' && one.batchId !== batch.id),
    undecided: ctx.plan.undecidedText,
    publicityDays: at('V04.publicityDays', page.today).value,
    options: {
      rooms: rooms
        .filter((one) => batch.parts.includes(one.part))
        .map((one) => ({ value: one.id, label: `${one.name}（${examParts[one.part]}，${one.seats}个位置）` })),
      examiners: people('examiner'),
      supervisors: people('supervisor'),
      conditions: scope.conditions.map((one) => ({ value: one.id, label: one.text })),
    },
    may: {
      plan: may('certification.plan'),
      enter: may('score.enter'),
      confirm: may('score.approve'),
      issue: may('certificate.issue'),
      manage: ctx.actor.can('certification.manage'),
      approve: ctx.actor.can('certification.approve'),
    },
  }
}

const clock = (at: Date) => instantText(at).slice(-5)

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context })
  const batchId = isId(params.id)
  const form = await request.formData()
  const intents = {
    ...{ sitting: addSitting, 'drop-sitting': dropSitting, supervisor: chooseSupervisor, candidate: addCandidate },
    ...{ class: addClass, strike: strikeCandidate, file: fileBatch, cancel: cancelBatch, accept: acceptBatch },
    ...{ return: returnBatch, publicise: publiciseBatch, reopen: reopenMarks, hold: holdBatch, release: releaseBatch },
    issue: issueBatch,
  } as const
  const intent = String(form.get('intent')) as keyof typeof intents
  const { given, named } = ofForm(form, intent)
  const work = named<unknown>((intents[intent] ?? fileBatch)(ctx, { ...given, batchId }))
  const tried = await attempt(work, form, certificationWords(ctx))
  const said = ['file', 'accept', 'return', 'publicise', 'hold', 'release', 'issue'].includes(intent)
    ? `batch-${intent}`
    : 'saved'
  return tried.ok ? redirect(done(paths.assessmentBatch(areaAt(request), batchId), said)) : tried.answer
}

const labels = {
  ...{
    create: '新建',
    file: '提交',
    accept: '受理',
    return: '退回',
    cancel: '取消',
    enter: '录入成绩',
    confirm: '确认成绩',
  },
  ...{ reopen: '重新打开成绩', publicise: '公示', hold: '暂停公示', release: '恢复公示', redo: '退回重评' },
  ...{ clear: '公示期满', issue: '签发证书' },
}

export default function BatchPage({ loaderData, actionData }: Route.ComponentProps) {
  const { area, batch, sittings, candidates, conditions, options, moves, may } = loaderData
  const editable = area !== 'office' && may.plan && (batch.state === 'draft' || batch.state === 'returned')
  const marked = !['draft', 'filed', 'returned', 'accepted', 'cancelled'].includes(batch.state)
  const list = area === 'office' ? paths.officeAssessors() : paths.assessmentBatches(area)
  return (
    <>
      <PageHeader
        title={batch.title}
        caption={batch.number}
        crumbs={[{ label: area === 'office' ? '等级认定机构和批次' : '认定批次', href: list }]}
        tag={<StatusTag tone={batchTones[batch.state]}>{batchStates[batch.state]}</StatusTag>}
      />
      <div className="stack">
        <SummaryList
          rows={[
            ...(area === 'office'
              ? [
                  {
                    label: '机构',
                    value: <a href={paths.officeAssessor(batch.organisationId)}>{batch.organisation}</a>,
                  },
                ]
              : []),
            { label: '职业和等级', value: `${batch.occupation}　${batch.levelLabel}`, note: loaderData.standard },
            { label: '考核', value: batch.parts.map((one) => examParts[one]).join('、') },
            { label: '考点', value: batch.site, note: batch.siteAddress },
            ...(batch.classId
              ? [{ label: '关联班级', value: batch.classTitle, note: '结业考核成绩直接带入；培训人次只按班级计一次' }]
              : []),
            { label: '内部质量督导员', value: batch.supervisor ?? '还没有指定' },
            ...(batch.publicisedOn
              ? [{ label: '公示', value: <a href={paths.assessmentResults(batch.id)}>看公示页</a> }]
              : []),
          ]}
        />
        <Steps data={loaderData} failed={actionData} />
        <PlanPart
          sittings={sittings}
          editable={editable}
          options={options}
          failed={actionData}
          supervisorId={batch.supervisorId}
        />
        <CandidatePart
          candidates={candidates}
          parts={batch.parts}
          conditions={conditions}
          capacity={loaderData.capacity}
          editable={editable}
          marked={marked}
          withClass={batch.classId !== null}
          options={options.conditions}
          failed={actionData}
        />
        <History moves={moves} reasons={{}} labels={labels} />
      </div>
    </>
  )
}
