import { redirect } from 'react-router'
import { ledgerOf, mentorYear, returnsOf } from '#modules/exchange/exchange.queries.ts'
import { offerKinds, returnFieldList, returnFields, returnStates } from '#modules/exchange/exchange.schema.ts'
import { decideFinding, proposeFinding } from '#modules/exchange/finding.commands.ts'
import { silentFirms } from '#modules/exchange/finding.queries.ts'
import { reverseHours } from '#modules/exchange/given.commands.ts'
import { decideReturn } from '#modules/exchange/return.commands.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { attempt, signedIn } from '../../ctx.ts'
import { exchangeWords } from '../../exchange/parts.tsx'
import { SilentFirms } from '../../exchange/silent.tsx'
import { done, paths } from '../../paths.ts'
import { ofForm } from '../../recognition/desk.ts'
import { title } from '../../site.ts'
import { Actions, Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { FigureCard, Figures } from '../../ui/figure-card.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { dayText, durationText } from '../../ui/format.ts'
import { IntentForm } from '../../ui/intent-form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/office.ts'

export const meta = () => title('导师时数和年度数据')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const today = yearOf(dayOf(ctx.now))
  const asked = Number(new URL(request.url).searchParams.get('year'))
  const year = Number.isInteger(asked) && asked >= 2020 && asked <= today ? asked : today
  const [mentors, ledger, returns, waiting] = await Promise.all([
    mentorYear(ctx, year),
    ledgerOf(ctx.db, year),
    returnsOf(ctx.db),
    silentFirms(ctx),
  ])
  return {
    ...mentors,
    ledger,
    returns,
    waiting,
    years: Array.from({ length: today - 2019 }, (_, at) => String(today - at)),
    undecided: ctx.plan.undecidedText,
    manage: ctx.actor.can('recognition.manage'),
    me: ctx.actor.hand.id,
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const form = await request.formData()
  const intents = {
    ...{ reverse: reverseHours, 'decide-return': decideReturn },
    ...{ find: proposeFinding, 'decide-finding': decideFinding },
  } as const
  const intent = String(form.get('intent')) as keyof typeof intents
  const { given, named } = ofForm(form, intent)
  const tried = await attempt(named<unknown>((intents[intent] ?? reverseHours)(ctx, given)), form, exchangeWords(ctx))
  return tried.ok ? redirect(done(paths.officeSharing(), 'saved')) : tried.answer
}

export default function Office({ loaderData, actionData }: Route.ComponentProps) {
  const { year, years, needed, mentors, short, ledger, returns, waiting, undecided, manage, me } = loaderData
  const minutes = mentors.reduce((sum, one) => sum + one.minutes, 0)
  const missing = new Map(short.map((one) => [one.designationId, one.missing]))
  return (
    <>
      <PageHeader title="导师时数和年度数据" />
      <div className="stack">
        <FilterBar label="选年度" action={paths.officeSharing()} values={{ year: String(year) }}>
          <SelectField name="year" label="年度" options={years.map((one) => ({ value: one, label: `${one}年` }))} />
        </FilterBar>
        <Figures>
          <FigureCard label="在聘导师" value={String(mentors.length)} unit="名" />
          <FigureCard label={`${year}年公益培训`} value={durationText(minutes)} note="双方确认的时数" />
          <FigureCard
            label="不足的导师"
            value={String(short.length)}
            unit="名"
            note={needed === null ? undecided : `每年至少${durationText(needed)}`}
          />
        </Figures>
        <Section
          title="导师年度时数"
          description="第四季度每月提醒一次不足的导师。"
          more={{ href: paths.sharingYear(year), label: `导出${year}年名单（XLSX）` }}
        >
          <DataTable
            caption="导师年度时数"
            rows={mentors}
            rowKey={(row) => row.designationId}
            columns={[
              { key: 'name', header: '导师', cell: (row) => <a href={paths.titleHolder(row.number)}>{row.name}</a> },
              { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
              { key: 'minutes', header: '已确认', end: true, cell: (row) => durationText(row.minutes) },
              { key: 'sessions', header: '场次', end: true, cell: (row) => row.sessions },
              { key: 'persons', header: '到场人次', end: true, cell: (row) => row.persons },
              {
                key: 'short',
                header: '年度要求',
                keep: true,
                cell: (row) => {
                  const gap = missing.get(row.designationId)
                  return gap === undefined ? (
                    <StatusTag tone="good">已达到</StatusTag>
                  ) : (
                    <StatusTag tone="warn">{`还差${durationText(gap)}`}</StatusTag>
                  )
                },
              },
              { key: 'reminded', header: '提醒', end: true, cell: (row) => `${row.reminded}次` },
            ]}
            empty={<EmptyState icon="people" title="这一年没有在聘导师" />}
          />
        </Section>
        <Section
          title="等参加单位确认"
          description="导师或培训中心已经确认、参加单位没有回应的。过了期限，两人按证据确认，或者解除这家单位的预约。"
        >
          <SilentFirms {...waiting} undecided={undecided} manage={manage} me={me} failed={actionData} />
        </Section>
        <Section title="时数台账" description="导师公益课和开放席位，双方确认后记入；只增不改，有误的冲减。">
          <DataTable
            caption="时数台账"
            rows={ledger}
            rowKey={(row) => String(row.id)}
            columns={[
              { key: 'subject', header: '题目', cell: (row) => row.subject },
              { key: 'host', header: '由谁提供', cell: (row) => `${row.host}（${offerKinds[row.kind]}）` },
              { key: 'on', header: '日期', keep: true, cell: (row) => dayText(row.on) },
              { key: 'minutes', header: '分钟', end: true, cell: (row) => row.minutes },
              { key: 'persons', header: '人次', end: true, cell: (row) => row.persons },
              { key: 'by', header: '记入', cell: (row) => (row.reason ? `${row.by}冲减：${row.reason}` : row.by) },
              {
                key: 'do',
                header: '办理',
                cell: (row) =>
                  manage && row.reverses === null && !row.reversed ? (
                    <More label="冲减">
                      <IntentForm intent="reverse" failed={actionData} about={{ entryId: row.id }}>
                        <TextField name="reverse-reason" label="冲减原因" maxLength={500} />
                        <Button kind="quiet">冲减这笔时数</Button>
                      </IntentForm>
                    </More>
                  ) : row.reversed ? (
                    '已冲减'
                  ) : (
                    '—'
                  ),
              },
            ]}
            empty={<EmptyState icon="clock" title="这一年还没有时数" />}
          />
        </Section>
        <Section title="年度数据核对" description="填报数在前，平台记录在括号里。">
          <DataTable
            caption="年度数据核对"
            rows={returns}
            rowKey={(row) => row.id}
            columns={[
              { key: 'who', header: '单位', cell: (row) => row.organisation },
              { key: 'year', header: '年度', keep: true, cell: (row) => `${row.year}年` },
              ...returnFieldList.map((field) => ({
                key: field,
                header: returnFields[field],
                end: true,
                cell: (row: (typeof returns)[number]) => `${row.own[field]}（${row.platform[field]}）`,
              })),
              { key: 'why', header: '差异说明', cell: (row) => row.explanation || '—' },
              {
                key: 'state',
                header: '状态',
                cell: (row) =>
                  row.state === 'submitted' && manage && row.submittedBy !== me ? (
                    <IntentForm intent="decide-return" failed={actionData} about={{ returnId: row.id }}>
                      <TextField
                        name="decide-return-note"
                        label={`意见（${row.organisation}）`}
                        optional
                        maxLength={500}
                      />
                      <Actions>
                        <Button kind="plain" name="decide-return-outcome" value="accept">
                          核对通过
                        </Button>
                        <Button kind="quiet" name="decide-return-outcome" value="return">
                          退回
                        </Button>
                      </Actions>
                    </IntentForm>
                  ) : (
                    `${returnStates[row.state]}${row.decidedByName ? `（${row.decidedByName}）` : ''}`
                  ),
              },
            ]}
            empty={<EmptyState title="还没有报送的年度数据" />}
          />
        </Section>
      </div>
    </>
  )
}
