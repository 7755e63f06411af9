import type { ClaimClock } from '#modules/subsidy/clock.queries.ts'
import { dayText } from '../ui/format.ts'
import { StatusTag } from '../ui/status-tag.tsx'
import type { Tone } from '../ui/tone.ts'

type Shown = Pick<ClaimClock, 'kind' | 'state' | 'left' | 'dueOn' | 'provisional'>

/** A statutory clock in words: how many working days are left. */
export function clockWords({ kind, state, left }: Omit<Shown, 'dueOn' | 'provisional'>): { text: string; tone: Tone } {
  if (state === 'stopped') {
    return { text: kind === 'publicity' ? '异议处理中，暂停计时' : '等对方补正，暂停计时', tone: 'neutral' }
  }
  if (state === 'overdue') return { text: `已超期 ${-left} 个工作日`, tone: 'bad' }
  if (state === 'due-today') return { text: '今天到期', tone: 'warn' }
  return { text: `还剩 ${left} 个工作日`, tone: left <= 2 ? 'warn' : 'info' }
}

/** The words, and below them the last day. */
export function ClockTag({ clock }: { clock: Shown | null }) {
  if (!clock) return <StatusTag>未计时</StatusTag>
  const { text, tone } = clockWords(clock)
  return (
    <>
      <StatusTag tone={tone}>{text}</StatusTag>
      {clock.dueOn && clock.state !== 'stopped' && (
        <span className="block small soft">
          {dayText(clock.dueOn)}到期{clock.provisional && '（暂按现有日历）'}
        </span>
      )}
    </>
  )
}
