import type { ClaimClock } from '#modules/subsidy/clock.queries.ts'
import { dayText } from '../ui/format.ts'
import { StatusTag } from '../ui/status-tag.tsx'
import type { Tone } from '../ui/tone.ts'

/** A statutory clock in words: how many working days are left, and until which day. */
export function clockWords(clock: Pick<ClaimClock, 'state' | 'left' | 'dueOn' | 'provisional'>): {
  text: string
  tone: Tone
} {
  const until = clock.dueOn ? `，${dayText(clock.dueOn)}${clock.provisional ? '（暂按现有日历）' : ''}` : ''
  if (clock.state === 'stopped') return { text: '停表中，等对方补正', tone: 'neutral' }
  if (clock.state === 'overdue') return { text: `已超期 ${-clock.left} 个工作日${until}`, tone: 'bad' }
  if (clock.state === 'due-today') return { text: `今天到期${until}`, tone: 'warn' }
  return { text: `还剩 ${clock.left} 个工作日${until}`, tone: clock.left <= 2 ? 'warn' : 'info' }
}

export function ClockTag({ clock }: { clock: ClaimClock | null }) {
  if (!clock) return <StatusTag>未计时</StatusTag>
  const { text, tone } = clockWords(clock)
  return <StatusTag tone={tone}>{text}</StatusTag>
}
