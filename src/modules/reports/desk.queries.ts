import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Permission } from '#platform/permissions.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'

export type WorkCode =
  | 'plans-filed'
  | 'classes-applied'
  | 'first-review'
  | 'second-review'
  | 'to-publish'
  | 'objections'
  | 'problems'
  | 'to-approve'
  | 'to-pay'
  | 'bounced'
  | 'batches'
  | 'returns'
  | 'budgets'
  | 'recoveries-to-decide'
  | 'recoveries-to-demand'
  | 'overrides'
  | 'settings'
  | 'grants'
  | 'names'

export type Work = {
  code: WorkCode
  label: string
  n: number
  /** Of those, clocks that run out within three days, and that have run out. */
  soon: number
  late: number
}

type Task = { code: WorkCode; label: string; permission: Permission; kind?: string; ids: RawBuilder<unknown> }

/** What waits for somebody at the bureau: who may, and which records. Nobody is shown what he cannot do himself. */
function tasks(me: string): Task[] {
  const agreed = (stage: string) =>
    sql`exists (select from subsidy.reviews r where r.claim_id = c.id and r.round = c.round and r.stage = ${stage} and r.decision = 'agree')`
  const decidedByMe = sql`exists (select from subsidy.reviews r where r.claim_id = c.id and r.reviewer_id = ${me})`
  return [
    {
      code: 'plans-filed',
      label: '培训计划待受理',
      permission: 'plan.decide',
      kind: 'plan',
      ids: sql`select id from training.plans where state = 'filed'`,
    },
    {
      code: 'classes-applied',
      label: '开班申请待审',
      permission: 'class.decide',
      kind: 'class',
      ids: sql`select id from training.classes where state = 'applied'`,
    },
    {
      code: 'first-review',
      label: '申领待初审',
      permission: 'claim.first-review',
      kind: 'claim',
      ids: sql`select c.id from subsidy.claims c where c.state in ('submitted', 'under-review') and not ${agreed('first')}`,
    },
    {
      code: 'second-review',
      label: '申领待复核',
      permission: 'claim.second-review',
      kind: 'claim',
      ids: sql`select c.id from subsidy.claims c where c.state = 'under-review' and ${agreed('first')}
        and not ${agreed('second')} and not ${decidedByMe}`,
    },
    {
      code: 'to-publish',
      label: '申领待公示',
      permission: 'publicity.run',
      kind: 'claim',
      ids: sql`select id from subsidy.claims where state = 'reviewed'`,
    },
    {
      code: 'objections',
      label: '公示异议待处理',
      permission: 'objection.decide',
      kind: 'objection',
      ids: sql`select id from publicity.objections where state = 'open'`,
    },
    {
      code: 'problems',
      label: '举报与投诉待答复',
      permission: 'objection.decide',
      ids: sql`select id from feedback.reports where state = 'open'`,
    },
    {
      code: 'to-approve',
      label: '公示期满，待批准',
      permission: 'claim.approve',
      kind: 'claim',
      ids: sql`select c.id from subsidy.claims c join subsidy.publications p on p.claim_id = c.id and p.round = c.round
        where c.state = 'publicised' and p.ended_on is not null and not ${decidedByMe}`,
    },
    {
      code: 'to-pay',
      label: '已批准，待组批拨付',
      permission: 'payment.batch',
      kind: 'claim',
      ids: sql`select id from subsidy.claims where state = 'approved'`,
    },
    {
      code: 'bounced',
      label: '银行退回，待重发',
      permission: 'payment.batch',
      kind: 'claim',
      ids: sql`select id from subsidy.claims where state = 'bounced'`,
    },
    {
      code: 'batches',
      label: '拨付批次待财政确认',
      permission: 'payment.confirm',
      ids: sql`select id from subsidy.payment_batches where state = 'drafted' and created_by <> ${me}`,
    },
    {
      code: 'returns',
      label: '银行回盘待核对入账',
      permission: 'payment.confirm',
      ids: sql`select id from subsidy.bank_returns where state = 'checked' and rows_good > 0 and by_user <> ${me}`,
    },
    {
      code: 'budgets',
      label: '预算变动待财政确认',
      permission: 'payment.confirm',
      ids: sql`select id from subsidy.budget_changes where state = 'proposed' and proposed_by <> ${me}`,
    },
    {
      code: 'recoveries-to-decide',
      label: '追回待决定',
      permission: 'recovery.decide',
      kind: 'recovery',
      ids: sql`select id from subsidy.recoveries where state = 'heard' and opened_by <> ${me}`,
    },
    {
      code: 'recoveries-to-demand',
      label: '追回已决定，待送达通知',
      permission: 'recovery.open',
      kind: 'recovery',
      ids: sql`select id from subsidy.recoveries where state = 'decided'`,
    },
    {
      code: 'overrides',
      label: '人工放行待批准',
      permission: 'control.approve-override',
      ids: sql`select id from subsidy.overrides where state = 'requested' and requested_by <> ${me}`,
    },
    {
      code: 'settings',
      label: '参数与待定事项待批准',
      permission: 'setting.approve',
      ids: sql`select id from platform.settings where state = 'proposed' and proposed_by <> ${me}`,
    },
    {
      code: 'grants',
      label: '岗位授权待批准',
      permission: 'access.approve',
      ids: sql`select id from auth.role_grants where state = 'proposed' and held <> 'organisation' and granted_by <> ${me}`,
    },
    {
      code: 'names',
      label: '更名申请待核',
      permission: 'account.verify',
      ids: sql`select id from people.name_requests where state = 'asked'`,
    },
  ]
}

/** What waits for the one who asks, in one statement; what is late comes first. */
export async function deskWork(ctx: Ctx): Promise<Work[]> {
  const mine = tasks(ctx.actor.id).filter((task) => ctx.actor.can(task.permission))
  if (mine.length === 0) return []
  const today = dayOf(ctx.now)
  const parts = mine.map(
    (task) => sql`
      select ${task.code}::text as code, count(*)::int as n,
        count(*) filter (where k.due_on between ${today}::date and ${today}::date + 3)::int as soon,
        count(*) filter (where k.due_on < ${today}::date)::int as late
      from (${task.ids}) w (id)
      left join lateral (select min(due_on) as due_on from platform.clocks k
        where k.subject_kind = ${task.kind ?? ''} and k.subject_id = w.id and k.ended_on is null and k.kind <> 'correction') k on true`,
  )
  const { rows } = await sql<Omit<Work, 'label'>>`${sql.join(parts, sql` union all `)}`.execute(ctx.db)
  return mine
    .flatMap(({ code, label }) => {
      const row = rows.find((one) => one.code === code)
      return row && row.n > 0 ? [{ ...row, label }] : []
    })
    .sort((a, b) => b.late - a.late || b.soon - a.soon)
}

export type RunningClock = {
  subjectKind: string
  subjectId: string
  clock: string
  dueOn: Day
  ruleId: string
  label: string
}

/** Clocks of the bureau that run out next, and those already run out; for whoever reads casework. */
export async function runningClocks(ctx: Ctx, atMost = 12): Promise<RunningClock[]> {
  if (!ctx.actor.can('casework.read')) return []
  const { rows } = await sql<RunningClock>`
    select k.subject_kind as "subjectKind", k.subject_id as "subjectId", k.kind as clock, k.due_on as "dueOn", k.rule_id as "ruleId",
      coalesce(p.title, c.title, s.number, v.number, '') as label
    from platform.clocks k
    left join training.plans p on k.subject_kind = 'plan' and p.id = k.subject_id
    left join training.classes c on k.subject_kind = 'class' and c.id = k.subject_id
    left join subsidy.claims s on k.subject_kind = 'claim' and s.id = k.subject_id
    left join subsidy.recoveries v on k.subject_kind = 'recovery' and v.id = k.subject_id
    where k.ended_on is null and k.due_on is not null and k.kind <> 'correction'
    order by k.due_on, k.id limit ${atMost}
  `.execute(ctx.db)
  return rows
}
