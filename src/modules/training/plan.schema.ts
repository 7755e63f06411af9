import { z } from 'zod'
import {
  agreed,
  dayField,
  deskReasons,
  idField,
  optionalText,
  type ReasonTexts,
  textField,
  versionField,
  wholeField,
} from './input.schema.ts'

export const planStates = {
  draft: '草稿',
  filed: '已提交备案',
  returned: '退回补正',
  accepted: '已列入计划',
  rejected: '不予列入',
  withdrawn: '已撤回',
} as const
export type PlanState = keyof typeof planStates

export const courseKinds = { common: '公共必修课', professional: '专业技能课' } as const
export type CourseKind = keyof typeof courseKinds
export const courseModes = { offline: '线下', online: '线上' } as const

export const courseKind = z.enum(Object.keys(courseKinds) as [CourseKind, ...CourseKind[]], '请选择课程类别')

export const planCourse = z.object({
  title: textField('课程名称', 60, 2),
  kind: courseKind,
  mode: z.enum(['offline', 'online'], '请选择授课方式'),
  classHours: wholeField('课时', 1, 2000),
  trainer: optionalText('授课教师', 40),
})
export type PlanCourse = z.output<typeof planCourse>

/** Rows of a form that were left empty are no courses; the others keep their place, so that a fault finds its row. */
const courseRows = z
  .preprocess(
    (rows) => (Array.isArray(rows) ? rows.map((row) => (row && (row.title || row.classHours) ? row : null)) : []),
    z.array(planCourse.nullable()).max(100, '课程不能超过100门'),
  )
  .transform((rows) => rows.filter((row): row is PlanCourse => row !== null))
  .refine((rows) => rows.length > 0, '请至少填写一门课程')

const planFields = {
  title: textField('计划名称', 120, 2),
  /** `edition:code`, or empty for training that belongs to no occupation. */
  occupation: optionalText('职业（工种）', 40),
  level: optionalText('等级', 40),
  headcount: wholeField('计划培训人数', 1, 100_000),
  classHours: wholeField('每人课时', 1, 2000),
  startsOn: dayField('开始日期'),
  endsOn: dayField('结束日期'),
  courses: courseRows,
}

const inOrder = ({ startsOn, endsOn }: { startsOn: string; endsOn: string }) => endsOn >= startsOn
const outOfOrder = { path: ['endsOn'], message: '结束日期不能早于开始日期' }

export const CreatePlan = z
  .object({ organisationId: idField('单位'), programme: textField('培训项目', 60), ...planFields })
  .refine(inOrder, outOfOrder)
export const EditPlan = z
  .object({ planId: idField('计划'), version: versionField, ...planFields })
  .refine(inOrder, outOfOrder)
export const FilePlan = z.object({
  planId: idField('计划'),
  version: versionField,
  commitment: agreed('请阅读并勾选承诺'),
})
export const WithdrawPlan = z.object({ planId: idField('计划'), note: textField('撤回原因', 500, 2) })
export const ReturnPlan = z.object({
  planId: idField('计划'),
  reasonCodes: deskReasons,
  note: optionalText('补充说明', 1000),
})
export const AcceptPlan = z.object({ planId: idField('计划'), note: optionalText('补充说明', 1000) })

/** The words an undertaker signs when filing (事先告知承诺). */
export const planCommitment =
  '本单位承诺：培训免费；计划、课程、教师和学员情况真实；按备案的计划组织培训，如实记录考勤和考核；接受检查，退还多领、错领的补贴。如有虚假，依法承担责任。'

/** Reasons of `plan.rules.ts` and `plan.commands.ts` in words. */
export const reasonText: ReasonTexts = {
  'wrong-state': (f) => ({
    message: `现在的状态是“${planStates[f.state as PlanState] ?? f.state}”，不能办这一步`,
    remedy: '请刷新页面，按最新状态办理。',
  }),
  'figure-undecided': (f) => ({
    message: `“${f.label}”区人社局尚未明确，暂不能办理`,
    remedy: '请等待区人社局公布标准；公布后无需重新填写。',
  }),
  'programme-unknown': () => ({ message: '没有这个培训项目', remedy: '请从列表中选择培训项目。' }),
  'programme-not-open': (f) => ({
    message: `该项目自${f.from}起受理`,
    remedy: '请在受理期内提交备案。',
  }),
  'programme-closed': (f) => ({
    message: `该项目已于${f.to}停止受理`,
    remedy: '请改选正在受理的项目，或关注区人社局的新通知。',
  }),
  'undertaker-type': (f) => ({
    message: `该项目由${f.allowed}承办，本单位登记为${f.type}`,
    remedy: '请改选本单位可以承办的项目；登记有误的，请到受理窗口更正单位类型。',
  }),
  'organisation-inactive': () => ({
    message: '本单位已被停用，不能办理备案',
    remedy: '请联系区人社局了解停用原因和恢复办法。',
  }),
  'plan-after-start': (f) => ({
    message: `开始日期${f.startsOn}早于备案日期${f.today}，先培训后备案不能申领补贴`,
    remedy: '请把开始日期改到今天或今天以后，再提交备案。',
  }),
  'plan-dates': () => ({ message: '结束日期早于开始日期', remedy: '请核对两个日期。' }),
  'course-hours-differ': (f) => ({
    message: `各门课程课时之和为${f.sum}，与每人课时${f.classHours}不一致`,
    remedy: '请核对课程课时，使合计等于每人课时。',
  }),
  'online-undecided': () => ({
    message: '只上网课的培训如何计数，区人社局尚未明确，暂不受理',
    remedy: '请至少安排一门线下课程。',
  }),
  'online-not-allowed': () => ({ message: '该项目不能安排线上课程', remedy: '请把课程改为线下授课。' }),
  'occupation-missing': () => ({ message: '没有选择职业（工种）', remedy: '请选择培训对应的职业（工种）。' }),
  'occupation-unknown': () => ({
    message: '所选职业（工种）不在平台的职业目录中',
    remedy: '请从列表中选择；目录没有的，请联系区人社局补充目录。',
  }),
  'level-unknown': () => ({ message: '所选等级不属于该职业', remedy: '请重新选择等级。' }),
  'licence-scope': (f) => ({
    message: `${f.from}至${f.to}期间，本单位没有覆盖“${f.occupation}”的有效办学许可或备案`,
    remedy: '请改选许可范围内的职业，或到受理窗口补充登记许可证。',
  }),
  'reason-code': () => ({ message: '所选原因不适用于这一步', remedy: '请从列表中重新选择原因。' }),
  'four-eyes': () => ({ message: '提交人不能办理自己提交的事项', remedy: '请由另一位经办人员办理。' }),
}
