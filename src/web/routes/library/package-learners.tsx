import { redirect } from 'react-router'
import { courseWork } from '#modules/library/course.queries.ts'
import { waiveReasons } from '#modules/packages/cmi5-session.schema.ts'
import { packagePage } from '#modules/packages/import.queries.ts'
import { learnersOfPackage } from '#modules/packages/learner.queries.ts'
import { waiveUnit } from '#modules/packages/waive.commands.ts'
import { invalid, missing } from '#platform/errors.ts'
import { attempt, fail } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { secondsText } from '../../library/desk.ts'
import { packageWords } from '../../library/package-desk.ts'
import { siteOrigin } from '../../origin.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More } from '../../ui/section.tsx'
import type { Route } from './+types/package-learners.ts'

export const meta = () => title('课件的学员')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const course = await courseWork(ctx, isId(args.params.courseId)).catch(fail(args.request))
  const row = await packagePage(ctx, isId(args.params.packageId))
    .then((found) => (found.courseId === course.id ? found : Promise.reject(missing('package'))))
    .catch(fail(args.request))
  const kind = row.kind ?? 'videos'
  return {
    area,
    course: { id: course.id, title: course.title },
    package: { id: row.id, title: row.title, units: row.found?.units.length ?? 0 },
    learners: await learnersOfPackage(ctx.db, { packageId: row.id, kind }),
    waivable: kind === 'cmi5' ? (row.found?.units ?? []).map(({ id, title: label }) => ({ value: id, label })) : [],
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const [courseId, packageId] = [isId(args.params.courseId), isId(args.params.packageId)]
  const form = await args.request.formData()
  const { learner, ...values } = formObject(form)
  const [registrationId = '', itemId = ''] = String(learner ?? '').split(' ')
  const work = learner
    ? waiveUnit(ctx, { ...values, registrationId, itemId, home: siteOrigin(args.request) })
    : Promise.reject(invalid({ learner: ['请选择学员'] }))
  const tried = await attempt(work, form, packageWords(ctx))
  return tried.ok ? redirect(done(paths.packageLearners(area, courseId, packageId), 'saved')) : tried.answer
}

const labels = { learner: '学员', unitId: '单元', reason: '理由' }

export default function PackageLearners({ loaderData, actionData }: Route.ComponentProps) {
  const { area, course, learners, waivable } = loaderData
  const { units } = loaderData.package
  return (
    <>
      <PageHeader
        title="课件的学员"
        caption={loaderData.package.title}
        crumbs={[
          { label: '线上课程', href: paths.courses(area) },
          { label: course.title, href: paths.course(area, course.id) },
          { label: '课件包', href: paths.packages(area, course.id) },
          { label: loaderData.package.title, href: paths.package(area, course.id, loaderData.package.id) },
        ]}
      />
      <div className="stack">
        <DataTable
          caption={`学员，${learners.length} 人`}
          rows={learners}
          rowKey={(row) => `${row.registrationId} ${row.itemId}`}
          columns={[
            { key: 'name', header: '学员', keep: true, cell: (row) => row.name },
            { key: 'item', header: '课程内容', cell: (row) => row.itemTitle },
            { key: 'begun', header: '学过', end: true, cell: (row) => `${row.begun} / ${units} 单元` },
            { key: 'done', header: '学完', end: true, cell: (row) => `${row.done} 单元` },
            ...(waivable.length > 0
              ? [{ key: 'waived', header: '免修', end: true, cell: (row: (typeof learners)[number]) => row.waived }]
              : []),
            { key: 'time', header: '课件上报的时间', end: true, cell: (row) => secondsText(row.reportedSeconds) },
          ]}
          empty={
            <EmptyState icon="book" title="还没有人选学">
              课程发布后，学员选课才能打开课件。
            </EmptyState>
          }
        />
        {waivable.length > 0 && learners.length > 0 && (
          <More label="给学员免修一个单元" open={actionData !== undefined}>
            <Form failed={actionData} labels={labels}>
              <SelectField
                name="learner"
                label="学员"
                options={learners.map((row) => ({
                  value: `${row.registrationId} ${row.itemId}`,
                  label: `${row.name}（${row.itemTitle}）`,
                }))}
              />
              <SelectField name="unitId" label="单元" options={waivable} />
              <SelectField
                name="reason"
                label="理由"
                hint="免修记入学习记录，不能撤回；免修不产生学习时间。"
                options={Object.entries(waiveReasons).map(([value, label]) => ({ value, label }))}
              />
              <Button kind="plain">免修</Button>
            </Form>
          </More>
        )}
      </div>
    </>
  )
}
