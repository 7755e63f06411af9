import { z } from 'zod'
import { note, type Words } from './application.schema.ts'

const id = z.uuid('编号不对')
export const expertStates = { active: '在库', paused: '暂停' } as const
export const tieKinds = {
  kin: '亲属在该单位',
  'former-employer': '曾在该单位工作',
  business: '有业务往来',
  other: '其他',
} as const

export const EnrolExpert = z.object({
  userId: z.uuid('请选择账号'),
  uscc: z.string().trim().max(40).default(''),
  employer: z.string('请填写工作单位').trim().min(2, '请填写工作单位').max(120, '工作单位不能超过120个字'),
  speciality: z.string('请填写专业领域').trim().min(2, '请填写专业领域').max(200, '专业领域不能超过200个字'),
})
export const PauseExpert = z.object({ expertId: id, state: z.enum(['active', 'paused'], '请选择') })
export const DeclareTie = z.object({
  uscc: z.string('请填写统一社会信用代码').trim().min(18, '统一社会信用代码是18位').max(40),
  kind: z.enum(Object.keys(tieKinds) as [keyof typeof tieKinds, ...(keyof typeof tieKinds)[]], '请选择关系'),
  note: z.string().trim().max(500, '说明不能超过500个字').default(''),
})
export const DrawPanel = z.object({ callId: id })
export const Recuse = z.object({ panelId: id, note: note(4, '回避理由') })
export const GiveSheet = z.object({
  applicationId: id,
  /** Both are looked at together, so that everything wrong is said at once. */
  scores: z.record(z.string(), z.unknown()).default({}),
  opinion: z.string().trim().max(2000, '评审意见不能超过2000个字').default(''),
})
export const ClosePanel = z.object({
  panelId: id,
  minutes: z.string('请填写评审纪要').trim().min(4, '请填写评审纪要，至少4个字').max(4000, '纪要不能超过4000个字'),
})

export const reasonText: Words = {
  'pool-too-small': ({ needed, able }) => ({
    message: `需要${needed}名专家，库里不必回避的只有${able}名`,
    remedy: '请先增加专家，再抽取。',
  }),
  'panel-open': () => ({ message: '这次通知的评审组还没有结束', remedy: '请先结束上一组评审。' }),
  'nothing-to-review': () => ({ message: '没有等待评审的申请', remedy: '形式审查通过后再抽取专家。' }),
  'formal-open': ({ count }) => ({
    message: `还有${count}件申请在形式审查或者补正`,
    remedy: '请等全部形式审查办结后再抽取，使同一批申请由同一组专家评审。',
  }),
  'not-seated': () => ({ message: '您不在这个评审组', remedy: '请从“我的评审”进入。' }),
  'sheet-given': () => ({ message: '您已经打过分，不能更改', remedy: '打分提交后即为最终结果。' }),
  'sheets-missing': ({ count }) => ({ message: `还有${count}份评分没有交`, remedy: '请等全部专家打完分再结束。' }),
  'panel-closed': () => ({ message: '这组评审已经结束', remedy: '请刷新页面。' }),
  'scored-already': () => ({ message: '您已经打过分，不能再回避', remedy: '发现有关系的，请告知工作人员。' }),
  'expert-known': () => ({ message: '这个账号已经在专家库', remedy: '请从列表中选择另一个账号。' }),
  'organisation-unknown': () => ({ message: '平台没有这个统一社会信用代码', remedy: '请核对18位代码。' }),
}
