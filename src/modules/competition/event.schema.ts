import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'
import { emptyAsNone } from '#shared/text.ts'

export const eventStates = {
  draft: '草稿',
  filed: '已备案申请，等待受理',
  review: '备案审查',
  returned: '退回补正',
  rejected: '不予备案',
  withdrawn: '已撤回',
  accepted: '已备案，准备中',
  announced: '正在报名',
  checking: '报名截止，资格审核',
  running: '正在比赛',
  scored: '成绩已出，受理申诉',
  publicised: '成绩公示中',
  'objection-held': '异议处理中',
  cleared: '公示结束，等待颁奖',
  awarded: '已颁奖',
  archived: '已归档',
  cancelled: '已取消',
} as const
export type EventState = keyof typeof eventStates

export const moveLabels: Record<string, string> = {
  create: '新建',
  file: '申请备案',
  'call-back': '撤回修改',
  withdraw: '撤回备案',
  take: '受理',
  return: '退回补正',
  reject: '不予备案',
  accept: '准予备案',
  announce: '发布竞赛公告',
  'close-entries': '报名截止',
  begin: '开赛',
  settle: '成绩汇总',
  publicise: '成绩公示',
  hold: '有异议，暂停',
  release: '异议不成立，恢复公示',
  uphold: '异议成立，更正成绩',
  clear: '公示结束',
  award: '颁奖',
  archive: '归档',
  cancel: '取消竞赛',
}

export const groupKinds = { employee: '职工', student: '学生' } as const
export const idField = z.uuid('编号不对')
export const note = (what: string, least = 4, most = 1000) =>
  z.string(`请填写${what}`).trim().min(least, `请填写${what}，至少${least}个字`).max(most, `${what}不能超过${most}个字`)

const day = (what: string) => z.preprocess(emptyAsNone, z.iso.date(`${what}请填日期，例如 2021-09-15`).optional())
export const whole = (what: string, most: number) =>
  z.preprocess(
    emptyAsNone,
    z.coerce.number(`${what}请填数字`).int(`${what}请填整数`).min(1, `${what}至少是1`).max(most, `${what}最多${most}`),
  )

export const StartEvent = z.object({
  type: z.string('请选择竞赛类型').min(1, '请选择竞赛类型').max(60),
  organisationId: idField,
  title: z.string('请填写竞赛名称').trim().min(4, '请填写竞赛名称，至少4个字').max(120, '竞赛名称不能超过120个字'),
})
export const SaveEvent = z.object({
  eventId: idField,
  version: z.coerce.number('请刷新页面后再试').int(),
  title: StartEvent.shape.title,
  purpose: z.string().trim().max(2000, '竞赛目的不能超过2000个字').default(''),
  partners: z.string().trim().max(500, '承办、协办单位不能超过500个字').default(''),
  venue: z.string().trim().max(200, '比赛地点不能超过200个字').default(''),
  /** Money as people write it; kept in fen. */
  fee: z
    .string()
    .trim()
    .regex(/^(\d{1,5}(\.\d{1,2})?)?$/, '收费请填金额，例如 0 或 50.00')
    .default(''),
  entriesFrom: day('报名开始日期'),
  entriesTo: day('报名截止日期'),
  heldFrom: day('比赛开始日期'),
  heldTo: day('比赛结束日期'),
  /** Group → places as typed; an empty box leaves the group out. */
  places: z.record(z.string(), z.string().trim().max(5)).default({}),
})
export const ChooseEvent = z.object({ eventId: idField })
/** A step against a day that was announced; before that day it needs a reason, which is published. */
export const TimedStep = z.object({
  eventId: idField,
  note: z.string().trim().max(500, '理由不能超过500个字').default(''),
})
const codes = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(z.string().max(60), '请选择理由').min(1, '请选择理由').max(10),
)
export const ReturnEvent = z.object({
  eventId: idField,
  reasonCodes: codes,
  note: z.string().trim().max(1000, '说明不能超过1000个字').default(''),
})
export const CancelEvent = z.object({ eventId: idField, note: note('取消的理由') })

/** The numbers of a technical document, as typed. */
const most = (what: string, high: number) =>
  z.preprocess(
    emptyAsNone,
    z.coerce.number(`${what}请填数字`).min(0, `${what}不能小于0`).max(high, `${what}不能大于${high}`),
  )
export const Terms = z.object({
  passMark: most('合格分', 100),
  advanceMost: z.preprocess(emptyAsNone, whole('晋级名额', 5000).optional()),
  tolerance: most('两名裁判允许相差', 100),
  prizeShare: most('获奖比例', 100),
  meritShare: z.preprocess(emptyAsNone, most('优胜奖名次比例', 100).optional()),
  protestDays: whole('申诉期限', 30),
})
export type Terms = { [K in keyof z.output<typeof Terms>]-?: NonNullable<z.output<typeof Terms>[K]> | null } & {
  passMark: number
  tolerance: number
  prizeShare: number
  protestDays: number
}
export const WriteDocument = z.object({
  eventId: idField,
  body: note('技术文件正文', 20, 20_000),
  terms: Terms,
})
export const DecideDocument = z.object({
  documentId: idField,
  outcome: z.enum(['approved', 'declined'], '请选择是否同意'),
  note: z.string().trim().max(1000, '意见不能超过1000个字').default(''),
})

/** What the seed of the blind codes is sealed for. */
export const seedContext = 'competition.seed'

type Facts = Refusal['facts']
export type Words = Record<string, (facts: Facts) => { message: string; remedy: string }>
export const reasonText: Words = {
  'before-last-day': ({ until }) => ({
    message: `公告的报名到${until}为止，现在还没有过`,
    remedy: '请等到期满；确实要提前的，写明理由（至少10个字），理由在竞赛页面公布。',
  }),
  'before-first-day': ({ from }) => ({
    message: `公告的比赛从${from}开始，现在还没有到`,
    remedy: '请等到开赛日；确实要提前的，写明理由（至少10个字），理由在竞赛页面公布。',
  }),
  'wrong-state': ({ state }) => ({
    message: `现在是“${eventStates[state as EventState] ?? state}”，不能这样办`,
    remedy: '请刷新页面，看最新的进度。',
  }),
  'type-unknown': () => ({ message: '计划里没有这种竞赛', remedy: '请从列表中选择。' }),
  'host-type': ({ who }) => ({ message: '本单位不在可以举办的范围内', remedy: `可以举办的是：${who}。` }),
  'filing-incomplete': ({ what }) => ({ message: `还没有填：${what}`, remedy: '请填好保存后再申请备案。' }),
  'own-filing': () => ({ message: '您参与了这场竞赛的申请，不能审查', remedy: '请由其他人办理。' }),
  'taken-by-other': ({ who }) => ({ message: `这件备案由${who}办理`, remedy: '请由受理的人办理。' }),
  'reason-unknown': () => ({ message: '理由不在列表中', remedy: '请从列表中选择理由。' }),
  'document-missing': () => ({
    message: '技术文件还没有批准',
    remedy: '请先提交技术文件，由区人社局批准后再发布公告。',
  }),
  'document-open': () => ({ message: '已有一份技术文件等待批准', remedy: '请等批准或者退回后再提交新的一份。' }),
  'document-decided': () => ({ message: '这份技术文件已经办结', remedy: '请刷新页面。' }),
  'own-document': () => ({ message: '编写人不能自己批准', remedy: '请由另一人批准。' }),
  'term-beyond': ({ label, value, figure }) => ({
    message: `“${label}”填了${value}，超过现行规定的${figure}`,
    remedy: '请改到规定以内，规定见“参数设置”。',
  }),
  'figure-undecided': ({ label }) => ({
    message: `“${label}”区人社局尚未明确`,
    remedy: '请规则管理员在“参数设置”中提出，经另一人批准后再办理。',
  }),
  'protest-open': ({ count }) => ({ message: `还有${count}件申诉没有办结`, remedy: '请先办结申诉。' }),
  'protest-days': ({ until }) => ({ message: `申诉期到${until}为止`, remedy: '申诉期满后再公示。' }),
  'change-open': ({ count }) => ({ message: `还有${count}件改分没有决定`, remedy: '请先决定改分。' }),
  'took-part': () => ({ message: '您参与过备案或者公示，不能颁奖', remedy: '请由没有参与的领导办理。' }),
}
