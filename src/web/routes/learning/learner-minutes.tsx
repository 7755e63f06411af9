import { replayHead } from '#modules/learning/replay.queries.ts'
import { missing } from '#platform/errors.ts'
import { fail, signedIn } from '../../ctx.ts'
import { replayFor } from '../../learning/replay-data.ts'
import { ReplayView } from '../../learning/replay-view.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { areaAt } from '../../training/desk.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/learner-minutes.ts'

export const meta = () => title('学习时间逐段')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const area = areaAt(request)
  const office = area === 'office'
  const { ctx } = signedIn({ request, context }, office ? 'casework.read' : 'organisation.read')
  const registrationId = isId(params.registrationId)
  const { personId: _, ...head } = await replayHead(ctx.db, registrationId).catch(fail(request))
  const { organisationId } = head
  if (!office && !ctx.actor.can('organisation.read', { organisationId })) return fail(request)(missing('registration'))
  return { area, head, ...(await replayFor(ctx, registrationId, request)) }
}

export default function LearnerMinutes({ loaderData: { area, head, days, on, replay } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={`${head.name}的学习时间`}
        caption={`${head.courseTitle}　${head.classTitle ? `计入班级：${head.classTitle}` : '自学'}`}
        crumbs={[{ label: '线上学员', href: paths.learners(area) }]}
      />
      <ReplayView
        days={days}
        on={on}
        replay={replay}
        href={(day) => paths.learnerMinutes(area, head.registrationId, day)}
      />
    </>
  )
}
