import { dayText, instantText } from './format.ts'

export function DayText({ day, weekday }: { day: string; weekday?: boolean }) {
  return (
    <time className="number" dateTime={day}>
      {dayText(day, weekday)}
    </time>
  )
}

/** A moment, always in Guangzhou time. */
export function Instant({ at }: { at: Date | string }) {
  return (
    <time className="number" dateTime={new Date(at).toISOString()}>
      {instantText(at)}
    </time>
  )
}
