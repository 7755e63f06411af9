import { z } from 'zod'
import {
  dayField,
  deskReasons,
  flag,
  idField,
  listOf,
  optional,
  optionalText,
  type ReasonTexts,
  reasonField,
  textField,
  versionField,
  wholeField,
} from './input.schema.ts'
import { reasonText as planReasons } from './plan.schema.ts'

export const classStates = {
  draft: '筹备中',
  applied: '已申请开班',
  returned: '退回补正',
  approved: '已批准开班',
  'in-session': '培训中',
  suspended: '暂停',
  assessed: '已考核',
  closed: '已结业',
  cancelled: '已取消',
} as const
export type ClassState = keyof typeof classStates

export const classModes = { offline: '线下', online: '线上', mixed: '线上线下结合' } as const
export type ClassMode = keyof typeof classModes

const classFields = {
  title: textField('班级名称', 120, 2),
  summary: optionalText('课程介绍', 4000),
  industry: optionalText('行业', 40),
  mode: z.enum(Object.keys(classModes) as [ClassMode, ...ClassMode[]], '请选择授课方式'),
  venueId: optional(z.uuid('请选择培训地点')),
  capacity: wholeField('班级人数上限', 1, 10_000),
  startsOn: dayField('开班日期'),
  endsOn: dayField('结业日期'),
  accessibility: optionalText('无障碍条件', 200),
  teachingPlan: optionalText('教学计划', 8000),
  resources: optionalText('教学资源', 4000),
  assessmentPlan: optionalText('考核方案', 4000),
  openEnrolment: flag,
  trainerIds: z.preprocess(
    (value) => (value === undefined || value === '' ? [] : Array.isArray(value) ? value : [value]),
    z.array(z.uuid('请选择教师')).max(50),
  ),
}

const inOrder = ({ startsOn, endsOn }: { startsOn: string; endsOn: string }) => endsOn >= startsOn
const outOfOrder = { path: ['endsOn'], message: '结业日期不能早于开班日期' }

export const CreateClass = z.object({ planId: idField('培训计划'), ...classFields }).refine(inOrder, outOfOrder)
export const EditClass = z
  .object({ classId: idField('班级'), version: versionField, ...classFields })
  .refine(inOrder, outOfOrder)
export const ClassStep = z.object({ classId: idField('班级'), version: versionField })
export const ClassWithReason = z.object({ classId: idField('班级'), reason: reasonField })
export const ReturnClass = z.object({
  classId: idField('班级'),
  reasonCodes: deskReasons,
  note: optionalText('补充说明', 1000),
})
export const ApproveClass = z.object({ classId: idField('班级'), note: optionalText('补充说明', 1000) })
export const SetOpenEnrolment = z.object({ classId: idField('班级'), open: flag })
export const RecordResults = z.object({
  classId: idField('班级'),
  results: listOf(z.object({ enrolmentId: z.uuid(), passed: z.boolean() }), '没有成绩', 10_000),
})

export const SaveVenue = z.object({
  organisationId: idField('单位'),
  venueId: optional(z.uuid()),
  name: textField('场地名称', 60, 2),
  address: textField('地址', 200, 4),
  subdistrict: z.string().regex(/^\d{9}$/, '请选择所在街道'),
})
export const SaveRoom = z.object({
  venueId: idField('场地'),
  roomId: optional(z.uuid()),
  name: textField('教室名称', 60),
  seats: wholeField('座位数', 1, 2000),
})
export const SaveTrainer = z.object({
  organisationId: idField('单位'),
  trainerId: optional(z.uuid()),
  name: textField('教师姓名', 40, 2),
  documentKind: z.string().default('resident-id'),
  documentNumber: optionalText('证件号码', 60),
  qualification: optionalText('资格或职称', 200),
  validFrom: dayField('资格生效日期'),
  validTo: optional(dayField('资格失效日期')),
})

/** The five elements the State asks for before a class opens, and the place. Ids are the plan's materials. */
export const dossierLabels: Record<string, string> = {
  roster: '学员花名册',
  teachingPlan: '教学计划',
  teachers: '师资',
  resources: '教学资源',
  assessmentPlan: '考核方案',
  place: '场地和人数',
}

/** Reasons of `class.rules.ts` and `class.commands.ts` in words. */
export const reasonText: ReasonTexts = {
  ...planReasons,
  'wrong-state': (f) => ({
    message: `班级现在的状态是“${classStates[f.state as ClassState] ?? f.state}”，不能办这一步`,
    remedy: '请刷新页面，按最新状态办理。',
  }),
  'plan-not-accepted': () => ({
    message: '培训计划还没有列入计划，不能开班',
    remedy: '请等区人社局受理计划后再建班。',
  }),
  'class-outside-plan': (f) => ({
    message: `班级日期应在计划期间（${f.from}至${f.to}）之内`,
    remedy: '请改班级日期；确需延期的，请另行备案。',
  }),
  'class-before-acceptance': (f) => ({
    message: `开班日期早于计划列入之日（${f.on}）`,
    remedy: '请把开班日期改到计划列入之日或以后。',
  }),
  'class-starts-past': () => ({ message: '开班日期已过', remedy: '请把开班日期改到今天或以后，并调整课表。' }),
  'open-enrolment-employer': () => ({
    message: '本项目只培训本单位职工，不能公开报名',
    remedy: '请取消“公开报名”，用花名册登记职工。',
  }),
  'dossier-missing': () => ({ message: '开班材料不齐', remedy: '请按下列各项补齐后再提交。' }),
  'roster-empty': () => ({ message: '花名册还没有学员', remedy: '请登记学员，或导入花名册。' }),
  'roster-over-capacity': (f) => ({
    message: `花名册有${f.enrolled}人，超过班级人数上限${f.capacity}人`,
    remedy: '请减少学员，或调高人数上限。',
  }),
  'teaching-plan-empty': () => ({ message: '没有填写教学计划', remedy: '请写明课程、课时、进度和教学要求。' }),
  'schedule-short': (f) => ({
    message: `课表共安排${f.planned}课时，少于应培训的${f.required}课时`,
    remedy: '请在课表中补排课次。',
  }),
  'teachers-none': () => ({ message: '没有指定教师', remedy: '请在班级中选择教师。' }),
  'teacher-unqualified': (f) => ({
    message: `教师${f.name}的资格没有填写，或没有覆盖整个培训期间`,
    remedy: '请在“师资”中补充资格和有效期，或更换教师。',
  }),
  'teacher-not-listed': (f) => ({
    message: `课表中的教师${f.name}不在本班教师名单中`,
    remedy: '请把该教师加入本班，或更换课次的教师。',
  }),
  'resources-empty': () => ({ message: '没有填写教学资源', remedy: '请写明教材、数字课程和设备。' }),
  'assessment-plan-empty': () => ({
    message: '没有填写考核方案',
    remedy: '请写明理论和实操的内容、方式和合格线。',
  }),
  'over-seats': (f) => ({
    message: `人数上限${f.capacity}人，超过“${f.room}”的${f.seats}个座位`,
    remedy: '请调低人数上限，或换到更大的教室。',
  }),
  'over-class-size': (f) => ({
    message: `人数上限${f.capacity}人，超过每班${f.most}人的上限`,
    remedy: '请调低人数上限，或分成几个班。',
  }),
  'over-headcount': (f) => ({
    message: `本计划各班人数上限合计${f.sum}人，超过备案的${f.headcount}人`,
    remedy: '请调低人数上限，或另行备案。',
  }),
  'venue-none': () => ({ message: '没有填写培训地点', remedy: '请选择培训地点。' }),
  'sessions-open': (f) => ({
    message: `还有${f.count}次课没有结束`,
    remedy: '请先结束或取消这些课次。',
  }),
  'results-open': (f) => ({ message: `还有${f.count}名学员没有考核结果`, remedy: '请先录入考核结果，或办理退班。' }),
  'not-in-class': () => ({ message: '成绩中有不属于本班的学员', remedy: '请按本班名单重新提交。' }),
  'capacity-below-roster': (f) => ({
    message: `已有${f.enrolled}名学员，人数上限不能低于此数`,
    remedy: '请先为部分学员办理退班，或调高人数上限。',
  }),
}
