import { realTime } from '#platform/clock.ts'
import { type Command, command } from '#platform/command.ts'
import { conflict, missing } from '#platform/errors.ts'
import { arrivalSeconds, loginSeconds, subjectContext } from './arrival.queries.ts'
import { Arrive, BeginLogin } from './arrival.schema.ts'
import { digestOf, inSeconds, newToken } from './launch.queries.ts'

/** A sign-in that a platform asked for. @clause HZ4-M13 */
export const beginLogin: Command<typeof BeginLogin, { state: string; nonce: string }> = command({
  name: 'connect.beginLogin',
  permission: 'system.operate',
  input: BeginLogin,
  told: ({ platformId }) => ({ platformId }),
  async run(tx, { platformId, browser }) {
    const [state, nonce] = [newToken(), newToken()]
    await tx.db
      .insertInto('connect.logins')
      .values({
        state_digest: digestOf(state),
        platform_id: platformId,
        nonce,
        cookie_digest: digestOf(browser),
        expires_at: inSeconds(loginSeconds),
      })
      .execute()
    tx.about('lti-platform', platformId)
    return { state, nonce }
  },
  outcome: () => ({}),
})

/**
 * Keeps what a platform's message said, once for each sign-in. Nobody is signed in by it: the code it gives back leads to
 * a page that asks who is there.
 * @clause HZ4-M13 C01
 */
export const arrive: Command<typeof Arrive, { code: string; id: string }> = command({
  name: 'connect.arrive',
  permission: 'system.operate',
  input: Arrive,
  told: ({ platformId, kind, teaches, courseId }) => ({ platformId, kind, teaches, courseId }),
  async run(tx, input) {
    const login = await tx.db
      .updateTable('connect.logins')
      .set({ used_at: realTime() })
      .where('state_digest', '=', digestOf(input.state))
      .where('platform_id', '=', input.platformId)
      .where('used_at', 'is', null)
      .returning('cookie_digest')
      .executeTakeFirst()
    if (!login) throw conflict('lti-login')
    const course = input.courseId
      ? await tx.db.selectFrom('library.courses').select('id').where('id', '=', input.courseId).executeTakeFirst()
      : undefined
    if (input.courseId && !course) throw missing('course')
    const code = newToken()
    const { id } = await tx.db
      .insertInto('connect.arrivals')
      .values({
        code_digest: digestOf(code),
        cookie_digest: login.cookie_digest,
        platform_id: input.platformId,
        kind: input.kind,
        subject_index: tx.crypto.blindIndex(`${input.platformId}\n${input.subject}`, subjectContext),
        subject_sealed: tx.crypto.seal(input.subject, subjectContext),
        teaches: input.teaches,
        deployment_id: input.deploymentId,
        resource_link_id: input.resourceLinkId,
        course_id: course?.id ?? null,
        grades: input.grades && JSON.stringify(input.grades),
        picking: input.picking && JSON.stringify(input.picking),
        expires_at: inSeconds(arrivalSeconds),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('lti-platform', input.platformId)
    return { code, id }
  },
  outcome: ({ id }) => ({ id }),
})
