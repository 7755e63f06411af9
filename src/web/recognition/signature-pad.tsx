import { type PointerEvent, useRef } from 'react'

/** A name written with a finger. What is drawn is handed over as a picture; typing one's name in the box above is enough. */
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
  const clear = () => {
    const paper = canvas.current
    paper?.getContext('2d')?.clearRect(0, 0, paper.width, paper.height)
    props.drawn(null)
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
        <button type="button" className="btn btn-quiet" onClick={clear}>
          重写
        </button>
      </p>
    </div>
  )
}
