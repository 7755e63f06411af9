import { redirect } from 'react-router'
import { approve, revokeApproval } from '#modules/subsidy/approval.commands.ts'
import { claimForReview } from '#modules/subsidy/casefile.queries.ts'
import { claimStates } from '#modules/subsidy/claim.schema.ts'
import { runControls } from '#modules/subsidy/control.commands.ts'
import { firstReview, secondReview } from '#modules/subsidy/opinion.commands.ts'
import { putBack, takeForFirstReview, takeForSecondReview } from '#modules/subsidy/review.commands.ts'
import { deskFile } from '#modules/subsidy/review.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { claimHistory, claimSteps, claimTones } from '../../subsidy/desk.ts'
import { Decide } from '../../subsidy/opinion-form.tsx'
import { Controls, LineTable, Promised } from '../../subsidy/parts.tsx'
import { todoOf } from '../../subsidy/review-desk.ts'
import { Calls, Dossier, Exclusions, HoursGrid, Opinions } from '../../subsidy/review-parts.tsx'
import { programmeName, reasonName, reasonOptions, wordsAt } from '../../subsidy/words.ts'
import { clockLines } from '../../training/desk.ts'
import { Clocks, History } from '../../training/parts.tsx'
import { Button } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Process } from '../../ui/process.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/claim.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`审核 ${loaderData?.file.claim.number ?? ''}`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const id = isId(params.id)
  const file = await claimForReview(ctx, id).catch(fail(request))
  const desk = await deskFile(ctx, id)
  const [clock] = clockLines(file.clocks.filter((one) => one.endedOn === null))
  return {
    file,
    desk,
    todo: todoOf(ctx.actor, file, desk),
    programme: programmeName(ctx.plan, file.claim.programme),
    reasons: reasonOptions(ctx.plan, 'claim', 'publicity'),
    reasonNames: Object.fromEntries(ctx.plan.reasonCodes.map(({ code }) => [code, reasonName(ctx.plan, code)])),
    steps: claimSteps(file.claim.state, file.history, clock?.text ?? null),
    clocks: clockLines(file.clocks.filter((one) => one.endedOn === null)),
    moves: claimHistory(ctx.plan, file.history),
    may: {
      recover: file.claim.state === 'paid' && ctx.actor.can('recovery.open'),
      inspect: ctx.actor.can('class.inspect'),
      override: ctx.actor.can('control.override'),
    },
    materials: Object.fromEntries(ctx.plan.materials.map((one) => [one.id, one.label])),
    today: dayOf(ctx.now),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const claimId = isId(params.id)
  const form = await request.formData()
  const given = { ...formObject(form), claimId }
  const work: Record<string, () => Promise<unknown>> = {
    'take-first': () => takeForFirstReview(ctx, { claimId }),
    'take-second': () => takeForSecondReview(ctx, { claimId }),
    'put-back': () => putBack(ctx, { claimId }),
    'opinion-first': () => firstReview(ctx, given),
    'opinion-second': () => secondReview(ctx, given),
    'opinion-approve': () => approve(ctx, given),
    revoke: () => revokeApproval(ctx, given),
    controls: () => runControls(ctx, { claimIds: [claimId], occasion: 'review' }),
  }
  const intent = String(form.get('intent') ?? '')
  const doing = work[intent]
  if (!doing) throw new Response(null, { status: 400 })
  const tried = await attempt(doing(), form, wordsAt('review', ctx))
  return tried.ok ? redirect(done(paths.claimReview(claimId), `review-${intent}`)) : tried.answer
}

export default function ReviewClaim({ loaderData, actionData }: Route.ComponentProps) {
  const { file, desk, todo, reasonNames } = loaderData
  const { claim, lines, run } = file
  const standing = lines.filter((line) => !line.dropped)
  const goes = desk.exclusions.filter((one) => one.appliedAt === null)
  const cut = goes.reduce((sum, one) => sum + one.amountFen, 0)
  const editable = todo.decide && todo.stage !== 'approve'
  return (
    <>
      <PageHeader
        title={`申领 ${claim.number}`}
        caption={`${claim.organisation}　${loaderData.programme}`}
        crumbs={[{ label: '补贴审核', href: paths.reviews(todo.stage ? { stage: todo.stage } : {}) }]}
        tag={<StatusTag tone={claimTones[claim.state]}>{claimStates[claim.state]}</StatusTag>}
      />
      <div className="stack">
        <Process label="办理进度" steps={loaderData.steps} />
        <Clocks clocks={loaderData.clocks} />
        <SummaryList
          rows={[
            {
              label: '申领单位',
              value: claim.organisation,
              action: { href: paths.officeOrganisation(claim.organisationId), label: '查看' },
            },
            {
              label: '班级',
              value: `${claim.classTitle}　${claim.classNumber}`,
              action: { href: paths.orgClass('office', claim.classId), label: '查看' },
            },
            {
              label: '金额',
              value: <Money fen={claim.amountFen - cut} />,
              note:
                cut > 0 ? `申领 ${claim.persons} 人；拟剔除 ${goes.length} 人，复核同意后生效` : `${claim.persons} 人`,
              action: { href: paths.slip('office', claim.id), label: '付款明细' },
            },
            {
              label: '提交',
              value: claim.submittedAt ? `${instantText(claim.submittedAt)}，第 ${claim.round} 次` : '未提交',
            },
          ]}
        />
        <Section title="办理" id="decide">
          <Decide
            todo={todo}
            claim={claim}
            lines={standing.map((line) => ({ id: line.id, person: line.person }))}
            reasons={loaderData.reasons}
            failed={actionData}
          />
          {loaderData.may.recover && (
            <p>
              <a href={paths.newRecovery(claim.id)}>办理追回</a>
            </p>
          )}
        </Section>
        <Section title="核查" id="controls" description="同一套核查在提交、审核和付款前各运行一次。">
          {run ? <Controls run={run} /> : <p>还没有核查过。</p>}
          <Form>
            <Button kind="plain" name="intent" value="controls">
              重新核查
            </Button>
          </Form>
          <p>
            核查未通过、但有正当理由的，可以
            {loaderData.may.override ? (
              <a href={paths.newOverride(claim.id)}>申请人工放行</a>
            ) : (
              '由审核人员申请人工放行'
            )}
            ，由另一人批准。
          </p>
        </Section>
        <Section title="各人明细" id="lines" description="打开一人，可以看逐次课时，记录回访，或在办理时剔除。">
          <LineTable
            caption={`各人金额，共 ${standing.length} 人`}
            lines={standing}
            act={(line) => ({ href: paths.reviewLine(claim.id, line.id), label: editable ? '查看或剔除' : '查看' })}
          />
        </Section>
        <Exclusions exclusions={desk.exclusions} lines={lines} reasonNames={reasonNames} />
        <Calls claimId={claim.id} desk={desk} lines={standing} />
        <Section title="课时和签到等级" description="甲级由几方互相印证，丁级只有人工补录。">
          <More label="逐次课时表">
            <HoursGrid sessions={file.sessions} lines={standing} />
          </More>
        </Section>
        {(file.promised || file.quote) && (
          <Section title="承诺金额与现在的记录">
            {file.promised && <Promised label="申领前的测算" quote={file.promised} nowFen={file.nowFen} />}
            {file.quote && <Promised label="申领时的签名" quote={file.quote} nowFen={file.nowFen} />}
          </Section>
        )}
        <Dossier dossier={file.dossier} licences={file.licences} materials={loaderData.materials} />
        <Opinions opinions={desk.opinions} lines={lines} reasonNames={reasonNames} />
        <History moves={loaderData.moves} />
      </div>
    </>
  )
}
