import { assessedClasses } from '#modules/assessment/assessment.queries.ts'
import { providerHistory } from '#modules/assessment/watch.queries.ts'
import { organisationCard } from '#modules/people/organisation.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/pass-rate.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`合格率：${loaderData?.organisation ?? ''}`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const id = isId(params.id)
  const organisation = await organisationCard(ctx.db, id).catch(fail(request))
  const [history, classes] = await Promise.all([
    providerHistory(ctx.db, id),
    assessedClasses(ctx.db).where('c.organisation_id', '=', id).execute(),
  ])
  const byId = new Map(classes.map((cls) => [cls.id, cls]))
  return {
    organisation: organisation.name,
    rows: history.map((row) => ({
      ...row,
      title: byId.get(row.classId)?.title ?? '',
      number: byId.get(row.classId)?.number ?? '',
    })),
  }
}

export default function PassRate({ loaderData: { organisation, rows } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={organisation}
        caption="各班合格率"
        crumbs={[{ label: '合格率监测', href: paths.passRates() }]}
      />
      <DataTable
        caption={`已确认结果的班级，共 ${rows.length} 个，新的在前`}
        rows={rows}
        rowKey={(row) => row.classId}
        columns={[
          {
            key: 'title',
            header: '班级',
            cell: (row) => (
              <a href={paths.assessment('office', row.classId, 'results')}>{`${row.title}（${row.number}）`}</a>
            ),
          },
          { key: 'on', header: '确认日期', keep: true, cell: (row) => row.concludedOn },
          { key: 'assessed', header: '参加', end: true, cell: (row) => row.assessed },
          { key: 'passed', header: '合格', end: true, cell: (row) => row.passed },
          {
            key: 'percent',
            header: '合格率',
            end: true,
            cell: (row) => (row.percent === null ? '—' : `${row.percent}%`),
          },
          { key: 'changes', header: '改过的成绩', end: true, cell: (row) => row.changes },
          {
            key: 'conflict',
            header: '考评人员',
            cell: (row) =>
              row.conflict ? (
                <StatusTag tone="warn">由唯一的授课教师考评</StatusTag>
              ) : (
                <span className="soft">无提醒</span>
              ),
          },
        ]}
        empty={<EmptyState icon="chart" title="这家单位还没有考核结果" />}
      />
    </>
  )
}
