import { z } from 'zod'
import {
  dayField,
  idField,
  optional,
  optionalText,
  type ReasonTexts,
  textField,
  timeField,
  wholeField,
} from '#modules/training/input.schema.ts'
import { type ExamPart, examParts } from './assessor.schema.ts'

export const batchStates = {
  draft: '编制中',
  filed: '待受理',
  returned: '已退回',
  accepted: '已受理',
  scoring: '录入成绩',
  scored: '成绩已确认',
  publicised: '公示中',
  held: '公示暂停',
  cleared: '待发证',
  issued: '已发证',
  cancelled: '已取消',
} as const
export type BatchState = keyof typeof batchStates

export const NewBatch = z.object({
  organisationId: idField('机构'),
  scopeId: idField('职业和等级'),
  siteId: idField('考点'),
  title: textField('批次名称', 100, 4),
  classId: optional(z.uuid('请选择班级')),
})
export const AddSitting = z.object({
  batchId: idField('批次'),
  roomId: idField('考场'),
  on: dayField('考试日期'),
  from: timeField('开始时间'),
  to: timeField('结束时间'),
  seats: wholeField('安排人数', 1, 500),
  examinerId: idField('考评员'),
})
export const DropSitting = z.object({ sittingId: idField('场次') })
export const ChooseSupervisor = z.object({ batchId: idField('批次'), examinerId: idField('内部质量督导员') })

export const AddCandidate = z.object({
  batchId: idField('批次'),
  name: textField('姓名', 120, 2),
  documentNumber: textField('身份证号码', 60, 6),
  condition: textField('申报条件', 10),
  years: wholeField('从事本职业年数', 0, 60),
  evidence: textField('所查证明', 300, 4),
})
/** Everybody of the class that is not listed yet, under one condition. */
export const AddClass = z.object({
  batchId: idField('批次'),
  condition: textField('申报条件', 10),
  years: wholeField('从事本职业年数', 0, 60),
  evidence: textField('所查证明', 300, 4),
})
export const StrikeCandidate = z.object({ candidateId: idField('考生'), note: textField('原因', 300, 4) })

export const ChooseBatch = z.object({ batchId: idField('批次') })
export const ReturnBatch = z.object({ batchId: idField('批次'), note: textField('退回原因', 500, 4) })
export const Publicise = z.object({ batchId: idField('批次'), workdays: wholeField('公示工作日', 1, 30) })
export const HoldBatch = z.object({ batchId: idField('批次'), note: textField('暂停原因', 500, 4) })
export const ReleaseBatch = z.object({
  batchId: idField('批次'),
  outcome: z.enum(['release', 'redo'], '请选择继续公示或者退回重评'),
  note: optionalText('说明', 500),
})

/** Reasons of `batch.rules.ts` and the commands of a batch in words. */
export const reasonText: ReasonTexts = {
  'wrong-state': (f) => ({
    message: `批次现在是“${batchStates[f.state as BatchState] ?? f.state}”，不能办这一步`,
    remedy: '请刷新页面，按最新状态办理。',
  }),
  'not-assessor': () => ({
    message: '本单位还没有核准的评价机构信息',
    remedy: '由区人社局登记并核准后才能编制批次。',
  }),
  'out-of-scope': (f) => ({
    message: `${f.on}不在本机构这一职业、等级的有效范围内`,
    remedy: '请改考试日期，或者先办理范围备案。',
  }),
  'site-not-in-force': () => ({ message: '考点还没有核准', remedy: '请选择已核准的考点。' }),
  'class-occupation': () => ({ message: '班级的职业与批次不一致', remedy: '请选择同一职业的班级，或者不关联班级。' }),
  'class-taken': () => ({ message: '这个班级同一等级已有批次', remedy: '请在原批次里办理。' }),
  'room-elsewhere': () => ({ message: '考场不在本批次的考点', remedy: '请选择本考点的考场。' }),
  'part-not-needed': (f) => ({ message: `本等级不考${examParts[f.part as ExamPart]}`, remedy: '请选择需要的考场。' }),
  'room-taken': () => ({ message: '这段时间考场已有安排', remedy: '请换时间或考场。' }),
  'examiner-taken': () => ({ message: '这段时间考评员已有安排', remedy: '请换时间或考评员。' }),
  'seats-fit': (f) => ({ message: `安排人数超过考场的${f.seats}个位置`, remedy: '请减少人数或增加场次。' }),
  'ends-before': () => ({ message: '结束时间要晚于开始时间', remedy: '请核对时间。' }),
  'in-past': () => ({ message: '考试时间要在今天以后', remedy: '请改考试日期。' }),
  'filed-late': (f) => ({
    message: `首场考试在${f.first}，离今天不足${f.workdays}个工作日`,
    remedy: '请推迟考试日期后再提交。',
  }),
  'examiner-unknown': () => ({ message: '考评员不在本机构名单，或者证件已过期', remedy: '请重新选择。' }),
  'no-supervisor': () => ({ message: '还没有指定内部质量督导员', remedy: '请先指定。' }),
  'supervisor-examines': () => ({ message: '内部质量督导员不能兼任本批次考评员', remedy: '请另选一人。' }),
  'sittings-missing': (f) => ({
    message: `还没有安排${examParts[f.part as ExamPart]}的场次`,
    remedy: '请先安排场次。',
  }),
  'no-video': (f) => ({ message: `考场“${f.room}”没有录像设备`, remedy: '考试须全程录像，请换考场。' }),
  'nobody-listed': () => ({ message: '还没有考生', remedy: '请先登记考生。' }),
  'over-capacity': (f) => ({
    message: `座位只够${f.capacity}人`,
    remedy: '请增加场次，或者减少考生。',
  }),
  'no-seat-left': () => ({ message: '座位已经排满', remedy: '请先增加场次或者每场的人数，再登记考生。' }),
  'still-needed': () => ({ message: '取消这一场，座位就不够已登记的考生', remedy: '请先增加场次或者移出考生。' }),
  'condition-unknown': () => ({ message: '申报条件不在本等级的条件里', remedy: '请从列表中选择。' }),
  'years-short': (f) => ({
    message: `这一条件要求从业满${f.least}年，填写的是${f.years}年`,
    remedy: '请核对年数，或者选择其他条件。',
  }),
  'already-listed': () => ({ message: '这名考生已在本批次', remedy: '不用再登记。' }),
  'already-certified': () => ({
    message: '这个人已有同一职业、同一等级的证书',
    remedy: '同一职业同一等级只发一次，请核对等级。',
  }),
  'name-differs': () => ({ message: '证件号码与已登记的姓名不一致', remedy: '请核对姓名和证件号码。' }),
  'nobody-new': () => ({ message: '班级里没有需要登记的学员', remedy: '在册学员都已登记。' }),
  'organisation-stopped': () => ({
    message: '本机构有异常没有解除，新的批次不能提交和受理',
    remedy: '请按通知说明情况，由区人社局两人核实解除后再提交。',
  }),
  'own-file': () => ({ message: '提交的人不能自己受理', remedy: '请由区人社局受理人员办理。' }),
  'publicity-short': (f) => ({ message: `公示不少于${f.workdays}个工作日`, remedy: '请增加公示天数。' }),
  'own-hold': () => ({ message: '暂停公示的人不能自己恢复', remedy: '请由另一位有核准权限的人办理。' }),
}
