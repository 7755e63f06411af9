import { redirect } from 'react-router'
import { reverseHours } from '#modules/training/hours.commands.ts'
import { hourLines } from '#modules/training/hours.queries.ts'
import { hoursSheet } from '#modules/training/roster.queries.ts'
import { grades } from '#modules/training/session.schema.ts'
import { gradeNames, staffText } from '#modules/training/settlement.schema.ts'
import { missing } from '#platform/errors.ts'
import { attempt, fail } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { classOf } from '../../training/class-head.ts'
import { trainingWords } from '../../training/desk.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Section } from '../../ui/section.tsx'
import type { Route } from './+types/learner-hours.ts'

export const meta = () => title('课时台账')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, cls, head } = await classOf(args)
  const id = isId(args.params.enrolmentId)
  const row = (await hoursSheet(ctx, cls.id)).find((line) => line.enrolmentId === id)
  if (!row) return fail(args.request)(missing('enrolment'))
  return {
    area,
    head,
    classHours: cls.classHours,
    row: { enrolmentId: id, name: row.name, document: row.document, hours: row.hours },
    lines: await hourLines(ctx.db, id),
    mayReverse: ctx.actor.can('class.inspect'),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, cls } = await classOf(args)
  const form = await args.request.formData()
  const tried = await attempt(reverseHours(ctx, Object.fromEntries(form)), form, trainingWords(ctx))
  const back = paths.learnerHours(area, cls.id, isId(args.params.enrolmentId))
  return tried.ok ? redirect(done(back, 'reversed')) : tried.answer
}

const sources: Record<string, string> = {
  class: '课堂',
  makeup: '补课',
  online: '线上',
  workshop: '实训',
  mentor: '导师',
}

export default function LearnerHours({ loaderData, actionData }: Route.ComponentProps) {
  const { area, head, row, lines, mayReverse } = loaderData
  const taken = new Set(lines.flatMap((line) => (line.reverses === null ? [] : [line.reverses])))
  const standing = lines.filter((line) => line.reverses === null && !taken.has(line.id))
  return (
    <>
      <PageHeader
        title={`${row.name}的课时台账`}
        caption={`${row.document}　${head.title}`}
        crumbs={[
          { label: head.title, href: paths.orgClass(area, head.id) },
          { label: '课时', href: paths.hoursSheet(area, head.id) },
        ]}
      />
      <div className="stack">
        <Progress label="已学" value={row.hours.hours} max={loaderData.classHours} unit="课时" />
        <DataTable
          caption="台账"
          captionNote="只增不改：记错的用一笔冲减，再补一笔。"
          rows={lines}
          rowKey={(line) => String(line.id)}
          columns={[
            { key: 'id', header: '序号', end: true, cell: (line) => line.id },
            { key: 'on', header: '日期', keep: true, cell: (line) => dayText(line.on) },
            {
              key: 'title',
              header: '课题',
              cell: (line) =>
                line.sessionId ? <a href={paths.session(area, line.sessionId)}>{line.title}</a> : line.title || '其他',
            },
            { key: 'source', header: '来源', keep: true, cell: (line) => sources[line.source] ?? line.source },
            {
              key: 'minutes',
              header: '分钟',
              end: true,
              cell: (line) => (line.minutes < 0 ? `−${-line.minutes}` : line.minutes),
            },
            {
              key: 'grade',
              header: '证据',
              keep: true,
              cell: (line) => `${gradeNames[line.grade]}（${grades[line.grade]}）`,
            },
            {
              key: 'why',
              header: '说明',
              cell: (line) =>
                line.reverses === null
                  ? staffText(line.reason, ['class'])
                  : `冲减第 ${line.reverses} 笔：${line.reason}`,
            },
          ]}
          foot={['合计', '', '', '', row.hours.ledgerMinutes, '', '']}
          empty={
            <EmptyState icon="clock" title="还没有课时">
              上完课、结束课次后自动记入。
            </EmptyState>
          }
        />
        {mayReverse && (
          <Section title="冲减课时" description="检查发现不实的课时，在这里冲减。已用于申领的，先办理追回。">
            {standing.length === 0 ? (
              <DisabledButton reason="没有可以冲减的课时。">冲减</DisabledButton>
            ) : (
              <Form failed={actionData} labels={{ entryId: '冲减哪一笔', reason: '理由' }}>
                <RadioGroup
                  name="entryId"
                  label="冲减哪一笔"
                  options={standing.map((line) => ({
                    value: String(line.id),
                    label: `第 ${line.id} 笔　${dayText(line.on)}　${line.title}　${line.minutes} 分钟`,
                  }))}
                />
                <TextArea name="reason" label="理由" hint="写明检查的时间、方式和发现。" rows={3} maxLength={500} />
                <Button kind="danger">冲减</Button>
              </Form>
            )}
          </Section>
        )}
      </div>
    </>
  )
}
