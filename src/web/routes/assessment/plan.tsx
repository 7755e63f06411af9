import { redirect } from 'react-router'
import { scheduleAssessment } from '#modules/assessment/assessment.commands.ts'
import { trainersOn } from '#modules/assessment/assessment.queries.ts'
import { conflictText, type Part, partNames } from '#modules/assessment/assessment.schema.ts'
import { partsInUse } from '#modules/assessment/desk.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { assessmentWords, deskOf, frameOf } from '../../assessment/desk.ts'
import { AssessmentFrame } from '../../assessment/frame.tsx'
import { attempt } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DateField, type Option, SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/plan.ts'

export const meta = () => title('考核安排')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, desk } = await deskOf(args)
  const editable = desk.arrangeable && desk.may.arrange
  const trainers = editable ? await trainersOn(ctx.db, desk.cls.organisationId, dayOf(ctx.now)) : []
  return {
    frame: frameOf(area, desk),
    parts: desk.parts,
    inUse: partsInUse(desk.weights).map((part) => ({ part, weight: desk.weights[part] })),
    editable,
    mayArrange: desk.may.arrange,
    trainers: trainers.map(({ id, name }) => ({ value: id, label: name })),
    organisation: desk.cls.organisation,
    startsOn: desk.cls.startsOn,
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, desk } = await deskOf(args)
  const form = await args.request.formData()
  const partOf = (part: Part) => {
    const field = (name: string) => form.get(`${part}.${name}`) ?? undefined
    const trainer = String(field('examinerTrainerId') ?? '')
    const [examinerTrainerId, known] = trainer === '' ? [undefined, undefined] : [trainer, trainersById.get(trainer)]
    return {
      heldOn: field('heldOn'),
      place: field('place'),
      examinerTrainerId,
      examinerName: known ?? field('examinerName'),
      examinerUnit: known ? desk.cls.organisation : field('examinerUnit'),
    }
  }
  const trainers = await trainersOn(ctx.db, desk.cls.organisationId, dayOf(ctx.now))
  const trainersById = new Map(trainers.map(({ id, name }) => [id, name]))
  const arranged = Object.fromEntries(partsInUse(desk.weights).map((part) => [part, partOf(part)]))
  const tried = await attempt(
    scheduleAssessment(ctx, { classId: desk.cls.id, ...arranged }),
    form,
    assessmentWords(ctx),
  )
  return tried.ok ? redirect(done(paths.assessment(area, desk.cls.id), 'saved')) : tried.answer
}

export default function Plan({ loaderData, actionData }: Route.ComponentProps) {
  const { frame, parts, inUse, editable, trainers, mayArrange } = loaderData
  return (
    <AssessmentFrame frame={frame} tab="">
      {parts.length === 0 && !editable && (
        <EmptyState icon="calendar" title="还没有安排考核">
          批准开班以后，由机构教务安排考核的日期、地点和考评人员。
        </EmptyState>
      )}
      {parts.map((part) => (
        <Section key={part.part} title={`${partNames[part.part]}考核`}>
          {part.conflict && (
            <Notice tone="warn" title={conflictText.message}>
              <p>{conflictText.remedy}</p>
            </Notice>
          )}
          <SummaryList
            rows={[
              { label: '占总分', value: `${part.weight}%`, note: '由培训项目规定' },
              { label: '日期', value: <DayText day={part.heldOn} weekday /> },
              { label: '地点', value: part.place },
              { label: '考评人员', value: part.examinerName, note: part.examinerUnit },
            ]}
          />
        </Section>
      ))}
      {editable ? (
        <Section title={parts.length === 0 ? '安排考核' : '更改安排'} description="录入第一个成绩以前都可以更改。">
          <Form failed={actionData} labels={labels}>
            {inUse.map(({ part, weight }) => (
              <PartFields
                key={part}
                part={part}
                weight={weight}
                trainers={trainers}
                {...(parts.find((one) => one.part === part) && { now: parts.find((one) => one.part === part) })}
                min={loaderData.startsOn}
              />
            ))}
            <Button>保存安排</Button>
          </Form>
        </Section>
      ) : (
        mayArrange &&
        parts.length > 0 && (
          <DisabledButton reason="已经录入成绩，或者班级已经结束，安排不能再改。">更改安排</DisabledButton>
        )
      )}
    </AssessmentFrame>
  )
}

const labels = Object.fromEntries(
  (['theory', 'practice'] as const).flatMap((part) => [
    [`${part}.heldOn`, `${partNames[part]}考核日期`],
    [`${part}.place`, `${partNames[part]}考核地点`],
    [`${part}.examinerName`, `${partNames[part]}考评人员`],
    [`${part}.examinerUnit`, `${partNames[part]}考评人员单位`],
    [`${part}.examinerTrainerId`, `${partNames[part]}考评人员（本单位）`],
  ]),
)

type Arranged = Route.ComponentProps['loaderData']['parts'][number]

function PartFields(props: {
  part: Part
  weight: number
  trainers: Option[]
  now?: Arranged | undefined
  min: string
}) {
  const { part, now } = props
  const outside = now?.examinerTrainerId ? undefined : now
  return (
    <fieldset className="stack">
      <legend>
        <b>
          {partNames[part]}考核（占 {props.weight}%）
        </b>
      </legend>
      <DateField name={`${part}.heldOn`} label="日期" min={props.min} {...(now && { value: now.heldOn })} />
      <TextField name={`${part}.place`} label="地点" maxLength={120} {...(now && { value: now.place })} />
      <SelectField
        name={`${part}.examinerTrainerId`}
        label="本单位考评人员"
        hint="由外单位人员考评的不选，填写下面两项。"
        optional
        placeholder="由外单位人员考评"
        options={props.trainers}
        {...(now?.examinerTrainerId && { value: now.examinerTrainerId })}
      />
      <TextField
        name={`${part}.examinerName`}
        label="外单位考评人员姓名"
        optional
        maxLength={60}
        {...(outside && { value: outside.examinerName })}
      />
      <TextField
        name={`${part}.examinerUnit`}
        label="外单位考评人员所在单位"
        optional
        maxLength={120}
        {...(outside && { value: outside.examinerUnit })}
      />
    </fieldset>
  )
}
