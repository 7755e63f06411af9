import { redirect } from 'react-router'
import { classes } from '#modules/training/class.queries.ts'
import { cancelSession, editSession } from '#modules/training/session.commands.ts'
import { sessionPage } from '#modules/training/session.queries.ts'
import { sessionStates } from '#modules/training/session.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { areaAt, trainingWords } from '../../training/desk.ts'
import { SessionFields, sessionLabels } from '../../training/session-form.tsx'
import { sessionOptions } from '../../training/session-options.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import type { Route } from './+types/session-edit.ts'

export const meta = () => title('调整课次')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'session.edit')
  const session = await sessionPage(ctx, isId(params.sessionId)).catch(fail(request))
  const cls = await classes(ctx.db).where('c.id', '=', session.class.id).executeTakeFirstOrThrow()
  return {
    area: areaAt(request),
    session: { id: session.id, title: session.title, state: session.state },
    cls: { id: cls.id, title: cls.title },
    ...(await sessionOptions(ctx, cls)),
    min: cls.startsOn,
    max: cls.endsOn,
    values: {
      title: session.title,
      courseKind: session.courseKind,
      day: dayOf(session.from),
      from: instantText(session.from).slice(-5),
      to: instantText(session.to).slice(-5),
      breakMinutes: String(session.breakMinutes),
      trainerId: session.trainerId,
      roomId: session.roomId ?? '',
    },
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'session.edit')
  const sessionId = isId(params.sessionId)
  const form = await request.formData()
  const cancel = form.get('intent') === 'cancel'
  const input = { ...Object.fromEntries(form), sessionId }
  const tried = await attempt<unknown>((cancel ? cancelSession : editSession)(ctx, input), form, trainingWords(ctx))
  return tried.ok
    ? redirect(done(paths.session(areaAt(request), sessionId), cancel ? 'session-cancelled' : 'saved'))
    : tried.answer
}

export default function EditSession({ loaderData, actionData }: Route.ComponentProps) {
  const { area, session, cls } = loaderData
  const back = paths.session(area, session.id)
  const cancelling = actionData?.values.intent === 'cancel'
  return (
    <>
      <PageHeader
        title="调整课次"
        caption={cls.title}
        crumbs={[
          { label: '课表', href: paths.classSessions(area, cls.id) },
          { label: session.title, href: back },
        ]}
      />
      {session.state === 'planned' ? (
        <div className="stack">
          <Form failed={cancelling ? undefined : actionData} labels={sessionLabels}>
            <SessionFields {...loaderData} />
            <Actions>
              <Button>保存</Button>
              <LinkButton kind="quiet" href={back}>
                不保存
              </LinkButton>
            </Actions>
          </Form>
          <Section title="取消这次课" description="取消以后教室和教师的时间空出来。课时不够的，记得另排。">
            <Form failed={cancelling ? actionData : undefined} labels={{ reason: '取消理由' }}>
              <input type="hidden" name="intent" value="cancel" />
              <TextField name="reason" label="取消理由" width="full" maxLength={500} />
              <Button kind="danger">取消这次课</Button>
            </Form>
          </Section>
        </div>
      ) : (
        <Notice title={`这次课“${sessionStates[session.state]}”，不能调整`}>
          <p>
            <a href={back}>返回课次</a>
          </p>
        </Notice>
      )}
    </>
  )
}
