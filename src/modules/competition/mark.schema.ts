import { z } from 'zod'
import type { Dictionary } from '#shared/table.ts'
import { idField, note, type Words } from './event.schema.ts'

export const roundStates = { waiting: '未开始', marking: '正在评分', closed: '已结束' } as const
export type RoundState = keyof typeof roundStates
export const markSources = { file: '导入', exam: '平台考试', sheets: '裁判评分', change: '更正' } as const
export type MarkSource = keyof typeof markSources
export const dutyLabels = { chief: '裁判长', judge: '裁判员' } as const
export type Duty = keyof typeof dutyLabels
export const changeKinds = { mark: '更正成绩', disqualify: '取消资格' } as const
export const changeStates = { proposed: '等待决定', approved: '已同意', declined: '未同意' } as const

export const SeatJudge = z.object({
  eventId: idField,
  expertId: z.uuid('请选择裁判'),
  duty: z.enum(['chief', 'judge'], '请选择职责'),
})
export const DrawJudges = z.object({
  eventId: idField,
  count: z.coerce.number('请填写抽取人数').int('请填写整数').min(1, '至少抽取1名').max(20, '一次最多抽取20名'),
})
export const LeaveJudge = z.object({ judgeId: idField, note: note('理由') })
export const DeclareRelation = z.object({
  kind: z.enum(['kin', 'pupil'], '请选择关系'),
  documentKind: z.string().max(40).default('resident-id'),
  documentNumber: z.string('请填写对方证件号码').trim().min(1, '请填写对方证件号码').max(60, '证件号码太长'),
  note: z.string().trim().max(300, '说明不能超过300个字').default(''),
})

const file = z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) }, '请选择要导入的文件')
export const ImportMarks = z.object({ roundId: idField, file })
export const LinkExam = z.object({
  roundId: idField,
  classNumber: z.string('请填写班级编号').trim().min(1, '请填写班级编号').max(40),
})
export const ChooseRound = z.object({ roundId: idField })
export const MarkAbsent = z.object({
  roundId: idField,
  code: z.string('请填写代号').trim().min(1, '请填写代号').max(20),
})
export const GiveSheet = z.object({
  roundId: idField,
  code: z.string('请选择代号').min(1, '请选择代号').max(20),
  marks: z.record(z.string(), z.string().trim().max(8)).default({}),
  remark: z.string().trim().max(500, '评语不能超过500个字').default(''),
})
export const ProposeChange = z.object({
  roundId: idField,
  entryNumber: z.string('请填写参赛编号').trim().min(1, '请填写参赛编号').max(40),
  module: z.string('请选择项目').min(1, '请选择项目').max(60),
  mark: z.string('请填写更正后的分数').trim().min(1, '请填写更正后的分数').max(8),
  reason: note('更正的理由'),
})
export const ProposeDisqualify = z.object({ entryId: idField, reason: note('取消资格的理由') })
export const DecideChange = z.object({ changeId: idField, outcome: z.enum(['approved', 'declined'], '请选择是否同意') })

/** The file with theory marks. */
export const markColumns = [
  {
    key: 'number',
    header: '参赛编号',
    aliases: ['准考证号', '编号', '参赛号'],
    required: true,
    description: '报名后平台给的编号',
    example: 'HZ2021-JS0001-001',
    width: 22,
  },
  {
    key: 'mark',
    header: '成绩',
    aliases: ['分数', '理论成绩', '得分'],
    required: true,
    description: '0到100分，最多两位小数；没有到场填“缺考”',
    example: '86.5',
    width: 12,
  },
] as const satisfies Dictionary

export const reasonText: Words = {
  'judge-conflict': ({ why }) => ({ message: `不能担任裁判：${why}`, remedy: '请另选裁判。' }),
  'judge-enters': () => ({ message: '本人报名参加这场竞赛，不能担任裁判', remedy: '请另选裁判。' }),
  'draw-pool-small': (f) => ({
    message: `专家库里可以执裁的只有${f.able}名，不够${f.needed}名`,
    remedy: '请减少人数，或者请区人社局增加专家。',
  }),
  'judge-known': () => ({ message: '已经是这场竞赛的裁判', remedy: '请从列表中另选一名。' }),
  'chief-known': () => ({ message: '已经有裁判长', remedy: '请先调整现任裁判长。' }),
  'judges-few': ({ needed, able, entry }) => ({
    message: `${entry ? `${entry}号选手` : '这场竞赛'}需要${needed}名不必回避的裁判，只有${able}名`,
    remedy: '请增加裁判，或者调整要回避的裁判。',
  }),
  'chief-missing': () => ({ message: '还没有裁判长', remedy: '请先指定一名裁判长。' }),
  'judge-marked': () => ({ message: '这名裁判已经打过分', remedy: '打过分的裁判不能退出；有问题请提出更正成绩。' }),
  'entries-open': ({ count }) => ({ message: `还有${count}个报名没有审核`, remedy: '请先审核全部报名。' }),
  'no-entries': () => ({ message: '没有通过资格审核的选手', remedy: '请先审核报名。' }),
  'round-state': ({ state }) => ({
    message: `这一轮现在是“${roundStates[state as RoundState] ?? state}”`,
    remedy: '请刷新页面。',
  }),
  'round-kind': () => ({ message: '这一轮不是这样评分的', remedy: '理论导入成绩，实操由裁判评分。' }),
  'marks-missing': ({ count, what }) => ({
    message: `还有${count}个${what}没有成绩`,
    remedy: '没有到场的请登记缺考；两名裁判相差过大的，请第三名裁判评分。',
  }),
  'own-import': () => ({ message: '成绩是您导入的，不能由您结束这一轮', remedy: '请由另一人核对后结束。' }),
  'imported-already': () => ({ message: '这一轮已经有成绩', remedy: '要改个别分数，请提出更正成绩。' }),
  'class-unknown': () => ({ message: '本单位没有这个编号的班级', remedy: '请填写本单位开的班，编号见“班级”。' }),
  'exam-none': () => ({ message: '这个班还没有选手交卷', remedy: '请等考试结束后再取成绩。' }),
  'sheet-conflict': () => ({ message: '您与这名选手有关系，应当回避', remedy: '由其他裁判评分。' }),
  'sheet-enough': () => ({ message: '这一项已经评完', remedy: '不需要再评。' }),
  'sheet-given': () => ({ message: '您已经评过，不能更改', remedy: '有误请裁判长提出更正成绩。' }),
  'change-same': () => ({ message: '更正后的分数和现在的一样', remedy: '请填写不同的分数。' }),
  'change-none': () => ({ message: '没有这一项成绩', remedy: '请核对参赛编号和项目。' }),
  'change-again': () => ({ message: '已有一件更正等待决定', remedy: '请先决定。' }),
  'change-decided': () => ({ message: '这件更正已经办结', remedy: '请刷新页面。' }),
  'own-change': () => ({ message: '提出人不能自己决定', remedy: '请由另一人决定。' }),
  'absent-marked': () => ({ message: '这名选手已有成绩，不能登记缺考', remedy: '请核对代号。' }),
}
