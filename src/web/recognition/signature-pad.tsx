import { type PointerEvent, useId, useRef } from 'react'

/** A name written with a finger, or typed where a finger or a mouse is no way to write. Handed over as a picture. */
export function SignaturePad(props: { label: string; drawn(picture: Blob | null): void }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const pen = useRef(false)
  const place = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const { width, height } = event.currentTarget
    return [
      ((event.clientX - box.left) / box.width) * width,
      ((event.clientY - box.top) / box.height) * height,
    ] as const
  }
  const draw = (event: PointerEvent<HTMLCanvasElement>, starts: boolean) => {
    const paper = event.currentTarget.getContext('2d')
    if (!paper || !(starts || pen.current)) return
    const [x, y] = place(event)
    if (starts) {
      pen.current = true
      event.currentTarget.setPointerCapture(event.pointerId)
      paper.lineWidth = 4
      paper.lineCap = 'round'
      paper.beginPath()
      paper.moveTo(x, y)
    }
    paper.lineTo(x, y)
    paper.stroke()
  }
  const lift = () => {
    if (!pen.current) return
    pen.current = false
    canvas.current?.toBlob((picture) => props.drawn(picture))
  }
  const box = useRef<HTMLInputElement>(null)
  const id = useId()
  const wipe = () => {
    const paper = canvas.current?.getContext('2d')
    paper?.clearRect(0, 0, paper.canvas.width, paper.canvas.height)
    return paper
  }
  const clear = () => {
    wipe()
    if (box.current) box.current.value = ''
    props.drawn(null)
  }
  const typed = (name: string) => {
    const paper = wipe()
    if (!paper || name.trim() === '') return props.drawn(null)
    paper.font = '72px serif'
    paper.textBaseline = 'middle'
    paper.fillText(name.trim(), 24, 100, 552)
    canvas.current?.toBlob((picture) => props.drawn(picture))
  }
  return (
    <div className="field">
      <p>{props.label}</p>
      <canvas
        className="signature"
        ref={canvas}
        width={600}
        height={200}
        role="img"
        aria-label={`${props.label}，用手指书写`}
        onPointerDown={(event) => draw(event, true)}
        onPointerMove={(event) => draw(event, false)}
        onPointerUp={lift}
        onPointerCancel={lift}
      />
      <p>
        <label htmlFor={id}>不便手写的，在这里输入姓名</label>
        <input
          className="input middle"
          id={id}
          ref={box}
          maxLength={20}
          autoComplete="off"
          onChange={(event) => typed(event.currentTarget.value)}
        />
      </p>
      <p>
        <button type="button" className="btn btn-quiet" onClick={clear}>
          重写
        </button>
      </p>
    </div>
  )
}
