import { stretchReasons, verdicts } from '#modules/learning/counting.schema.ts'
import type { Replay, ReplayDay } from '#modules/learning/replay.queries.ts'
import { reasonText } from '#modules/training/session.schema.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { dayText } from '../ui/format.ts'
import { Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { clockText, secondText, spokenText } from './clock-text.ts'

/** What went to the ledger, and if it was not all, why. */
function postedText({ on, postedMinutes, countedMs, reason }: ReplayDay, today: string): string {
  const why = reason ? `：${reasonText[reason]?.({}).message ?? reason}` : ''
  if (postedMinutes !== null) return `${postedMinutes} 分钟${why}`
  if (on === today) return '次日凌晨记入'
  return countedMs < 60_000 ? '不足 1 分钟' : `未记入${why}`
}

const tones = { counted: 'good', released: 'good', held: 'wait', refused: 'bad', idle: 'neutral' } as const
const outcomes: Record<string, string> = { answered: '按时答对', remedied: '补答答对', missed: '没有答对' }

/** Every stretch of a day: when, where in the item, whether it counted, and why. The same for learner and auditor. */
export function ReplayView(props: {
  days: ReplayDay[]
  on: string | null
  today: string
  replay: Replay | null
  href: (on: string) => string
}) {
  const { days, on, replay } = props
  if (!replay || on === null) {
    return (
      <EmptyState icon="clock" title="还没有学习记录">
        打开课程的任意一节开始学习，之后每一段时间怎样计，都在这里。
      </EmptyState>
    )
  }
  return (
    <div className="stack">
      <DataTable
        caption={`共 ${days.length} 天`}
        rows={days}
        rowKey={(row) => row.on}
        columns={[
          {
            key: 'on',
            header: '日期',
            cell: (row) =>
              row.on === on ? (
                <b aria-current="date">{dayText(row.on)}</b>
              ) : (
                <a href={props.href(row.on)}>{dayText(row.on)}</a>
              ),
          },
          { key: 'wall', header: '打开学习', keep: true, cell: (row) => spokenText(Number(row.wallMs)) },
          { key: 'counted', header: '计入', keep: true, cell: (row) => spokenText(row.countedMs) },
          {
            key: 'class',
            header: '因课堂签到扣除',
            keep: true,
            cell: (row) => (row.inClassMs > 0 ? spokenText(row.inClassMs) : '无'),
          },
          {
            key: 'posted',
            header: '课时台账',
            keep: true,
            cell: (row) => postedText(row, props.today),
          },
        ]}
        empty={null}
      />
      <Section title={`${dayText(on)}逐段`} description="连续且结果相同的时段合为一行；原始记录只增不改。">
        <DataTable
          caption={`共 ${replay.lines.length} 段`}
          rows={replay.lines.map((line, n) => ({ ...line, n }))}
          rowKey={(row) => String(row.n)}
          columns={[
            {
              key: 'time',
              header: '时间',
              keep: true,
              cell: (row) => `${secondText(row.fromAt)}—${secondText(row.toAt)}`,
            },
            { key: 'item', header: '内容', cell: (row) => row.title },
            {
              key: 'place',
              header: '进度',
              keep: true,
              cell: (row) =>
                `${clockText(row.fromMs)}—${clockText(row.toMs)}${row.ratePercent === 100 ? '' : `（${row.ratePercent / 100}倍速）`}`,
            },
            {
              key: 'verdict',
              header: '结果',
              keep: true,
              cell: (row) => <StatusTag tone={tones[row.verdict]}>{verdicts[row.verdict]}</StatusTag>,
            },
            { key: 'ms', header: '计入时长', keep: true, cell: (row) => spokenText(row.grantedMs) },
            {
              key: 'why',
              header: '原因',
              cell: (row) => {
                const why = stretchReasons[row.reason]
                return why?.remedy ? `${why.message}。${why.remedy}` : (why?.message ?? row.reason)
              },
            },
          ]}
          empty={<p>这一天没有记录。</p>}
        />
      </Section>
      {replay.questions.length > 0 && (
        <Section title="在学确认">
          <DataTable
            caption={`共 ${replay.questions.length} 次`}
            rows={replay.questions.map((question, n) => ({ ...question, n }))}
            rowKey={(row) => String(row.n)}
            columns={[
              { key: 'at', header: '提问', keep: true, cell: (row) => secondText(row.askedAt) },
              { key: 'prompt', header: '问题', cell: (row) => row.prompt },
              {
                key: 'answered',
                header: '回答',
                keep: true,
                cell: (row) => (row.answeredAt ? secondText(row.answeredAt) : '等待回答'),
              },
              {
                key: 'outcome',
                header: '结果',
                keep: true,
                cell: (row) => (row.outcome === null ? '待答' : (outcomes[row.outcome] ?? row.outcome)),
              },
            ]}
            empty={null}
          />
        </Section>
      )}
    </div>
  )
}
