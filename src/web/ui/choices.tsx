import { Explain, type FieldProps, type Option, Optional, useField } from './fields.tsx'

const chosen = (typed: string | string[] | undefined, value: readonly string[]) =>
  new Set(typed === undefined ? value : Array.isArray(typed) ? typed : [typed])

/** The hint is inside the label to be pressed with it; to be heard, the name is short and the hint comes after. */
const named = (id: string) => ({ 'aria-labelledby': `${id}-name`, 'aria-describedby': `${id}-hint` })

/** Pick one. The first box carries the id that the error summary links to. */
export function RadioGroup(props: FieldProps & { options: readonly Option[]; value?: string }) {
  return <Choices {...props} type="radio" value={props.value ? [props.value] : []} />
}

/** Pick any. */
export function CheckboxGroup(props: FieldProps & { options: readonly Option[]; value?: readonly string[] }) {
  return <Choices {...props} type="checkbox" value={props.value ?? []} />
}

function Choices(
  props: FieldProps & { options: readonly Option[]; type: 'radio' | 'checkbox'; value: readonly string[] },
) {
  const { id, error, typed, aria } = useField(props.name, props.optional, props.hint)
  const on = chosen(typed, props.value)
  return (
    <fieldset className="field" data-bad={error ? '' : undefined} aria-describedby={aria['aria-describedby']}>
      <legend>
        {props.label}
        <Optional when={props.optional} />
      </legend>
      <Explain id={id} hint={props.hint} error={error} />
      {props.options.map((option, index) => (
        <label className="choice" key={option.value}>
          <input
            className={props.type}
            type={props.type}
            id={index === 0 ? id : `${id}-${index}`}
            name={props.name}
            value={option.value}
            disabled={option.disabled}
            defaultChecked={on.has(option.value)}
            {...(option.hint && named(`${id}-${index}`))}
          />
          <span id={option.hint && `${id}-${index}-name`}>{option.label}</span>
          {option.hint && (
            <span className="hint" id={`${id}-${index}-hint`}>
              {option.hint}
            </span>
          )}
        </label>
      ))}
    </fieldset>
  )
}

/** One statement to agree to. Sends `yes`. */
export function Checkbox(props: FieldProps & { checked?: boolean }) {
  const { id, error, typed, aria } = useField(props.name, props.optional, props.hint)
  return (
    <div className="field" data-bad={error ? '' : undefined}>
      <Explain id={id} hint={undefined} error={error} />
      <label className="choice">
        <input
          className="checkbox"
          type="checkbox"
          id={id}
          name={props.name}
          value="yes"
          defaultChecked={typed === undefined ? props.checked : typed === 'yes'}
          {...aria}
          aria-labelledby={props.hint ? `${id}-name` : undefined}
        />
        <span id={props.hint ? `${id}-name` : undefined}>{props.label}</span>
        {props.hint && (
          <span className="hint" id={`${id}-hint`}>
            {props.hint}
          </span>
        )}
      </label>
    </div>
  )
}

/** Files cannot be kept over a failed submit, so the field says to choose again. */
export function FileField(
  props: FieldProps & { accept: string; multiple?: boolean; capture?: 'environment' | 'user'; limit: string },
) {
  const hint = (
    <>
      {props.hint}
      {props.hint && '　'}
      {props.limit}
    </>
  )
  const { id, error, aria } = useField(props.name, props.optional, hint)
  return (
    <div className="field" data-bad={error ? '' : undefined}>
      <label htmlFor={id}>
        {props.label}
        <Optional when={props.optional} />
      </label>
      <Explain id={id} hint={hint} error={error} />
      <input
        className="file-input middle"
        type="file"
        id={id}
        name={props.name}
        accept={props.accept}
        multiple={props.multiple}
        capture={props.capture}
        {...aria}
      />
    </div>
  )
}
