import { redirect } from 'react-router'
import { sharedDevices, witnessList } from '#modules/training/attendance.queries.ts'
import { closeSession } from '#modules/training/hours.commands.ts'
import { openSession } from '#modules/training/session.commands.ts'
import { sessionPage } from '#modules/training/session.queries.ts'
import { grades, markKinds, sessionStates } from '#modules/training/session.schema.ts'
import { gradeNames, staffText } from '#modules/training/settlement.schema.ts'
import { markByStaff, markByTrainer } from '#modules/training/witness.commands.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { areaAt, sessionTones, trainingWords } from '../../training/desk.ts'
import { Actions, Button, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/session.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.session.title ?? '课次')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const session = await sessionPage(ctx, isId(params.sessionId)).catch(fail(request))
  const scope = { organisationId: session.class.organisationId }
  const at = await figuresFor(ctx)
  const value = (id: string) => at(id, dayOf(session.from)).value ?? 0
  const [people, shared] = await Promise.all([
    witnessList(ctx.db, session.id),
    sharedDevices(ctx.db, session.id, value('OP.deviceShareMax')),
  ])
  const staff = ctx.actor.can('session.edit', scope)
  return {
    area: areaAt(request),
    session,
    people: people.map(({ marks, ...row }) => ({
      ...row,
      marks: marks.filter((mark) => !mark.voided).map(({ id, kind, from, to }) => ({ id, kind, from, to })),
    })),
    shared,
    opensAt: new Date(session.from.getTime() - value('OP.checkInEarlyMinutes') * 60_000),
    now: ctx.now,
    may: {
      run: staff || (session.ownSession && ctx.actor.can('session.run', scope)),
      edit: staff,
      vouchAs: session.ownSession ? ('trainer' as const) : staff ? ('staff' as const) : null,
    },
  }
}

const steps = {
  open: { command: openSession, done: 'opened' },
  close: { command: closeSession, done: 'session-closed' },
  trainer: { command: markByTrainer, done: 'marked' },
  staff: { command: markByStaff, done: 'marked' },
} as const

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context })
  const sessionId = isId(params.sessionId)
  const form = await request.formData()
  const intent = String(form.get('intent'))
  if (!Object.hasOwn(steps, intent)) throw new Response(null, { status: 400 })
  const step = steps[intent as keyof typeof steps]
  const tried = await attempt<unknown>(step.command(ctx, { ...formObject(form), sessionId }), form, trainingWords(ctx))
  return tried.ok ? redirect(done(paths.session(areaAt(request), sessionId), step.done)) : tried.answer
}

export default function SessionView({ loaderData, actionData }: Route.ComponentProps) {
  const { area, session, may, shared } = loaderData
  return (
    <>
      <PageHeader
        title={session.title}
        caption={`${session.class.title}　班号 ${session.class.number}`}
        crumbs={[{ label: '课表', href: paths.classSessions(area, session.class.id) }]}
        tag={<StatusTag tone={sessionTones[session.state]}>{sessionStates[session.state]}</StatusTag>}
        actions={
          may.edit &&
          session.state === 'planned' && <LinkButton href={paths.editSession(area, session.id)}>调整</LinkButton>
        }
      />
      <div className="stack">
        <SummaryList
          rows={[
            {
              label: '时间',
              value: `${instantText(session.from)}至${instantText(session.to).slice(-5)}`,
              note: session.breakMinutes > 0 ? `其中休息 ${session.breakMinutes} 分钟` : undefined,
            },
            { label: '教室', value: session.room ? `${session.venue}　${session.room}` : '线上' },
            { label: '教师', value: session.trainer },
          ]}
        />
        {may.run && <Running data={loaderData} failed={actionData} />}
        {shared.length > 0 && (
          <Notice tone="warn" title="有一台设备为多人签到">
            <p>
              {shared.map((one) => `同一设备 ${one.persons} 人：${one.names.join('、')}`).join('；')}
              。请当场核对本人是否在场。
            </p>
          </Notice>
        )}
        <People data={loaderData} failed={actionData} />
      </div>
    </>
  )
}

type Data = Route.ComponentProps['loaderData']
type Failed = Route.ComponentProps['actionData']
const failedAs = (failed: Failed, ...intents: string[]) =>
  failed && intents.includes(String(failed.values.intent)) ? failed : undefined

/** Start, show the code, end. */
function Running({ data: { area, session, opensAt, now }, failed }: { data: Data; failed: Failed }) {
  if (session.state === 'planned') {
    const reason =
      now < opensAt
        ? `${instantText(opensAt)}起可以开始。`
        : now >= session.to
          ? '已过下课时间。没有上的课请取消后另排。'
          : !['approved', 'in-session'].includes(session.class.state)
            ? '班级还没有批准开班，或已暂停。'
            : null
    return reason ? (
      <DisabledButton reason={reason}>开始上课</DisabledButton>
    ) : (
      <Form failed={failedAs(failed, 'open')}>
        <input type="hidden" name="intent" value="open" />
        <Button>开始上课</Button>
      </Form>
    )
  }
  if (session.state !== 'open') return null
  const early = now < session.to
  return (
    <Section
      title="正在上课"
      description="把签到码投到屏幕上。学员扫码后，请您再确认一次在场的人：两方一致，证据最强。"
    >
      <Actions>
        <LinkButton kind="primary" href={paths.roomCode(area, session.id)}>
          打开签到码
        </LinkButton>
        <LinkButton href={paths.session(area, session.id)}>刷新名单</LinkButton>
      </Actions>
      <More label="结束上课" open={failedAs(failed, 'close') !== undefined || !early}>
        <p>
          结束后不能再签到，课时按签到记入台账。
          {early && <b>现在还没有到下课时间，课时只算到结束的这一刻。</b>}
        </p>
        <Form failed={failedAs(failed, 'close')}>
          <input type="hidden" name="intent" value="close" />
          <Button kind={early ? 'danger' : 'plain'}>结束上课，记入课时</Button>
        </Form>
      </More>
    </Section>
  )
}

/** Who is here, by whose word, and what it counted for. */
function People({ data, failed }: { data: Data; failed: Failed }) {
  const { area, session, people, may } = data
  const vouching = session.state === 'open' && may.vouchAs !== null
  const table = (
    <DataTable
      caption={`学员 ${people.length} 人，有签到 ${people.filter((row) => row.marks.some((mark) => mark.kind !== 'excused')).length} 人`}
      rows={people}
      rowKey={(row) => row.enrolmentId}
      columns={[
        {
          key: 'name',
          header: '姓名',
          keep: true,
          cell: (row) =>
            may.edit && session.state !== 'cancelled' ? (
              <a href={paths.witness(area, session.id, row.enrolmentId)}>{row.name}</a>
            ) : (
              row.name
            ),
        },
        { key: 'document', header: '证件号码', keep: true, cell: (row) => row.document },
        {
          key: 'marks',
          header: '谁证明在场',
          cell: (row) =>
            row.marks.length === 0
              ? '还没有'
              : row.marks
                  .map(
                    (mark) =>
                      `${markKinds[mark.kind]} ${instantText(mark.from).slice(-5)}—${instantText(mark.to).slice(-5)}`,
                  )
                  .join('；'),
        },
        {
          key: 'counted',
          header: '记入',
          cell: (row) =>
            row.minutes !== null && row.grade ? (
              <>
                {row.minutes} 分钟，{gradeNames[row.grade]}（{grades[row.grade]}）
              </>
            ) : session.state === 'closed' ? (
              '不计'
            ) : (
              '下课后记'
            ),
        },
        ...(session.state === 'closed'
          ? [
              {
                key: 'why',
                header: '依据',
                cell: (row: Data['people'][number]) =>
                  staffText(
                    row.reason,
                    row.marks.map((mark) => mark.kind),
                  ),
              },
            ]
          : []),
        ...(vouching
          ? [
              {
                key: 'pick',
                header: '在场',
                cell: (row: Data['people'][number]) => {
                  const already = row.marks.some((mark) => mark.kind === may.vouchAs)
                  return already ? (
                    '已确认'
                  ) : (
                    <label className="choice">
                      <input className="checkbox" type="checkbox" name="enrolmentIds" value={row.enrolmentId} />
                      <span>
                        在场<span className="sr-only">：{row.name}</span>
                      </span>
                    </label>
                  )
                },
              },
            ]
          : []),
      ]}
      empty={
        <EmptyState icon="people" title="班里还没有学员">
          请先登记学员。
        </EmptyState>
      }
    />
  )
  if (!vouching) return table
  return (
    <Form
      failed={failedAs(failed, 'trainer', 'staff')}
      labels={{ enrolmentIds: '学员', from: '到课时间', to: '离开时间' }}
    >
      <input type="hidden" name="intent" value={may.vouchAs ?? ''} />
      <span id="f-enrolmentIds" />
      {table}
      <More label="只在场一段时间的（迟到、早退）">
        <TextField
          name="from"
          label="到课时间"
          optional
          hint="例如 09:30；整节课都在的不用填。"
          width="short"
          maxLength={5}
        />
        <TextField name="to" label="离开时间" optional width="short" maxLength={5} />
      </More>
      <Button kind="plain">{may.vouchAs === 'trainer' ? '教师确认：勾选的人在场' : '教务确认：勾选的人在场'}</Button>
    </Form>
  )
}
