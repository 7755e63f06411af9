import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'

export const applicationStates = {
  draft: '草稿',
  submitted: '已提交，等待受理',
  'formal-review': '形式审查',
  returned: '退回补正',
  recommendation: '等待推荐意见',
  'expert-review': '专家评审',
  'site-visit': '现场核查',
  shortlist: '等待确定名单',
  shortlisted: '拟认定，等待公示',
  publicised: '公示中',
  'objection-held': '异议处理中',
  cleared: '公示结束，等待认定',
  designated: '已认定',
  rejected: '不予认定',
  'not-selected': '未入选',
  withdrawn: '已撤回',
} as const
export type ApplicationState = keyof typeof applicationStates

export const moveLabels: Record<string, string> = {
  create: '新建',
  submit: '提交',
  'call-back': '撤回修改',
  withdraw: '撤回申请',
  take: '受理',
  return: '退回补正',
  refuse: '不予认定',
  pass: '通过本环节',
  choose: '列入拟认定名单',
  'leave-out': '未列入名单',
  'fall-short': '评审没有达到合格分',
  publicise: '公示',
  hold: '有异议，暂停',
  release: '异议不成立，恢复公示',
  uphold: '异议成立',
  clear: '公示结束',
  designate: '认定',
}
export const clockLabels: Record<string, string> = { review: '形式审查期限', correction: '补正期限' }

const idField = z.uuid('编号不对')
const versionField = z.coerce.number('请刷新页面后再试').int()
/** Answers of the form, as typed; read against the scheme. */
const answers = z.record(z.string(), z.unknown()).default({})
const person = z
  .object({
    name: z.string().trim().max(2000).default(''),
    documentKind: z.string().max(40).default('resident-id'),
    documentNumber: z.string().trim().max(2000).default(''),
  })
  .prefault({})

/** What is too long to be a name or a number, said together with what is wrong in the form. */
export function personFaults({ name, documentNumber }: z.output<typeof person>): Record<string, string[]> {
  return {
    ...(name.length > 120 && { 'person.name': ['姓名不能超过120个字'] }),
    ...(documentNumber.length > 60 && { 'person.documentNumber': ['证件号码太长'] }),
  }
}

export const StartApplication = z.object({
  callId: idField,
  organisationId: z.preprocess((value) => value || undefined, idField.optional()),
  path: z.string('请选择申报方式').min(1, '请选择申报方式').max(60),
})
export const SaveApplication = z.object({
  applicationId: idField,
  version: versionField,
  person,
  f: answers,
  /** Kept on the way to being handed in: then everything wrong is said at once, not only what cannot be kept. */
  whole: z.boolean().default(false),
})
export const SubmitApplication = z.object({
  applicationId: idField,
  version: versionField,
  /** Looked at together with the form, so that everything wrong is said at once. */
  consent: z.string().max(10).default(''),
})
export const ChooseApplication = z.object({ applicationId: idField })
export const upload = z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) }, '请选择要上传的文件')
const file = upload
export const AddMaterial = z.object({
  applicationId: idField,
  kind: z.string('请选择材料').min(1, '请选择材料').max(60),
  file,
})
export const AddBlindCopy = z.object({ materialId: z.uuid('请选择材料'), file })
export const DropMaterial = z.object({ materialId: idField })
export const OpenMaterial = DropMaterial

export const note = (least: number, what: string) =>
  z.string(`请填写${what}`).trim().min(least, `请填写${what}，至少${least}个字`).max(2000, `${what}不能超过2000个字`)
const codes = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(z.string().max(60), '请选择理由').min(1, '请选择理由').max(10),
)
export const ReturnApplication = z.object({
  applicationId: idField,
  reasonCodes: codes,
  note: z.string().trim().max(2000, '说明不能超过2000个字').default(''),
})
export const RefuseApplication = ReturnApplication
export const PassApplication = z.object({
  applicationId: idField,
  note: z.string().trim().max(2000, '意见不能超过2000个字').default(''),
})

type Facts = Refusal['facts']
export type Words = Record<string, (facts: Facts) => { message: string; remedy: string }>
export const reasonText: Words = {
  'wrong-state': ({ state }) => ({
    message: `现在是“${applicationStates[state as ApplicationState] ?? state}”，不能这样办`,
    remedy: '请刷新页面，看最新的进度。',
  }),
  'call-not-open': () => ({ message: '现在不在申报时间内', remedy: '申报起止日期见通知；结束后请等下一次通知。' }),
  'organisation-type': ({ who }) => ({ message: '本单位不在申报范围内', remedy: `可以申报的是：${who}。` }),
  'path-unknown': () => ({ message: '没有这种申报方式', remedy: '请从通知里列出的方式中选择。' }),
  'not-eligible': ({ rules }) => ({ message: `不符合申报条件：${rules}`, remedy: '请核对填报内容；条件见通知。' }),
  'already-nominated': () => ({
    message: '同一人选（单位、项目）已经有一件正在办理的申请，不能重复申报',
    remedy: '请先撤回另一件，或者等它办结。不是本单位提交的，请联系区人社局。',
  }),
  'quota-full': ({ quota, most }) => ({
    message: `名额已满：${quota}最多${most}名`,
    remedy: '不能再增加。有人退出后名额才会空出来。',
  }),
  'material-missing': ({ labels }) => ({ message: `还缺材料：${labels}`, remedy: '请先上传，再提交。' }),
  'material-unknown': () => ({ message: '不需要这种材料', remedy: '请从材料清单中选择。' }),
  'reason-unknown': () => ({ message: '理由不在列表中', remedy: '请从列表中选择理由。' }),
  'figure-undecided': ({ label }) => ({
    message: `“${label}”区人社局尚未明确`,
    remedy: '请规则管理员在“参数设置”中提出，经另一人批准后再办理。',
  }),
  'copy-there': () => ({ message: '这份材料已有隐名件', remedy: '要更换的，请先删除原来的隐名件。' }),
  'own-application': () => ({ message: '您参与了这件申请，不能办理', remedy: '请由其他人办理。' }),
  'other-stage': () => ({ message: '这个环节不由您办理', remedy: '请由该环节的人员办理。' }),
}
