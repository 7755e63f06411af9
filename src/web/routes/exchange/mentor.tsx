import { redirect } from 'react-router'
import { ledgerOf, mentorTitle, mentorYear, offersOfMentor, openWishes } from '#modules/exchange/exchange.queries.ts'
import { saySlot } from '#modules/exchange/given.commands.ts'
import { cancelSlot, offerSlot } from '#modules/exchange/offer.commands.ts'
import { addSheet } from '#modules/exchange/sign-in.commands.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { attempt } from '../../ctx.ts'
import { OwnOffers } from '../../exchange/own-offers.tsx'
import { daySpan, exchangeWords, OfferFields } from '../../exchange/parts.tsx'
import { done, paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { ofForm } from '../../recognition/desk.ts'
import { title } from '../../site.ts'
import { subdistrictOptions } from '../../subdistricts.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FigureCard, Figures } from '../../ui/figure-card.tsx'
import { durationText } from '../../ui/format.ts'
import { IntentForm } from '../../ui/intent-form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/mentor.ts'

export const meta = () => title('导师公益课')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const found = await mentorTitle(ctx.db, personId)
  if (!found) return { mentor: null }
  const year = yearOf(dayOf(ctx.now))
  const [offers, wishes, years, ledger] = await Promise.all([
    offersOfMentor(ctx, personId),
    openWishes(ctx),
    mentorYear(ctx, year),
    ledgerOf(ctx.db, year, found.id),
  ])
  return {
    mentor: found,
    year,
    needed: years.needed,
    undecided: ctx.plan.undecidedText,
    own: years.mentors.find((one) => one.designationId === found.id) ?? null,
    wishes,
    ledger,
    offers,
    streets: subdistrictOptions(ctx.plan, dayOf(ctx.now)),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const form = await request.formData()
  const intents = { offer: offerSlot, cancel: cancelSlot, say: saySlot, sheet: addSheet } as const
  const intent = String(form.get('intent')) as keyof typeof intents
  const { given, named } = ofForm(form, intent)
  const file = intent === 'sheet' ? await uploadOf(form, 'file') : undefined
  const work = named<unknown>((intents[intent] ?? offerSlot)(ctx, { ...given, ...(file && { file }) }))
  const tried = await attempt(work, form, exchangeWords(ctx))
  return tried.ok ? redirect(done(paths.mentoring(), 'saved')) : tried.answer
}

export default function Mentor({ loaderData, actionData }: Route.ComponentProps) {
  if (!loaderData.mentor) {
    return (
      <>
        <PageHeader title="导师公益课" />
        <EmptyState
          icon="star"
          title="您还不是海珠产业导师"
          action={{ href: paths.ownTitles('my'), label: '看申报和聘任' }}
        >
          受聘以后，在这里开放公益课时段、登记时数。
        </EmptyState>
      </>
    )
  }
  const { year, needed, own, wishes, offers, streets, undecided, ledger } = loaderData
  const minutes = own?.minutes ?? 0
  return (
    <>
      <PageHeader
        title="导师公益课"
        lead="每年至少两小时公益培训。开放时段、签到、双方确认以后记入时数。"
        caption={`海珠产业导师　${loaderData.mentor.number}`}
      />
      <div className="stack">
        {own && own.reminded > 0 && needed !== null && minutes < needed && (
          <Notice tone="warn" title={`${year}年还差${durationText(needed - minutes)}`}>
            <p>请在年底前开放时段，或者从下面的企业需求里选择。</p>
          </Notice>
        )}
        <Figures>
          <FigureCard
            label={`${year}年已确认`}
            value={durationText(minutes)}
            note={needed === null ? undecided : `每年至少${durationText(needed)}`}
            {...(needed !== null && { target: { value: minutes, max: needed } })}
          />
          <FigureCard label="场次" value={String(own?.sessions ?? 0)} unit="次" />
          <FigureCard label="到场" value={String(own?.persons ?? 0)} unit="人次" />
        </Figures>
        <Section title="我的时段">
          <OwnOffers
            caption="我的时段"
            place={{ header: '地点', cell: (row) => (row.online ? `线上：${row.place}` : row.place) }}
            offers={offers}
            failed={actionData}
            empty="还没有开放时段"
          />
          <More label="开放一个时段" open={actionData?.values.intent === 'offer' || offers.length === 0}>
            <IntentForm intent="offer" failed={actionData}>
              <OfferFields lead="offer" streets={streets} />
              <Button>开放</Button>
            </IntentForm>
          </More>
        </Section>
        <Section title="企业想学的" description="还没有约到的需求。开放合适的时段，会自动推荐给提出的企业。">
          <DataTable
            caption="企业想学的"
            rows={wishes}
            rowKey={(row) => row.id}
            columns={[
              { key: 'subject', header: '题目', cell: (row) => row.subject },
              { key: 'industry', header: '行业', cell: (row) => row.industry },
              { key: 'persons', header: '人数', end: true, cell: (row) => row.persons },
              { key: 'days', header: '时间', cell: (row) => daySpan(row.from, row.to) },
              { key: 'who', header: '企业', cell: (row) => row.organisation },
            ]}
            empty={<EmptyState title="没有等待的需求" />}
          />
        </Section>
        {ledger.length > 0 && (
          <Section title="时数台账" description="只增不改；有误的另记冲减。">
            <DataTable
              tight
              caption="时数台账"
              rows={ledger}
              rowKey={(row) => String(row.id)}
              columns={[
                { key: 'on', header: '日期', cell: (row) => row.on },
                { key: 'subject', header: '题目', cell: (row) => row.subject },
                { key: 'minutes', header: '分钟', end: true, cell: (row) => row.minutes },
              ]}
              empty={null}
            />
          </Section>
        )}
      </div>
    </>
  )
}
