import { learnersOf, waitingSubmissions } from '#modules/learning/replay.queries.ts'
import { signedIn } from '../../ctx.ts'
import { spokenText } from '../../learning/clock-text.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { areaAt, workOf } from '../../training/desk.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { durationText, instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import type { Route } from './+types/learners.ts'

export const meta = () => title('线上学员')

export async function loader({ request, context }: Route.LoaderArgs) {
  if (areaAt(request) === 'office') {
    const { ctx } = signedIn({ request, context }, 'casework.read')
    return { area: 'office' as const, learners: await learnersOf(ctx.db, null), waiting: null }
  }
  const { ctx, area, organisationId } = workOf({ request, context }, 'organisation.read')
  const waiting = await waitingSubmissions(ctx.db, organisationId)
  return {
    area,
    learners: await learnersOf(ctx.db, organisationId),
    waiting: waiting.map(({ id, name, courseTitle, itemTitle, number, at }) => ({
      ...{ id, name, courseTitle, itemTitle, number, at },
    })),
  }
}

export default function Learners({ loaderData: { area, learners, waiting } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={area === 'office' ? '线上学习核查' : '线上学员和作业'}
        lead="点姓名可以逐段回放：每一段时间是计入还是不计、为什么。"
      />
      <div className="stack">
        {waiting && (
          <Section title="待批改的作业">
            <DataTable
              caption={`共 ${waiting.length} 份`}
              rows={waiting}
              rowKey={(row) => row.id}
              columns={[
                { key: 'name', header: '学员', cell: (row) => <a href={paths.submission(area, row.id)}>{row.name}</a> },
                { key: 'course', header: '课程', cell: (row) => row.courseTitle },
                { key: 'item', header: '作业', cell: (row) => `${row.itemTitle}（第 ${row.number} 次）` },
                { key: 'at', header: '交来时间', keep: true, cell: (row) => instantText(row.at) },
              ]}
              empty={
                <EmptyState icon="document" title="没有待批改的作业">
                  学员交来的作业在这里等候批改。
                </EmptyState>
              }
            />
          </Section>
        )}
        <Section title="学员">
          <DataTable
            caption={learners.length === 200 ? '最近 200 人' : `共 ${learners.length} 人`}
            rows={learners}
            rowKey={(row) => row.registrationId}
            columns={[
              {
                key: 'name',
                header: '学员',
                keep: true,
                cell: (row) => <a href={paths.learnerMinutes(area, row.registrationId)}>{row.name}</a>,
              },
              { key: 'course', header: '课程', cell: (row) => row.courseTitle },
              { key: 'class', header: '计入班级', cell: (row) => row.classTitle ?? '自学' },
              { key: 'counted', header: '计入', keep: true, cell: (row) => spokenText(row.countedMs) },
              { key: 'ledger', header: '课时台账', keep: true, cell: (row) => durationText(row.ledgerMinutes) },
              {
                key: 'done',
                header: '学完',
                keep: true,
                cell: (row) => (row.completedAt ? instantText(row.completedAt) : '未学完'),
              },
            ]}
            empty={
              <EmptyState icon="people" title="还没有人学习">
                课程入库后，学员在课程目录里选课。
              </EmptyState>
            }
          />
        </Section>
      </div>
    </>
  )
}
