import { z } from 'zod'
import { idField, type ReasonTexts } from '#modules/training/input.schema.ts'

/** What became of a stretch between two heartbeats. */
export const verdicts = {
  counted: '计入',
  held: '待确认',
  released: '补计',
  refused: '不计',
  idle: '未播放',
} as const
export type Verdict = keyof typeof verdicts

/** Why a stretch does not count, or only in part; and what to do about it. */
export const stretchReasons = {
  '': { message: '正常学习', remedy: '' },
  paused: { message: '已暂停', remedy: '继续播放后接着计时。' },
  hidden: { message: '页面不在前台', remedy: '请让学习页面停在最前面；接完电话、看完别的页面，回来继续即可。' },
  seek: { message: '拖动了进度', remedy: '跳过的部分没有看，不计；拖回去看完即可补上。' },
  'too-fast': { message: '播放速度超过允许的倍速', remedy: '请调低倍速后重看这一段。' },
  'ahead-of-clock': { message: '进度快于实际经过的时间', remedy: '请按正常速度重看这一段。' },
  gap: { message: '网络中断太久', remedy: '没有收到这一段的学习信号。请从断开处重看。' },
  again: { message: '这一段以前已经计过', remedy: '同一段内容只计一次。请继续学后面的内容。' },
  'beyond-the-end': { message: '超出了本节内容的长度', remedy: '本节已放完，请学下一节。' },
  'no-medium': { message: '本节没有可核实的时长', remedy: '本节照常可学，但不计课时；请向培训机构反映。' },
  'not-open': { message: '课件没有打开', remedy: '课件打开着的时间才计。请重新打开课件。' },
  'daily-cap': { message: '已到每天线上学习的上限', remedy: '今天可以继续学，但不再计课时，请明天再来。' },
  'in-class': { message: '这段时间您在课堂上已签到', remedy: '同一时间只计一处。课堂签到有误的，请找班级教务更正。' },
  'class-not-running': {
    message: '所报班级不在上课期间',
    remedy: '开班之后的线上学习才计入该班课时；可先作为自学。',
  },
  'presence-open': { message: '在学确认还没有回答', remedy: '请回答页面上的问题，答对后这段时间补计。' },
  'presence-missed': { message: '在学确认超时没有回答', remedy: '请重新打开课程，从确认之前的位置重看。' },
} as const
export type StretchReason = keyof typeof stretchReasons

/** Why a viewing ended. */
export const endReasons = {
  left: '您离开了学习页面',
  elsewhere: '您在另一个页面或设备上开始了学习，同一时间只计一处',
  'presence-missed': '在学确认超时没有回答',
  idle: '长时间没有学习信号',
} as const
export type EndReason = keyof typeof endReasons

const positionMs = z.number().int().min(0).max(2_000_000_000)

/** One heartbeat. It carries no time of day: only the server's clock decides when something happened. */
export const Beat = z.strictObject({
  viewingId: idField('学习'),
  /** Counts up by one with every heartbeat of the viewing. */
  sequence: z.number().int().min(1).max(1_000_000_000),
  positionMs,
  playing: z.boolean(),
  visible: z.boolean(),
  /** Playback rate; 1 is normal. */
  rate: z.number().min(0).max(100),
  /** The learner has moved the position since the last heartbeat. */
  moved: z.boolean().default(false),
})
export type BeatInput = z.output<typeof Beat>

export const OpenViewing = z.object({
  registrationId: idField('课程'),
  itemId: idField('课件'),
  /** Key of the device, from its own cookie. Kept only as a blind index. */
  device: z.string().max(100).default(''),
})
export const CloseViewing = z.object({ viewingId: idField('学习') })
export const AnswerPresence = z.object({
  presenceId: idField('在学确认'),
  choice: z.coerce.number('请选择一个答案').int().min(0).max(9),
})

export const countingReasons: ReasonTexts = {
  replayed: () => ({ message: '这次学习信号已经收到过', remedy: '重复发送不会多计。请刷新页面。' }),
  'out-of-order': () => ({ message: '学习信号的次序不对', remedy: '较早的信号晚到，不再计。请继续学习。' }),
  superseded: () => ({
    message: '您在另一个页面或设备上开始了学习',
    remedy: '同一时间只计一处。要在这里学，请重新打开本页。',
  }),
  'viewing-closed': (f) => ({
    message: `这次学习已经结束：${endReasons[f.why as EndReason] ?? '页面已关闭'}`,
    remedy: '请重新打开本页，从上次的位置继续。',
  }),
  'presence-gone': () => ({ message: '这个问题已经过期或已经回答', remedy: '请按页面上最新的问题回答。' }),
  'presence-wrong': (f) => ({ message: '答案不对', remedy: `请再看一遍题目，还可以答${f.left}次。` }),
  'day-not-over': () => ({ message: '当天还没有结束', remedy: '当天的学习在次日凌晨记入台账。' }),
  'item-not-viewable': () => ({ message: '这一节不按时间计学习', remedy: '考试、作业按成绩和批改结果计。' }),
}
