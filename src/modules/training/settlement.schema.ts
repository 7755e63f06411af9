import type { Grade, SettlementReason } from './session.schema.ts'

/** Why a person's minutes of one session count as they do, for the person they belong to. */
export const settlementText: Record<SettlementReason, string> = {
  'scan-and-trainer': '您扫码签到，教师也确认您在场。',
  'trainer-beyond-scan': '您扫码晚于教师确认的时间，按教师确认的时间计，证据等级为乙。',
  'two-witnesses': '有两方分别确认您在场，按两方都确认的时间计。',
  'one-witness': '只有一方确认您在场。请当场请教师再确认一次，证据更充分。',
  manual: '由教务补录并写明了理由，没有现场签到。',
  excused: '已请假，不计课时。',
  absent: '没有签到记录，不计课时。确实到课的，请在本班考核前请教务补录。',
}

/** Grades of evidence as a trainee reads them. */
export const gradeNames: Record<Grade, string> = { A: '甲级', B: '乙级', C: '丙级', D: '丁级' }

const toStaff: Record<SettlementReason, string> = {
  'scan-and-trainer': '扫码与教师确认一致',
  'trainer-beyond-scan': '扫码晚于教师确认，按教师确认的时间',
  'two-witnesses': '两方独立确认，按共同的时间',
  'one-witness': '只有一方确认',
  manual: '人工补录',
  excused: '已请假',
  absent: '没有签到',
}

/** The same for those who keep the roster; without an entry the marks themselves tell. */
export function staffText(reason: string, marks: readonly string[]): string {
  if (reason in toStaff) return toStaff[reason as SettlementReason]
  if (marks.length === 0) return toStaff.absent
  return marks.every((kind) => kind === 'excused') ? toStaff.excused : '签到的时段不足，或已由补课计入'
}
