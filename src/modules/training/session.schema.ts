import { z } from 'zod'
import { reasonText as classReasons } from './class.schema.ts'
import {
  dayField,
  idField,
  listOf,
  optional,
  type ReasonTexts,
  reasonField,
  textField,
  timeField,
  wholeField,
} from './input.schema.ts'
import { courseKind } from './plan.schema.ts'

export const sessionStates = { planned: '未开始', open: '进行中', closed: '已结束', cancelled: '已取消' } as const
export type SessionState = keyof typeof sessionStates

const when = {
  day: dayField('上课日期'),
  from: timeField('开始时间'),
  to: timeField('结束时间'),
  breakMinutes: wholeField('休息分钟数', 0, 600),
  trainerId: idField('教师'),
  /** Left out: the session is online. */
  roomId: optional(z.uuid('请选择教室')),
}
const inOrder = ({ from, to }: { from: string; to: string }) => to > from
const outOfOrder = { path: ['to'], message: '结束时间应晚于开始时间' }

export const PlanSessions = z
  .object({
    classId: idField('班级'),
    title: textField('课题', 80),
    courseKind,
    ...when,
    /** Weeks in a row, on the same weekday. */
    weeks: wholeField('重复周数', 1, 52),
    /** The session it makes up for. */
    makeupOf: optional(z.uuid('请选择补哪一次课')),
  })
  .refine(inOrder, outOfOrder)

export const EditSession = z
  .object({ sessionId: idField('课次'), title: textField('课题', 80), courseKind, ...when })
  .refine(inOrder, outOfOrder)
export const CancelSession = z.object({ sessionId: idField('课次'), reason: reasonField })
export const SessionStep = z.object({ sessionId: idField('课次') })

export const markKinds = {
  'room-code': '课堂码签到',
  trainer: '教师确认',
  staff: '教务确认',
  manual: '人工补录',
  excused: '请假',
  'learning-record': '学习记录',
} as const
export type MarkKind = keyof typeof markKinds

export const grades = {
  A: '学员扫码与教师确认一致',
  B: '两方独立确认',
  C: '只有一方确认',
  D: '人工补录',
} as const
export type Grade = keyof typeof grades

/** Why a person's marks count as they do; in words in `settlementText`. */
export type SettlementReason =
  | 'scan-and-trainer'
  | 'trainer-beyond-scan'
  | 'two-witnesses'
  | 'one-witness'
  | 'manual'
  | 'excused'
  | 'absent'

export const CheckIn = z.object({
  sessionId: idField('课次'),
  /** The code as read or typed; empty when a hold is given. */
  code: z.string().trim().max(20, '签到码过长').default(''),
  /** Proof that the code was read in time, given out when the page was opened. */
  hold: z.string().max(200).default(''),
  /** Key of the device, from its own cookie. Kept only as a blind index. */
  device: z.string().max(100).default(''),
})
const span = { from: optional(timeField('到课时间')), to: optional(timeField('离开时间')) }
export const MarkPersons = z.object({
  sessionId: idField('课次'),
  enrolmentIds: listOf(z.uuid('请选择学员'), '请至少选择一名学员'),
  ...span,
})
export const MarkManually = z.object({
  sessionId: idField('课次'),
  enrolmentId: idField('学员'),
  reason: reasonField,
  ...span,
})
export const Excuse = z.object({ sessionId: idField('课次'), enrolmentId: idField('学员'), reason: reasonField })
export const VoidMark = z.object({ markId: idField('签到记录'), reason: reasonField })

/** Reasons of sessions and attendance in words. The first sentence is read on a phone in a corridor: keep it short. */
export const reasonText: ReasonTexts = {
  ...classReasons,
  'schedule-closed': (f) => ({
    message: `班级现在的状态（${f.label}）不能排课`,
    remedy: '审核期间课表锁定；审核完成后再调整。',
  }),
  'session-state': (f) => ({
    message: `这次课的状态是“${sessionStates[f.state as SessionState] ?? f.state}”，不能办这一步`,
    remedy: '请刷新页面，按最新状态办理。',
  }),
  'session-outside-class': (f) => ({
    message: `上课日期应在班级期间（${f.from}至${f.to}）之内`,
    remedy: '请改上课日期，或先调整班级日期。',
  }),
  'session-past': () => ({ message: '不能补排已经过去的课', remedy: '请把上课时间改到现在以后；漏上的课请另排补课。' }),
  'room-in-use': (f) => ({ message: `教室${f.at}已有课：${f.other}`, remedy: '请换时间或换教室。' }),
  'room-opened': () => ({
    message: '这间教室的席位在这个时间已经开放给其他企业',
    remedy: '请换时间或换教室，或者先取消开放的席位。',
  }),
  'trainer-in-use': (f) => ({ message: `教师${f.at}已有课：${f.other}`, remedy: '请换时间或换教师。' }),
  'trainer-not-in-class': () => ({ message: '所选教师不在本班教师名单中', remedy: '请先把教师加入本班。' }),
  'trainer-unqualified': (f) => ({
    message: `教师${f.name}在上课当天没有有效资格`,
    remedy: '请补充资格和有效期，或换教师。',
  }),
  'break-too-long': () => ({ message: '休息时间不短于上课时间', remedy: '请核对上课时间和休息分钟数。' }),
  'makeup-unknown': () => ({ message: '要补的课不属于本班，或还没有结束', remedy: '请选择本班已结束的一次课。' }),
  'too-early': (f) => ({ message: `还不到签到时间，${f.from}起可以签到`, remedy: '请到时间再扫码。' }),
  'session-over': (f) => ({
    message: `这次课已于${f.to}结束`,
    remedy: '确实到课的，请当场请教师或教务为您确认。',
  }),
  'class-not-running': (f) => ({ message: `班级现在的状态（${f.label}）不能上课`, remedy: '请联系培训机构了解情况。' }),
  'session-not-open': (f) => ({
    message: f.state === 'planned' ? '教师还没有开始这次课' : '这次课已经结束',
    remedy:
      f.state === 'planned' ? '请等教师开始上课后再扫码。' : '确实到课的，请教师或教务说明情况，由机构补录并写明理由。',
  }),
  'not-enrolled': () => ({
    message: '您不在本班名单中',
    remedy: '请核对是否扫错了教室的码；刚报名的，请教务先把您加入名单。',
  }),
  'code-stale': (f) => ({
    message: `您扫的码${f.seconds}秒前已更换`,
    remedy: '请再扫一次屏幕上的新码；扫不上的，请教师当场为您确认，效力相同。',
  }),
  'code-wrong': () => ({
    message: '签到码不对',
    remedy: '请对准教室屏幕上的二维码再扫一次，或照着屏幕输入八位签到码；仍不行的，请教师当场为您确认。',
  }),
  'person-elsewhere': (f) => ({
    message: `您在${f.from}至${f.to}已有另一处课堂的签到，同一时间不能在两处`,
    remedy: '如果那一条不是您本人的，请告诉教师，由教务作废错误的记录后再签到。',
  }),
  'persons-elsewhere': (f) => ({
    message: `所选${f.count}名学员在同一时间都已有另一处课堂的签到`,
    remedy: '同一时间不能在两处；另一条有误的，请那一处的机构作废后再确认。',
  }),
  'own-witness': () => ({ message: '不能为自己作证', remedy: '请由另一位教师或教务确认。' }),
  'not-the-trainer': () => ({
    message: '只有本次课的教师才能作教师确认',
    remedy: '教务人员请用“教务确认”。',
  }),
  'same-witness': () => ({
    message: '本次课的教师不能再以教务身份确认',
    remedy: '两方确认须由两个人作出，请由另一位教务人员确认。',
  }),
  'mark-window': (f) => ({
    message: `下课已超过${f.minutes}分钟，不能再作现场确认`,
    remedy: '请用“人工补录”，并写明理由。',
  }),
  'mark-outside': () => ({ message: '时间不在这次课之内', remedy: '请填写这次课之内的时间。' }),
  'not-in-class': () => ({ message: '所选学员不在本班', remedy: '请刷新名单后再选。' }),
  'mark-voided': () => ({ message: '这条签到已经作废', remedy: '无需重复作废。' }),
  'class-assessed': () => ({ message: '本班已考核，考勤不能再改', remedy: '确有错误的，请联系区人社局处理。' }),
  'hours-spent': () => ({
    message: '这些课时已用于补贴申领，不能直接冲减',
    remedy: '请先由区人社局撤回或追回对应的申领。',
  }),
  'no-online-hours': () => ({ message: '该班不计线上课时', remedy: '线上课时只计入线上或线上线下结合的班级。' }),
  'online-undecided-hours': () => ({
    message: '这门课程在本班项目下可计多少课时，区人社局尚未明确',
    remedy: '学习时间已保留，明确后自动计入。',
  }),
  'before-class': () => ({ message: '不在开班期间的学习不计入该班课时', remedy: '开班之后、结班之前的学习才计。' }),
  'conversion-cap': () => ({ message: '这门课程可计入的线上课时已满', remedy: '可以继续学，但不再计入该班课时。' }),
  'hours-reversed': () => ({ message: '这笔课时已经冲减过', remedy: '无需重复办理。' }),
  'no-hours': () => ({ message: '该学员没有可用于申领的课时', remedy: '请核对考勤和课时台账。' }),
}
