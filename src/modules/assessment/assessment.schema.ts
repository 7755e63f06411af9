import { z } from 'zod'
import { dayField, idField, optional, type ReasonTexts, textField } from '#modules/training/input.schema.ts'

export const assessmentStates = {
  planned: '待考核',
  scoring: '录入成绩',
  confirmed: '成绩已确认',
  concluded: '结果已确认',
} as const
export type AssessmentState = keyof typeof assessmentStates

export const partNames = { theory: '理论', practice: '实操' } as const
export type Part = keyof typeof partNames
export const parts = ['theory', 'practice'] as const satisfies readonly Part[]

/** One part as arranged. The examiner is either one of the institution's trainers or somebody from outside. */
const partFields = z.object({
  heldOn: dayField('考核日期'),
  place: textField('考核地点', 120, 2),
  examinerTrainerId: optional(z.uuid('请从列表中选择考评人员')),
  examinerName: textField('考评人员姓名', 60, 2),
  examinerUnit: textField('考评人员单位', 120, 2),
})
export type PartInput = z.output<typeof partFields>

/** Both parts; one whose weight in the programme is zero is left out. */
export const ScheduleAssessment = z.object({
  classId: idField('班级'),
  theory: partFields.optional(),
  practice: partFields.optional(),
})

/** Reasons of `assessment.rules.ts` and `assessment.commands.ts` in words. */
export const reasonText: ReasonTexts = {
  'wrong-state': (f) => ({
    message: `现在的状态是“${assessmentStates[f.state as AssessmentState] ?? f.state}”，不能办这一步`,
    remedy: '请刷新页面，按最新状态办理。',
  }),
  'class-not-running': () => ({
    message: '班级还没有批准开班，或者已经结束',
    remedy: '批准开班以后、确认结果以前，可以安排考核。',
  }),
  'part-missing': (f) => ({
    message: `本项目的考核包括${partNames[f.part as Part]}（占${f.weight}%），还没有安排`,
    remedy: '请填写这一部分的日期、地点和考评人员。',
  }),
  'part-not-needed': (f) => ({
    message: `本项目的考核不包括${partNames[f.part as Part]}`,
    remedy: '请删去这一部分。',
  }),
  'held-before-class': (f) => ({
    message: `${partNames[f.part as Part]}考核日期早于开班日期${f.startsOn}`,
    remedy: '请改为开班以后的日期。',
  }),
  'trainer-not-yours': () => ({
    message: '所选考评人员不是本单位的教师',
    remedy: '请重新选择，或填写外单位考评人员。',
  }),
  'scores-entered': () => ({
    message: '已经录入成绩，不能再改考核安排',
    remedy: '安排有误的，请联系区人社局，由其在检查中记录。',
  }),
}

/** Shown beside an examiner who is the only trainer of the class; it does not stop anything. */
export const conflictText = {
  message: '考评人员是本班唯一的授课教师',
  remedy: '建议请外单位或本单位其他人员考评；保留现安排的，审核时会提示。',
}
