import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import type { Tone } from './tone.ts'

export type ProcessStep = {
  title: string
  state: 'done' | 'now' | 'todo' | 'stopped'
  /** When and by whom. */
  meta?: ReactNode
  note?: ReactNode
  /** The clock that runs in this step, in words: `还剩 3 个工作日，7月9日前办结`. */
  clock?: { text: string; tone?: Tone }
}

const spoken = { done: '已完成', now: '正在进行', todo: '还没到', stopped: '已终止' }

/** A case on its way: what happened, what is happening and until when, what is still to come. */
export function Process({ label, steps }: { label: string; steps: ProcessStep[] }) {
  return (
    <ol className="steps-list" aria-label={label}>
      {steps.map((step, index) => (
        <li key={step.title} data-state={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
          <span className="mark" aria-hidden="true">
            {step.state === 'done' ? (
              <Icon name="check" />
            ) : step.state === 'stopped' ? (
              <Icon name="cross" />
            ) : (
              index + 1
            )}
          </span>
          <div>
            <div className="step-title">
              <b>{step.title}</b>
              <span className="sr-only">{spoken[step.state]}</span>
              {step.meta && <span className="meta">{step.meta}</span>}
            </div>
            {step.note && <p>{step.note}</p>}
            {step.clock && (
              <p className="clock" data-tone={step.clock.tone ?? 'info'}>
                <Icon name="clock" />
                {step.clock.text}
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}
