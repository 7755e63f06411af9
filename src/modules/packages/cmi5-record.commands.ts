import { randomUUID } from 'node:crypto'
import { identifierOf } from '#modules/records/actor.rules.ts'
import { keepDocument } from '#modules/records/document.commands.ts'
import { documentOn, placeOf } from '#modules/records/document.queries.ts'
import { platformClient } from '#modules/records/emit.commands.ts'
import { type NewFile, storeStatements } from '#modules/records/statement.commands.ts'
import { checkStatement } from '#modules/records/statement.rules.ts'
import type { Statement, Version } from '#modules/records/statement.schema.ts'
import { byRule, type Tx } from '#platform/command.ts'
import { meetsMoveOn, satisfiedNodes } from './cmi5.rules.ts'
import { newAuState, type Session } from './cmi5.schema.ts'
import { preferencesId, satisfied } from './cmi5-launch.rules.ts'
import { type AuRegistration, achievedUnits, idsOf } from './cmi5-session.queries.ts'
import type { PackageFound } from './package.schema.ts'

/** The platform writes in its own name; the learner's part in it is in the statements. */
const platform = (tx: Tx): Tx => byRule(tx, 'packages.cmi5')

/** Statements into the record store of the course's organisation, within the caller's transaction. */
export async function keepStatements(
  tx: Tx,
  { organisationId, home }: Pick<AuRegistration, 'organisationId' | 'home'>,
  { statements, version, files }: { statements: Statement[]; version: Version; files: NewFile[] },
): Promise<string[]> {
  const client = { ...(await platformClient(tx, organisationId, home)), organisationId }
  return (await storeStatements(platform(tx), { client, version, statements, files })).ids
}

/** Statements of the LMS itself: checked as anybody's are. */
export const speak = (tx: Tx, at: AuRegistration, statements: object[]): Promise<string[]> =>
  keepStatements(tx, at, {
    statements: statements.map((one) => checkStatement(one, '1.0.3')),
    ...{ version: '1.0.3', files: [] },
  })

/** A JSON document where an AU looks for it. Without `over`, one that is there stays. */
export async function keepJson(
  tx: Tx,
  at: { organisationId: string; session: Session; kind: 'state' | 'agent'; id: string; over: boolean },
  content: object,
): Promise<void> {
  const agent = identifierOf(at.session.actor) ?? ''
  const state = at.kind === 'state'
  const shelf = {
    ...{ organisationId: at.organisationId, kind: at.kind },
    place: placeOf(at.organisationId, at.kind, state ? [at.session.activityId, agent] : [agent]),
    ...(state && { registration: at.session.registration }),
  }
  if (!at.over && (await documentOn(tx.db, shelf, at.id))) return
  await keepDocument(platform(tx), {
    ...{ ...shelf, id: at.id, method: 'put', version: '1.0.3', mediaType: 'application/json' },
    content: new TextEncoder().encode(JSON.stringify(content)),
  })
}

/** What an AU asks first: the learner's language, and that sound may be on (section 11). */
export const keepPreferences = (tx: Tx, organisationId: string, session: Session): Promise<void> =>
  keepJson(
    tx,
    { organisationId, session, kind: 'agent', id: preferencesId, over: false },
    { languagePreference: 'zh-CN', audioPreference: 'on' },
  )

/**
 * Says `satisfied` for each block and for the course as soon as all their parts are, once for ever (section 9.3.9).
 * `session` is the one that brought it about.
 */
export async function tellSatisfied(
  tx: Tx,
  at: AuRegistration,
  found: PackageFound,
  session: Session,
): Promise<string[]> {
  const [course] = found.activities
  if (!course) return []
  const states = await achievedUnits(tx.db, at.registrationId, at.itemId)
  const met = (unitId: string) => {
    const unit = found.units.find(({ id }) => id === unitId)
    return unit?.au !== undefined && meetsMoveOn(unit.au.moveOn, states.get(unitId) ?? newAuState())
  }
  const told = await tx.db
    .selectFrom('packages.cmi5_satisfied')
    .select('node_id')
    .where('cmi5_registration_id', '=', at.id)
    .execute()
  const known = new Set(told.map(({ node_id }) => node_id))
  const { nodes } = idsOf(at.home, at.packageId, found)
  const fresh = satisfiedNodes(course, met).filter((id) => !known.has(id))
  if (fresh.length === 0) return []
  await tx.db
    .insertInto('packages.cmi5_satisfied')
    .values(fresh.map((id) => ({ cmi5_registration_id: at.id, node_id: id, at: tx.now })))
    .execute()
  const statements = fresh.map((publisherId) => {
    const node = nodes.get(publisherId) ?? { id: publisherId, kind: 'block' as const }
    return satisfied(session, { id: randomUUID(), at: tx.now }, { ...node, publisherId })
  })
  return speak(tx, at, statements)
}
