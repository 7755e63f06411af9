import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'
import type { Dictionary } from '#shared/table.ts'

export const batchStates = {
  drafted: '待财政确认',
  confirmed: '已确认，待银行付款',
  settled: '已全部回盘',
  cancelled: '已作废',
} as const
export type BatchState = keyof typeof batchStates

export const orderStates = {
  drafted: '待确认',
  sent: '已送银行',
  paid: '已付',
  bounced: '退回',
  cancelled: '已作废',
} as const
export type OrderState = keyof typeof orderStates

export const returnStates = {
  checked: '已试导入，待确认',
  applying: '正在入账',
  applied: '已入账',
  discarded: '已放弃',
} as const
export type ReturnState = keyof typeof returnStates

/** Why a bank sends money back. `account`: the claimant must give another account before it is sent again. */
export const bounceCodes = {
  'account-name': { label: '户名与账号不符', account: true },
  'account-number': { label: '账号不存在', account: true },
  'account-closed': { label: '账户已销户或冻结', account: true },
  'bank-branch': { label: '开户行信息有误', account: true },
  'bank-other': { label: '银行其他原因', account: false },
} as const
export type BounceCode = keyof typeof bounceCodes

/** Columns of the file that goes to the bank. Documented in docs/bank-files.md. */
export const bankFileHeader = [
  '序号',
  '订单号',
  '资金来源',
  '预算年度',
  '收款户名',
  '收款账号',
  '开户银行',
  '开户网点',
  '金额（元）',
  '用途',
  '申领编号',
] as const

/** Columns of the file that comes back. */
export const bankReturn = [
  {
    key: 'order',
    header: '订单号',
    aliases: ['指令号', '付款单号'],
    required: true,
    description: '付款文件中的订单号，原样填写',
    example: 'ZF-2021-0001-003',
    width: 22,
  },
  {
    key: 'amount',
    header: '金额（元）',
    aliases: ['金额', '付款金额', '实付金额'],
    required: true,
    description: '与付款文件一致，两位小数',
    example: '12,600.00',
    width: 14,
  },
  {
    key: 'result',
    header: '处理结果',
    aliases: ['结果', '状态', '交易状态'],
    required: true,
    description: '成功或失败',
    example: '成功',
    width: 10,
    values: { paid: '成功', bounced: '失败' },
    valueAliases: { 已付: 'paid', 交易成功: 'paid', 退回: 'bounced', 退票: 'bounced', 交易失败: 'bounced' },
  },
  {
    key: 'reference',
    header: '银行流水号',
    aliases: ['流水号', '交易流水号'],
    required: false,
    description: '成功的必填，每笔不同',
    example: 'GZB2021091500001',
    width: 22,
  },
  {
    key: 'reasonCode',
    header: '失败原因',
    aliases: ['退回原因', '失败原因代码'],
    required: false,
    description: '失败的必填',
    example: '账号不存在',
    width: 18,
    values: Object.fromEntries(Object.entries(bounceCodes).map(([code, { label }]) => [code, label])),
    valueAliases: {
      户名不符: 'account-name',
      账户不存在: 'account-number',
      已销户: 'account-closed',
      账户冻结: 'account-closed',
    },
  },
  {
    key: 'note',
    header: '备注',
    aliases: ['附言', '说明'],
    required: false,
    description: '银行的说明',
    example: '',
    width: 24,
  },
] as const satisfies Dictionary

export type BankReturnKey = (typeof bankReturn)[number]['key']

/** A row of the bank's answer that can be booked. */
export type ReturnRow = {
  row: number
  orderId: string
  orderNumber: string
  amountFen: number
  result: 'paid' | 'bounced'
  reference: string
  reasonCode: BounceCode | ''
  reason: string
}

export const createBatchInput = z.object({
  claimIds: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(z.uuid('申领编号不对')).min(1, '请至少选择一件申领').max(500, '一个批次最多500件申领'),
  ),
})
export const decideBatchInput = z.object({
  batchId: z.uuid('批次编号不对'),
  decision: z.enum(['confirm', 'cancel'], '请选择确认或作废'),
  note: z.string().trim().max(500, '说明最多500个字').default(''),
})
export const batchIdInput = z.object({ batchId: z.uuid('批次编号不对') })
export const checkReturnInput = z.object({
  fileName: z.string().trim().min(1, '请选择文件').max(200, '文件名太长'),
  bytes: z.instanceof(Uint8Array, { error: '请选择文件' }),
})
export const returnIdInput = z.object({ returnId: z.uuid('回盘编号不对') })

type Facts = Refusal['facts']
export const reasonText: Record<string, (facts: Facts) => { message: string; remedy: string }> = {
  'not-payable': (f) => ({
    message: `申领 ${f.claim} 现在不能付款（${f.state}）`,
    remedy: '请刷新页面，只选择已审批或银行退回的申领。',
  }),
  'order-out': (f) => ({
    message: `申领 ${f.claim} 已在另一个付款批次中`,
    remedy: '请先查看该批次；同一笔钱不会付两次。',
  }),
  'no-account': (f) => ({
    message: `申领 ${f.claim} 的单位没有经核实的收款账户`,
    remedy: '请单位填写收款账户，并由人社部门核实后再付款。',
  }),
  'account-not-corrected': (f) => ({
    message: `申领 ${f.claim} 的收款账户被银行退回，还没有更正`,
    remedy: '请单位更正收款账户并经核实后再付款。',
  }),
  'already-decided': () => ({ message: '这个批次已经处理过', remedy: '请刷新页面查看结果。' }),
  'same-importer': () => ({
    message: '上传回盘的人不能自己入账',
    remedy: '请由财政确认岗位的另一人对照银行回单核对后入账。',
  }),
  'same-person': () => ({ message: '编制批次的人不能自己确认', remedy: '请由财政确认岗位的另一人确认。' }),
  'payer-decided': () => ({
    message: '您曾对批次中的申领作过审核决定，或登记、核验过收款账户，不能再经手付款',
    remedy: '请由没有参与过这些申领的另一人办理。',
  }),
  'not-confirmed': () => ({ message: '批次还没有财政确认，不能下载付款文件', remedy: '请先由财政确认岗位确认。' }),
  'file-changed': () => ({
    message: '付款文件与编制时不一致，已停止下载',
    remedy: '收款账户资料可能被改动，请作废批次后重新编制，并报告系统管理员。',
  }),
  'nothing-to-book': () => ({ message: '文件里没有可以入账的行', remedy: '请按错误说明更正后重新上传。' }),
  'return-done': () => ({ message: '这份回盘已经入账或放弃', remedy: '请刷新页面查看结果；同一文件不会入账两次。' }),
}

/** What can be wrong with one row of the bank's file. */
export const returnRowText: Record<string, (facts: Facts) => { message: string; remedy: string }> = {
  'order-unknown': () => ({ message: '没有这个订单号', remedy: '请核对是否为本平台的付款文件。' }),
  'order-not-sent': (f) => ({
    message: `订单状态为“${f.state}”，不能回盘`,
    remedy: '未经财政确认的订单不会送银行，请联系银行核查。',
  }),
  'order-settled': (f) => ({
    message: `订单早先已回盘为“${f.state}”，与本文件不同`,
    remedy: '请与银行核对；需要更正的按退款办理，不改已入账的记录。',
  }),
  'amount-differs': (f) => ({
    message: `金额与订单不同，订单为 ${f.expected} 元`,
    remedy: '请与银行核对后重新取回盘文件。',
  }),
  'amount-wrong': () => ({ message: '金额不是数字', remedy: '请填写数字，最多两位小数。' }),
  'result-wrong': () => ({ message: '处理结果只能是“成功”或“失败”', remedy: '请按回盘格式填写。' }),
  'reference-missing': () => ({ message: '付款成功但没有银行流水号', remedy: '请补上银行流水号。' }),
  'reference-used': (f) => ({
    message: `银行流水号已用于订单 ${f.order}`,
    remedy: '每笔付款的流水号不同，请与银行核对。',
  }),
  'reason-missing': () => ({ message: '付款失败但没有原因，或原因不在列表中', remedy: '请从列表中选择失败原因。' }),
  'row-twice': (f) => ({ message: `同一订单在第 ${f.row} 行已出现`, remedy: '每个订单只保留一行。' }),
}
