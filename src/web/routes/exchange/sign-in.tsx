import { redirect } from 'react-router'
import { signIn } from '#modules/exchange/booking.commands.ts'
import { bookingsOn, offerById } from '#modules/exchange/exchange.queries.ts'
import { missing } from '#platform/errors.ts'
import { attempt, fail } from '../../ctx.ts'
import { exchangeWords, span } from '../../exchange/parts.tsx'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/sign-in.ts'

export const meta = () => title('公益课签到')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = ownAffairs({ request, context })
  const find = async () => {
    const found = await offerById(ctx.db, isId(params.id))
    if (!found || found.state === 'cancelled') throw missing('sharing-offer')
    return found
  }
  const offer = await find().catch(fail(request))
  const firms = await bookingsOn(ctx.db, [offer.id])
  return {
    subject: offer.subject,
    host: offer.host,
    time: span(offer),
    place: offer.place,
    firms: firms.map((one) => ({ value: one.id, label: one.organisation })),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const form = await request.formData()
  const offerId = isId(params.id)
  const tried = await attempt(signIn(ctx, { ...Object.fromEntries(form), offerId }), form, exchangeWords(ctx))
  return tried.ok ? redirect(done(paths.sharingSignIn(offerId), 'sharing-signed-in')) : tried.answer
}

export default function SignInPage({ loaderData, actionData }: Route.ComponentProps) {
  const { subject, host, time, place, firms } = loaderData
  return (
    <>
      <PageHeader title="公益课签到" lead={`${subject}，${host}，${time}，${place}`} />
      <Form failed={actionData}>
        <SelectField name="bookingId" label="您所在的单位" options={firms} />
        <TextField name="code" label="签到码" hint="现场公布的 6 位签到码" width="short" maxLength={20} />
        <Button>签到</Button>
      </Form>
    </>
  )
}
