import { useEffect, useRef, useState } from 'react'
import type { PaperQuestion } from '#modules/learning/attempt.queries.ts'
import { QuestionPictures } from '../library/question-pictures.tsx'
import { Actions, Button } from '../ui/button.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { instantText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { clockText } from './clock-text.ts'

type PaperView = { dueAt: Date; over: boolean; questions: PaperQuestion[] }
type Saving = 'none' | 'saving' | 'saved' | 'failed'

/** A paper under way. Each answer goes to the server as it is given; the server's clock says when the time is up. */
export function Paper(props: { paper: PaperView; now: Date; address: string; failed: Failed | undefined }) {
  const { paper, now, address, failed } = props
  const [saving, setSaving] = useState<Saving>('none')
  const line = useRef<Promise<unknown>>(Promise.resolve())
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const form = box.current?.querySelector('form')
    if (!form) return
    let again: ReturnType<typeof setTimeout> | undefined
    const save = () => {
      setSaving('saving')
      // one after the other, so that the last answer given is the last one kept
      line.current = line.current.then(async () => {
        clearTimeout(again)
        const body = new URLSearchParams([...new FormData(form)].map(([key, value]) => [key, String(value)]))
        const headers = { accept: 'application/json' }
        const answer = await fetch(address, { method: 'POST', body, headers }).catch(() => null)
        setSaving(answer?.ok ? 'saved' : 'failed')
        if (answer === null || answer.status >= 500) again = setTimeout(save, 5_000)
      })
    }
    form.addEventListener('change', save)
    return () => {
      clearTimeout(again)
      form.removeEventListener('change', save)
    }
  }, [address])

  return (
    <div className="stack" ref={box}>
      <Remaining dueAt={paper.dueAt} now={now} />
      <p className="saved-line" role="status">
        {saving === 'saving' && '正在保存…'}
        {saving === 'saved' && '已保存。'}
        {saving === 'failed' && '没有保存上，正在重试。请不要关闭本页。'}
      </p>
      {paper.over && (
        <Notice tone="warn" title="时间到">
          <p>时间内保存的答案都算数。请按“交卷”看成绩。</p>
        </Notice>
      )}
      <Form failed={failed}>
        <ol className="stack">
          {paper.questions.map((question, index) => (
            <li key={question.id} className="paper-question">
              <Question question={question} number={index + 1} />
            </li>
          ))}
        </ol>
        <Actions>
          <Button name="intent" value="hand-in">
            交卷
          </Button>
          {!paper.over && (
            <Button kind="plain" name="intent" value="save">
              保存，先不交
            </Button>
          )}
        </Actions>
      </Form>
    </div>
  )
}

function Remaining({ dueAt, now }: { dueAt: Date; now: Date }) {
  const [left, setLeft] = useState(new Date(dueAt).getTime() - new Date(now).getTime())
  useEffect(() => {
    const began = performance.now()
    const whole = new Date(dueAt).getTime() - new Date(now).getTime()
    const timer = setInterval(() => setLeft(Math.max(0, whole - (performance.now() - began))), 1000)
    return () => clearInterval(timer)
  }, [dueAt, now])
  return (
    <p>
      {instantText(dueAt)} 前交卷，还剩 <b className="number">{clockText(left)}</b>
    </p>
  )
}

function Question({ question, number }: { question: PaperQuestion; number: number }) {
  const name = `q.${question.id}`
  const { kind, given } = question
  const legend = `${number}. ${question.prompt}（${question.points} 分）`
  if (kind === 'text' || kind === 'number') {
    return (
      <div className="field">
        <label htmlFor={name}>{legend}</label>
        <QuestionPictures of={question.pictures} />
        <input
          className="input middle"
          id={name}
          name={name}
          autoComplete="off"
          inputMode={kind === 'number' ? 'decimal' : undefined}
          maxLength={2000}
          defaultValue={given === null ? '' : String(given)}
        />
      </div>
    )
  }
  const options = kind === 'true-false' ? ['对', '错'] : question.options
  const valueAt = (at: number) => (kind === 'true-false' ? String(at === 0) : String(at))
  const chosen = new Set((Array.isArray(given) ? given : given === null ? [] : [given]).map(String))
  const type = kind === 'multiple' ? 'checkbox' : 'radio'
  return (
    <fieldset className="field">
      <legend>
        {legend}
        {kind === 'multiple' && '（可多选）'}
      </legend>
      <QuestionPictures of={question.pictures} />
      {options.map((option, at) => (
        <label className="choice" key={option}>
          <input
            className={type}
            type={type}
            name={name}
            value={valueAt(at)}
            defaultChecked={chosen.has(valueAt(at))}
          />
          <span>{option}</span>
        </label>
      ))}
    </fieldset>
  )
}
