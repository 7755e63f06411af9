import type {
  Activity,
  Agent,
  Context,
  Definition,
  LanguageMap,
  Statement,
  StatementObject,
  SubStatement,
} from './statement.schema.ts'
import { isActivity } from './term.rules.ts'

export type Format = 'ids' | 'exact' | 'canonical'

/** Only what identifies agents, verbs and activities. xAPI Communication 2.1.3. */
export function idsOnly<S extends Statement | SubStatement>(statement: S): S {
  const { context, verb, actor, object } = statement
  return {
    ...statement,
    actor: bareAgent(actor),
    verb: { id: verb.id },
    object: bareObject(object),
    ...(context && { context: bareContext(context) }),
    ...('authority' in statement && statement.authority && { authority: bareAgent(statement.authority) }),
  }
}

/** The identifier; of an anonymous group its members. */
function bareAgent(agent: Agent): Agent {
  const { objectType, mbox, mbox_sha1sum, openid, account, member } = agent
  const identifier = { mbox, mbox_sha1sum, openid, account }
  const named = Object.values(identifier).some((value) => value !== undefined)
  const kept = Object.fromEntries(Object.entries(identifier).filter(([, value]) => value !== undefined))
  return {
    ...(objectType && { objectType }),
    ...kept,
    ...(!named && member && { member: member.map(bareAgent) }),
  }
}

const bareActivity = ({ objectType, id }: Activity): Activity => ({ ...(objectType && { objectType }), id })

function bareObject(object: StatementObject): StatementObject {
  if (isActivity(object)) return bareActivity(object)
  if (object.objectType === 'SubStatement') return idsOnly(object)
  if (object.objectType === 'StatementRef') return object
  return bareAgent(object) as StatementObject
}

function bareContext(context: Context): Context {
  const { instructor, team, contextActivities, contextAgents, contextGroups } = context
  return {
    ...context,
    ...(instructor && { instructor: bareAgent(instructor) }),
    ...(team && { team: bareAgent(team) }),
    ...(contextAgents && { contextAgents: contextAgents.map((one) => ({ ...one, agent: bareAgent(one.agent) })) }),
    ...(contextGroups && { contextGroups: contextGroups.map((one) => ({ ...one, group: bareAgent(one.group) })) }),
    ...(contextActivities && {
      contextActivities: Object.fromEntries(
        Object.entries(contextActivities).map(([relation, list]) => [relation, list.map(bareActivity)]),
      ),
    }),
  }
}

/** Activities as the store knows them, and one language of each map: the first that the reader wants and the map has. */
export function canonical<S extends Statement | SubStatement>(
  statement: S,
  definitionOf: (activityId: string) => Definition | undefined,
  languages: readonly string[],
): S {
  const activity = (one: Activity): Activity => {
    const definition = definitionOf(one.id) ?? one.definition
    return definition ? { ...one, definition: oneLanguage(definition, languages) } : one
  }
  const { verb, object, context } = statement
  const inner = isActivity(object)
    ? activity(object)
    : object.objectType === 'SubStatement'
      ? canonical(object, definitionOf, languages)
      : object
  return {
    ...statement,
    verb: verb.display ? { ...verb, display: pick(verb.display, languages) } : verb,
    object: inner,
    ...(context?.contextActivities && {
      context: {
        ...context,
        contextActivities: Object.fromEntries(
          Object.entries(context.contextActivities).map(([relation, list]) => [relation, list.map(activity)]),
        ),
      },
    }),
  }
}

const lists = ['choices', 'scale', 'source', 'target', 'steps']

function oneLanguage(definition: Definition, languages: readonly string[]): Definition {
  const result: Definition = { ...definition }
  if (definition.name) result.name = pick(definition.name, languages)
  if (definition.description) result.description = pick(definition.description, languages)
  for (const list of lists) {
    const components = definition[list] as { id: string; description?: LanguageMap }[] | undefined
    if (!components) continue
    result[list] = components.map((one) =>
      one.description ? { ...one, description: pick(one.description, languages) } : one,
    )
  }
  return result
}

/** `*` is anything; `en` also takes `en-US`, and `en-US` falls back on `en`. */
export function pick(map: LanguageMap, languages: readonly string[]): LanguageMap {
  const tags = Object.keys(map)
  if (tags.length < 2) return map
  for (const wanted of languages) {
    const low = wanted.toLowerCase()
    const found =
      tags.find((tag) => tag.toLowerCase() === low) ??
      tags.find((tag) => low === '*' || tag.toLowerCase().startsWith(`${low}-`)) ??
      tags.find((tag) => low.startsWith(`${tag.toLowerCase()}-`))
    if (found) return { [found]: map[found] as string }
  }
  const first = tags[0] as string
  return { [first]: map[first] as string }
}

/** The languages of an `Accept-Language` header, the most wanted first. */
export function languagesOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().split(';')
      const weight = rest.map((one) => /^\s*q=([\d.]+)\s*$/.exec(one)?.[1]).find(Boolean)
      return { tag: tag.trim(), weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}
