import { dayText, instantText } from './format.ts'

/** `short` is for columns of tables. */
export function DayText({ day, weekday, short }: { day: string; weekday?: boolean; short?: boolean }) {
  return (
    <time className="number" dateTime={day}>
      {short ? day : dayText(day, weekday)}
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
