import { redirect } from 'react-router'
import { refreshClaim, restoreLine } from '#modules/subsidy/claim.commands.ts'
import { claimPage } from '#modules/subsidy/claim.queries.ts'
import { withClaimant } from '#modules/subsidy/claim.rules.ts'
import { claimReasonText, claimStates } from '#modules/subsidy/claim.schema.ts'
import { checkClaim } from '#modules/subsidy/control.commands.ts'
import { recallClaim } from '#modules/subsidy/submission.commands.ts'
import { yuan } from '#shared/units.ts'
import { attempt, fail, wordsOf } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { claimHistory, claimSteps, claimTones, fundName, subsidyWords } from '../../subsidy/desk.ts'
import { Controls, LineTable, Promised } from '../../subsidy/parts.tsx'
import { clockLines, programmeName, workOf } from '../../training/desk.ts'
import { History, Returned } from '../../training/parts.tsx'
import { Actions, Button, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { FigureCard, Figures } from '../../ui/figure-card.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Process } from '../../ui/process.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/claim.ts'

export const meta = () => title('申领')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf(args, 'organisation.read')
  const page = await claimPage(ctx, isId(args.params.id)).catch(fail(args.request))
  const { claim, window, clocks, history, run } = page
  const [clock] = clockLines(clocks)
  return {
    area,
    ...page,
    may: {
      prepare: withClaimant(claim.state) && ctx.actor.can('claim.prepare', { organisationId }),
      submit: ctx.actor.can('claim.submit', { organisationId }),
    },
    programme: programmeName(ctx.plan, claim.programme),
    funds: [...new Set(page.lines.map((line) => fundName(ctx.plan, line.fundSource)))].join('、'),
    closing: window.ok ? dayText(window.value.closesOn) : null,
    noWindow: window.ok ? null : (wordsOf(ctx.plan, claimReasonText, window.refusal)?.title ?? null),
    steps: claimSteps(claim.state, history, clock?.text ?? null),
    moves: claimHistory(ctx.plan, history),
    run: run && { ...run, stale: run.at < (history.at(-1)?.at ?? run.at) },
    reasons: reasonsOf(ctx.plan, page.returned),
  }
}

type Returning = Awaited<ReturnType<typeof claimPage>>['returned']

/** Why it came back: each point with the person it is about and how to mend it. */
function reasonsOf(plan: Parameters<typeof fundName>[0], returned: Returning) {
  if (!returned) return []
  const known = new Map(plan.reasonCodes.map((reason) => [reason.code, reason]))
  const points = returned.findings.map((one) => {
    const reason = known.get(one.reasonCode)
    return {
      text: [one.person, reason?.text ?? one.reasonCode].filter(Boolean).join('：'),
      mend: [one.note, reason?.mend].filter(Boolean).join('　'),
    }
  })
  return returned.note ? [...points, { text: '审核意见', mend: returned.note }] : points
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'claim.prepare')
  const claimId = isId(args.params.id)
  const form = await args.request.formData()
  const [intent, lineId] = String(form.get('intent') ?? '').split(':')
  const work = {
    refresh: () => refreshClaim(ctx, { claimId }),
    check: () => checkClaim(ctx, { claimId }),
    recall: () => recallClaim(ctx, { claimId }),
    restore: () => restoreLine(ctx, { lineId }),
  }[intent ?? '']
  if (!work) throw new Response(null, { status: 400 })
  const tried = await attempt<unknown>(work(), form, subsidyWords(ctx))
  return tried.ok ? redirect(done(paths.claim(area, claimId), `claim-${intent}`)) : tried.answer
}

export default function Claim({ loaderData, actionData }: Route.ComponentProps) {
  const { area, claim, lines, leftOut, may, run } = loaderData
  const standing = lines.filter((line) => !line.dropped)
  const dropped = lines.filter((line) => line.dropped)
  const hours = standing.reduce((sum, line) => sum + line.classHours, 0)
  return (
    <>
      <PageHeader
        title={`申领 ${claim.number}`}
        caption={`${claim.classTitle}　班号 ${claim.classNumber}`}
        crumbs={[{ label: '补贴申领', href: paths.claims(area) }]}
        tag={<StatusTag tone={claimTones[claim.state]}>{claimStates[claim.state]}</StatusTag>}
      />
      <div className="stack">
        <Process label="办理进度" steps={loaderData.steps} />
        <Returned title="审核人员退回，请逐项更正后再次提交" reasons={loaderData.reasons} />
        <Figures>
          <FigureCard label="申领金额" value={yuan(claim.amountFen)} unit="元" />
          <FigureCard label="人数" value={String(standing.length)} unit="人" />
          <FigureCard label="课时" value={String(hours)} unit="课时" note="逐人合计" />
        </Figures>
        <Form failed={actionData}>
          <Next {...loaderData} />
        </Form>
        <Section title="基本情况">
          <SummaryList
            rows={[
              {
                label: '班级',
                value: claim.classTitle,
                action: { href: paths.orgClass(area, claim.classId), label: '查看班级' },
              },
              { label: '补贴项目', value: loaderData.programme },
              { label: '培训结束日', value: dayText(loaderData.endedOn) },
              {
                label: '申领期限',
                value: loaderData.closing ? `${loaderData.closing}前提交` : loaderData.noWindow,
              },
              { label: '资金来源', value: loaderData.funds },
              { label: '提交次数', value: `${claim.round} 次` },
            ]}
          />
        </Section>
        <Section title="各人金额" description="每人的金额都能逐步核对。点开“计算过程”看依据、数和结果。">
          <LineTable
            caption={`各人金额，共 ${standing.length} 人`}
            lines={standing}
            {...(may.prepare && { act: (line) => ({ href: paths.claimLine(area, claim.id, line.id), label: '移除' }) })}
          />
        </Section>
        {leftOut.length > 0 && (
          <Section title="没有计入的学员" description="每一位没有计入的学员都写明原因和办法。">
            <ul className="list-disc ps-5">
              {leftOut.map((one) => (
                <li key={one.enrolmentId}>
                  {one.person}：{one.words.message}。{one.words.remedy}
                </li>
              ))}
            </ul>
          </Section>
        )}
        {dropped.length > 0 && <Dropped {...loaderData} lines={dropped} />}
        <Section title="核查" id="controls" description="提交时和审核中用的是同一套核查。">
          {run ? <Controls run={run} /> : <p>还没有核查过。点“自查”先看结果，再提交。</p>}
          <p>
            <a href={paths.controls()}>各项核查查什么、用什么数据</a>
          </p>
        </Section>
        {loaderData.promised && (
          <Promised label="生成申领之前的预计金额" quote={loaderData.promised} nowFen={loaderData.nowFen} />
        )}
        <More label="办理记录">
          <History moves={loaderData.moves} />
        </More>
      </div>
    </>
  )
}

type Data = Route.ComponentProps['loaderData']

/** What can be done now; what cannot says why. */
function Next({ area, claim, may, nowFen, noWindow }: Data) {
  if (claim.state === 'submitted' && may.submit) {
    return (
      <Actions>
        <Button kind="plain" name="intent" value="recall">
          撤回修改
        </Button>
        <p className="small soft">审核人员开始办理前可以撤回；撤回后重新提交的，按新的提交时间排队。</p>
      </Actions>
    )
  }
  if (!may.prepare) return null
  const changed = nowFen !== claim.amountFen
  return (
    <>
      {changed && (
        <Notice tone="warn" title="记录有变化，金额需要重新计算">
          <p>
            申领金额 {yuan(claim.amountFen)} 元，按现在的记录为 {yuan(nowFen)} 元。变化的内容写在各人金额里。
          </p>
        </Notice>
      )}
      <Actions>
        {!may.submit ? (
          <DisabledButton reason="由本单位负责人或财务人员提交。">提交</DisabledButton>
        ) : changed ? (
          <DisabledButton reason="请先重新计算。">提交</DisabledButton>
        ) : noWindow && claim.state === 'draft' ? (
          <DisabledButton reason={noWindow}>提交</DisabledButton>
        ) : (
          <LinkButton kind="primary" href={paths.claimSubmission(area, claim.id)}>
            去提交
          </LinkButton>
        )}
        <Button kind="plain" name="intent" value="refresh">
          重新计算
        </Button>
        <Button kind="plain" name="intent" value="check">
          自查
        </Button>
        <LinkButton kind="quiet" href={paths.claimWithdrawal(area, claim.id)}>
          撤销申领
        </LinkButton>
      </Actions>
    </>
  )
}

const droppedBy = { claimant: '本单位移除', recomputed: '重新计算后不再符合', bureau: '审核移除' }

function Dropped({ lines, may }: Data) {
  return (
    <Section title="已移除的学员">
      <form method="post">
        <ul className="list-disc ps-5">
          {lines.map((line) => (
            <li key={line.id}>
              {line.person}：{line.dropped?.as && `${droppedBy[line.dropped.as]}，`}
              {line.dropped?.reason}
              {may.prepare && line.dropped?.as === 'claimant' && (
                <Button kind="quiet" name="intent" value={`restore:${line.id}`}>
                  恢复
                </Button>
              )}
            </li>
          ))}
        </ul>
      </form>
    </Section>
  )
}
