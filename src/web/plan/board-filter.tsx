import { seriesTexts } from '#modules/reports/board.schema.ts'
import { bases, basisList } from '#modules/reports/count.schema.ts'
import { DateField, SelectField } from '../ui/fields.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { dayText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'

/** Which basis, from when, up to which day, and as known when. */
export function BoardFilterBar(props: { action: string; values: Record<string, string>; max: string }) {
  return (
    <FilterBar label="看板条件" action={props.action} values={props.values}>
      <SelectField
        name="basis"
        label="计数口径"
        placeholder="各指标自己的口径"
        options={basisList.map((value) => ({ value, label: bases[value].label }))}
      />
      <SelectField
        name="series"
        label="累计起点"
        placeholder="按计划的口径"
        options={Object.entries(seriesTexts).map(([value, label]) => ({ value, label }))}
      />
      <DateField name="asOf" label="截至" max={props.max} />
      <DateField name="known" label="按当时所知" max={props.max} hint="看这一天结束时看板上的数" />
    </FilterBar>
  )
}

/** Says what the numbers below are, when they are not simply today's. */
export function PeriodNotice(props: {
  from: string
  asOf: string
  known: string | null
  /** The answer to D-01 and whether it is the bureau's. */
  period: { label: string | null; decided: boolean }
  undecided: string
}) {
  return (
    <>
      {props.known && (
        <Notice title={`按${dayText(props.known)}结束时所知`}>
          <p>这一天以后补记、冲减和撤回的都不在内。</p>
        </Notice>
      )}
      <p className="soft">
        人次从{dayText(props.from)}起累计，截至{dayText(props.asOf)}。
        {!props.period.decided && `起算日${props.undecided}，暂按“${props.period.label}”。`}
      </p>
    </>
  )
}
