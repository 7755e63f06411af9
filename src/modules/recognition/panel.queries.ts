import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { applications, openForm, platformRecords } from './application.queries.ts'
import { type Answers, readForm } from './form.rules.ts'
import { type Applicants, type Candidate, type Drawn, severity } from './panel.rules.ts'
import { schemeVersion } from './scheme.queries.ts'

type Db = Ctx['db']

/** Every active expert with the ties declared. */
export async function poolOf(db: Db): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    select e.id, e.person_id as "personId", e.organisation_id as "organisationId",
      coalesce((select jsonb_agg(t.organisation_id) from recognition.expert_ties t where t.expert_id = e.id), '[]') as ties
    from recognition.experts e where e.state = 'active' order by e.id
  `.execute(db)
  return rows
}

/** Whom the applications are about, and who has taught them in a class of the platform. */
export async function applicantsOf(
  db: Db,
  rows: readonly { person_id: string | null; organisation_id: string | null }[],
): Promise<Applicants> {
  const persons = rows.flatMap((row) => row.person_id ?? [])
  const { rows: taught } = await sql<{ id: string }>`
    select distinct t.person_id as id from training.enrolments e
    join training.class_trainers c on c.class_id = e.class_id join training.trainers t on t.id = c.trainer_id
    where e.person_id = any(${persons}::uuid[])
  `.execute(db)
  return {
    persons: new Set(persons),
    organisations: new Set(rows.flatMap((row) => row.organisation_id ?? [])),
    taughtBy: new Set(taught.map((one) => one.id)),
  }
}

/** The expert behind the account. */
export async function ownExpert(tx: Pick<Ctx, 'db' | 'actor'>) {
  if (!tx.actor.personId) throw missing('expert')
  const expert = await tx.db
    .selectFrom('recognition.experts')
    .select(['id', 'state'])
    .where('person_id', '=', tx.actor.personId)
    .executeTakeFirst()
  if (!expert) throw missing('expert')
  return expert
}

export type ExpertLine = {
  id: string
  name: string
  employer: string
  speciality: string
  state: string
  ties: number
}

export async function expertList(db: Db): Promise<ExpertLine[]> {
  const { rows } = await sql<ExpertLine>`
    select e.id, e.name, e.employer, e.speciality, e.state,
      (select count(*) from recognition.expert_ties t where t.expert_id = e.id)::int as ties
    from recognition.experts e order by e.name
  `.execute(db)
  return rows
}

/** Accounts with the expert's role that are not in the pool yet. */
export async function expertAccounts(db: Db): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select distinct u.id, u.name from auth.users u join auth.role_grants g on g.user_id = u.id
    where g.role = 'recognition-expert' and g.state = 'in-force' and u.person_id is not null
      and not exists (select from recognition.experts e where e.user_id = u.id) order by u.name
  `.execute(db)
  return rows
}

/** What an expert has before him: the panels with a seat, and how many sheets are still due. */
export async function ownPanels(ctx: Ctx) {
  const { rows } = await sql<{
    panelId: string
    callTitle: string
    drawnAt: Date
    state: string
    applications: number
    given: number
  }>`
    select p.id as "panelId", c.title as "callTitle", p.drawn_at as "drawnAt", p.state,
      (select count(*) from recognition.applications a where a.panel_id = p.id)::int as applications,
      (select count(*) from recognition.sheets s where s.panel_id = p.id and s.expert_id = e.id)::int as given
    from recognition.panel_seats t join recognition.experts e on e.id = t.expert_id
    join recognition.panels p on p.id = t.panel_id join recognition.calls c on c.id = p.call_id
    where e.person_id = ${ctx.actor.personId} and t.state = 'drawn' order by p.drawn_at desc
  `.execute(ctx.db)
  return rows
}

/** A panel as its expert sees it: codes, no names, and only one's own sheets. */
export async function ownPanel(ctx: Ctx, panelId: string) {
  const found = (await ownPanels(ctx)).find((one) => one.panelId === panelId)
  if (!found) throw missing('panel')
  const { rows } = await sql<{ id: string; code: string; total: number | null }>`
    select a.id, a.blind_code as code, s.total
    from recognition.applications a join recognition.experts e on e.person_id = ${ctx.actor.personId}
    left join recognition.sheets s on s.application_id = a.id and s.expert_id = e.id
    where a.panel_id = ${panelId} order by a.blind_code
  `.execute(ctx.db)
  return { ...found, rows }
}

/**
 * The papers an expert may read: the copies with the names blacked out, and kinds that the scheme says name nobody. They
 * carry the code instead of the name they were sent under.
 */
export async function blindPapers(ctx: Pick<Ctx, 'db' | 'actor'>, applicationId: string) {
  const row = await ctx.db
    .selectFrom('recognition.applications as a')
    .innerJoin('recognition.panel_seats as t', 't.panel_id', 'a.panel_id')
    .innerJoin('recognition.experts as e', 'e.id', 't.expert_id')
    .select(['a.blind_code as code', 'a.version_id as versionId'])
    .where('a.id', '=', applicationId)
    .where('e.person_id', '=', ctx.actor.personId)
    .where('t.state', '=', 'drawn')
    .executeTakeFirst()
  if (!row) return []
  const scheme = await schemeVersion(ctx.db, row.versionId)
  const papers = await ctx.db
    .selectFrom('recognition.materials')
    .select(['id', 'kind', 'blind_of as blindOf'])
    .where('application_id', '=', applicationId)
    .where('dropped_at', 'is', null)
    .orderBy('added_at')
    .execute()
  return papers.flatMap(({ id, kind, blindOf }, at) => {
    const known = scheme.materials.find((one) => one.id === kind)
    // silence is no permission: only what is said to name nobody is shown as it came
    const shown = blindOf !== null || known?.identifies === false
    return shown ? [{ id, label: known?.label ?? kind, name: `${row.code}-${at + 1}` }] : []
  })
}

/** One application behind its code: the answers that name nobody. */
export async function blindApplication(ctx: Ctx, applicationId: string) {
  const row = await ctx.db
    .selectFrom('recognition.applications')
    .select(['id', 'panel_id as panelId', 'version_id as versionId', 'form_sealed', 'blind_code as code', 'state'])
    .select('person_id as personId')
    .where('id', '=', applicationId)
    .executeTakeFirst()
  if (!row?.panelId) throw missing('application')
  const panel = await ownPanel(ctx, row.panelId)
  const scheme = await schemeVersion(ctx.db, row.versionId)
  const { answers } = readForm(scheme, openForm(ctx.crypto, row.form_sealed).answers, false)
  const fields = scheme.fields
    .filter((field) => !field.identifies)
    .map((field) =>
      field.kind === 'table' ? { ...field, columns: field.columns.filter((one) => !one.identifies) } : field,
    )
  const shown: Answers = Object.fromEntries(
    Object.entries(answers).filter(([id]) => fields.some((one) => one.id === id)),
  )
  const total = panel.rows.find((one) => one.id === applicationId)?.total ?? null
  const papers = await blindPapers(ctx, applicationId)
  const records = (await platformRecords(ctx.db, scheme, row.personId)).map((one) => one.blind)
  return {
    ...{ panel, code: row.code, state: row.state, fields, answers: shown, papers, records },
    ...{ scoring: scheme.scoring, total },
  }
}

/** The desk's view of a panel: seats, the draw to be repeated, the sheets once the panel is closed. */
export async function panelPage(ctx: Ctx, panelId: string) {
  const panel = await ctx.db
    .selectFrom('recognition.panels as p')
    .innerJoin('recognition.calls as c', 'c.id', 'p.call_id')
    .select([
      'p.id',
      'p.call_id as callId',
      'c.title as callTitle',
      'p.number',
      'p.seed',
      'p.size',
      'p.pool',
      'p.state',
    ])
    .select(['p.drawn_by_name as drawnBy', 'p.drawn_at as drawnAt', 'p.minutes', 'c.seed_commitment as commitment'])
    .where('p.id', '=', panelId)
    .executeTakeFirst()
  if (!panel) throw missing('panel')
  const experts = new Map((await expertList(ctx.db)).map((one) => [one.id, one]))
  const seats = await ctx.db
    .selectFrom('recognition.panel_seats')
    .select(['expert_id as expertId', 'seat', 'state', 'reason'])
    .where('panel_id', '=', panelId)
    .orderBy('seat')
    .execute()
  const sheets = await ctx.db
    .selectFrom('recognition.sheets')
    .select(['application_id as applicationId', 'expert_id as expertId', 'total', 'opinion', 'dropped'])
    .where('panel_id', '=', panelId)
    .execute()
  const strict = severity(sheets)
  const closed = panel.state === 'closed'
  return {
    ...panel,
    pool: (panel.pool as Drawn[]).map((one) => ({ ...one, name: experts.get(one.id)?.name ?? one.id })),
    seats: seats.map((one) => ({
      ...one,
      name: experts.get(one.expertId)?.name ?? '',
      employer: experts.get(one.expertId)?.employer ?? '',
      given: sheets.filter((sheet) => sheet.expertId === one.expertId).length,
      severity: closed ? (strict.get(one.expertId) ?? null) : null,
    })),
    // before the panel is closed not even the desk sees marks
    sheets: closed ? sheets : [],
    applications: await applications(ctx.db).where('a.panel_id', '=', panelId).orderBy('a.blind_code').execute(),
  }
}

export async function panelsOf(db: Db, callId: string) {
  return db
    .selectFrom('recognition.panels')
    .select(['id', 'number', 'state', 'drawn_at as drawnAt', 'seed'])
    .where('call_id', '=', callId)
    .orderBy('number')
    .execute()
}
