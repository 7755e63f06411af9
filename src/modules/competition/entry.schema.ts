import { z } from 'zod'
import { idField, note, type Words } from './event.schema.ts'

export const entryStates = {
  registered: '已报名，等待资格审核',
  eligible: '资格审核通过',
  refused: '资格不符',
  withdrawn: '已退出',
  disqualified: '取消资格',
} as const
export type EntryState = keyof typeof entryStates

const person = z.object({
  name: z.string().trim().max(120, '姓名不能超过120个字').default(''),
  documentKind: z.string().max(40).default('resident-id'),
  documentNumber: z.string().trim().max(60, '证件号码太长').default(''),
})
const entry = {
  eventId: idField,
  groupId: z.string('请选择组别').min(1, '请选择组别').max(60),
  consent: z.literal('yes', '请先同意报名须知'),
}
export const EnterTeam = z.object({
  ...entry,
  organisationId: idField,
  team: z.string().trim().max(60, '队名不能超过60个字').default(''),
  members: z.array(person).max(20).default([]),
})
export const EnterOwn = z.object({
  ...entry,
  unit: z.string('请填写单位或者学校').trim().min(2, '请填写单位或者学校').max(120, '单位不能超过120个字'),
  uscc: z.string().trim().max(40).default(''),
})
export const ChooseEntry = z.object({ entryId: idField })
export const DecideEntry = z.object({
  entryId: idField,
  outcome: z.enum(['eligible', 'refused'], '请选择审核结果'),
  note: z.string().trim().max(1000, '说明不能超过1000个字').default(''),
})
export const AdmitAll = z.object({ eventId: idField })

export const protestStates = { open: '办理中', upheld: '申诉成立', dismissed: '申诉不成立' } as const
export const LodgeProtest = z.object({ entryId: idField, text: note('申诉的事实和理由', 10, 2000) })
export const DecideProtest = z.object({
  protestId: idField,
  outcome: z.enum(['upheld', 'dismissed'], '请选择申诉是否成立'),
  reply: note('答复', 10, 2000),
})

export const protestContext = 'competition.protest'

/** What every entrant agrees to. @clause R32 */
export const consentWords =
  '本人（本队）同意：遵守竞赛规程和技术文件；成绩、名次和获奖情况连同姓名、单位依法公示；所填信息用于资格审核和统计。'

export const reasonText: Words = {
  'entries-closed': () => ({ message: '现在不在报名时间内', remedy: '报名起止日期见竞赛公告。' }),
  'group-unknown': () => ({ message: '这场竞赛没有这个组别', remedy: '请从公告列出的组别中选择。' }),
  'group-full': ({ group, most }) => ({
    message: `“${group}”的${most}个名额已满`,
    remedy: '有人退出后名额才会空出来；也可以报其他组别。',
  }),
  'entered-already': ({ who }) => ({
    message: `${who || '这个人'}已经报名这场竞赛，不能重复报名`,
    remedy: '同一人在同一场竞赛只能报一个组别、参加一个队。要换组，请先退出原来的报名。',
  }),
  'twice-in-team': ({ who }) => ({ message: `${who}在名单里出现了两次`, remedy: '每名队员只填一次。' }),
  'judges-here': ({ who }) => ({
    message: `${who || '这个人'}是这场竞赛的裁判，不能参赛`,
    remedy: '裁判和选手只能选一个身份；请主办单位先调整裁判。',
  }),
  'team-size': ({ least, most }) => ({ message: `每队${least}至${most}人`, remedy: '请按人数填写队员。' }),
  'team-name': () => ({ message: '请填写队名', remedy: '团体组要写队名。' }),
  'one-person': () => ({ message: '个人组每次报一人', remedy: '请只填一名选手。' }),
  'own-individual': () => ({ message: '团体组由单位或者学校报名', remedy: '请联系本单位的经办人报名。' }),
  'too-young': ({ who, least }) => ({ message: `${who || '选手'}不满${least}岁`, remedy: '年龄要求见竞赛公告。' }),
  'too-old': ({ who, most }) => ({ message: `${who || '选手'}超过${most}岁`, remedy: '年龄要求见竞赛公告。' }),
  'name-differs': ({ who }) => ({
    message: `${who}的证件号码登记的是另一个姓名`,
    remedy: '请核对姓名和证件号码；改过名的，请本人先在“个人中心”更名。',
  }),
  'entry-state': ({ state }) => ({
    message: `报名现在是“${entryStates[state as EntryState] ?? state}”，不能这样办`,
    remedy: '请刷新页面。',
  }),
  'own-entry': () => ({ message: '您参加了这场竞赛，不能审核', remedy: '请由其他人办理。' }),
  'refusal-note': () => ({ message: '资格不符要写明理由', remedy: '请写明不符合哪一条。' }),
  'protest-closed': () => ({ message: '不在申诉期内', remedy: '公示期间有意见的，可以对公示名单提出异议。' }),
  'protest-again': () => ({ message: '已有一件申诉正在办理', remedy: '请等答复。' }),
  'protest-decided': () => ({ message: '这件申诉已经办结', remedy: '请刷新页面。' }),
  'protest-own': () => ({ message: '您与这件申诉有关，不能办理', remedy: '请由没有参与的人员办理。' }),
}
