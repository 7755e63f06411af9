/** Milliseconds of a timeline as a player shows them: `3:07`, `1:02:09`. */
export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** Milliseconds as people say them: `59分30秒`. */
export function spokenText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return [hours && `${hours}小时`, minutes && `${minutes}分`, `${seconds % 60}秒`].filter(Boolean).join('')
}

/** The time of day in Guangzhou with seconds: `09:05:30`. */
export const secondText = (at: Date | string): string =>
  new Date(new Date(at).getTime() + 8 * 3_600_000).toISOString().slice(11, 19)
