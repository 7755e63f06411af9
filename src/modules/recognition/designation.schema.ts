import { z } from 'zod'
import { note, type Words } from './application.schema.ts'

export const designationStates = {
  'in-term': '在册',
  warned: '在册（警告）',
  revoked: '已撤销',
  withdrawn: '已退出',
  expired: '已期满',
} as const
export type DesignationState = keyof typeof designationStates
export const exitKinds = { warn: '警告', revoke: '撤销', withdraw: '退出' } as const
export type ExitKind = keyof typeof exitKinds

const id = z.uuid('编号不对')
export const Designate = z.object({
  applicationId: id,
  docNo: z.string().trim().max(60, '文号不能超过60个字').default(''),
})
export const ProposeExit = z.object({
  designationId: id,
  cause: z.string('请选择事由').min(1, '请选择事由').max(60),
  note: note(4, '情况说明'),
})
export const DecideExit = z.object({ exitId: id, decision: z.enum(['decide', 'decline'], '请选择是否同意') })
export const RecordYear = z.object({
  designationId: id,
  year: z.coerce.number('请填写年度').int().min(2000, '年度不对').max(2200, '年度不对'),
  grade: z.string('请选择考核结果').min(1, '请选择考核结果').max(60),
  note: note(4, '考核说明'),
})
export const ConfirmYear = z.object({ checkId: id })
export const Renew = z.object({ designationId: id, note: note(4, '续期理由') })
export const Upward = z.object({
  designationId: id,
  target: z.string('请选择推荐项目').min(1, '请选择推荐项目').max(60),
  note: z.string().trim().max(1000, '说明不能超过1000个字').default(''),
})

export const Refer = z.object({
  designationId: id,
  benefit: z.string('请选择服务').min(1, '请选择服务').max(120),
  docNo: z.string().trim().max(60, '文号不能超过60个字').default(''),
  note: z.string().trim().max(1000, '说明不能超过1000个字').default(''),
})

/** What of the card is shown; a single ticked box comes as text, none as nothing. */
export const ChooseCard = z.object({
  designationId: id,
  items: z.preprocess(
    (value) => (value === undefined ? [] : [value].flat()),
    z.array(z.string().max(60)).max(30, '选项太多'),
  ),
})

export const reasonText: Words = {
  'took-part': () => ({ message: '您参与过这件申请的审查，不能由您认定', remedy: '请由没有参与审查的领导办理。' }),
  'cause-unknown': () => ({ message: '事由不在列表中', remedy: '请从列表中选择。' }),
  'exit-open': () => ({ message: '已经有一件等待决定的提议', remedy: '请先办结那一件。' }),
  'own-proposal': () => ({ message: '提出的人不能自己决定', remedy: '请由另一人决定。' }),
  'exit-decided': () => ({ message: '这件提议已经办结', remedy: '请刷新页面。' }),
  'year-known': () => ({ message: '这一年度已有考核结果', remedy: '考核结果登记后不能更改。' }),
  'term-open': () => ({ message: '管理期尚未明确，没有期满，不需要续期', remedy: '管理期由区人社局明确后再办理。' }),
  'already-recommended': () => ({ message: '已经推荐过', remedy: '请看下面的推荐记录。' }),
  'benefit-unknown': () => ({
    message: '这项服务没有明确主管部门，不能转介',
    remedy: '主管部门明确后，由认定项目文件写明。',
  }),
  'already-holding': () => ({ message: '持有人已经有这个称号', remedy: '一人（一单位）不能同时持有两个同样的称号。' }),
  ended: ({ state }) => ({
    message: `现在是“${designationStates[state as DesignationState] ?? state}”，不能这样办`,
    remedy: '请刷新页面。',
  }),
}
