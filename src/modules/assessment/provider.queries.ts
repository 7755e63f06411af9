import { type SqlBool, sql } from 'kysely'
import { licencesOf } from '#modules/people/organisation.queries.ts'
import type { OrganisationType } from '#modules/people/organisation.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import { literally, normalise } from '#shared/text.ts'
import type { Day } from '#shared/units.ts'
import { percentOf } from './watch.rules.ts'

/** Bodies that train or assess others: what the public may look up before it signs up. */
const kinds: OrganisationType[] = ['provider', 'school', 'association', 'assessment-org']

export type ProviderRow = {
  id: string
  name: string
  type: OrganisationType
  subdistrict: string
  address: string
  status: 'active' | 'suspended' | 'closed'
  /** Licences in force today. */
  licences: { number: string; kind: string; to: Day | null; any: boolean; occupations: string[] }[]
  openClasses: number
  assessed: number
  passed: number
}
export type PassRateShown = { percent: number; assessed: number } | null

/** A rate is shown only over enough persons, or it would tell of one of them. Undecided number: none is shown. */
export function shownRate(row: Pick<ProviderRow, 'assessed' | 'passed'>, least: number | null): PassRateShown {
  const percent = percentOf(row)
  return least === null || row.assessed < least || percent === null ? null : { percent, assessed: row.assessed }
}

const concluded = sql`join assessment.assessments a on a.class_id = c.id and a.state = 'concluded'
  join assessment.class_rates r on r.class_id = c.id`

const columns = (today: Day) => sql`
  o.id, o.name, o.type, o.subdistrict, o.address, o.status,
  coalesce((select json_agg(json_build_object('number', l.number, 'kind', l.kind, 'to', l.valid_to,
      'any', cardinality(l.occupations) = 0,
      'occupations', coalesce((select json_agg(distinct oc.title) from occupations.occupations oc
        where oc.edition || ':' || oc.code = any(l.occupations)), '[]')) order by l.valid_from desc, l.id)
    from people.licences l where l.organisation_id = o.id and l.valid_from <= ${today}::date
      and (l.valid_to is null or l.valid_to >= ${today}::date)), '[]') as licences,
  (select count(*) from training.classes c where c.organisation_id = o.id and c.open_enrolment
    and c.state in ('approved', 'in-session') and c.starts_on >= ${today}::date) as "openClasses",
  (select coalesce(sum(r.assessed), 0)::int from training.classes c ${concluded} where c.organisation_id = o.id) as assessed,
  (select coalesce(sum(r.passed), 0)::int from training.classes c ${concluded} where c.organisation_id = o.id) as passed`

type Shown = Omit<ProviderRow, 'assessed' | 'passed'> & { passRate: PassRateShown }
const pageSize = 20

/** Training and assessment bodies by name. @clause C12 C18 R37 */
export async function providers(
  ctx: Pick<Ctx, 'db' | 'plan' | 'now'>,
  filter: { q?: string | undefined; subdistrict?: string | undefined; cursor?: string | undefined } = {},
): Promise<Page<Shown>> {
  const today = dayOf(ctx.now)
  const conditions = [sql<SqlBool>`o.type = any(${kinds}::text[]) and o.status <> 'closed'`]
  const part = literally(normalise(filter.q ?? ''))
  if (part) conditions.push(sql<SqlBool>`o.name like ${`%${part}%`}`)
  if (filter.subdistrict) conditions.push(sql<SqlBool>`o.subdistrict = ${filter.subdistrict}`)
  const after = decodeCursor(filter.cursor, ['text', 'id'])
  if (after) conditions.push(sql<SqlBool>`(o.name, o.id) > (${after[0]}, ${after[1]}::uuid)`)
  const { rows } = await sql<ProviderRow>`
    select ${columns(today)} from people.organisations o where ${sql.join(conditions, sql` and `)}
    order by o.name, o.id limit ${pageSize + 1}
  `.execute(ctx.db)
  const least = await leastPersons(ctx, today)
  const page = pageOf(rows, pageSize, (row) => [row.name, row.id])
  return { ...page, rows: page.rows.map((row) => shown(row, least)) }
}

export type ProviderPage = Shown & {
  registeredOn: Day
  /** Every licence there was, newest first. */
  allLicences: { number: string; kind: string; validFrom: Day; validTo: Day | null; issuer: string; inForce: boolean }[]
  classes: {
    id: string
    title: string
    startsOn: Day
    endsOn: Day
    classHours: number
    capacity: number
    taken: number
  }[]
  finishedClasses: number
}

/** One body for the public. @clause C12 C18 */
export async function providerPage(ctx: Pick<Ctx, 'db' | 'plan' | 'now'>, id: string): Promise<ProviderPage> {
  const today = dayOf(ctx.now)
  const { rows } = await sql<ProviderRow & { registeredOn: Day; finishedClasses: number }>`
    select ${columns(today)}, o.registered_on as "registeredOn",
      (select count(*) from training.classes c where c.organisation_id = o.id and c.state = 'closed') as "finishedClasses"
    from people.organisations o where o.id = ${id} and o.type = any(${kinds}::text[])
  `.execute(ctx.db)
  const [row] = rows
  if (!row) throw missing('provider')
  const [licences, classes, least] = await Promise.all([
    licencesOf(ctx.db, id),
    sql<ProviderPage['classes'][number]>`
      select c.id, c.title, c.starts_on as "startsOn", c.ends_on as "endsOn", c.class_hours as "classHours", c.capacity,
        (select count(*) from training.enrolments e where e.class_id = c.id and e.state <> 'withdrawn') as taken
      from training.classes c where c.organisation_id = ${id} and c.open_enrolment and c.state in ('approved', 'in-session')
        and c.starts_on >= ${today}::date order by c.starts_on, c.id limit ${pageSize}
    `.execute(ctx.db),
    leastPersons(ctx, today),
  ])
  const { registeredOn, finishedClasses, ...plain } = row
  return {
    ...shown(plain, least),
    registeredOn,
    finishedClasses,
    classes: classes.rows,
    allLicences: licences.map(({ number, kind, validFrom, validTo, issuer }) => ({
      ...{ number, kind, validFrom, validTo, issuer },
      inForce: validFrom <= today && (validTo === null || validTo >= today),
    })),
  }
}

const leastPersons = async (ctx: Pick<Ctx, 'db' | 'plan'>, on: Day) =>
  (await figuresFor(ctx))('OP.passRateMinPersons', on).value

function shown({ assessed, passed, ...row }: ProviderRow, least: number | null): Shown {
  return { ...row, passRate: shownRate({ assessed, passed }, least) }
}
