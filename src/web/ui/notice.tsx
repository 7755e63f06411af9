import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import { type Tone, toneIcon } from './tone.ts'

/** Something the reader should know here. `live` when it answers what they just did. */
export function Notice(props: { tone?: Tone; title?: string; live?: boolean; children?: ReactNode }) {
  const tone = props.tone ?? 'info'
  return (
    <div className="notice" data-tone={tone} role={props.live ? (tone === 'bad' ? 'alert' : 'status') : undefined}>
      <Icon name={toneIcon[tone]} />
      <div>
        {props.title && <p className="notice-title">{props.title}</p>}
        {props.children}
      </div>
    </div>
  )
}
