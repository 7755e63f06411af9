import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'

export const budgetKinds = { budget: '下达、追加或调减', reuse: '收回款转回可用预算' } as const
export const budgetStates = { proposed: '待财政确认', 'in-force': '已生效', rejected: '未通过' } as const
export type BudgetState = keyof typeof budgetStates

/** Yuan as people type them: `1,200,000`, `1200000.50`, `-3000`; comes out as fen. */
export const yuanField = (what: string) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.replace(/[,，\s￥¥元]/g, '') : value),
    z
      .union([z.string().regex(/^-?\d{1,12}(\.\d{1,2})?$/, `请填写${what}，单位元，最多两位小数`), z.number().int()])
      .transform((value) => (typeof value === 'number' ? value : fenOf(value))),
  )

/** Without floating point: `12.3` → 1230. */
function fenOf(text: string): number {
  const [units = '0', cents = ''] = text.replace('-', '').split('.')
  const amount = Number(units) * 100 + Number(cents.padEnd(2, '0'))
  return text.startsWith('-') ? -amount : amount
}

export const proposeBudgetInput = z
  .object({
    kind: z.enum(['budget', 'reuse'], '请选择预算下达或收回款转回').default('budget'),
    fundSource: z.string().trim().min(1, '请选择资金来源'),
    year: z.coerce.number('请填写预算年度').int().min(2000, '预算年度不对').max(2200, '预算年度不对'),
    /** Text: yuan. Number: fen. Negative: a cut. */
    amount: yuanField('金额').refine((value) => value !== 0, '金额不能为零'),
    documentNo: z.string().trim().min(2, '请填写下达文件的文号或名称').max(200, '文号最多200个字'),
  })
  .refine((input) => input.kind === 'budget' || input.amount > 0, { path: ['amount'], error: '转回金额要大于零' })

export const decideBudgetInput = z.object({
  changeId: z.uuid('编号不对'),
  decision: z.enum(['approve', 'reject'], '请选择同意或不同意'),
  note: z.string().trim().max(500, '说明最多500个字').default(''),
})

type Facts = Refusal['facts']
export const reasonText: Record<string, (facts: Facts) => { message: string; remedy: string }> = {
  'unknown-fund': () => ({ message: '没有这个资金来源', remedy: '请从列表中选择资金来源。' }),
  'same-person': () => ({ message: '提出人不能自己确认', remedy: '请由财政确认岗位的另一人确认。' }),
  'already-decided': () => ({ message: '这笔预算已经处理过', remedy: '请刷新页面查看结果。' }),
  'budget-committed': () => ({
    message: '要调减的金额大于可用预算，一部分已批给申领',
    remedy: '请减少调减金额，最多调减到可用预算为零。',
  }),
  'nothing-returned': () => ({ message: '要转回的金额大于已收回的金额', remedy: '请按已收回的金额填写。' }),
  'budget-insufficient': () => ({
    message: '可用预算不足，不能批准',
    remedy: '请先追加预算，或等待已收回资金转回可用预算。',
  }),
}
