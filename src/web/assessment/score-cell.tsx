import { useField } from '../ui/fields.tsx'

/** One cell of a score sheet: a box as wide as a score, its fault below. Empty cells change nothing. */
export function ScoreCell(props: { name: string; label: string; value: string }) {
  const { id, error, typed, aria } = useField(props.name, true, undefined)
  return (
    <div className="field" data-bad={error ? '' : undefined}>
      <input
        className="input short"
        id={id}
        name={props.name}
        aria-label={props.label}
        inputMode="decimal"
        autoComplete="off"
        maxLength={10}
        size={6}
        defaultValue={(Array.isArray(typed) ? typed[0] : typed) ?? props.value}
        {...aria}
      />
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}
