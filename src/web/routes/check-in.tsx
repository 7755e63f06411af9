import { data, redirect } from 'react-router'
import { checkIn } from '#modules/training/attendance.commands.ts'
import { ownCheckIn, scanPage } from '#modules/training/attendance.queries.ts'
import { reasonText } from '#modules/training/session.schema.ts'
import { attempt, current, fail, wordsOf } from '../ctx.ts'
import { deviceCookie, deviceOf, newDevice } from '../device.ts'
import { isId } from '../params.ts'
import { paths } from '../paths.ts'
import { ownAffairs, personIdOf } from '../person.ts'
import { title } from '../site.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Form } from '../ui/form.tsx'
import { instantText } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import type { Tone } from '../ui/tone.ts'
import type { Route } from './+types/check-in.ts'

export const meta = () => title('课堂签到')

/**
 * Opening the page with a right code takes note of the instant, so that signing in afterwards costs nobody the lesson.
 * The note (`h`) travels through sign-in in the address and is good for this device only.
 */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const found = context.get(current)
  const { ctx } = found
  const asked = new URL(request.url).searchParams
  const code = (asked.get('c') ?? '').slice(0, 20)
  const known = deviceOf(request)
  const device = known || newDevice()
  const page = await scanPage(ctx, isId(params.sessionId), code, device).catch(fail(request))
  const told = asked.get('checked')
  const mark = told ? await ownCheckIn(ctx, page.sessionId) : null
  const refusal = page.hold && !page.hold.ok ? page.hold.refusal : null
  const hold = page.hold?.ok ? page.hold.value : (asked.get('h') ?? '').slice(0, 200)
  const here = paths.checkIn(page.sessionId, hold ? { h: hold } : {})
  return data(
    {
      page: { ...page, hold: null },
      checked: mark && { ...mark, already: told === 'again' },
      hold,
      refused: refusal && (wordsOf(ctx.plan, reasonText, refusal) ?? null),
      signedIn: ctx.actor.kind !== 'anonymous',
      named: personIdOf(found) !== null,
      here,
    },
    known ? undefined : { headers: { 'set-cookie': deviceCookie(device, found) } },
  )
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const form = await request.formData()
  const input = { ...Object.fromEntries(form), sessionId: isId(params.sessionId), device: deviceOf(request) }
  const tried = await attempt(checkIn(ctx, input), form, (refusal) => wordsOf(ctx.plan, reasonText, refusal))
  if (!tried.ok) return tried.answer
  // The mark is committed: the page that says so is read anew, and loading it again sends nothing twice.
  return redirect(paths.checkIn(tried.value.sessionId, { checked: tried.value.already ? 'again' : 'now' }), 303)
}

export default function CheckIn({ loaderData, actionData }: Route.ComponentProps) {
  const { page, refused } = loaderData
  const failed = actionData ?? null
  const checked = failed ? null : loaderData.checked
  const wording = failed?.wording ?? (actionData ? null : refused)
  return (
    <div className="check-in stack">
      {checked ? (
        <Outcome
          tone={checked.lateMinutes > 0 ? 'warn' : 'good'}
          title={checked.already ? '您已经签过到了' : checked.lateMinutes > 0 ? '已签到，迟到' : '签到成功'}
        >
          <p>{instantText(checked.at)}</p>
          {checked.lateMinutes > 0 && (
            <p>晚了 {checked.lateMinutes} 分钟，从签到时起计学时。来得更早的，请教师当场为您确认。</p>
          )}
        </Outcome>
      ) : (
        wording && (
          <Outcome tone="bad" title={wording.title}>
            <p>{wording.remedy}</p>
          </Outcome>
        )
      )}
      {failed && !failed.wording && (
        <Outcome tone="bad" title="没有签上">
          <p>请再扫一次教室屏幕上的二维码；仍不行的，请教师当场为您确认，效力相同。</p>
        </Outcome>
      )}
      <div>
        <h1>{page.classTitle}</h1>
        <p>
          {page.title}　{page.room ?? '线上'}
        </p>
        <p>
          {instantText(page.from)}至{instantText(page.to).slice(-5)}
        </p>
      </div>
      {checked ? <LinkButton href={paths.my()}>看我的学时</LinkButton> : <Step data={loaderData} />}
    </div>
  )
}

function Step({ data: { signedIn, named, here, hold } }: { data: Route.ComponentProps['loaderData'] }) {
  if (!signedIn) {
    return (
      <>
        <LinkButton kind="primary" href={paths.signIn(here)}>
          登录并签到
        </LinkButton>
        {hold && <p>您扫码的时间已经记下，登录后按这个时间签到。</p>}
      </>
    )
  }
  if (!named) {
    return (
      <LinkButton kind="primary" href={paths.identity(here)}>
        先填姓名和证件号码
      </LinkButton>
    )
  }
  return (
    <Form action={here}>
      {hold ? (
        <input type="hidden" name="hold" value={hold} />
      ) : (
        <TextField
          name="code"
          label="签到码"
          hint="教室屏幕上二维码下面的八位字母和数字。"
          maxLength={12}
          width="full"
        />
      )}
      <Button>签到</Button>
    </Form>
  )
}

function Outcome({ tone, title, children }: { tone: Tone; title: string; children: React.ReactNode }) {
  return (
    <div className="outcome" data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={tone === 'bad' ? 'stop' : tone === 'warn' ? 'clock' : 'check'} />
      <p className="outcome-title">{title}</p>
      {children}
    </div>
  )
}
