import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { FormStateContext } from './fields.tsx'

/** Narrows a list. A plain GET form, so a filtered list has an address. Fields take their values from `values`;
 * what the address of `action` asks already stays asked. */
export function FilterBar(props: {
  label: string
  action: string
  values: Record<string, string>
  children: ReactNode
}) {
  const active = Object.values(props.values).filter((value) => value !== '').length
  const kept = [...new URLSearchParams(props.action.split('?')[1] ?? '')]
  return (
    <search>
      <FormStateContext value={{ errors: {}, values: props.values, free: true }}>
        <form className="filters" method="get" action={props.action} aria-label={props.label}>
          {kept.map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          {props.children}
          <div className="filter-actions">
            <Button kind="plain">筛选</Button>
            {active > 0 && <a href={props.action}>清除 {active} 项条件</a>}
          </div>
        </form>
      </FormStateContext>
    </search>
  )
}
