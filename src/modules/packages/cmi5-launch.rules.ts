import { activityTypes, categories, extensions, resultExtensions, type Session, verbs } from './cmi5.schema.ts'

/**
 * The address an AU is launched at: what the publisher wrote, with the five parameters after its own (section 8.1).
 * @clause HZ4-M13
 */
export function launchAddress(address: string, session: Session, endpoint: string, fetchAddress: string): string {
  const at = address.indexOf('#')
  const [base, fragment] = at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at)]
  const given = {
    endpoint,
    fetch: fetchAddress,
    actor: JSON.stringify(session.actor),
    activityId: session.activityId,
    registration: session.registration,
  }
  const text = Object.entries(given)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  return `${base}${base.includes('?') ? (/[?&]$/.test(base) ? '' : '&') : '?'}${text}${fragment}`
}

/** Where an AU finds its launch data: a State document of this name, kept before the launch (section 10). */
export const launchDataId = 'LMS.LaunchData'
/** Agent Profile document with the learner's preferences (section 11). */
export const preferencesId = 'cmi5LearnerPreferences'

const contextOf = (session: Session) => ({
  contextActivities: { grouping: [{ id: session.publisherId }] },
  extensions: { [extensions.sessionId]: session.sessionId },
})

/** The LMS.LaunchData document. */
export function launchData(session: Session, returnAddress: string) {
  return {
    contextTemplate: contextOf(session),
    launchMode: session.mode,
    launchMethod: session.launchMethod,
    moveOn: session.moveOn,
    returnURL: returnAddress,
    ...(session.launchParameters !== '' && { launchParameters: session.launchParameters }),
    ...(session.masteryScore !== null && { masteryScore: session.masteryScore }),
    ...(session.entitlementKey !== '' && { entitlementKey: { courseStructure: session.entitlementKey } }),
  }
}

type Told = { id: string; at: Date }

const statement = (session: Session, { id, at }: Told, verb: 'launched' | 'abandoned' | 'waived' | 'satisfied') => ({
  id,
  actor: session.actor,
  verb: { id: verbs[verb], display: { 'en-US': verb } },
  timestamp: at.toISOString(),
})

/** The LMS says `launched` before the AU opens (section 9.3.1). */
export function launched(session: Session, told: Told, address: string) {
  const context = contextOf(session)
  return {
    ...statement(session, told, 'launched'),
    object: { objectType: 'Activity', id: session.activityId },
    context: {
      registration: session.registration,
      contextActivities: { ...context.contextActivities, category: [{ id: categories.cmi5 }] },
      extensions: {
        ...context.extensions,
        [extensions.launchMode]: session.mode,
        [extensions.launchUrl]: address,
        [extensions.moveOn]: session.moveOn,
        ...(session.masteryScore !== null && { [extensions.masteryScore]: session.masteryScore }),
        ...(session.launchParameters !== '' && { [extensions.launchParameters]: session.launchParameters }),
      },
    },
  }
}

/** The LMS ends a session that did not end itself; the duration is from the launch to the last word (section 9.3.6). */
export function abandoned(session: Session, told: Told, seconds: number) {
  const context = contextOf(session)
  return {
    ...statement(session, told, 'abandoned'),
    object: { objectType: 'Activity', id: session.activityId },
    result: { duration: `PT${Math.max(0, Math.round(seconds))}S` },
    context: {
      registration: session.registration,
      contextActivities: { ...context.contextActivities, category: [{ id: categories.cmi5 }] },
      extensions: context.extensions,
    },
  }
}

/** Somebody with the right to do so spares the learner an AU (section 9.3.7); a session of its own. */
export function waived(session: Session, told: Told, reason: string) {
  const context = contextOf(session)
  return {
    ...statement(session, told, 'waived'),
    object: { objectType: 'Activity', id: session.activityId },
    result: { success: true, completion: true, extensions: { [resultExtensions.reason]: reason } },
    context: {
      registration: session.registration,
      contextActivities: {
        ...context.contextActivities,
        category: [{ id: categories.cmi5 }, { id: categories.moveOn }],
      },
      extensions: context.extensions,
    },
  }
}

/** A block or the course is satisfied by the statement that met the last criterion (section 9.3.9). */
export function satisfied(
  session: Session,
  told: Told,
  node: { id: string; publisherId: string; kind: 'block' | 'course' },
) {
  return {
    ...statement(session, told, 'satisfied'),
    object: { objectType: 'Activity', id: node.id, definition: { type: activityTypes[node.kind] } },
    context: {
      registration: session.registration,
      contextActivities: { grouping: [{ id: node.publisherId }], category: [{ id: categories.cmi5 }] },
      extensions: { [extensions.sessionId]: session.sessionId },
    },
  }
}
