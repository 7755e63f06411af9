import { openPersons } from '#modules/people/person.queries.ts'
import { realTime } from '#platform/clock.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { conflict, missing, refused } from '#platform/errors.ts'
import { signJwt } from '#platform/jwt.ts'
import { activeSigner } from './key.queries.ts'
import { digestOf, inSeconds, launchSeconds, newToken, openLaunch } from './launch.queries.ts'
import { launchClaims } from './launch.rules.ts'
import { FulfilLaunch, type LaunchSeed, OpenTool, PickInTool, TakePicked } from './launch.schema.ts'
import { mustFit } from './link.commands.ts'
import { toolLesson } from './link.queries.ts'
import { Picked } from './link.schema.ts'
import type { Custom } from './registration.rules.ts'
import { toolById } from './tool.queries.ts'
import type { Tool } from './tool.schema.ts'

const clause = 'HZ4-M13'

/** The one who learns, in person: nobody learns for somebody else at the counter. */
function learnerOf(tx: Tx): { accountId: string; personId: string } {
  const { kind, id, personId, onBehalfOf } = tx.actor
  if (kind !== 'user' || !personId || onBehalfOf) throw missing('item')
  return { accountId: id, personId }
}

/** Makes one opening of a lesson's tool, for this account, once, within five minutes. @clause HZ4-M13 */
export const openTool: Command<typeof OpenTool, LaunchSeed> = command({
  name: 'connect.openTool',
  permission: 'self.check-in',
  input: OpenTool,
  async run(tx, { registrationId, itemId }) {
    const { accountId, personId } = learnerOf(tx)
    const lesson = await toolLesson(tx.db, personId, registrationId, itemId)
    if (!lesson) throw missing('item')
    if (lesson.toolState !== 'active') throw refused({ clause, reason: 'tool-not-open', facts: {} })
    const token = newToken()
    const { id } = await tx.db
      .insertInto('connect.launches')
      .values({
        token_digest: digestOf(token),
        kind: 'resource',
        tool_id: lesson.toolId,
        link_id: lesson.linkId,
        course_id: lesson.courseId,
        account_id: accountId,
        person_id: personId,
        registration_id: registrationId,
        item_id: itemId,
        expires_at: inSeconds(launchSeconds),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('lti-launch', id)
    tx.about('registration', registrationId)
    return { token, launchId: id }
  },
  outcome: ({ launchId }) => ({ launchId }),
})

/** Sends a course's author into a tool to pick something. @clause HZ4-M13 */
export const pickInTool: Command<typeof PickInTool, LaunchSeed> = command({
  name: 'connect.pickInTool',
  permission: 'library.contribute',
  input: PickInTool,
  async run(tx, { courseId, toolId }) {
    const { course, tool } = await mustFit(tx, courseId, toolId)
    if (!tool.deepLinkUrl) throw refused({ clause, reason: 'tool-no-picking', facts: {} })
    const accountId = tx.actor.hand.id
    // the human at work: also one who came in by the employer's own sign-in
    const { personId } = tx.actor.hand
    if (tx.actor.kind !== 'user' || !personId) throw missing('course')
    const token = newToken()
    const { id } = await tx.db
      .insertInto('connect.launches')
      .values({
        token_digest: digestOf(token),
        kind: 'deep-linking',
        tool_id: tool.id,
        course_id: course.id,
        account_id: accountId,
        person_id: personId,
        expires_at: inSeconds(launchSeconds),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('lti-launch', id)
    tx.about('course', course.id)
    return { token, launchId: id }
  },
  outcome: ({ launchId }) => ({ launchId }),
})

/** Who somebody is to this tool, and to no other. */
export async function subjectFor(tx: Tx, toolId: string, personId: string): Promise<string> {
  await tx.db
    .insertInto('connect.subjects')
    .values({ tool_id: toolId, person_id: personId })
    .onConflict((c) => c.doNothing())
    .execute()
  const row = await tx.db
    .selectFrom('connect.subjects')
    .select('subject')
    .where('tool_id', '=', toolId)
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow()
  return row.subject
}

type Used = { launchId: string; idToken: string; opens: Tool['opens'] }

/**
 * Turns a launch into the signed message to its tool: for the account that asked, the tool it was made for, an address
 * that was registered, and once. Every fault is the same fault, so that nobody can feel his way.
 * @clause HZ4-M13
 */
export const fulfilLaunch: Command<typeof FulfilLaunch, Used> = command({
  name: 'connect.fulfilLaunch',
  permission: 'public',
  input: FulfilLaunch,
  told: ({ clientId, redirectUri }) => ({ clientId, redirectUri }),
  async run(tx, input) {
    const launch = tx.actor.kind === 'user' ? await openLaunch(tx.db, input.token, tx.actor.id) : undefined
    if (!launch) throw missing('lti-launch')
    const tool = await toolById(tx.db, launch.toolId)
    const subject = await subjectFor(tx, tool.id, launch.personId)
    const good =
      tool.state === 'active' &&
      tool.clientId === input.clientId &&
      tool.redirectUris.includes(input.redirectUri) &&
      input.loginHint === launch.id
    if (!good) throw missing('lti-launch')
    const marked = await tx.db
      .updateTable('connect.launches')
      .set({ used_at: realTime() })
      .where('id', '=', launch.id)
      .where('used_at', 'is', null)
      .executeTakeFirst()
    if (marked.numUpdatedRows !== 1n) throw conflict('lti-launch')
    tx.about('lti-launch', launch.id)
    tx.about('lti-tool', tool.id)
    const claims = launchClaims({
      origin: input.origin,
      siteName: tx.plan.site.name,
      tool,
      kind: launch.kind,
      subject,
      name: tool.tells.includes('name') ? await fullName(tx, launch.personId) : null,
      course: await courseOf(tx, launch.courseId),
      ...(await linkOf(tx, launch.linkId)),
      nonce: input.nonce,
      returnUrl: launch.registrationId
        ? `${input.origin}/my/courses/${launch.registrationId}/tools/${launch.itemId}`
        : `${input.origin}/`,
      data: input.token,
    })
    const idToken = await signJwt(await activeSigner(tx), claims, { seconds: launchSeconds })
    return { launchId: launch.id, idToken, opens: launch.kind === 'resource' ? tool.opens : 'window' }
  },
  outcome: ({ launchId }) => ({ launchId }),
})

async function fullName(tx: Tx, personId: string): Promise<string | null> {
  return (await openPersons(tx.db, tx.crypto, [personId])).get(personId)?.name ?? null
}

const courseOf = (tx: Tx, id: string) =>
  tx.db.selectFrom('library.courses').select(['id', 'number', 'title']).where('id', '=', id).executeTakeFirstOrThrow()

async function linkOf(tx: Tx, linkId: string | null) {
  if (linkId === null) return { link: null, lineItemId: null }
  const link = await tx.db
    .selectFrom('connect.links')
    .select(['id', 'title', 'url', 'custom'])
    .where('id', '=', linkId)
    .$castTo<{ id: string; title: string; url: string; custom: Custom }>()
    .executeTakeFirstOrThrow()
  const items = await tx.db
    .selectFrom('connect.line_items')
    .select('id')
    .where('link_id', '=', linkId)
    .where('removed_at', 'is', null)
    .limit(2)
    .execute()
  return { link, lineItemId: items.length === 1 ? (items[0]?.id ?? null) : null }
}

/** Each message of a sender once; later than its own end nobody would take it anyway. */
export async function takeOnce(tx: Tx, sender: string, number: string, expiresAt: Date): Promise<void> {
  const taken = await tx.db
    .insertInto('connect.seen')
    .values({ sender, number, expires_at: expiresAt })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  if (taken.numInsertedOrUpdatedRows !== 1n) throw conflict('message')
}

/** Keeps what a tool sent back to be picked from. It changes no course. @clause HZ4-M13 */
export const takePicked: Command<typeof TakePicked, { launchId: string; count: number }> = command({
  name: 'connect.takePicked',
  permission: 'system.operate',
  input: TakePicked,
  told: ({ launchId, toolId }) => ({ launchId, toolId }),
  async run(tx, input) {
    await takeOnce(tx, `deep-link:${input.toolId}`, input.number, input.expiresAt)
    const items = Array.isArray(input.items) ? input.items : []
    const picked = items
      .filter((one) => (one as { type?: unknown })?.type === 'ltiResourceLink')
      .flatMap((one) => {
        const read = Picked.safeParse(one)
        return read.success ? [read.data] : []
      })
      .slice(0, 100)
    const kept = await tx.db
      .updateTable('connect.launches')
      .set({ picked: JSON.stringify(picked), answered_at: realTime() })
      .where('id', '=', input.launchId)
      .where('tool_id', '=', input.toolId)
      .where('used_at', 'is not', null)
      .where('answered_at', 'is', null)
      .executeTakeFirst()
    if (kept.numUpdatedRows !== 1n) throw conflict('lti-launch')
    tx.about('lti-launch', input.launchId)
    tx.about('lti-tool', input.toolId)
    return { launchId: input.launchId, count: picked.length }
  },
})
