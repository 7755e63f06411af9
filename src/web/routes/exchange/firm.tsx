import { redirect } from 'react-router'
import { askTopic, book, cancelBooking, withdrawWish } from '#modules/exchange/booking.commands.ts'
import { bookingsOf, matches, openOffers, wishesOf } from '#modules/exchange/exchange.queries.ts'
import { offerStates, wishStates } from '#modules/exchange/exchange.schema.ts'
import { confirmGiven } from '#modules/exchange/given.commands.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt } from '../../ctx.ts'
import { daySpan, exchangeWords, hostOf, SaidFields, span } from '../../exchange/parts.tsx'
import { done, paths } from '../../paths.ts'
import { ofForm } from '../../recognition/desk.ts'
import { title } from '../../site.ts'
import { subdistrictName, subdistrictOptions } from '../../subdistricts.ts'
import { workOf } from '../../training/desk.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DateField, SelectField, TextArea, TextField } from '../../ui/fields.tsx'
import { IntentForm } from '../../ui/intent-form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/firm.ts'

export const meta = () => title('约导师、约席位')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf(args, 'exchange.use')
  const [wishes, offers, bookings] = await Promise.all([
    wishesOf(ctx.db, organisationId),
    openOffers(ctx),
    bookingsOf(ctx.db, organisationId),
  ])
  return {
    area,
    offers: offers.filter((one) => one.organisationId !== organisationId && one.left > 0),
    wishes: wishes.map((wish) => ({
      ...wish,
      street: subdistrictName(ctx.plan, wish.subdistrict),
      found: wish.state === 'open' ? matches(wish, offers) : [],
    })),
    bookings: bookings.map((one) => ({ ...one, begun: one.from <= ctx.now, over: one.to <= ctx.now })),
    streets: subdistrictOptions(ctx.plan, dayOf(ctx.now)),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, organisationId } = workOf(args, 'exchange.use')
  const form = await args.request.formData()
  const intents = {
    ...{ wish: askTopic, withdraw: withdrawWish, book, 'cancel-booking': cancelBooking, confirm: confirmGiven },
  } as const
  const intent = String(form.get('intent')) as keyof typeof intents
  const { given, named } = ofForm(form, intent)
  const work = named<unknown>((intents[intent] ?? askTopic)(ctx, { ...given, organisationId }))
  const tried = await attempt(work, form, exchangeWords(ctx))
  return tried.ok ? redirect(done(paths.ownSharing(area), 'saved')) : tried.answer
}

export default function Firm({ loaderData, actionData }: Route.ComponentProps) {
  const { area, offers, wishes, bookings, streets } = loaderData
  const open = wishes.filter((one) => one.state === 'open')
  const waiting = bookings.filter((one) => one.state === 'booked' && one.over && !one.said)
  return (
    <>
      <PageHeader
        title="约导师、约席位"
        lead="提出想学的题目，平台按行业、题目、地点和时间推荐；也可以直接预约。都不收费。"
        crumbs={[{ label: '工作台首页', href: `/${area}` }]}
      />
      <div className="stack">
        {waiting.map((one) => (
          <Section
            key={one.id}
            title={`确认：${one.subject}`}
            description={`${one.host}，${span(one)}，签到 ${one.signedIn} 人`}
          >
            <IntentForm intent="confirm" failed={actionData} about={{ bookingId: one.id }}>
              <SaidFields
                lead="confirm"
                minutes={Math.round((one.to.getTime() - one.from.getTime()) / 60_000)}
                persons={one.signedIn || one.seats}
              />
              <SelectField
                name="confirm-rating"
                label="评价"
                options={['5 很有用', '4 有用', '3 一般', '2 用处不大', '1 没有用'].map((label) => ({
                  value: label.slice(0, 1),
                  label,
                }))}
              />
              <Button>确认</Button>
            </IntentForm>
          </Section>
        ))}
        {open.map((wish) => (
          <Section
            key={wish.id}
            title={`需求：${wish.subject}`}
            description={`${wish.industry}，${wish.persons} 人，${daySpan(wish.from, wish.to)}${wish.street ? `，${wish.street}` : ''}`}
          >
            <DataTable
              caption="推荐的时段"
              rows={wish.found}
              rowKey={(row) => row.offer.id}
              columns={[
                { key: 'subject', header: '题目', cell: (row) => row.offer.subject },
                { key: 'host', header: '由谁提供', cell: (row) => hostOf(row.offer) },
                { key: 'time', header: '时间', keep: true, cell: (row) => span(row.offer) },
                { key: 'why', header: '推荐理由', cell: (row) => row.match.reasons.join('；') },
                {
                  key: 'do',
                  header: '办理',
                  cell: (row) => (
                    <IntentForm
                      intent="book"
                      failed={actionData}
                      about={{ offerId: row.offer.id, wishId: wish.id, seats: wish.persons }}
                    >
                      <Button kind="plain">{`预约 ${wish.persons} 人`}</Button>
                    </IntentForm>
                  ),
                },
              ]}
              empty={
                <EmptyState icon="search" title="还没有合适的时段">
                  导师和培训中心能看到这项需求，有新时段会列在这里。
                </EmptyState>
              }
            />
            <IntentForm intent="withdraw" failed={actionData} about={{ wishId: wish.id }}>
              <Button kind="quiet">撤回这项需求</Button>
            </IntentForm>
          </Section>
        ))}
        <Section title="提出需求">
          <More label="写一项需求" open={actionData !== undefined && actionData.values.intent === 'wish'}>
            <IntentForm intent="wish" failed={actionData}>
              <TextField name="wish-industry" label="行业" maxLength={60} />
              <TextField name="wish-subject" label="想学的题目" maxLength={80} width="full" />
              <TextArea name="wish-detail" label="说明" rows={3} optional />
              <SelectField
                name="wish-subdistrict"
                label="最好在哪个街道"
                options={streets}
                optional
                placeholder="不限"
              />
              <DateField name="wish-from" label="最早日期" />
              <DateField name="wish-to" label="最晚日期" />
              <TextField name="wish-persons" label="人数" unit="人" inputMode="numeric" width="short" />
              <Button>提出</Button>
            </IntentForm>
          </More>
        </Section>
        <Section title="可以预约的时段" more={{ href: paths.sharing(), label: '公开页' }}>
          <DataTable
            caption="可以预约的时段"
            rows={offers}
            rowKey={(row) => row.id}
            columns={[
              { key: 'subject', header: '题目', cell: (row) => row.subject },
              { key: 'host', header: '由谁提供', cell: (row) => hostOf(row) },
              { key: 'time', header: '时间', keep: true, cell: (row) => span(row) },
              { key: 'place', header: '地点', cell: (row) => (row.online ? '线上' : row.place) },
              { key: 'left', header: '剩余', end: true, cell: (row) => row.left },
              {
                key: 'do',
                header: '办理',
                cell: (row) => (
                  <IntentForm intent="book" failed={actionData} about={{ offerId: row.id }}>
                    <label>
                      人数
                      <input
                        className="input short"
                        name="seats"
                        inputMode="numeric"
                        defaultValue="1"
                        aria-label={`预约人数：${row.subject}`}
                      />
                    </label>
                    <Button kind="plain">预约</Button>
                  </IntentForm>
                ),
              },
            ]}
            empty={
              <EmptyState icon="calendar" title="现在没有可以预约的时段">
                可以先提出需求。
              </EmptyState>
            }
          />
        </Section>
        <Section title="本单位的预约">
          <DataTable
            caption="本单位的预约"
            rows={bookings}
            rowKey={(row) => row.id}
            columns={[
              { key: 'subject', header: '题目', cell: (row) => row.subject },
              { key: 'host', header: '由谁提供', cell: (row) => row.host },
              { key: 'time', header: '时间', keep: true, cell: (row) => span(row) },
              { key: 'seats', header: '人数', end: true, cell: (row) => row.seats },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) => (
                  <StatusTag
                    tone={
                      row.state === 'cancelled' || row.offerState === 'lapsed'
                        ? 'neutral'
                        : row.offerState === 'given'
                          ? 'good'
                          : 'info'
                    }
                  >
                    {row.state === 'cancelled'
                      ? '已取消'
                      : row.offerState === 'open'
                        ? row.said
                          ? '已确认，等对方'
                          : row.over
                            ? '等您确认'
                            : '已预约'
                        : offerStates[row.offerState]}
                  </StatusTag>
                ),
              },
              {
                key: 'do',
                header: '办理',
                cell: (row) =>
                  row.state === 'booked' && !row.begun ? (
                    <IntentForm intent="cancel-booking" failed={actionData} about={{ bookingId: row.id }}>
                      <Button kind="quiet">取消预约</Button>
                    </IntentForm>
                  ) : (
                    '—'
                  ),
              },
            ]}
            empty={<EmptyState title="还没有预约" />}
          />
        </Section>
        {wishes.length > open.length && (
          <More label="办结的需求">
            <ul className="list-disc ps-5">
              {wishes
                .filter((one) => one.state !== 'open')
                .map((one) => (
                  <li key={one.id}>
                    {one.subject}（{wishStates[one.state]}）
                  </li>
                ))}
            </ul>
          </More>
        )}
      </div>
    </>
  )
}
