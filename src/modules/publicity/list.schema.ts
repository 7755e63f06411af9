import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'

/** What stands in one row of a public list: a unit's claim, or one person in it. Nothing else is ever published. */
export type PublicRow = {
  position: number
  kind: 'unit' | 'person'
  /** The unit's name, in both kinds of row. */
  unit: string
  /** Masked name of the person; empty in a unit's row. */
  person: string
  /** Masked document of the person, or the unit's public credit code. */
  document: string
  /** Name of the programme; never the group a person belongs to. */
  subsidy: string
  persons: number
  amountFen: number
}

export const rowKinds = { unit: '单位', person: '个人' } as const
export const listStates = { open: '公示中', closed: '公示已结束' } as const

/** A row's place under the list's root: the hashes met on the way up. */
export type ProofStep = { side: 'left' | 'right'; hash: string }

/** What a person takes home: enough to prove the row later, without us and without the list. */
export type RowReceipt = {
  list: string
  row: PublicRow
  salt: string
  identity: string
  path: ProofStep[]
  root: string
  method: string
}

/** How a receipt is checked; goes into every receipt and every published file. */
export const receiptMethod =
  'SHA-256; leaf = row,salt,identity,fields; node = node,left,right; parts joined by line feeds'

/** A receipt as somebody hands it back: text of a file we gave out. */
export const receiptShape = z.object({
  list: z.string().max(40),
  row: z.object({
    position: z.int(),
    kind: z.enum(['unit', 'person']),
    unit: z.string().max(200),
    person: z.string().max(200),
    document: z.string().max(60),
    subsidy: z.string().max(200),
    persons: z.int(),
    amountFen: z.int(),
  }),
  salt: z.string().max(200),
  identity: z.string().max(200),
  path: z.array(z.object({ side: z.enum(['left', 'right']), hash: z.string().max(200) })).max(64),
  root: z.string().max(200),
  method: z.string().max(400),
})

export const openListInput = z.object({
  claimIds: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(z.uuid('申领编号不对')).min(1, '请至少选择一件申领').max(500, '一次最多公示500件申领'),
  ),
  title: z.string().trim().min(4, '请填写公示标题（至少4个字）').max(120, '公示标题最多120个字'),
})

/** Both are needed: a name alone or a number alone must not tell a stranger anything. */
export const checkRowInput = z.object({
  listId: z.uuid('公示编号不对'),
  kind: z.enum(['person', 'unit'], '请选择查个人还是查单位'),
  realName: z.string().trim().min(2, '请填写完整姓名或单位全称').max(120, '姓名或单位名称太长'),
  documentNumber: z.string().trim().min(5, '请填写完整证件号码或统一社会信用代码').max(40, '号码太长'),
})

type Facts = Refusal['facts']
export const reasonText: Record<string, (facts: Facts) => { message: string; remedy: string }> = {
  'wrong-state': () => ({ message: '申领不在“复核通过”状态，不能公示', remedy: '请刷新页面，只选择复核通过的申领。' }),
  'figure-undecided': () => ({
    message: '公示期天数区人社局尚未明确',
    remedy: '请规则管理员在“参数设置”中提出公示期，经另一人批准后再公示。',
  }),
  'list-closed': () => ({ message: '公示期已结束', remedy: '对结果有意见的，可以向区人社局投诉举报。' }),
  'row-not-found': () => ({
    message: '名单中没有这个姓名和号码的记录',
    remedy: '请核对姓名和号码是否完整；仍查不到的，请联系办理补贴的单位。',
  }),
}
