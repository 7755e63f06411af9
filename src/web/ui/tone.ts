import type { IconName } from './icon.tsx'

/** How things stand. Each tone has its own mark, so nothing depends on seeing colour. */
export type Tone = 'neutral' | 'info' | 'good' | 'wait' | 'warn' | 'bad'

export const toneIcon: Record<Tone, IconName> = {
  neutral: 'dot',
  info: 'info',
  good: 'check',
  wait: 'hourglass',
  warn: 'warning',
  bad: 'stop',
}
