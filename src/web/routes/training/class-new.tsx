import { redirect } from 'react-router'
import { createClass } from '#modules/training/class.commands.ts'
import { reasonText } from '#modules/training/class.schema.ts'
import { trainersOf, venuesOf } from '#modules/training/place.queries.ts'
import { plansOf, programmeOf } from '#modules/training/plan.queries.ts'
import { attempt } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { ClassFields, classLabels, emptyClass } from '../../training/class-form.tsx'
import { trainingWords, workOf } from '../../training/desk.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/class-new.ts'

export const meta = () => title('建班')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf({ request, context }, 'class.edit')
  const [accepted, venues, trainers] = await Promise.all([
    plansOf(ctx.db, organisationId, { state: 'accepted' }),
    venuesOf(ctx.db, organisationId),
    trainersOf(ctx.db, organisationId),
  ])
  const asked = new URL(request.url).searchParams.get('plan')
  const chosen = accepted.rows.find(({ id }) => id === asked) ?? accepted.rows[0]
  const employer = accepted.rows.every((row) => programmeOf(ctx.plan, row.programme)?.undertaker.mode === 'employer')
  return {
    area,
    plans: accepted.rows.map(({ id, number, title }) => ({ value: id, label: `${number}　${title}` })),
    values: {
      ...emptyClass,
      planId: chosen?.id ?? '',
      startsOn: chosen?.startsOn ?? '',
      endsOn: chosen?.endsOn ?? '',
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

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, area } = workOf({ request, context }, 'class.edit')
  const form = await request.formData()
  const tried = await attempt(createClass(ctx, formObject(form)), form, trainingWords(ctx, reasonText))
  return tried.ok ? redirect(done(paths.orgClass(area, tried.value.classId), 'saved')) : tried.answer
}

export default function NewClass({ loaderData, actionData }: Route.ComponentProps) {
  const { area, plans, values } = loaderData
  return (
    <>
      <PageHeader title="建班" crumbs={[{ label: '班级', href: paths.orgClasses(area) }]} />
      {plans.length === 0 ? (
        <EmptyState
          icon="document"
          title="还没有列入的培训计划"
          action={{ href: paths.orgPlans(area), label: '看培训计划' }}
        >
          先填报计划、提交备案，列入以后才能建班。
        </EmptyState>
      ) : (
        <Form failed={actionData} labels={classLabels}>
          <SelectField
            name="planId"
            label="培训计划"
            hint="职业、等级和课时随计划，班级日期要在计划期间之内。"
            value={values.planId}
            options={plans}
          />
          <ClassFields
            values={values}
            venues={loaderData.venues}
            trainers={loaderData.trainers}
            closedToPublic={loaderData.closedToPublic}
            placesHref={paths.places(area)}
          />
          <Actions>
            <Button>保存草稿</Button>
            <LinkButton kind="quiet" href={paths.orgClasses(area)}>
              不保存
            </LinkButton>
          </Actions>
        </Form>
      )}
    </>
  )
}
