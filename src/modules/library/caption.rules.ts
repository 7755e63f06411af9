export type Cue = { from: number; to: number; text: string }
export type Captions = { ok: true; cues: Cue[]; transcript: string } | { ok: false; faults: string[] }

const TIME = /^(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})$/
const LINE = /^(\S+)[ \t]+-->[ \t]+(\S+)(?:[ \t]+.*)?$/

/**
 * Reads WebVTT and says in which line what is wrong. Cues must lie in order and within the film; `seconds` is its
 * length, or null when unknown. A file that a player would half accept is refused: half captions are no captions.
 * @clause HZ4-M13
 */
export function readCaptions(text: string, seconds: number | null): Captions {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  if (!/^WEBVTT(?:[ \t].*)?$/.test(lines[0] ?? '')) {
    return { ok: false, faults: ['第 1 行应是 WEBVTT；其他字幕格式请先转换为 WebVTT'] }
  }
  const cues: Cue[] = []
  const faults: string[] = []
  const wrong = (line: number, what: string) => faults.push(`第 ${line + 1} 行：${what}`)
  let i = 1
  while (i < lines.length && faults.length < 20) {
    if ((lines[i] ?? '').trim() === '') {
      i++
      continue
    }
    const start = i
    while (i < lines.length && (lines[i] ?? '').trim() !== '') i++
    const block = lines.slice(start, i)
    if (/^(NOTE|STYLE|REGION)\b/.test(block[0] ?? '')) continue
    const at = block.findIndex((line) => line.includes('-->'))
    if (at < 0 || at > 1) {
      if (cues.length > 0 || start > 1) wrong(start, '这一段没有时间（00:00.000 --> 00:02.000）')
      continue
    }
    const cue = readCue(block.slice(at))
    if (typeof cue === 'string') wrong(start + at, cue)
    else {
      if (cue.from < (cues.at(-1)?.from ?? 0)) wrong(start + at, '开始时间早于上一条')
      if (seconds !== null && cue.from > seconds + 1)
        wrong(start + at, `开始时间超过了片长（${Math.round(seconds)} 秒）`)
      cues.push(cue)
    }
  }
  if (faults.length === 0 && cues.length === 0) faults.push('没有一条字幕')
  if (faults.length > 0) return { ok: false, faults }
  return { ok: true, cues, transcript: cues.map((cue) => cue.text.replace(/\n/g, ' ')).join('\n') }
}

function readCue([timing = '', ...words]: string[]): Cue | string {
  const [, first = '', second = ''] = LINE.exec(timing.trim()) ?? []
  const from = secondsOf(first)
  const to = secondsOf(second)
  if (from === null || to === null) return '时间应写成 00:00:01.000 --> 00:00:03.500'
  if (to <= from) return '结束时间应晚于开始时间'
  const text = words
    .join('\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .trim()
  return text === '' ? '这一条没有文字' : { from, to, text }
}

function secondsOf(text: string): number | null {
  const [, hours = '0', minutes, seconds, milli] = TIME.exec(text) ?? []
  if (minutes === undefined) return null
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(milli) / 1000
}
