import { realTime } from '#platform/clock.ts'
import { type Command, command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { signJwt } from '#platform/jwt.ts'
import { arrivalFor } from './arrival.queries.ts'
import { AnswerPicking } from './arrival.schema.ts'
import { activeSigner } from './key.queries.ts'
import { newToken } from './launch.queries.ts'
import { platformById } from './platform.queries.ts'
import { claim, ltiVersion } from './vocabulary.schema.ts'

type Answered = { returnUrl: string; jwt: string; count: number }

/** Our signed answer to a platform's teacher: the courses that he picked, each with a place for its result. @clause HZ4-M13 */
export const answerPicking: Command<typeof AnswerPicking, Answered> = command({
  name: 'connect.answerPicking',
  permission: 'public',
  input: AnswerPicking,
  told: ({ courseIds }) => ({ courseIds }),
  async run(tx, { code, browser, courseIds, origin }) {
    const arrival = await arrivalFor(tx.db, code, browser)
    if (arrival === 'over') throw refused({ clause: 'C01', reason: 'arrival-over', facts: {} })
    if (arrival === 'other-browser') throw refused({ clause: 'C01', reason: 'arrival-other-browser', facts: {} })
    if (arrival.kind !== 'deep-linking') throw missing('arrival')
    const row = await tx.db
      .updateTable('connect.arrivals')
      .set({ done_at: realTime() })
      .where('id', '=', arrival.id)
      .where('done_at', 'is', null)
      .returning(['picking', 'deployment_id'])
      .$castTo<{ picking: { returnUrl: string; data: string | null }; deployment_id: string }>()
      .executeTakeFirst()
    if (!row) throw refused({ clause: 'C01', reason: 'arrival-over', facts: {} })
    const platform = await platformById(tx.db, arrival.platformId)
    const asked = arrival.multiple ? courseIds : courseIds.slice(0, 1)
    const courses = await tx.db
      .selectFrom('library.courses')
      .select(['id', 'title', 'summary'])
      .where('id', 'in', asked)
      .where('state', 'in', ['trial', 'admitted'])
      .execute()
    if (courses.length === 0) throw missing('course')
    const claims = {
      iss: platform.clientId,
      aud: platform.issuer,
      nonce: newToken(),
      [claim.messageType]: 'LtiDeepLinkingResponse',
      [claim.version]: ltiVersion,
      [claim.deployment]: row.deployment_id,
      ...(row.picking.data !== null && { [claim.data]: row.picking.data }),
      [claim.items]: courses.map((course) => ({
        type: 'ltiResourceLink',
        title: course.title,
        ...(course.summary && { text: course.summary.slice(0, 500) }),
        url: `${origin}/lti/launch?course=${course.id}`,
        custom: { course_id: course.id },
        lineItem: { scoreMaximum: 100, label: course.title, resourceId: course.id },
      })),
    }
    tx.about('lti-platform', platform.id)
    const jwt = await signJwt(await activeSigner(tx), claims, { seconds: 300 })
    return { returnUrl: row.picking.returnUrl, jwt, count: courses.length }
  },
  outcome: ({ count }) => ({ count }),
})
