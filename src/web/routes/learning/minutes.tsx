import { replayHead } from '#modules/learning/replay.queries.ts'
import { missing } from '#platform/errors.ts'
import { fail } from '../../ctx.ts'
import { replayFor } from '../../learning/replay-data.ts'
import { ReplayView } from '../../learning/replay-view.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/minutes.ts'

export const meta = () => title('学习时间逐段')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const registrationId = isId(params.registrationId)
  const head = await replayHead(ctx.db, registrationId).catch(fail(request))
  if (head.personId !== personId) return fail(request)(missing('registration'))
  return { registrationId, courseTitle: head.courseTitle, ...(await replayFor(ctx, registrationId, request)) }
}

export default function Minutes({ loaderData }: Route.ComponentProps) {
  const { registrationId, courseTitle, days, on, today, replay } = loaderData
  return (
    <>
      <PageHeader
        title="学习时间逐段"
        caption={courseTitle}
        lead="每一段时间是计入还是不计、为什么，都在这里。审计人员看到的与您看到的相同。"
        crumbs={[
          { label: '我的线上课程', href: paths.myCourses() },
          { label: courseTitle, href: paths.myCourse(registrationId) },
        ]}
      />
      <ReplayView
        days={days}
        on={on}
        today={today}
        replay={replay}
        href={(day) => paths.myMinutes(registrationId, day)}
      />
    </>
  )
}
