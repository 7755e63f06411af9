import { type FormEvent, useEffect, useRef, useState } from 'react'
import { instantText } from '../ui/format.ts'
import type { Question } from './pulse.ts'

/** The question whether somebody is there: one look, one key, no hurry. The player has stopped meanwhile. */
export function PresenceDialog(props: {
  question: Question
  left: number | null
  onAnswer: (choice: number) => unknown
}) {
  const box = useRef<HTMLDialogElement>(null)
  const [choice, setChoice] = useState<number | null>(null)
  const [missing, setMissing] = useState(false)
  const { id, prompt, options } = props.question

  useEffect(() => {
    const dialog = box.current
    dialog?.showModal()
    // Escape must not make the question vanish: it would still wait
    const stay = (event: Event) => event.preventDefault()
    dialog?.addEventListener('cancel', stay)
    return () => {
      dialog?.removeEventListener('cancel', stay)
      dialog?.close()
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins without a choice
  useEffect(() => setChoice(null), [id, prompt])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (choice === null) setMissing(true)
    else {
      setMissing(false)
      props.onAnswer(choice)
    }
  }
  return (
    <dialog ref={box} className="presence" aria-labelledby="presence-title" aria-describedby="presence-why">
      <form className="form" onSubmit={submit}>
        <h2 id="presence-title">请确认您在学习</h2>
        <p id="presence-why">
          已为您暂停，不催促。请在 {instantText(props.question.answerBy).slice(-5)} 前回答；过了时间，
          {instantText(props.question.remedyBy).slice(-5)} 前仍可补答，时间照样补计。
        </p>
        <fieldset className="field" data-bad={missing || props.left !== null ? '' : undefined}>
          <legend>{prompt}</legend>
          {(missing || props.left !== null) && (
            <p className="field-error" role="alert">
              {missing ? '请选择一个答案。' : `答案不对，还可以答 ${props.left} 次。`}
            </p>
          )}
          {options.map((option, index) => (
            <label className="choice" key={option}>
              <input
                className="radio"
                type="radio"
                name="presence"
                value={index}
                checked={choice === index}
                onChange={() => setChoice(index)}
              />
              <span>{option}</span>
            </label>
          ))}
        </fieldset>
        <button type="submit" className="btn btn-primary">
          回答，继续学习
        </button>
      </form>
    </dialog>
  )
}
