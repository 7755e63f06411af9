import type { SettingRow } from '#modules/settings/setting.queries.ts'
import { restsOn } from '#modules/settings/setting.rules.ts'
import type { SettingKind } from '#modules/settings/setting.schema.ts'
import type { Plan } from '#policy/plan.types.ts'
import { figureText } from './words.ts'

/** The name of a figure or open question. */
export function settingName(plan: Plan, kind: string, key: string): string {
  return kind === 'figure'
    ? (plan.figures.find((figure) => figure.id === key)?.label ?? key)
    : (plan.decisions.find((decision) => decision.id === key)?.question ?? key)
}

/** A proposed value in words. */
export function settingValue(plan: Plan, { kind, key, value }: Pick<SettingRow, 'kind' | 'key' | 'value'>): string {
  if (kind === 'decision') {
    const options = plan.decisions.find((decision) => decision.id === key)?.options ?? []
    return options.find((option) => option.code === value)?.label ?? String(value)
  }
  const figure = plan.figures.find((one) => one.id === key)
  return figure ? figureText(value as number | null, figure.unit, plan.undecidedText) : String(value)
}

/** Which rules, programmes and indicators a setting reaches. */
export function reach(plan: Plan, kind: SettingKind, key: string) {
  const { rules, programmes, indicators } = restsOn(plan, kind, key)
  return {
    rules: rules.map(({ id, title }) => ({ id, title })),
    programmes: programmes.map((programme) => programme.name),
    indicators: indicators.map(({ id, title }) => ({ id, title })),
  }
}
