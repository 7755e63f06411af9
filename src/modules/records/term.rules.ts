import { identifierOf } from './actor.rules.ts'
import {
  type Activity,
  type Agent,
  type Context,
  type Statement,
  type StatementObject,
  voided,
} from './statement.schema.ts'

/** What a filter may look for. `+` finds what is only around the statement: related agents, related activities. */
export type TermKind = 'agent' | 'agent+' | 'verb' | 'activity' | 'activity+' | 'registration'

/** By what a statement is found: four that most filters ask for, and the rest. */
export type Terms = {
  agent: string | null
  verb: string
  activity: string | null
  registration: string | null
  more: [kind: TermKind, value: string][]
  /** The statement that this one is about. */
  target: string | null
  voiding: boolean
}

/** xAPI Communication 2.1.3. */
export function termsOf(statement: Statement): Terms {
  const more = new Map<string, [TermKind, string]>()
  const agent = identifierOf(statement.actor)
  const add = (kind: TermKind, value: string | null) => {
    if (value !== null && !(kind.startsWith('agent') && value === agent)) more.set(`${kind} ${value}`, [kind, value])
  }
  const { object } = statement
  for (const member of statement.actor.member ?? []) add('agent', identifierOf(member))
  if (object.objectType === 'Agent' || object.objectType === 'Group')
    for (const one of everyAgent(object)) add('agent', one)
  const activity = isActivity(object) ? object.id : null
  around(statement.context, add)
  if (object.objectType === 'SubStatement') {
    for (const one of everyAgent(object.actor)) add('agent+', one)
    const inner: StatementObject = object.object
    if (inner.objectType === 'Agent' || inner.objectType === 'Group')
      for (const one of everyAgent(inner)) add('agent+', one)
    if (isActivity(inner)) add('activity+', inner.id)
    around(object.context, add)
  }
  return {
    agent,
    verb: statement.verb.id,
    activity,
    registration: statement.context?.registration?.toLowerCase() ?? null,
    more: [...more.values()],
    target: object.objectType === 'StatementRef' ? object.id.toLowerCase() : null,
    voiding: statement.verb.id === voided,
  }
}

function around(context: Context | undefined, add: (kind: TermKind, value: string | null) => void): void {
  if (!context) return
  for (const agent of [context.instructor, context.team]) {
    if (agent) for (const one of everyAgent(agent)) add('agent+', one)
  }
  for (const { agent } of context.contextAgents ?? []) add('agent+', identifierOf(agent))
  for (const { group } of context.contextGroups ?? []) for (const one of everyAgent(group)) add('agent+', one)
  for (const list of Object.values(context.contextActivities ?? {}))
    for (const activity of list as Activity[]) add('activity+', activity.id)
}

const everyAgent = (agent: Agent): (string | null)[] => [identifierOf(agent), ...(agent.member ?? []).map(identifierOf)]
export const isActivity = (object: StatementObject): object is Activity =>
  object.objectType === undefined || object.objectType === 'Activity'

/** Every activity with a definition that a statement brings. */
export function definitionsOf(statement: Statement): Activity[] {
  const found: Activity[] = []
  const take = (activity: Activity) => {
    if (activity.definition !== undefined) found.push(activity)
  }
  const of = (object: StatementObject, context: Context | undefined) => {
    if (isActivity(object)) take(object)
    if (context?.contextActivities)
      for (const list of Object.values(context.contextActivities)) (list as Activity[]).forEach(take)
    if (object.objectType === 'SubStatement') of(object.object, object.context)
  }
  of(statement.object, statement.context)
  return found
}

/** The activities whose definitions a reader may want. */
export function activityIdsOf({ object, context }: Pick<Statement, 'object' | 'context'>): string[] {
  const ids = Object.values(context?.contextActivities ?? {}).flatMap((list) =>
    (list as Activity[]).map(({ id }) => id),
  )
  if (isActivity(object)) ids.push(object.id)
  return object.objectType === 'SubStatement' ? [...ids, ...activityIdsOf(object)] : ids
}
