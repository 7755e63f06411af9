import { answerReport, makeReport } from '#modules/feedback/report.commands.ts'
import { recount } from '#modules/reports/count.commands.ts'
import { anonymous } from '#platform/actor.ts'
import { at, type Story } from './world.ts'

/** What the timetable does each night; told for the nights after which something would be found. */
export const nightStory: Story = async function* (w) {
  for (const on of ['2021-09-11', '2021-09-13', '2021-09-15']) {
    yield at(on, '02:30')
    await recount(w.asSystem('reports.recount'), {})
  }
}

/** Two reports from the public: one answered, one waiting. */
export const feedbackStory: Story = async function* (w) {
  const report = (kind: string, about: string, text: string) =>
    makeReport({ ...w.as('何公示'), actor: anonymous }, { kind, about, text, contact: '' })
  yield at('2021-08-27', '21:05')
  const first = await report(
    'fee-charged',
    '某免费培训班（演示）',
    '报名时被要求先交一百元资料费，请核实（演示举报）。',
  )
  yield at('2021-09-02', '15:00')
  await answerReport(w.as('何公示'), {
    reportId: first.reportId,
    finding: 'passed-on',
    reply: '已转区市场监管部门核查；平台上的免费班一律不收费，请勿缴纳。',
  })
  yield at('2021-09-14', '22:40')
  await report('hours-withheld', '粤菜烹饪提高班', '第四次课我到了，记录里少了二十多分钟（演示举报）。')
}
