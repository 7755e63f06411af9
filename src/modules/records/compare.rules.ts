import { identifierOf } from './actor.rules.ts'
import {
  type Activity,
  type Agent,
  type Context,
  type Statement,
  type StatementObject,
  type SubStatement,
  signatureUsage,
} from './statement.schema.ts'
import { instantOf } from './value.rules.ts'

/**
 * Whether `received` says what `kept` says. Left out of the comparison, as the standard has it: what the store assigns, the
 * words of verbs and activities, names of agents, the order of members and of attachments, and fractions of a duration
 * below a hundredth of a second. A timestamp counts when it was sent.
 * xAPI Data 2.3.1.
 */
export function sameStatement(received: Statement, kept: Statement): boolean {
  const timed = received.timestamp !== undefined
  return meaning(received, timed, false) === meaning(kept, timed, false)
}

/** Whether a signature's payload is the statement that it is attached to. xAPI Data 2.6. */
export function sameAsSigned(signed: Statement, statement: Statement): boolean {
  const timed = signed.timestamp !== undefined && statement.timestamp !== undefined
  return meaning(signed, timed, true) === meaning(statement, timed, true)
}

function meaning(statement: Statement | SubStatement, timed: boolean, signed: boolean): string {
  return JSON.stringify(sorted(core(statement, timed, signed)))
}

function core(statement: Statement | SubStatement, timed: boolean, signed: boolean): unknown {
  const attachments = (statement.attachments ?? [])
    .filter(({ usageType }) => !signed || usageType !== signatureUsage)
    .map(({ usageType, contentType, length, sha2, fileUrl }) => ({
      ...{ usageType, contentType, length, fileUrl },
      sha2: sha2.toLowerCase(),
    }))
    .toSorted((a, b) => (a.sha2 < b.sha2 ? -1 : 1))
  const { duration } = statement.result ?? {}
  return {
    actor: agentMeaning(statement.actor),
    verb: statement.verb.id,
    object: objectMeaning(statement.object, timed, signed),
    result: statement.result && {
      ...statement.result,
      duration: duration?.replace(/([.,]\d\d)\d+(?=S)/, '$1').replace(/[.,]0+(?=S)/, ''),
    },
    context: statement.context && contextMeaning(statement.context),
    ...(timed && { at: instantOf(statement.timestamp ?? '', '1.0.3') }),
    attachments: attachments.length > 0 ? attachments : undefined,
  }
}

const agentMeaning = (agent: Agent): unknown => {
  const identifier = identifierOf(agent)
  const members = agent.member?.map((one) => JSON.stringify(agentMeaning(one))).toSorted()
  return { group: agent.objectType === 'Group', identifier, members }
}
const activityMeaning = ({ id }: Activity) => id

function objectMeaning(object: StatementObject, timed: boolean, signed: boolean): unknown {
  if (object.objectType === 'Agent' || object.objectType === 'Group') return agentMeaning(object)
  if (object.objectType === 'StatementRef') return { ref: object.id.toLowerCase() }
  if (object.objectType === 'SubStatement')
    return { sub: core(object, timed || object.timestamp !== undefined, signed) }
  return { activity: (object as Activity).id }
}

function contextMeaning(context: Context): unknown {
  const { instructor, team, contextActivities, contextAgents, contextGroups, registration, statement, ...rest } =
    context
  return {
    ...rest,
    registration: registration?.toLowerCase(),
    statement: statement?.id.toLowerCase(),
    instructor: instructor && agentMeaning(instructor),
    team: team && agentMeaning(team),
    contextAgents: contextAgents?.map(({ agent, relevantTypes }) => [agentMeaning(agent), relevantTypes]),
    contextGroups: contextGroups?.map(({ group, relevantTypes }) => [agentMeaning(group), relevantTypes]),
    contextActivities:
      contextActivities &&
      Object.fromEntries(
        Object.entries(contextActivities).map(([relation, list]) => [relation, list.map(activityMeaning).toSorted()]),
      ),
  }
}

/** Properties in the order of their names, those without a value gone. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  )
}
