import { z } from 'zod'
import { idField, optional, type ReasonTexts } from '#modules/training/input.schema.ts'
import { countingReasons } from './counting.schema.ts'
import { examReasons } from './exam.schema.ts'

export const Register = z.object({
  courseId: idField('课程'),
  /** Left out: one learns for oneself, and the hours count for no class. */
  enrolmentId: optional(z.uuid('请选择班级')),
})

/** Kinds of items, in words. */
export const itemKinds = {
  video: '视频',
  audio: '音频',
  document: '文档',
  text: '图文',
  exam: '考试',
  assignment: '作业',
  case: '案例',
  package: '课件包',
  lti: '外部工具',
} as const
export type ItemKind = keyof typeof itemKinds

export const reasonText: ReasonTexts = {
  ...countingReasons,
  ...examReasons,
  'completion-withdrawn': () => ({ message: '这次学完已经撤销', remedy: '请刷新页面查看。' }),
  'not-complete': (f) => ({ message: `还有${f.count}项没有完成：${f.list}`, remedy: '完成后再办理学完。' }),
  'course-not-open': () => ({ message: '这门课程还没有入库，或已经出库', remedy: '请在课程目录里另选一门。' }),
  'class-takes-no-online': (f) => ({
    message: `班级“${f.title}”是线下班，不计线上课时`,
    remedy: '可以选择“自学”；自学的时间记在您本人名下，不计入班级。',
  }),
  'enrolment-over': () => ({ message: '您已不在这个班学习', remedy: '请选择在读的班级，或选择“自学”。' }),
}
