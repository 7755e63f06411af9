import { z } from 'zod'
import { idField, type ReasonTexts } from '#modules/training/input.schema.ts'
import { type Part, partNames } from './assessment.schema.ts'
import { pointsText, reasonText as scoreReasons } from './score.schema.ts'

export const ConfirmResults = z.object({ assessmentId: idField('考核') })
export const RedecideForHours = z.object({ assessmentId: idField('考核'), enrolmentId: idField('学员') })

/** One thing that was checked for one person. Kept with the result, so that it can always be explained again. */
export type Check =
  | {
      check: 'attendance'
      ok: boolean
      clause: string
      needPercent: number
      attendedMinutes: number
      plannedMinutes: number
    }
  | { check: 'part'; ok: boolean; clause: string; part: Part; weight: number; tenths: number | null }
  | { check: 'total'; ok: boolean; clause: string; needPoints: number; millipoints: number | null }

/** `87450` → `87.45`: cut, never rounded up, with no zeros at the end. */
export function totalText(millipoints: number): string {
  const whole = Math.floor(millipoints / 1000)
  const rest = String(millipoints % 1000)
    .padStart(3, '0')
    .replace(/0+$/, '')
  return rest === '' ? String(whole) : `${whole}.${rest}`
}

/** A check in words, for the person it is about. */
export function explain(check: Check): { title: string; text: string; ok: boolean; clause: string } {
  const { ok, clause } = check
  switch (check.check) {
    case 'attendance': {
      const percent =
        Math.floor((Math.min(check.attendedMinutes, check.plannedMinutes) * 1000) / check.plannedMinutes) / 10
      const text = `应学 ${check.plannedMinutes} 分钟，核实 ${check.attendedMinutes} 分钟，出勤率 ${percent}%，要求不低于 ${check.needPercent}%`
      return { title: '出勤', text, ok, clause }
    }
    case 'part': {
      const name = partNames[check.part]
      const text = check.tenths === null ? '缺考' : `${pointsText(check.tenths)} 分，占 ${check.weight}%`
      return { title: `${name}考核`, text, ok, clause }
    }
    case 'total': {
      const text =
        check.millipoints === null
          ? `有缺考，没有总分；合格分 ${check.needPoints} 分`
          : `${totalText(check.millipoints)} 分，合格分 ${check.needPoints} 分`
      return { title: '总分', text, ok, clause }
    }
  }
}

/** Reasons of `result.rules.ts` and `result.commands.ts` in words. */
export const reasonText: ReasonTexts = {
  ...scoreReasons,
  'figure-undecided': (f) => ({
    message: `“${f.label}”区人社局尚未明确，暂不能判定结果`,
    remedy: '请等待区人社局公布标准；已录入和确认的成绩不受影响。',
  }),
  'figure-not-whole': (f) => ({
    message: `“${f.label}”设定的数值${f.value}不能使用`,
    remedy: '请区人社局规则管理员更正这项参数。',
  }),
  'changes-open': (f) => ({
    message: `还有${f.count}项成绩更改等待审批`,
    remedy: '请先审批完成绩更改，再确认结果。',
  }),
  'sessions-open': (f) => ({
    message: `还有${f.count}次课没有结束，课时还会变化`,
    remedy: '请先结束或取消这些课次，再确认结果。',
  }),
  'hours-unchanged': () => ({
    message: '台账课时与判定结果时相同，不用重新判定',
    remedy: '请刷新页面，看有没有别的学员课时变动。',
  }),
  'nobody-assessed': () => ({ message: '班级里没有在册学员', remedy: '请核对班级花名册。' }),
}
