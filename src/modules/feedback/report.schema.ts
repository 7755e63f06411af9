import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'

export const reportKinds = {
  'fee-charged': '免费培训收了钱',
  'false-class': '没有上课却说上了课（虚假开班）',
  'false-hours': '替人签到、虚报课时',
  'hours-withheld': '上了课却没有记课时',
  'false-certificate': '证书是假的或不是本人的',
  site: '本平台不好用、看不懂或有错误',
  other: '其他',
} as const
export type ReportKind = keyof typeof reportKinds

export const reportStates = { open: '办理中', answered: '已答复' } as const
export type ReportState = keyof typeof reportStates

export const findings = {
  confirmed: '情况属实，已处理',
  unfounded: '经核实不属实',
  'cannot-tell': '现有线索无法核实',
  'passed-on': '已转有权处理的部门',
} as const
export type Finding = keyof typeof findings

const keys = <T extends string>(of: Record<T, string>) => Object.keys(of) as [T, ...T[]]

export const MakeReport = z.object({
  kind: z.enum(keys(reportKinds), '请选择一类问题'),
  about: z
    .string('请填写是哪个班、哪个机构或哪张证书')
    .trim()
    .min(2, '请填写是哪个班、哪个机构或哪张证书')
    .max(120, '对象不能超过120个字'),
  text: z.string('请写明情况').trim().min(10, '请写明情况，至少10个字').max(2000, '情况不能超过2000个字'),
  /** Left empty: nobody will ask back; the answer is found with the receipt. */
  contact: z.string().trim().max(60, '联系方式不能超过60个字').default(''),
})

export const AnswerReport = z.object({
  reportId: z.uuid('请选择一件举报'),
  finding: z.enum(keys(findings), '请选择核查结果'),
  reply: z.string('请填写答复').trim().min(10, '请填写答复，至少10个字').max(2000, '答复不能超过2000个字'),
})

export const reasonText: Record<string, (facts: Refusal['facts']) => { message: string; remedy: string }> = {
  'already-answered': (f) => ({ message: `这件举报已由${f.by}答复`, remedy: '请返回列表办理下一件。' }),
}
