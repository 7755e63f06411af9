import { redirect } from 'react-router'
import { editClass } from '#modules/training/class.commands.ts'
import { classPage } from '#modules/training/class.queries.ts'
import { editable } from '#modules/training/class.rules.ts'
import { classStates, reasonText } from '#modules/training/class.schema.ts'
import { trainersOf, venuesOf } from '#modules/training/place.queries.ts'
import { programmeOf } from '#modules/training/plan.queries.ts'
import { attempt, fail } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { ClassFields, classLabels } from '../../training/class-form.tsx'
import { trainingWords, workOf } from '../../training/desk.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/class-edit.ts'

export const meta = () => title('修改班级')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, area } = workOf({ request, context }, 'class.edit')
  const cls = await classPage(ctx, isId(params.classId)).catch(fail(request))
  const [venues, trainers] = await Promise.all([
    venuesOf(ctx.db, cls.organisationId),
    trainersOf(ctx.db, cls.organisationId),
  ])
  const employer = programmeOf(ctx.plan, cls.programme)?.undertaker.mode === 'employer'
  return {
    area,
    cls: { id: cls.id, title: cls.title, number: cls.number, state: cls.state, version: cls.version },
    values: {
      ...cls,
      venueId: cls.venueId ?? '',
      capacity: String(cls.capacity),
      trainerIds: cls.trainers.map(({ id }) => id),
    },
    venues: venues.map(({ id, name, address }) => ({ value: id, label: `${name}　${address}` })),
    trainers: trainers.map(({ id, name, qualification }) => ({
      value: id,
      label: name,
      hint: qualification || '没有填写资格',
    })),
    closedToPublic: employer ? '适岗培训只培训本单位职工，不公开报名。' : null,
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx, area } = workOf({ request, context }, 'class.edit')
  const classId = isId(params.classId)
  const form = await request.formData()
  const tried = await attempt(editClass(ctx, { ...formObject(form), classId }), form, trainingWords(ctx, reasonText))
  return tried.ok ? redirect(done(paths.orgClass(area, classId), 'saved')) : tried.answer
}

export default function EditClass({ loaderData, actionData }: Route.ComponentProps) {
  const { area, cls, values } = loaderData
  const back = paths.orgClass(area, cls.id)
  return (
    <>
      <PageHeader
        title="修改班级"
        caption={`班号 ${cls.number}`}
        crumbs={[
          { label: '班级', href: paths.orgClasses(area) },
          { label: cls.title, href: back },
        ]}
      />
      {editable.includes(cls.state) ? (
        <Form failed={actionData} labels={classLabels}>
          <input type="hidden" name="version" value={cls.version} />
          <ClassFields
            values={values}
            venues={loaderData.venues}
            trainers={loaderData.trainers}
            closedToPublic={loaderData.closedToPublic}
            placesHref={paths.places(area)}
          />
          <Actions>
            <Button>保存</Button>
            <LinkButton kind="quiet" href={back}>
              不保存
            </LinkButton>
          </Actions>
        </Form>
      ) : (
        <Notice title={`班级现在的状态是“${classStates[cls.state]}”，不能修改`}>
          <p>
            <a href={back}>返回班级</a>
          </p>
        </Notice>
      )}
    </>
  )
}
