import { z } from 'zod'
import type { Dictionary } from '#shared/table.ts'
import { type DocumentKind, documentKinds, type ReasonText } from './identity.schema.ts'
import { optional, personFields, reasonField, text } from './person.schema.ts'

const from = z.iso.date('请填写认定起始日期，例如 2021-09-15')
const to = optional(z.iso.date('请填写认定截止日期，例如 2022-09-14'))
const inOrder = (value: { from: string; to?: string | undefined }) => !value.to || value.to >= value.from
const order = { path: ['to'], message: '截止日期不能早于起始日期' }

export const VerifyGroup = z
  .object({
    groupCode: z.string('请选择人群').min(1, '请选择人群').max(60),
    name: personFields.name,
    documentKind: personFields.documentKind,
    documentNumber: personFields.documentNumber,
    /** The proof by name and number; the paper itself stays with the department. */
    evidence: text('认定依据（证件名称和编号）', 200),
    from,
    to,
  })
  .refine(inOrder, order)

export const RevokeGroup = z.object({ membershipId: z.uuid('请选择记录'), reason: reasonField })

export const ImportGroup = z.object({
  groupCode: z.string('请选择人群').min(1, '请选择人群').max(60),
  /** Which list of which day it is. */
  source: text('名单来源（如“区退役军人事务局2021年8月登记名单”）', 300).min(2, '请写明名单来源'),
  fileName: text('文件名', 200),
  bytes: z.instanceof(Uint8Array, { error: '请选择要导入的文件' }),
})

export type GroupKey = 'name' | 'documentKind' | 'document' | 'evidence' | 'from' | 'to'

/** Columns of a group list; the template comes from here too. */
export const groupDictionary: Dictionary<GroupKey> = [
  {
    key: 'name',
    header: '姓名',
    aliases: ['名字', '人员姓名'],
    required: true,
    description: '与证件一致的姓名。',
    example: '张明',
    width: 12,
  },
  {
    key: 'documentKind',
    header: '证件类型',
    aliases: ['证件种类'],
    required: false,
    description: '不填视为居民身份证。',
    example: '居民身份证',
    width: 18,
    values: documentKinds,
  },
  {
    key: 'document',
    header: '证件号码',
    aliases: ['身份证号', '身份证号码', '公民身份号码', '证件号'],
    required: true,
    description: '完整号码；单元格设为文本格式。',
    example: '440105199001010017',
    width: 22,
  },
  {
    key: 'evidence',
    header: '认定依据',
    aliases: ['证明材料', '证件编号', '凭证编号'],
    required: true,
    description: '证件名称和编号，例如“残疾人证 4401…”。',
    example: '失业登记凭证 2021-000123',
    width: 28,
  },
  {
    key: 'from',
    header: '认定起始日期',
    aliases: ['起始日期', '开始日期', '登记日期'],
    required: true,
    description: '从这一天起算。',
    example: '2021-07-01',
    width: 14,
  },
  {
    key: 'to',
    header: '认定截止日期',
    aliases: ['截止日期', '结束日期', '有效期至'],
    required: false,
    description: '到这一天为止；长期有效的不填。',
    example: '2022-06-30',
    width: 14,
  },
]

export type GroupRow = {
  row: number
  name: string
  documentKind: DocumentKind
  documentNumber: string
  evidence: string
  from: string
  to: string | null
}

type Facts = Record<string, string | number | boolean | null>
export const reasonText: Record<string, (facts: Facts) => ReasonText> = {
  'group-overlap': () => ({
    message: '该人员在这一人群中已有认定，日期重叠',
    remedy: '请先查看已有记录；需要更正的，先撤销原记录再重新认定。',
  }),
  'group-name-differs': () => ({
    message: '该证件号码已登记，但姓名不一致',
    remedy: '请核对姓名和号码；确已更名的，请先由受理窗口办理姓名变更。',
  }),
  'group-revoked': () => ({ message: '这条记录已经撤销', remedy: '请刷新列表查看。' }),
  'group-future': () => ({ message: '认定起始日期晚于今天', remedy: '请在认定生效后再登记。' }),
  'group-file-known': (f) => ({
    message: `同一份文件已于${f.at}导入`,
    remedy: '不需要重复导入；名单有变化的，请导入新文件。',
  }),
}
