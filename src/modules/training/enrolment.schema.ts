import { z } from 'zod'
import { documentKind } from '#modules/people/identity.schema.ts'
import { reasonText as personReasons } from '#modules/people/person.schema.ts'
import { type ClassState, classStates } from './class.schema.ts'
import { agreed, idField, optional, optionalText, type ReasonTexts, reasonField, textField } from './input.schema.ts'
import { type Employment, employments } from './roster.schema.ts'

export const enrolmentStates = { enrolled: '在读', withdrawn: '已退班', passed: '合格', failed: '不合格' } as const
export type EnrolmentState = keyof typeof enrolmentStates

export const enrolmentSources = {
  form: '逐个登记',
  import: '花名册导入',
  self: '本人报名',
  assisted: '窗口代办',
  api: '系统对接',
} as const

export const importStates = {
  checking: '正在核对',
  checked: '已核对，待导入',
  applying: '正在导入',
  applied: '已导入',
  failed: '文件无法读取',
  discarded: '已放弃',
} as const
export type ImportState = keyof typeof importStates

export const EnrolPerson = z.object({
  classId: idField('班级'),
  name: textField('姓名', 120),
  documentKind: documentKind.catch('resident-id'),
  documentNumber: textField('证件号码', 60),
  phone: textField('手机号', 40),
  employment: z
    .union([z.enum(Object.keys(employments) as [Employment, ...Employment[]]), z.literal('')], '请选择用工形式')
    .default(''),
  groupCode: optionalText('人员类别', 60),
  subdistrict: optional(z.string().regex(/^\d{9}$/, '请选择居住街道')),
  job: optionalText('岗位或工种', 60),
  remarks: optionalText('备注', 200),
})
export const EnrolSelf = z.object({ classId: idField('班级'), commitment: agreed('请阅读并勾选承诺') })
export const SignCommitment = z.object({ enrolmentId: idField('报名记录'), commitment: agreed('请阅读并勾选承诺') })
export const WithdrawEnrolment = z.object({ enrolmentId: idField('学员'), reason: reasonField })
export const WithdrawSelf = z.object({ enrolmentId: idField('报名记录') })

export const StartImport = z.object({
  classId: idField('班级'),
  fileName: z.string('请选择花名册文件').min(1, '请选择花名册文件').max(200, '文件名太长'),
  bytes: z.instanceof(Uint8Array, { message: '请选择花名册文件' }),
})
export const ImportStep = z.object({ importId: idField('导入记录') })

/** The words a trainee signs (R02: commitment to identity conditions). */
export const traineeCommitment =
  '本人承诺：所填身份信息真实；不是机关事业单位在编人员、全日制在校学生或已领取养老金人员；本人亲自参加培训、亲自签到。如有虚假，愿退回相应补贴并承担责任。'

/** Reasons of `enrolment.rules.ts`, `enrolment.commands.ts` and `import.commands.ts` in words. */
export const reasonText: ReasonTexts = {
  ...personReasons,
  'roster-closed': (f) => ({
    message: `班级现在的状态是“${classStates[f.state as ClassState] ?? f.state}”，不能增减学员`,
    remedy: '审核期间花名册锁定；审核完成后再办理。',
  }),
  'class-full': (f) => ({ message: `班级${f.capacity}个名额已满`, remedy: '请选择其他班级，或等待有人退班。' }),
  'already-enrolled': () => ({ message: '此人已在本班名单中', remedy: '无需重复登记。' }),
  'not-open': () => ({ message: '本班不接受公开报名', remedy: '请选择标有“可报名”的班级，或联系培训机构。' }),
  'enrolment-over': (f) => ({ message: `本班已于${f.startsOn}开班，报名已截止`, remedy: '请选择还没有开班的班级。' }),
  'no-person': () => ({
    message: '还没有完成实名，不能报名',
    remedy: '请先完成实名；不方便在网上办的，可到街道窗口由工作人员代办。',
  }),
  'under-age': (f) => ({
    message: `开班时未满${f.ageMin}周岁`,
    remedy: '请核对证件号码；未到年龄的，请到龄后再报名。',
  }),
  'group-required': () => ({ message: '本项目只面向重点群体，没有填写人员类别', remedy: '请选择人员类别。' }),
  'group-unknown': () => ({ message: '所选人员类别不在本项目范围内', remedy: '请重新选择人员类别。' }),
  'enrolment-state': (f) => ({
    message: `该学员的状态是“${enrolmentStates[f.state as EnrolmentState] ?? f.state}”，不能办这一步`,
    remedy: '请刷新页面，按最新状态办理。',
  }),
  'import-running': () => ({ message: '本班有一份花名册正在处理', remedy: '请等它完成，或放弃它再上传新的。' }),
  'import-state': (f) => ({
    message: `这份花名册的状态是“${importStates[f.state as ImportState] ?? f.state}”，不能办这一步`,
    remedy: '请刷新页面，按最新状态办理。',
  }),
  'import-empty': () => ({ message: '没有可以导入的行', remedy: '请下载错误清单，改好后重新上传。' }),
  'import-over-capacity': (f) => ({
    message: `可导入${f.accepted}人，班级只剩${f.left}个名额`,
    remedy: '请减少花名册中的人数，或调高班级人数上限。',
  }),
}
