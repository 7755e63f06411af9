import { useId } from 'react'

/** How far along, in numbers first. `value` and `max` are in the same unit. */
export function Progress(props: { label: string; value: number; max: number; unit: string; note?: string }) {
  const id = useId()
  const percent = props.max > 0 ? Math.floor((props.value / props.max) * 1000) / 10 : 0
  return (
    <div>
      <div className="meter-line">
        <span id={id}>{props.label}</span>
        <span className="number">
          <b>{props.value.toLocaleString('zh-CN')}</b> / {props.max.toLocaleString('zh-CN')} {props.unit}（{percent}%）
        </span>
      </div>
      <progress className="meter" aria-labelledby={id} value={Math.min(props.value, props.max)} max={props.max || 1} />
      {props.note && <p className="small soft">{props.note}</p>}
    </div>
  )
}
