import { redirect } from 'react-router'
import { planSessions } from '#modules/training/session.commands.ts'
import { sessionsOf } from '#modules/training/session.queries.ts'
import { attempt } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { classOf } from '../../training/class-head.ts'
import { trainingWords } from '../../training/desk.ts'
import { SessionFields, sessionLabels } from '../../training/session-form.tsx'
import { sessionOptions } from '../../training/session-options.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/session-new.ts'

export const meta = () => title('排课')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, cls, head } = await classOf(args)
  const [options, sessions] = await Promise.all([sessionOptions(ctx, cls), sessionsOf(ctx.db, cls.id)])
  const last = sessions.findLast((one) => one.state !== 'cancelled')
  return {
    area,
    head,
    ...options,
    min: cls.startsOn,
    max: cls.endsOn,
    values: {
      title: '',
      courseKind: last?.courseKind ?? 'professional',
      day: '',
      from: last ? instantText(last.from).slice(-5) : '09:00',
      to: last ? instantText(last.to).slice(-5) : '12:00',
      breakMinutes: String(last?.breakMinutes ?? 0),
      trainerId: last?.trainerId ?? options.trainers[0]?.value ?? '',
      roomId: last?.roomId ?? options.rooms[0]?.value ?? '',
    },
    held: sessions
      .filter((one) => one.state === 'closed' && one.makeupOf === null)
      .map((one) => ({ value: one.id, label: `${instantText(one.from)}　${one.title}` })),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, cls } = await classOf(args)
  const form = await args.request.formData()
  const tried = await attempt(
    planSessions(ctx, { ...Object.fromEntries(form), classId: cls.id }),
    form,
    trainingWords(ctx),
  )
  return tried.ok ? redirect(done(paths.classSessions(area, cls.id), 'planned')) : tried.answer
}

export default function NewSession({ loaderData, actionData }: Route.ComponentProps) {
  const { area, head, held } = loaderData
  const back = paths.classSessions(area, head.id)
  return (
    <>
      <PageHeader
        title="排课"
        caption={`${head.title}　班号 ${head.number}`}
        crumbs={[{ label: '课表', href: back }]}
      />
      <Form failed={actionData} labels={sessionLabels}>
        <SessionFields {...loaderData} />
        <TextField
          name="weeks"
          label="重复周数"
          hint="每周同一时间连排几周；只排这一次填 1。有一次撞课，就一次都不排。"
          unit="周"
          inputMode="numeric"
          width="short"
          value="1"
        />
        {held.length > 0 && (
          <SelectField
            name="makeupOf"
            label="补哪一次课"
            optional
            placeholder="不是补课"
            hint="补课只给那一次没有课时的人计课时。"
            options={held}
          />
        )}
        <Actions>
          <Button>排入课表</Button>
          <LinkButton kind="quiet" href={back}>
            不排
          </LinkButton>
        </Actions>
      </Form>
    </>
  )
}
