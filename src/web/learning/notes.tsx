import { useEffect, useRef } from 'react'
import { Button } from '../ui/button.tsx'
import { TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { LongText, More, Section } from '../ui/section.tsx'
import { clockText } from './clock-text.ts'

type Note = { id: string; positionMs: number; text: string }

/** One's own notes beside moments of the item. */
export function Notes({ notes, failed }: { notes: readonly Note[]; failed: Failed | undefined }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = box.current
    // whoever begins to write means the moment they are at
    const place = () => {
      const field = element?.querySelector<HTMLInputElement>('input[name="positionSeconds"]')
      const media = document.querySelector<HTMLMediaElement>('.player-media')
      if (field && media && field.value === '') field.value = String(Math.floor(media.currentTime))
    }
    element?.addEventListener('focusin', place)
    return () => element?.removeEventListener('focusin', place)
  }, [])
  return (
    <Section title="我的笔记" description="只有您自己看得到。">
      {notes.length > 0 && (
        <ul className="stack">
          {notes.map((note) => (
            <li key={note.id}>
              <b className="number">{clockText(note.positionMs)}</b>
              <LongText>{note.text}</LongText>
              <Form>
                <input type="hidden" name="intent" value="drop-note" />
                <input type="hidden" name="noteId" value={note.id} />
                <Button kind="quiet">删除这条笔记</Button>
              </Form>
            </li>
          ))}
        </ul>
      )}
      <div ref={box}>
        <More label="写笔记" open={failed !== undefined}>
          <Form failed={failed} labels={{ text: '笔记', positionSeconds: '第几秒' }}>
            <input type="hidden" name="intent" value="note" />
            <TextField
              name="positionSeconds"
              label="第几秒"
              hint="笔记对应本节的哪一秒，例如 90。"
              inputMode="numeric"
              width="short"
              unit="秒"
            />
            <TextArea name="text" label="笔记" rows={3} maxLength={2000} />
            <Button kind="plain">记下</Button>
          </Form>
        </More>
      </div>
    </Section>
  )
}
