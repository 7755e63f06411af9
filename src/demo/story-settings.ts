import { importStatistic } from '#modules/reports/statistic.commands.ts'
import { approveSetting, proposeSetting, rejectSetting } from '#modules/settings/setting.commands.ts'
import { decideBudget, proposeBudget } from '#modules/subsidy/budget.commands.ts'
import { at, type Story } from './world.ts'

const source = '演示设定，非真实政策'

type Proposed = { kind: 'figure' | 'decision'; key: string; value: string; from: string; to?: string }

/** What the plan leaves open and this district has settled, so that money can be computed in the demonstration. */
const settled: readonly Proposed[] = [
  { kind: 'figure', key: 'R-PB.rate', value: '25', from: '2020-12-07' },
  { kind: 'figure', key: 'R-PB.cap', value: '1500', from: '2020-12-07' },
  { kind: 'figure', key: 'R05.months', value: '6', from: '2020-12-07' },
  { kind: 'figure', key: 'V04.passMark', value: '60', from: '2020-12-07' },
  { kind: 'decision', key: 'D-01', value: 'plan', from: '2020-12-07' },
  { kind: 'decision', key: 'D-02', value: 'venue', from: '2020-12-07' },
  { kind: 'decision', key: 'D-04', value: 'plan', from: '2020-12-07' },
]

/** The rule administrator proposes, the leader approves; one is refused, one still waits. D-03, D-07 … stay open. */
export const settingsStory: Story = async function* (w) {
  yield at('2020-12-08', '09:30')
  const proposed: string[] = []
  for (const one of settled) proposed.push((await proposeSetting(w.as('吴规则'), { ...one, source })).id)
  yield at('2020-12-08', '15:00')
  for (const id of proposed) await approveSetting(w.as('林局长'), { id })

  yield at('2021-06-10', '10:00')
  const refused = await proposeSetting(w.as('吴规则'), {
    kind: 'figure',
    key: 'OP.attendanceMin',
    value: '50',
    from: '2021-07-01',
    source,
  })
  yield at('2021-06-11', '09:10')
  await rejectSetting(w.as('林局长'), { id: refused.id, reason: '降低出勤要求没有依据，不予批准' })

  yield at('2021-09-14', '16:20')
  await proposeSetting(w.as('吴规则'), { kind: 'decision', key: 'D-06', value: 'no', from: '2021-10-01', source })
}

/** Money handed down for two years, a cut that finance refused, and an addition that waits. */
export const budgetStory: Story = async function* (w) {
  const change = (fundSource: string, year: number, amount: string, documentNo: string) =>
    proposeBudget(w.as('黄资金'), { fundSource, year, amount, documentNo })
  const decide = (changeId: string, decision: 'approve' | 'reject', note = '') =>
    decideBudget(w.as('周财政'), { changeId, decision, note })
  yield at('2020-12-09', '10:00')
  const first = await change('specialAccount', 2020, '200000', '演示预算〔2020〕1号')
  yield at('2020-12-10', '10:00')
  await decide(first.id, 'approve')
  yield at('2021-01-05', '09:40')
  const year = [
    await change('specialAccount', 2021, '60000', '演示预算〔2021〕1号'),
    await change('employmentSubsidy', 2021, '300000', '演示预算〔2021〕2号'),
    await change('districtBudget', 2021, '100000', '演示预算〔2021〕3号'),
  ]
  yield at('2021-01-06', '11:00')
  for (const { id } of year) await decide(id, 'approve')
  yield at('2021-05-12', '09:00')
  const cut = await change('districtBudget', 2021, '-50000', '演示预算〔2021〕4号')
  yield at('2021-05-13', '14:00')
  await decide(cut.id, 'reject', '下半年仍需使用，不同意调减')
  yield at('2021-09-13', '15:30')
  await change('specialAccount', 2021, '80000', '演示预算〔2021〕5号')
}

const statistics = [
  { indicator: 'K02', numerator: 221_400, denominator: 760_000, asOf: '2020-12-31' },
  { indicator: 'K02', numerator: 232_900, denominator: 768_000, asOf: '2021-06-30' },
  { indicator: 'K03', numerator: 74_600, denominator: 221_400, asOf: '2020-12-31' },
  { indicator: 'K03', numerator: 80_800, denominator: 232_900, asOf: '2021-06-30' },
  { indicator: 'K07', numerator: 24, denominator: null, asOf: '2021-06-30' },
  { indicator: 'K04', numerator: 7, denominator: null, asOf: '2021-06-30' },
  { indicator: 'K12a', numerator: 2, denominator: null, asOf: '2021-06-30' },
  { indicator: 'K13a', numerator: 2, denominator: null, asOf: '2021-06-30' },
] as const

export const statisticsStory: Story = async function* (w) {
  for (const asOf of ['2020-12-31', '2021-06-30'] as const) {
    yield asOf === '2020-12-31' ? at('2021-01-20', '10:00') : at('2021-07-12', '10:00')
    for (const one of statistics.filter((s) => s.asOf === asOf)) {
      await importStatistic(w.as('郑统计'), {
        ...one,
        method: '演示数字，不是真实统计',
        sourceBody: '演示数据',
        source: '非真实统计',
      })
    }
  }
}
