import { createContext, type ReactNode, useContext } from 'react'
import { Icon } from './icon.tsx'

/** What came back from a failed submit, for the fields inside a `Form` to find their share of. */
export type FormState = {
  errors: Record<string, string[]>
  values: Record<string, string | string[]>
  /** Nothing here is required and nothing says so: the fields of a filter. */
  free?: boolean
}
export const FormStateContext = createContext<FormState>({ errors: {}, values: {} })

export const fieldId = (name: string) => `f-${name}`

export type FieldProps = {
  name: string
  label: string
  hint?: ReactNode
  /** Fields are required unless they say so. */
  optional?: boolean
}

export function useField(name: string, optional: boolean | undefined, hint: ReactNode) {
  const { errors, values, free } = useContext(FormStateContext)
  const id = fieldId(name)
  const error = errors[name]?.join('；')
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  const aria = {
    'aria-describedby': described || undefined,
    'aria-invalid': error ? (true as const) : undefined,
    'aria-required': optional || free ? undefined : (true as const),
  }
  return { id, error, typed: values[name], aria }
}

export function Optional({ when }: { when: boolean | undefined }) {
  const { free } = useContext(FormStateContext)
  return when && !free ? <span className="optional">（选填）</span> : null
}

export function Explain(props: { id: string; hint: ReactNode; error: string | undefined }) {
  return (
    <>
      {props.hint && (
        <p className="hint" id={`${props.id}-hint`}>
          {props.hint}
        </p>
      )}
      {props.error && (
        <p className="field-error" id={`${props.id}-error`}>
          <Icon name="stop" label="有误" />
          {props.error}
        </p>
      )}
    </>
  )
}

/** Label above, then hint, then what is wrong, then the thing itself. */
function Labelled(props: FieldProps & { id: string; error: string | undefined; children: ReactNode }) {
  return (
    <div className="field" data-bad={props.error ? '' : undefined}>
      <label htmlFor={props.id}>
        {props.label}
        <Optional when={props.optional} />
      </label>
      <Explain id={props.id} hint={props.hint} error={props.error} />
      {props.children}
    </div>
  )
}

const one = (typed: string | string[] | undefined, value: string | undefined) =>
  (Array.isArray(typed) ? typed[0] : typed) ?? value

export function TextField(
  props: FieldProps & {
    value?: string
    type?: 'text' | 'tel' | 'email' | 'password' | 'search' | 'url'
    inputMode?: 'numeric' | 'decimal' | 'text'
    autoComplete?: string
    width?: 'short' | 'middle' | 'full'
    /** Written after the box: 元, 课时, 人. */
    unit?: string
    maxLength?: number
  },
) {
  const { id, error, typed, aria } = useField(props.name, props.optional, props.hint)
  const box = (
    <input
      className={`input ${props.width ?? 'middle'}`}
      id={id}
      name={props.name}
      type={props.type ?? 'text'}
      inputMode={props.inputMode}
      autoComplete={props.autoComplete ?? 'off'}
      maxLength={props.maxLength}
      defaultValue={props.type === 'password' ? undefined : one(typed, props.value)}
      {...aria}
    />
  )
  return (
    <Labelled {...props} id={id} error={error}>
      {props.unit ? (
        <div className="with-unit">
          {box}
          <span>{props.unit}</span>
        </div>
      ) : (
        box
      )}
    </Labelled>
  )
}

/** A calendar day, `YYYY-MM-DD`. */
export function DateField(props: FieldProps & { value?: string; min?: string; max?: string }) {
  const { id, error, typed, aria } = useField(props.name, props.optional, props.hint)
  return (
    <Labelled {...props} id={id} error={error}>
      <input
        className="input short"
        id={id}
        name={props.name}
        type="date"
        min={props.min}
        max={props.max}
        defaultValue={one(typed, props.value)}
        {...aria}
      />
    </Labelled>
  )
}

export function TextArea(props: FieldProps & { value?: string; rows?: number; maxLength?: number }) {
  const { id, error, typed, aria } = useField(props.name, props.optional, props.hint)
  return (
    <Labelled {...props} id={id} error={error}>
      <textarea
        className="textarea"
        id={id}
        name={props.name}
        rows={props.rows ?? 5}
        maxLength={props.maxLength}
        defaultValue={one(typed, props.value)}
        {...aria}
      />
    </Labelled>
  )
}

export type Option = { value: string; label: string; hint?: string; disabled?: boolean }

export function SelectField(
  props: FieldProps & { options: readonly Option[]; value?: string; placeholder?: string; width?: 'middle' | 'full' },
) {
  const { id, error, typed, aria } = useField(props.name, props.optional, props.hint)
  return (
    <Labelled {...props} id={id} error={error}>
      <select
        className={`select ${props.width ?? 'middle'}`}
        id={id}
        name={props.name}
        defaultValue={one(typed, props.value) ?? ''}
        {...aria}
      >
        <option value="">{props.placeholder ?? '请选择'}</option>
        {props.options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
    </Labelled>
  )
}
