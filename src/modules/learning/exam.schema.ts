import { z } from 'zod'
import { idField, type ReasonTexts, textField } from '#modules/training/input.schema.ts'

/** What an exam of the library says about itself (`items.body`). */
export const ExamBody = z.object({
  pools: z.array(z.object({ pool: z.string(), count: z.number().int().min(1) })).min(1),
  /** Null: no limit but the day's. */
  minutes: z.number().int().min(1).nullish(),
  /** Percent of the points. */
  passMark: z.number().min(0).max(100),
  /** Null: as often as one likes. */
  resits: z.number().int().min(0).nullish(),
})
export type ExamBody = z.output<typeof ExamBody>

export type QuestionKind = 'single' | 'multiple' | 'true-false' | 'text' | 'number'
export type RightAnswer = number | number[] | boolean | string[] | { value: number; tolerance: number }
export type DrawnQuestion = {
  id: string
  kind: QuestionKind
  prompt: string
  options: string[]
  answer: RightAnswer
  points: number
  explanation: string
  pictures: { id: string; alt: string }[]
}

/** What a learner gives, by kind: index; indexes; boolean; text; text with a number. */
export type GivenAnswer = number | number[] | boolean | string
export const GivenAnswer = z.union([
  z.number().int().min(0).max(25),
  z.array(z.number().int().min(0).max(25)).max(26),
  z.boolean(),
  z.string().max(2000, '答案不能超过2000个字'),
])

export const StartAttempt = z.object({ registrationId: idField('课程'), itemId: idField('考试') })
export const SaveAnswer = z.object({ attemptId: idField('作答'), questionId: idField('题目'), answer: GivenAnswer })
export const HandIn = z.object({ attemptId: idField('作答') })

export const SubmitAssignment = z.object({
  registrationId: idField('课程'),
  itemId: idField('作业'),
  text: textField('作业', 20_000),
})
export const GradeAssignment = z.object({
  submissionId: idField('作业'),
  passed: z.preprocess(
    (value) => (value === 'yes' ? true : value === 'no' ? false : value),
    z.boolean('请选择是否通过'),
  ),
  remark: textField('评语', 2000, 2),
})

/** How each question came out; kept with the attempt. */
export type Mark = { questionId: string; points: number; of: number; answered: boolean }

export const examReasons: ReasonTexts = {
  'not-an-exam': () => ({ message: '这一节不是考试', remedy: '请从课程目录里选择考试。' }),
  'exam-not-usable': () => ({ message: '这场考试的题目不够，暂时不能考', remedy: '请向培训机构反映。' }),
  'no-resits-left': (f) => ({ message: `考试机会已用完（共${f.most}次）`, remedy: '请联系培训机构。' }),
  'exam-passed': () => ({ message: '您已通过这场考试', remedy: '无需再考。' }),
  'attempt-over': () => ({ message: '这次作答已经结束', remedy: '时间内保存的答案都已计入；请查看成绩。' }),
  'no-such-question': () => ({ message: '这道题不在您的卷子里', remedy: '请刷新页面。' }),
  'assignment-passed': () => ({ message: '这项作业已经通过', remedy: '无需再交。' }),
  'assignment-waits': () => ({ message: '上一次交的作业还没有批改', remedy: '请等批改后再交。' }),
  'assignment-graded': () => ({ message: '这份作业已经批改', remedy: '请刷新页面查看。' }),
}
