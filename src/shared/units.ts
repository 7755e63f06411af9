/** Numbers that must not be mixed up. A brand costs nothing at run time and stops fen meeting minutes. */
declare const unit: unique symbol
type Unit<T, U extends string> = T & { readonly [unit]: U }

/** Money: whole fen (1 yuan = 100 fen). */
export type Fen = Unit<number, 'fen'>
/** Whole minutes. */
export type Minutes = Unit<number, 'minutes'>
/** Whole class hours (课时), each at least 45 minutes. */
export type ClassHours = Unit<number, 'class-hours'>
/** A calendar day in the district's zone, `YYYY-MM-DD`. Compares correctly as a string. */
export type Day = Unit<string, 'day'>

function whole(n: number, what: string): number {
  if (!Number.isSafeInteger(n)) throw new RangeError(`${what} must be a whole number, got ${n}`)
  return n
}

export const fen = (n: number) => whole(n, 'fen') as Fen
export const minutes = (n: number) => whole(n, 'minutes') as Minutes
export const classHours = (n: number) => whole(n, 'class hours') as ClassHours

/** Accepts only a real calendar day written `YYYY-MM-DD`. */
export function day(text: string): Day {
  if (!isDay(text)) throw new RangeError(`not a day: ${text}`)
  return text as Day
}

export function isDay(text: string): text is Day {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text
}

/** `123456` fen → `1,234.56`; the sign for money is the caller's. */
export function yuan(amount: number): string {
  const sign = amount < 0 ? '-' : ''
  const abs = Math.abs(whole(amount, 'fen'))
  const units = Math.floor(abs / 100)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
  return `${sign}${units}.${String(abs % 100).padStart(2, '0')}`
}
