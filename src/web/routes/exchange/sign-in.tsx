import { data, redirect } from 'react-router'
import { signIn } from '#modules/exchange/sign-in.commands.ts'
import { offerScan, ownSignIn } from '#modules/exchange/sign-in.queries.ts'
import { attempt, current, fail } from '../../ctx.ts'
import { deviceCookie, deviceOf, newDevice } from '../../device.ts'
import { exchangeWords, span } from '../../exchange/parts.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { ownAffairs, personIdOf } from '../../person.ts'
import { title } from '../../site.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import type { Route } from './+types/sign-in.ts'

export const meta = () => title('公益课签到')

/** A right code opened in time is noted for this device, so that signing in afterwards costs nobody the hour. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const found = context.get(current)
  const { ctx } = found
  const asked = new URL(request.url).searchParams
  const known = deviceOf(request)
  const device = known || newDevice()
  const id = isId(params.id)
  const page = await offerScan(ctx, id, (asked.get('c') ?? '').slice(0, 20), device).catch(fail(request))
  const hold = page.hold?.ok ? page.hold.value : (asked.get('h') ?? '').slice(0, 200)
  const refused = page.hold && !page.hold.ok ? page.hold.refusal : null
  const { offer, firms } = page
  return data(
    {
      ...{ firms, hold },
      subject: offer.subject,
      where: `${offer.host}　${offer.online ? '线上' : offer.place}　${span(offer)}`,
      at: await ownSignIn(ctx, id),
      refused: refused && (exchangeWords(ctx)({ ...refused, clause: 'X02' }) ?? null),
      signedIn: ctx.actor.kind !== 'anonymous',
      named: personIdOf(found) !== null,
      here: paths.sharingSignIn(id, hold ? { h: hold } : {}),
    },
    known ? undefined : { headers: { 'set-cookie': deviceCookie(device, found) } },
  )
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const form = await request.formData()
  const offerId = isId(params.id)
  const input = { ...Object.fromEntries(form), offerId, device: deviceOf(request) }
  const tried = await attempt(signIn(ctx, input), form, exchangeWords(ctx))
  return tried.ok ? redirect(paths.sharingSignIn(offerId), 303) : tried.answer
}

export default function SignInPage({ loaderData, actionData }: Route.ComponentProps) {
  const { subject, where, at, refused } = loaderData
  return (
    <div className="check-in stack">
      <div>
        <h1>{subject}</h1>
        <p>{where}</p>
      </div>
      {at ? (
        <Notice tone="good" title="已签到">
          <p>{instantText(at)}</p>
        </Notice>
      ) : (
        <>
          {refused && !actionData && (
            <Notice tone="bad" title={refused.title}>
              <p>{refused.remedy}</p>
            </Notice>
          )}
          <Step data={loaderData} failed={actionData} />
        </>
      )}
    </div>
  )
}

type Props = Pick<Route.ComponentProps, 'actionData'>['actionData']
function Step({ data: page, failed }: { data: Route.ComponentProps['loaderData']; failed: Props }) {
  const { firms, hold, here } = page
  if (firms.length === 0) return <p>这个时段没有单位预约，不用签到。</p>
  if (!page.signedIn) {
    return (
      <>
        <LinkButton kind="primary" href={paths.signIn(here)}>
          登录并签到
        </LinkButton>
        {hold && <p>您扫码的时间已经记下，登录后按这个时间签到。</p>}
      </>
    )
  }
  if (!page.named) {
    return (
      <LinkButton kind="primary" href={paths.identity(here)}>
        先填姓名和证件号码
      </LinkButton>
    )
  }
  const [only] = firms
  return (
    <Form action={here} failed={failed}>
      {firms.length === 1 && only ? (
        <>
          <p>所在单位：{only.label}</p>
          <input type="hidden" name="bookingId" value={only.value} />
        </>
      ) : (
        <SelectField name="bookingId" label="您所在的单位" options={firms} />
      )}
      {hold ? (
        <input type="hidden" name="hold" value={hold} />
      ) : (
        <TextField name="code" label="签到码" hint="现场二维码下面的八位字母和数字" maxLength={12} width="full" />
      )}
      <Button>签到</Button>
    </Form>
  )
}
