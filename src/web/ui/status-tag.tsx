import { Icon } from './icon.tsx'
import { type Tone, toneIcon } from './tone.ts'

/** A state in words, with a mark of its own shape. */
export function StatusTag({ tone = 'neutral', children }: { tone?: Tone; children: string }) {
  return (
    <span className="tag" data-tone={tone}>
      <Icon name={toneIcon[tone]} />
      {children}
    </span>
  )
}
