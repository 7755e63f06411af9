import { sql } from 'kysely'
import { awardsOfPerson } from '#modules/competition/entry.queries.ts'
import { typeVersion } from '#modules/competition/type.queries.ts'
import type { Ctx } from '#platform/command.ts'
import type { CryptoProvider } from '#platform/crypto.ts'
import { missing } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { ApplicationState } from './application.schema.ts'
import { type Finding, judge } from './eligibility.rules.ts'
import { type Answers, asked } from './form.rules.ts'
import { schemeVersion } from './scheme.queries.ts'

type Db = Ctx['db']
export const formContext = 'recognition.form'
export type StoredForm = {
  person: { name: string; documentKind: string; documentNumber: string }
  answers: Record<string, unknown>
}
export const openForm = (crypto: CryptoProvider, sealed: string): StoredForm =>
  JSON.parse(crypto.open(sealed, formContext)) as StoredForm

export type ApplicationLine = {
  id: string
  number: string | null
  callId: string
  callTitle: string
  scheme: string
  versionId: string
  path: string
  organisationId: string | null
  organisation: string
  personId: string | null
  name: string
  grade: string
  state: ApplicationState
  applicant: string
  submittedAt: Date | null
  score: number | null
  spread: number | null
  blindCode: string
  dueOn: Day | null
  formBy: string | null
  version: number
}

export const applications = (db: Db) =>
  db
    .selectFrom('recognition.applications as a')
    .innerJoin('recognition.calls as c', 'c.id', 'a.call_id')
    .leftJoin('people.organisations as o', 'o.id', 'a.organisation_id')
    .select([
      'a.id',
      'a.number',
      'a.call_id as callId',
      'c.title as callTitle',
      'a.scheme',
      'a.version_id as versionId',
      'a.path',
      'a.organisation_id as organisationId',
      'a.person_id as personId',
      'a.public_name as name',
      'a.grade',
      'a.state',
      'a.applicant',
      'a.submitted_at as submittedAt',
      'a.score',
      'a.spread',
      'a.blind_code as blindCode',
      'a.formal_by as formBy',
      'a.version',
    ])
    .select((eb) => eb.fn.coalesce('o.name', sql<string>`''`).as('organisation'))
    .select((eb) =>
      eb
        .selectFrom('platform.clocks as k')
        .select('k.due_on')
        .whereRef('k.subject_id', '=', 'a.id')
        .where('k.subject_kind', '=', 'application')
        .where('k.ended_on', 'is', null)
        .orderBy('k.due_on')
        .limit(1)
        .as('dueOn'),
    )
    .$castTo<ApplicationLine>()

/** What somebody's employer has handed in for him: he sees how far it is, not what is written. */
export async function nominations(ctx: Ctx): Promise<ApplicationLine[]> {
  if (!ctx.actor.personId) return []
  return applications(ctx.db)
    .where('a.person_id', '=', ctx.actor.personId)
    .where('a.organisation_id', 'is not', null)
    .where('a.number', 'is not', null)
    .where('a.state', 'not in', ['draft', 'withdrawn'])
    .orderBy('a.submitted_at', 'desc')
    .limit(50)
    .execute()
}

/** An organisation's own, or one's own as a person. */
export async function ownApplications(ctx: Ctx, organisationId: string | null): Promise<ApplicationLine[]> {
  const query = applications(ctx.db).orderBy('a.saved_at', 'desc').limit(200)
  return organisationId === null
    ? query.where('a.applicant', '=', ctx.actor.id).where('a.organisation_id', 'is', null).execute()
    : query.where('a.organisation_id', '=', organisationId).execute()
}

export async function ownApplication(ctx: Ctx, id: string) {
  const line = await applications(ctx.db).where('a.id', '=', id).executeTakeFirst()
  const own =
    line &&
    (line.applicant === ctx.actor.id ||
      (line.organisationId !== null && ctx.actor.can('recognition.apply', { organisationId: line.organisationId })))
  if (!line || !own) throw missing('application')
  return wholeApplication(ctx, line)
}

/** Form, materials and eligibility of one application; whoever calls has made sure that it may be seen. */
export async function wholeApplication(ctx: Ctx, line: ApplicationLine) {
  const scheme = await schemeVersion(ctx.db, line.versionId)
  const row = await ctx.db
    .selectFrom('recognition.applications')
    .select(['form_sealed', 'findings'])
    .where('id', '=', line.id)
    .executeTakeFirstOrThrow()
  return {
    line,
    scheme,
    form: openForm(ctx.crypto, row.form_sealed),
    findings: row.findings as Finding[],
    materials: await materialsOf(ctx.db, line.id),
    records: await platformRecords(ctx.db, scheme, line.personId),
  }
}

/** What the platform itself knows of the nominee, for materials of origin `platform`: kind → lines that lead to the record. */
export type PlatformRecord = {
  kind: string
  text: string
  /** The same without what leads to a name: for experts. */
  blind: string
  eventId: string
  number: string
}

export async function platformRecords(db: Db, scheme: Scheme, personId: string | null): Promise<PlatformRecord[]> {
  const kind = 'competition-awards'
  if (!personId || !scheme.materials.some((one) => one.origin === 'platform' && one.id === kind)) return []
  return Promise.all(
    (await awardsOfPerson(db, personId)).map(async (one) => {
      const type = await typeVersion(db, one.versionId)
      const prizes = [...type.prizes.ranks, ...(type.prizes.merit ? [type.prizes.merit] : [])]
      const prize = prizes.find(({ id }) => id === one.prize)?.label ?? ''
      const result = `第${one.place}名，${prize}，${one.total.toFixed(2)}分`
      const blind = `在平台备案的竞赛：${result}`
      return { kind, text: `${one.eventTitle}，${result}`, blind, eventId: one.eventId, number: one.number }
    }),
  )
}

export type MaterialLine = { id: string; kind: string; name: string; sizeBytes: number; addedAt: Date }

export async function materialsOf(db: Db, applicationId: string): Promise<MaterialLine[]> {
  return db
    .selectFrom('recognition.materials as m')
    .innerJoin('platform.files as f', 'f.id', 'm.file_id')
    .select(['m.id', 'm.kind', 'm.name', 'f.size_bytes as sizeBytes', 'm.added_at as addedAt'])
    .where('m.application_id', '=', applicationId)
    .where('m.dropped_at', 'is', null)
    .where('m.blind_of', 'is', null)
    .orderBy('m.added_at')
    .execute()
}

/** Which materials an application must bring: the scheme's own and the path's. */
export function neededMaterials(scheme: Scheme, path: string, answers: Answers): Scheme['materials'] {
  const extra = scheme.paths.find((one) => one.id === path)?.requires ?? []
  return scheme.materials
    .filter((one) => asked(one, answers))
    .map((one) => ({ ...one, required: one.required || extra.includes(one.id) }))
}

export async function missingMaterials(
  db: Db,
  scheme: Scheme,
  row: { id: string; path: string },
  answers: Answers,
): Promise<string[]> {
  const there = new Set((await materialsOf(db, row.id)).map((one) => one.kind))
  return neededMaterials(scheme, row.path, answers)
    .filter((one) => one.origin === 'upload' && one.required && !there.has(one.id))
    .map((one) => one.label)
}

type About = { key: string; organisationId: string | null; age: number | null }

/** The eligibility rules judged on the records as they stand now. */
export async function eligibilityOf(ctx: Ctx, scheme: Scheme, about: About, answers: Answers): Promise<Finding[]> {
  const today = dayOf(ctx.now)
  const figure = await figuresFor(ctx)
  const organisation = about.organisationId
    ? await ctx.db
        .selectFrom('people.organisations')
        .select(['status', 'registered_on'])
        .where('id', '=', about.organisationId)
        .executeTakeFirst()
    : undefined
  const held = await ctx.db
    .selectFrom('recognition.designations')
    .select(['scheme', 'grade'])
    .where('holder_key', '=', about.key)
    .where('ended_on', 'is', null)
    .execute()
  const revoked = await ctx.db
    .selectFrom('recognition.designations')
    .select(['end_cause as cause', 'ended_on as on'])
    .where('holder_key', '=', about.key)
    .where('scheme', '=', scheme.code)
    .where('state', '=', 'revoked')
    .$castTo<{ cause: string; on: Day }>()
    .execute()
  return judge(scheme, {
    revoked,
    today,
    answers,
    age: about.age,
    organisation: organisation
      ? { active: organisation.status === 'active', months: monthsBetween(organisation.registered_on as Day, today) }
      : null,
    holds: new Map(held.map((one) => [one.scheme, one.grade])),
    figure: (id) => figure(id, today),
  })
}

function monthsBetween(from: Day, to: Day): number {
  const [y1 = 0, m1 = 0, d1 = 0] = from.split('-').map(Number)
  const [y2 = 0, m2 = 0, d2 = 0] = to.split('-').map(Number)
  return (y2 - y1) * 12 + (m2 - m1) - (d2 < d1 ? 1 : 0)
}
