import { paths } from '../paths.ts'
import { SummaryList } from '../ui/summary-list.tsx'
import { RuleLink } from './figure-table.tsx'

type Named = { id: string; title: string }

/** What a setting reaches: rules, programmes, indicators. */
export function Reach(props: { rules: Named[]; programmes: string[]; indicators: Named[] }) {
  const { rules, programmes, indicators } = props
  return (
    <SummaryList
      rows={[
        ...(rules.length > 0
          ? [
              {
                label: '用到它的规则',
                value: (
                  <>
                    {rules.map((rule) => (
                      <p key={rule.id}>
                        <RuleLink {...rule} />
                      </p>
                    ))}
                  </>
                ),
              },
            ]
          : []),
        ...(programmes.length > 0 ? [{ label: '用到它的项目', value: programmes.join('、') }] : []),
        ...(indicators.length > 0
          ? [
              {
                label: '受影响的指标',
                value: (
                  <>
                    {indicators.map((k) => (
                      <p key={k.id}>
                        <a href={paths.boardIndicator(k.id)}>{k.title}</a>
                      </p>
                    ))}
                  </>
                ),
              },
            ]
          : []),
      ]}
    />
  )
}
