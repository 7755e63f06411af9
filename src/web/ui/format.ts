import { dayOf, formatDay, formatInstant } from '#shared/dates.ts'
import { isDay } from '#shared/units.ts'

const weekdays = ['日', '一', '二', '三', '四', '五', '六']

/** `2021-06-30` → `2021年6月30日`, with the weekday when asked. */
export function dayText(day: string, withWeekday = false) {
  if (!isDay(day)) throw new RangeError(`not a day: ${day}`)
  const [year, month, date] = day.split('-').map(Number)
  const weekday = withWeekday ? `（周${weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()]}）` : ''
  return `${year}年${month}月${date}日${weekday}`
}

/** `2021-06` → `2021年6月`. */
export const monthText = (month: string) => `${month.slice(0, 4)}年${Number(month.slice(5, 7))}月`

/** An instant in the district's zone: `2021年6月30日 14:05`. */
export function instantText(at: Date | string): string {
  const instant = new Date(at)
  return `${formatDay(dayOf(instant))} ${formatInstant(instant).slice(11)}`
}

/** Minutes as people say them: `90` → `1小时30分钟`. */
export function durationText(minutes: number) {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest}分钟`
  return rest === 0 ? `${hours}小时` : `${hours}小时${rest}分钟`
}

/** Bytes for people: `1572864` → `1.5 MB`. */
export function bytesText(bytes: number) {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`
  if (bytes < 1024 ** 3) return `${(bytes / 1024 / 1024).toFixed(1)} MB`
  return `${Number((bytes / 1024 ** 3).toFixed(1))} GB`
}
