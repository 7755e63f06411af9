import { redirect } from 'react-router'
import { gradingLabels } from '#modules/connect/grade.schema.ts'
import { pickInTool } from '#modules/connect/launch.commands.ts'
import { courseScores, linksOfCourse } from '#modules/connect/link.queries.ts'
import { registrationStates } from '#modules/connect/registration.schema.ts'
import { usableTools } from '#modules/connect/tool.queries.ts'
import { tellLabels } from '#modules/connect/tool.schema.ts'
import { courseWork } from '#modules/library/course.queries.ts'
import { connectWords, registrationTones, scoreText } from '../../connect/words.ts'
import { attempt, fail } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { Instant } from '../../ui/time.tsx'
import type { Route } from './+types/course-tools.ts'

export const meta = () => title('课程里的外部工具')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const course = await courseWork(ctx, isId(args.params.courseId)).catch(fail(args.request))
  const [tools, links, scores] = await Promise.all([
    usableTools(ctx.db, course.organisationId),
    linksOfCourse(ctx.db, course.id),
    courseScores(ctx.db, course.id),
  ])
  return {
    area,
    course: { id: course.id, title: course.title },
    tools: tools.map(({ id, name, organisation, deepLinkUrl, tells }) => ({
      ...{ id, name, tells },
      from: organisation ?? '全区共用',
      picks: deepLinkUrl !== null,
    })),
    links,
    scores: scores.map(({ personId: _, ...score }) => score),
    mayRegister: ctx.actor.can('connect.register', { organisationId: course.organisationId }),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx } = workOf(args, 'library.contribute')
  const form = await args.request.formData()
  const wish = { courseId: isId(args.params.courseId), toolId: form.get('toolId') }
  const tried = await attempt(pickInTool(ctx, wish), form, connectWords(ctx))
  return tried.ok ? redirect(paths.toolGo(tried.value.token)) : tried.answer
}

export default function CourseTools({ loaderData, actionData }: Route.ComponentProps) {
  const { area, course, tools, links, scores, mayRegister } = loaderData
  return (
    <>
      <PageHeader
        title="课程里的外部工具"
        crumbs={[
          { label: '线上课程', href: paths.courses(area) },
          { label: course.title, href: paths.course(area, course.id) },
        ]}
        lead="学员从课程里打开其他平台的内容，成绩自动送回。在外部工具里花的时间不计入学时：本平台没有看到的时间，一律不算。"
      />
      <div className="stack">
        {actionData && (
          <Notice tone="bad" live title={actionData.wording?.title ?? '没有打开，请刷新后再试'}>
            <p>{actionData.wording?.remedy}</p>
          </Notice>
        )}
        <Section title="添加到课程">
          <DataTable
            caption="可以使用的工具"
            rows={tools}
            rowKey={(row) => row.id}
            columns={[
              { key: 'name', header: '工具', keep: true, cell: (row) => row.name },
              { key: 'from', header: '登记单位', cell: (row) => row.from },
              {
                key: 'tells',
                header: '工具知道什么',
                cell: (row) => ['化名', ...row.tells.map((one) => tellLabels[one])].join('、'),
              },
              {
                key: 'add',
                header: '办理',
                cell: (row) => (
                  <div className="inline-actions">
                    {row.picks && (
                      <form method="post">
                        <input type="hidden" name="toolId" value={row.id} />
                        <Button kind="quiet">
                          到工具里选<span className="sr-only">：{row.name}</span>
                        </Button>
                      </form>
                    )}
                    <LinkButton kind="quiet" href={paths.addTool(area, course.id, row.id)}>
                      填写地址添加
                    </LinkButton>
                  </div>
                ),
              },
            ]}
            empty={
              <EmptyState title="还没有可用的外部工具">
                {mayRegister ? (
                  <>
                    请先<a href={paths.newTool(area)}>登记外部工具</a>，区安全管理员批准后可以使用。
                  </>
                ) : (
                  '请本单位管理员在“外部平台互通”里登记，区安全管理员批准后可以使用。'
                )}
              </EmptyState>
            }
          />
        </Section>
        <DataTable
          caption="本课程用到的外部内容"
          rows={links}
          rowKey={(row) => row.linkId}
          columns={[
            { key: 'title', header: '标题', keep: true, cell: (row) => row.title },
            { key: 'tool', header: '工具', cell: (row) => row.toolName },
            { key: 'url', header: '地址', cell: (row) => <span className="wrap-any">{row.url}</span> },
            {
              key: 'state',
              header: '工具状态',
              cell: (row) => (
                <StatusTag tone={registrationTones[row.toolState]}>{registrationStates[row.toolState]}</StatusTag>
              ),
            },
          ]}
          empty={<EmptyState title="本课程还没有外部内容">添加后会列在课程内容里，可以调整次序、改合格线。</EmptyState>}
        />
        <DataTable
          caption="学员成绩"
          captionNote="工具送回的最近一次，最多500条"
          rows={scores}
          rowKey={(row) => `${row.name}${row.label}${String(row.at)}`}
          columns={[
            { key: 'name', header: '学员', keep: true, cell: (row) => row.name },
            { key: 'label', header: '成绩项', cell: (row) => row.label },
            { key: 'given', header: '得分', end: true, cell: (row) => scoreText(row.given, row.outOf) },
            { key: 'grading', header: '评定', cell: (row) => gradingLabels[row.grading] ?? row.grading },
            { key: 'at', header: '工具记录的时间', cell: (row) => <Instant at={row.at} /> },
          ]}
          empty={<EmptyState title="还没有学员成绩">学员在工具里完成后，成绩会自动列在这里。</EmptyState>}
        />
      </div>
    </>
  )
}
