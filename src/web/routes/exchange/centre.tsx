import { redirect } from 'react-router'
import {
  centreTitles,
  offersOfCentre,
  openWishes,
  platformFigures,
  returnsOf,
} from '#modules/exchange/exchange.queries.ts'
import { centreSchemes, returnFieldList, returnFields, returnStates } from '#modules/exchange/exchange.schema.ts'
import { saySeats } from '#modules/exchange/given.commands.ts'
import { cancelSeats, offerSeats } from '#modules/exchange/offer.commands.ts'
import { submitReturn } from '#modules/exchange/return.commands.ts'
import { addSheet } from '#modules/exchange/sign-in.commands.ts'
import { venuesOf } from '#modules/training/place.queries.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { attempt } from '../../ctx.ts'
import { OwnOffers } from '../../exchange/own-offers.tsx'
import { daySpan, exchangeWords, OfferFields } from '../../exchange/parts.tsx'
import { done, paths } from '../../paths.ts'
import { ofForm } from '../../recognition/desk.ts'
import { title } from '../../site.ts'
import { subdistrictOptions } from '../../subdistricts.ts'
import { workOf } from '../../training/desk.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField, TextArea, TextField } from '../../ui/fields.tsx'
import { IntentForm } from '../../ui/intent-form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/centre.ts'

export const meta = () => title('开放席位和年度数据')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf(args, 'exchange.use')
  const year = yearOf(dayOf(ctx.now)) - 1
  const [titles, offers, wishes, venues, returns, platform] = await Promise.all([
    centreTitles(ctx.db, organisationId, centreSchemes),
    offersOfCentre(ctx, organisationId),
    openWishes(ctx),
    venuesOf(ctx.db, organisationId),
    returnsOf(ctx.db, organisationId),
    platformFigures(ctx.db, organisationId, year),
  ])
  const names = new Map(ctx.plan.schemes.map((one) => [one.code, one.name]))
  return {
    area,
    year,
    platform,
    wishes,
    returns,
    titles: titles.map((one) => ({ value: one.id, label: `${names.get(one.scheme) ?? one.scheme} ${one.number}` })),
    offers,
    rooms: venues.flatMap((venue) =>
      venue.rooms.map((room) => ({ value: room.id, label: `${venue.name} ${room.name}（${room.seats}座）` })),
    ),
    streets: subdistrictOptions(ctx.plan, dayOf(ctx.now)),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, organisationId } = workOf(args, 'exchange.use')
  const form = await args.request.formData()
  const intents = {
    offer: offerSeats,
    cancel: cancelSeats,
    say: saySeats,
    sheet: addSheet,
    return: submitReturn,
  } as const
  const intent = String(form.get('intent')) as keyof typeof intents
  const { given, named } = ofForm(form, intent)
  const file = intent === 'sheet' ? await uploadOf(form, 'file') : undefined
  const work = named<unknown>((intents[intent] ?? offerSeats)(ctx, { ...given, ...(file && { file }), organisationId }))
  const tried = await attempt(work, form, exchangeWords(ctx))
  return tried.ok ? redirect(done(paths.openSeats(area), 'saved')) : tried.answer
}

export default function Centre({ loaderData, actionData }: Route.ComponentProps) {
  const { area, year, platform, wishes, returns, titles, offers, rooms, streets } = loaderData
  const intent = actionData?.values.intent
  return (
    <>
      <PageHeader
        title="开放席位和年度数据"
        lead="有培训基地、培训中心等称号的单位，可以把教室席位开放给其他企业；每年报送数据，与平台记录核对。"
        crumbs={[{ label: '工作台首页', href: `/${area}` }]}
      />
      {titles.length === 0 ? (
        <EmptyState icon="lock" title="本单位没有在期的培训基地或培训中心称号">
          认定后可以开放席位、报送年度数据。
        </EmptyState>
      ) : (
        <div className="stack">
          <Section title="开放的席位">
            <OwnOffers
              caption="开放的席位"
              place={{ header: '教室', cell: (row) => row.place }}
              offers={offers}
              failed={actionData}
              empty="还没有开放席位"
            />
            <More label="开放一个时段" open={intent === 'offer'}>
              <IntentForm intent="offer" failed={actionData}>
                <OfferFields lead="offer" streets={streets} rooms={rooms} titles={titles} />
                <Button>开放</Button>
              </IntentForm>
            </More>
          </Section>
          <Section title="企业需求" description="还没有约到的需求。开放合适的时段，会自动推荐给提出的企业。">
            <DataTable
              caption="企业需求"
              rows={wishes}
              rowKey={(row) => row.id}
              columns={[
                { key: 'subject', header: '题目', cell: (row) => row.subject },
                { key: 'industry', header: '行业', cell: (row) => row.industry },
                { key: 'persons', header: '人数', end: true, cell: (row) => row.persons },
                { key: 'days', header: '时间', cell: (row) => daySpan(row.from, row.to) },
              ]}
              empty={<EmptyState title="没有等待的需求" />}
            />
          </Section>
          <Section title="年度数据" description={`${year}年平台记录如下；填报与之不同的要写明原因。`}>
            <SummaryList
              rows={returnFieldList.map((field) => ({ label: returnFields[field], value: platform[field] }))}
            />
            <DataTable
              caption="报送记录"
              rows={returns}
              rowKey={(row) => row.id}
              columns={[
                { key: 'year', header: '年度', cell: (row) => `${row.year}年` },
                ...returnFieldList.map((field) => ({
                  key: field,
                  header: returnFields[field],
                  end: true,
                  cell: (row: (typeof returns)[number]) => `${row.own[field]}（平台${row.platform[field]}）`,
                })),
                {
                  key: 'state',
                  header: '状态',
                  cell: (row) => `${returnStates[row.state]}${row.note ? `：${row.note}` : ''}`,
                },
              ]}
              empty={<EmptyState title="还没有报送" />}
            />
            <More label={`报送${year}年数据`} open={intent === 'return'}>
              <IntentForm intent="return" failed={actionData} about={{ year }}>
                <SelectField name="return-designationId" label="称号" options={titles} />
                {returnFieldList.map((field) => (
                  <TextField
                    key={field}
                    name={`return-${field}`}
                    label={returnFields[field]}
                    inputMode="numeric"
                    width="short"
                  />
                ))}
                <TextArea
                  name="return-explanation"
                  label="差异说明"
                  rows={3}
                  optional
                  hint="与平台记录不同的写明原因"
                />
                <Button>报送</Button>
              </IntentForm>
            </More>
          </Section>
        </div>
      )}
    </>
  )
}
