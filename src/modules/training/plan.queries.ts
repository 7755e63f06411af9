import { sql } from 'kysely'
import { occupationByKey } from '#modules/occupations/catalogue.queries.ts'
import { licencesOf, organisationCard } from '#modules/people/organisation.queries.ts'
import { organisationTypes } from '#modules/people/organisation.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { choicesFor } from '#platform/figures.ts'
import type { Decision } from '#policy/decision.ts'
import type { Plan } from '#policy/plan.ts'
import { dayOf } from '#shared/dates.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import type { Day } from '#shared/units.ts'
import { type CaseClock, type CaseMove, clocksOf, movesOf } from './case.queries.ts'
import { checkFiling } from './plan.rules.ts'
import type { PlanCourse, PlanState } from './plan.schema.ts'

type Db = Ctx['db']

export type PlanRecord = {
  id: string
  number: string | null
  programme: string
  organisationId: string
  title: string
  /** `edition:code`, or empty. */
  occupation: string
  level: string
  headcount: number
  classHours: number
  startsOn: Day
  endsOn: Day
  courses: PlanCourse[]
  commitmentAt: Date | null
  state: PlanState
  filedBy: string | null
  filedAt: Date | null
  decidedAt: Date | null
  version: number
}

const columns = [
  'p.id',
  'p.number',
  'p.programme',
  'p.organisation_id as organisationId',
  'p.title',
  sql<string>`coalesce(p.occupation_edition || ':' || p.occupation_code, '')`.as('occupation'),
  sql<string>`coalesce(p.level, '')`.as('level'),
  'p.headcount',
  'p.class_hours as classHours',
  'p.starts_on as startsOn',
  'p.ends_on as endsOn',
  'p.courses',
  'p.commitment_at as commitmentAt',
  'p.state',
  'p.filed_by as filedBy',
  'p.filed_at as filedAt',
  'p.decided_at as decidedAt',
  'p.version',
] as const

export const plans = (db: Db) => db.selectFrom('training.plans as p').select(columns).$castTo<PlanRecord>()

export function programmeOf(plan: Plan, code: string) {
  return plan.programmes.find((programme) => programme.code === code)
}

/** Whether the plan may be filed now, and if not, why. The page shows it beside the button, the command insists on it. */
export async function filingDecision(
  ctx: Pick<Ctx, 'db' | 'plan' | 'now'>,
  record: PlanRecord,
): Promise<Decision<null>> {
  const programme = programmeOf(ctx.plan, record.programme)
  if (!programme) return { ok: false, refusal: { clause: 'R01', reason: 'programme-unknown', facts: {} } }
  const organisation = await organisationCard(ctx.db, record.organisationId)
  const occupation = record.occupation === '' ? undefined : await occupationByKey(ctx.db, record.occupation)
  const licences = await licencesOf(ctx.db, record.organisationId)
  const allows = (occupations: readonly string[]) => occupations.length === 0 || occupations.includes(record.occupation)
  const typeId = organisation.type === 'assessment-org' ? 'assessmentOrg' : organisation.type
  const scheme = ctx.plan.levelSchemes.find(({ id }) => id === occupation?.levelScheme)
  const labels = new Map(ctx.plan.orgTypes.map(({ id, label }) => [id, label]))
  return checkFiling({
    programme,
    organisation: {
      type: typeId,
      typeLabel: organisationTypes[organisation.type],
      allowedLabels: programme.undertaker.orgTypes.map((id) => labels.get(id) ?? id).join('、'),
      active: organisation.status === 'active',
    },
    today: dayOf(ctx.now),
    startsOn: record.startsOn,
    endsOn: record.endsOn,
    classHours: record.classHours,
    courses: record.courses,
    occupation:
      record.occupation === ''
        ? null
        : {
            title: occupation?.title ?? record.occupation,
            known: occupation !== undefined,
            levels: scheme?.levels.map(({ code }) => code) ?? [],
          },
    level: record.level,
    licences: licences.filter((licence) => allows(licence.occupations)),
    ownStaffScope: licences.some((licence) => licence.kind === 'own-staff' && licence.occupations.length > 0),
    onlineDecided: await onlineDecided(ctx),
  })
}

/** D-07: the bureau has said that online-only training counts, and how. */
export async function onlineDecided(ctx: Pick<Ctx, 'db' | 'plan' | 'now'>): Promise<boolean> {
  const { code } = (await choicesFor(ctx))('D-07', dayOf(ctx.now))
  return code === 'same' || code === 'hours'
}

export type PlanFilter = { state?: PlanState | undefined; cursor?: string | undefined }
export type PlanRow = PlanRecord & { organisation: string; classes: number; dueOn: Day | null; stopped: boolean }

const pageSize = 20

/** One undertaker's plans, newest first. */
export async function plansOf(db: Db, organisationId: string, filter: PlanFilter = {}): Promise<Page<PlanRow>> {
  let query = planRows(db)
    .where('p.organisation_id', '=', organisationId)
    .orderBy('p.id', 'desc')
    .limit(pageSize + 1)
  if (filter.state) query = query.where('p.state', '=', filter.state)
  const after = decodeCursor(filter.cursor, ['id'])
  if (after) query = query.where('p.id', '<', String(after[0]))
  return pageOf(await query.execute(), pageSize, (row) => [row.id])
}

/** The desk's queue: what is due first comes first; what has no running clock, last. */
export async function planQueue(db: Db, filter: PlanFilter = {}): Promise<Page<PlanRow>> {
  let query = planRows(db)
    .where('p.state', '=', filter.state ?? 'filed')
    .orderBy(dueOrder)
    .orderBy('p.id')
    .limit(pageSize + 1)
  const after = decodeCursor(filter.cursor, ['day', 'id'])
  if (after) query = query.where(sql<boolean>`(${dueOrder}, p.id) > (${after[0]}::date, ${after[1]}::uuid)`)
  return pageOf(await query.execute(), pageSize, (row) => [row.dueOn ?? 'infinity', row.id])
}

const dueOrder = sql`coalesce(k.due_on, 'infinity'::date)`

const planRows = (db: Db) =>
  db
    .selectFrom('training.plans as p')
    .innerJoin('people.organisations as o', 'o.id', 'p.organisation_id')
    .leftJoin('platform.clocks as k', (join) =>
      join
        .onRef('k.subject_id', '=', 'p.id')
        .on('k.subject_kind', '=', 'plan')
        .on('k.kind', '=', 'review')
        .on('k.ended_on', 'is', null),
    )
    .select(columns)
    .select([
      'o.name as organisation',
      sql<number>`(select count(*) from training.classes c where c.plan_id = p.id and c.state <> 'cancelled')`.as(
        'classes',
      ),
      'k.due_on as dueOn',
      sql<boolean>`k.id is not null and k.due_on is null`.as('stopped'),
    ])
    .$castTo<PlanRow>()

export type PlanPage = PlanRecord & {
  organisation: { id: string; name: string; uscc: string; type: string }
  occupationTitle: string | null
  moves: CaseMove[]
  clocks: CaseClock[]
  classes: { id: string; number: string; title: string; state: string }[]
}

/** Everything about one plan, for its undertaker or the desk; missing for everybody else. */
export async function planPage(ctx: Ctx, planId: string): Promise<PlanPage> {
  const record = await plans(ctx.db).where('p.id', '=', planId).executeTakeFirst()
  if (!record || !maySeeOrganisation(ctx, record.organisationId)) throw missing('plan')
  const [organisation, occupation, moves, clocks, classes] = await Promise.all([
    organisationCard(ctx.db, record.organisationId),
    occupationByKey(ctx.db, record.occupation),
    movesOf(ctx.db, 'plan', planId),
    clocksOf(ctx, 'plan', planId),
    ctx.db
      .selectFrom('training.classes')
      .select(['id', 'number', 'title', 'state'])
      .where('plan_id', '=', planId)
      .orderBy('number')
      .execute(),
  ])
  const { id, name, uscc, type } = organisation
  return {
    ...record,
    organisation: { id, name, uscc, type },
    occupationTitle: occupation?.title ?? null,
    moves,
    clocks,
    classes,
  }
}

export const maySeeOrganisation = (ctx: Pick<Ctx, 'actor'>, organisationId: string): boolean =>
  ctx.actor.can('organisation.read', { organisationId }) || ctx.actor.can('casework.read')
