import { redirect } from 'react-router'
import { type Current, type current, signedIn } from './ctx.ts'
import { paths } from './paths.ts'

type Args = { request: Request; context: { get(key: typeof current): Current } }

/** The person a request is about: the one signed in, or who gave the clerk a consent. */
export const personIdOf = ({ ctx: { actor } }: Pick<Current, 'ctx'>): string | null =>
  actor.onBehalfOf?.personId ?? actor.personId

/** The start of a loader or action about somebody's own affairs. Signed in without a name yet → say who you are. */
export function ownAffairs(args: Args): Current & { personId: string } {
  const found = signedIn(args)
  const personId = personIdOf(found)
  if (personId) return { ...found, personId }
  const { pathname, search } = new URL(args.request.url)
  throw redirect(paths.identity(pathname + search))
}
