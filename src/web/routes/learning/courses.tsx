import { myCourses } from '#modules/learning/course.queries.ts'
import { clockedText } from '../../learning/course-words.ts'
import { paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { Actions, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { durationText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/courses.ts'

export const meta = () => title('我的线上课程')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  return { courses: await myCourses(ctx.db, personId) }
}

export default function Courses({ loaderData: { courses } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="我的线上课程" lead="学过的每一秒怎样计、为什么不计，都能逐段查看。" />
      {courses.length === 0 ? (
        <EmptyState icon="book" title="您还没有选课">
          在课程目录里选一门课，按“开始学习”即可。学到哪里，下次从哪里继续。
        </EmptyState>
      ) : (
        <div className="stack">
          {courses.map((one) => (
            <Panel key={one.registrationId}>
              <h2>
                <a href={paths.myCourse(one.registrationId)}>{one.title}</a>{' '}
                {one.completedAt && <StatusTag tone="good">已学完</StatusTag>}
              </h2>
              <p className="small soft">
                {one.organisation}　{one.classTitle ? `计入班级：${one.classTitle}` : '自学，不计入班级'}
              </p>
              <p>
                台账已记 <b>{durationText(one.ledgerMinutes)}</b>
                {clockedText(one.waitingMs)}
              </p>
              <Actions>
                <LinkButton
                  href={
                    one.lastItemId
                      ? paths.lesson(one.registrationId, one.lastItemId)
                      : paths.myCourse(one.registrationId)
                  }
                >
                  {one.lastItemId ? '继续上次' : '去学习'}
                </LinkButton>
              </Actions>
            </Panel>
          ))}
        </div>
      )}
    </>
  )
}
