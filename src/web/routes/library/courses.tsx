import { ownCourses } from '#modules/library/course.queries.ts'
import { courseStates } from '#modules/library/course.schema.ts'
import { offListWords } from '#modules/library/round.rules.ts'
import { courseTones, ratingText } from '../../library/desk.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/courses.ts'

export const meta = () => title('线上课程')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf(args, 'library.contribute')
  return { area, rows: await ownCourses(ctx.db, organisationId) }
}

export default function Courses({ loaderData: { area, rows } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="线上课程"
        crumbs={[{ label: '工作台首页', href: area === 'enterprise' ? paths.enterprise() : paths.provider() }]}
        lead="做好课程、提交入库。入库后全区劳动者可以学，课时可以计入补贴培训。"
        actions={
          <>
            <LinkButton kind="primary" href={paths.newCourse(area)}>
              新建课程
            </LinkButton>
            <LinkButton href={paths.importCourse(area)}>导入课程</LinkButton>
            <LinkButton href={paths.importCartridge(area)}>导入 Common Cartridge</LinkButton>
          </>
        }
      />
      <div className="stack">
        <p>
          提交前请看<a href={paths.libraryStandard()}>课程入库标准</a>。
        </p>
        <DataTable
          caption="本单位的课程"
          captionNote="新的在前"
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'title',
              header: '课程',
              keep: true,
              cell: (row) => <a href={paths.course(area, row.id)}>{row.title}</a>,
            },
            { key: 'number', header: '编号', cell: (row) => row.number ?? '提交后编号' },
            { key: 'items', header: '内容', end: true, cell: (row) => `${row.items} 项` },
            {
              key: 'hours',
              header: '课时',
              end: true,
              cell: (row) => (row.plannedClassHours > 0 ? row.plannedClassHours : '入库后显示'),
            },
            { key: 'rating', header: '评分', cell: ratingText },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => (
                <>
                  <StatusTag tone={courseTones[row.state]}>{courseStates[row.state]}</StatusTag>
                  {row.suspendedFor !== '' && <span className="small soft">　{offListWords[row.suspendedFor]}</span>}
                  {row.openVersion !== null && row.openVersion > 1 && (
                    <span className="small soft">　第 {row.openVersion} 版编写中</span>
                  )}
                </>
              ),
            },
          ]}
          empty={
            <EmptyState icon="book" title="还没有线上课程" action={{ href: paths.newCourse(area), label: '新建课程' }}>
              先建课程，再添加视频、文档、题库。
            </EmptyState>
          }
        />
      </div>
    </>
  )
}
