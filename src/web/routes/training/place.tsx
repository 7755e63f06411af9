import { data, redirect } from 'react-router'
import { saveRoom, saveTrainer, saveVenue } from '#modules/training/place.commands.ts'
import { trainersOf, venuesOf } from '#modules/training/place.queries.ts'
import { attempt } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { trainingWords, workOf } from '../../training/desk.ts'
import { subdistrictOptions } from '../../training/options.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { DateField, SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/place.ts'

const kinds = {
  venue: { label: '场地', command: saveVenue },
  room: { label: '教室', command: saveRoom },
  trainer: { label: '教师', command: saveTrainer },
} as const
type Kind = keyof typeof kinds

function kindOf(text: string | undefined): Kind {
  if (text && Object.hasOwn(kinds, text)) return text as Kind
  throw data(null, 404)
}

export const meta = ({ params }: Route.MetaArgs) => title(kinds[params.kind as Kind]?.label ?? '场地和师资')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf({ request, context }, 'class.edit')
  const kind = kindOf(params.kind)
  const fresh = params.id === 'new'
  const venues = await venuesOf(ctx.db, organisationId)
  const venue =
    kind === 'venue'
      ? venues.find(({ id }) => id === params.id)
      : venues.find(({ id }) => id === new URL(request.url).searchParams.get('venue'))
  const room = venue?.rooms.find(({ id }) => id === params.id)
  const trainer =
    kind === 'trainer' ? (await trainersOf(ctx.db, organisationId)).find(({ id }) => id === params.id) : undefined
  const found = { venue, room, trainer }[kind]
  if ((!fresh && !found) || (kind === 'room' && !venue)) throw data(null, 404)
  return {
    area,
    kind,
    id: fresh ? '' : (params.id ?? ''),
    venue: venue ? { id: venue.id, name: venue.name, address: venue.address, subdistrict: venue.subdistrict } : null,
    room: room ?? null,
    trainer: trainer
      ? {
          name: trainer.name,
          qualification: trainer.qualification,
          validFrom: trainer.validFrom,
          validTo: trainer.validTo,
        }
      : null,
    subdistricts: subdistrictOptions(ctx.plan),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx, area, organisationId } = workOf({ request, context }, 'class.edit')
  const form = await request.formData()
  const input = { ...Object.fromEntries(form), organisationId }
  const tried = await attempt<unknown>(kinds[kindOf(params.kind)].command(ctx, input), form, trainingWords(ctx))
  return tried.ok ? redirect(done(paths.places(area), 'saved')) : tried.answer
}

const labels = {
  name: '名称',
  address: '地址',
  subdistrict: '街道',
  seats: '座位数',
  documentNumber: '证件号码',
  qualification: '资格或职称',
  validFrom: '生效日期',
  validTo: '失效日期',
}

export default function Place({ loaderData, actionData }: Route.ComponentProps) {
  const { area, kind, id, venue, room, trainer } = loaderData
  const { label } = kinds[kind]
  return (
    <>
      <PageHeader
        title={id ? `修改${label}` : `增加${label}`}
        {...(kind === 'room' && { caption: venue?.name ?? '' })}
        crumbs={[{ label: '场地和师资', href: paths.places(area) }]}
      />
      <Form failed={actionData} labels={labels}>
        {kind === 'venue' && (
          <>
            <input type="hidden" name="venueId" value={id} />
            <TextField name="name" label="场地名称" value={venue?.name ?? ''} maxLength={60} />
            <TextField name="address" label="地址" value={venue?.address ?? ''} width="full" maxLength={200} />
            <SelectField
              name="subdistrict"
              label="所在街道"
              value={venue?.subdistrict ?? ''}
              options={loaderData.subdistricts}
            />
          </>
        )}
        {kind === 'room' && (
          <>
            <input type="hidden" name="venueId" value={venue?.id ?? ''} />
            <input type="hidden" name="roomId" value={id} />
            <TextField name="name" label="教室名称" value={room?.name ?? ''} maxLength={60} />
            <TextField
              name="seats"
              label="座位数"
              unit="座"
              inputMode="numeric"
              width="short"
              value={String(room?.seats ?? '')}
            />
          </>
        )}
        {kind === 'trainer' && (
          <>
            <input type="hidden" name="trainerId" value={id} />
            <TextField
              name="name"
              label="姓名"
              value={trainer?.name ?? ''}
              hint="公开页会显示教师姓名。"
              maxLength={40}
            />
            {!id && (
              <TextField
                name="documentNumber"
                label="居民身份证号码"
                hint="用于核对同一时间只上一堂课，不公开。"
                maxLength={30}
              />
            )}
            <TextField
              name="qualification"
              label="资格或职称"
              optional
              hint="例如：中式烹调高级技师，证书编号。"
              value={trainer?.qualification ?? ''}
              width="full"
              maxLength={200}
            />
            <DateField name="validFrom" label="生效日期" value={trainer?.validFrom ?? ''} />
            <DateField
              name="validTo"
              label="失效日期"
              optional
              hint="长期有效的不填。"
              value={trainer?.validTo ?? ''}
            />
          </>
        )}
        <Actions>
          <Button>保存</Button>
          <LinkButton kind="quiet" href={paths.places(area)}>
            不保存
          </LinkButton>
        </Actions>
      </Form>
    </>
  )
}
