import { z } from 'zod'
import { draftClaim, dropLine, refreshClaim, withdrawClaim } from '#modules/subsidy/claim.commands.ts'
import { claimableClasses, claimPage, claimsOf } from '#modules/subsidy/claim.queries.ts'
import { type ClaimState, claimReasonText, claimStates } from '#modules/subsidy/claim.schema.ts'
import { type Endpoint, endpoint, ownOrganisation } from './endpoint.ts'
import { count, day, id, instant, listOf, PageQuery, paged, text, whole } from './shapes.ts'

const state = z.enum(Object.keys(claimStates) as [ClaimState, ...ClaimState[]])
const fen = z.int().describe('金额，分')

const Claim = z.object({
  id,
  number: text,
  classId: id,
  classNumber: text,
  classTitle: text,
  programme: text,
  state,
  amountFen: fen,
  persons: count,
  round: count,
  version: count,
  createdAt: instant,
  submittedAt: instant.nullable(),
})

const Line = z.object({
  id,
  enrolmentId: id,
  person: text.describe('遮盖后的姓名'),
  minutes: count,
  classHours: count,
  amountFen: fen,
  fundSource: text,
  explanation: z.array(
    z.object({ title: text, result: text, working: text, basis: text, rule: text }).partial().loose(),
  ),
  dropped: z.object({ at: instant, reason: text }).nullable(),
  nowFen: fen.nullable().describe('按现在的记录应为多少；null 为已不能申领'),
})

const Control = z.object({
  id: text,
  title: text,
  severity: z.enum(['block', 'warn']),
  verdict: text,
  message: text,
  remedy: text,
  lines: z.array(z.object({ lineId: text, person: text, message: text, remedy: text })),
})

const Moved = z.object({ claimId: id, state, amountFen: fen })
const ClaimParams = z.object({ claimId: id })
const reason = z.string().describe('原因，至少 2 个字')

export const claimEndpoints: Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organisation/claimable-classes',
    tag: '申领',
    summary: '已结业、还没有申领的班级，先结业的在前',
    access: 'organisation.read',
    answer: listOf(
      z.object({ id, number: text, title: text, programme: text, closedAt: instant.nullable(), persons: count }),
    ),
    handle: async (ctx) => whole(await claimableClasses(ctx.db, ownOrganisation(ctx))),
  }),
  endpoint({
    method: 'get',
    path: '/organisation/claims',
    tag: '申领',
    summary: '本单位的补贴申领，新的在前',
    access: 'organisation.read',
    query: PageQuery.extend({ state: state.optional() }),
    answer: listOf(Claim),
    handle: async (ctx, { query }) => paged(await claimsOf(ctx.db, ownOrganisation(ctx), query)),
  }),
  endpoint({
    method: 'get',
    path: '/organisation/claims/{claimId}',
    tag: '申领',
    summary: '一件申领：每人的金额怎样算出、谁没有计入和原因、核查结果、期限',
    access: 'organisation.read',
    params: ClaimParams,
    answer: z.object({
      claim: Claim,
      endedOn: day,
      nowFen: fen.describe('按现在的记录合计应为多少'),
      lines: z.array(Line),
      leftOut: z.array(z.object({ enrolmentId: id, person: text, words: z.object({ message: text, remedy: text }) })),
      run: z
        .object({ at: instant, blocking: count, warnings: count, unknown: count, controls: z.array(Control) })
        .nullable()
        .describe('最近一次核查'),
      history: z.array(
        z.object({ move: text, from: text, to: text, at: instant, reasonCodes: z.array(text), note: text }),
      ),
      clocks: z.array(
        z.object({ kind: text, startedOn: day, workdays: count, due: day.nullable(), left: count, state: text }),
      ),
    }),
    handle: (ctx, { params }) => claimPage(ctx, params.claimId),
  }),
  endpoint({
    method: 'post',
    path: '/organisation/claims',
    tag: '申领',
    summary: '按平台记录为一个已结业的班级生成申领草稿',
    description: '金额由平台按台账课时和标准计算，不用也不能填写。提交须由本单位人员在网页上签承诺后办理。',
    access: 'claim.prepare',
    status: 201,
    body: z.object({ classId: id }),
    answer: Moved.extend({ number: text, linesCount: count }),
    words: claimReasonText,
    handle: (ctx, { body }) => draftClaim(ctx, body),
  }),
  endpoint({
    method: 'post',
    path: '/organisation/claims/{claimId}/refreshing',
    tag: '申领',
    summary: '按现在的记录重新计算草稿或退回的申领',
    access: 'claim.prepare',
    params: ClaimParams,
    answer: Moved.extend({ changed: z.boolean() }),
    words: claimReasonText,
    handle: (ctx, { params }) => refreshClaim(ctx, params),
  }),
  endpoint({
    method: 'post',
    path: '/organisation/claim-lines/{lineId}/dropping',
    tag: '申领',
    summary: '从申领中移除一名学员，其余照常申领',
    access: 'claim.prepare',
    params: z.object({ lineId: id }),
    body: z.object({ reason }),
    answer: Moved,
    words: claimReasonText,
    handle: (ctx, { params, body }) => dropLine(ctx, { ...body, ...params }),
  }),
  endpoint({
    method: 'post',
    path: '/organisation/claims/{claimId}/withdrawal',
    tag: '申领',
    summary: '撤回申领，课时和额度随之释放',
    access: 'claim.prepare',
    params: ClaimParams,
    body: z.object({ reason }),
    answer: Moved,
    words: claimReasonText,
    handle: (ctx, { params, body }) => withdrawClaim(ctx, { ...body, ...params }),
  }),
]
