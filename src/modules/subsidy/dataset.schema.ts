import { z } from 'zod'
import { documentKinds } from '#modules/people/identity.schema.ts'
import type { Column, Dictionary, TableFault } from '#shared/table.ts'
import type { Day } from '#shared/units.ts'
import { type DatasetKind, datasetKinds } from './control.schema.ts'

export const datasetStates = {
  queued: '正在导入',
  imported: '已导入',
  failed: '导入失败',
  withdrawn: '已停用',
} as const
export type DatasetState = keyof typeof datasetStates

export type DatasetKey =
  | 'documentKind'
  | 'document'
  | 'uscc'
  | 'from'
  | 'to'
  | 'programme'
  | 'occupation'
  | 'level'
  | 'amount'

const documentKind: Column<DatasetKey> = {
  key: 'documentKind',
  header: '证件类型',
  aliases: ['证件种类'],
  required: false,
  description: '不填按居民身份证处理',
  example: '居民身份证',
  width: 18,
  values: documentKinds,
}
const document: Column<DatasetKey> = {
  key: 'document',
  header: '证件号码',
  aliases: ['身份证号', '身份证号码', '公民身份号码', '社会保障号码', '证件号'],
  required: true,
  description: '完整号码；换成不可还原的索引后比对，页面不显示',
  example: '440105199001010017',
  width: 22,
}
const uscc: Column<DatasetKey> = {
  key: 'uscc',
  header: '统一社会信用代码',
  aliases: ['信用代码', '单位信用代码', '参保单位统一社会信用代码', '社会信用代码'],
  required: true,
  description: '18位',
  example: '91440105MA5000001H',
  width: 22,
}
const from = (header: string, ...aliases: string[]): Column<DatasetKey> => ({
  key: 'from',
  header,
  aliases: ['开始日期', '起始日期', ...aliases],
  required: true,
  description: '年-月-日；只写到月的按当月1日',
  example: '2021-07-01',
  width: 16,
})
const to = (header: string, ...aliases: string[]): Column<DatasetKey> => ({
  key: 'to',
  header,
  aliases: ['结束日期', '终止日期', '截止日期', ...aliases],
  required: false,
  description: '含当日；至今有效的不填；只写到月的按当月最后一日',
  example: '2021-12-31',
  width: 16,
})
const text = (key: DatasetKey, header: string, required: boolean, description: string, example: string) =>
  ({ key, header, aliases: [], required, description, example, width: 18 }) satisfies Column<DatasetKey>

/** The columns of each kind of file. */
export const datasetDictionary: Record<DatasetKind, Dictionary<DatasetKey>> = {
  deceased: [documentKind, document, from('死亡日期', '去世日期', '死亡时间')],
  pension: [documentKind, document, from('开始领取日期', '待遇起始日期'), to('停止领取日期', '待遇终止日期')],
  'payroll-staff': [documentKind, document, from('在编开始日期', '入编日期'), to('在编结束日期', '离编日期')],
  'full-time-student': [documentKind, document, from('入学日期', '学籍起始日期'), to('离校日期', '毕业日期')],
  'social-insurance': [
    documentKind,
    document,
    uscc,
    from('参保起始日期', '参保开始日期', '参保月份', '起始年月'),
    to('参保截止日期', '参保结束日期', '终止年月'),
  ],
  'dishonest-organisations': [uscc, from('列入日期'), to('移出日期')],
  'paid-elsewhere': [
    documentKind,
    document,
    text('programme', '补贴项目', true, '与平台项目相同的写平台项目名称，否则照原文写', '企业适岗培训'),
    text('occupation', '职业编码', false, '版本和编码，例如 2015:4-03-02-01', '2015:4-03-02-01'),
    text('level', '等级', false, '例如 5、4、3', '5'),
    text('amount', '金额（元）', true, '最多两位小数', '600.00'),
    from('拨付日期', '发放日期'),
  ],
}

export type DatasetRow = {
  row: number
  /** Kind and normalised number; turned into a blind index and then forgotten. */
  document: { kind: keyof typeof documentKinds; number: string } | null
  uscc: string | null
  from: Day
  to: Day | null
  value: { programme?: string; occupation?: string; level?: string; amountFen?: number }
}
export type DatasetCheck = { accepted: DatasetRow[]; faults: TableFault[] }

const kinds = Object.keys(datasetKinds) as [DatasetKind, ...DatasetKind[]]
const line = (what: string, most: number) =>
  z.string(`请填写${what}`).trim().min(2, `请填写${what}`).max(most, `${what}不能超过${most}个字`)
const onDay = (what: string) => z.iso.date(`请填写${what}，例如 2021-09-15`)

export const ImportDataset = z
  .object({
    kind: z.enum(kinds, '请选择数据种类'),
    /** Id of a department of the plan, or the name of another office. */
    providerBody: line('数据提供单位', 120),
    reference: line('来文文号或交接单号', 120),
    asOf: onDay('数据截止日期'),
    coversFrom: onDay('数据起始日期'),
    coversTo: onDay('数据结束日期'),
    fileName: z.string('请选择文件').trim().min(1, '请选择文件').max(200, '文件名太长'),
    bytes: z.instanceof(Uint8Array, { error: '请选择文件' }),
  })
  .refine((d) => d.coversFrom <= d.coversTo, { path: ['coversTo'], error: '结束日期不能早于起始日期' })
  .refine((d) => d.coversTo <= d.asOf, { path: ['coversTo'], error: '结束日期不能晚于数据截止日期' })

export const LoadDataset = z.object({ datasetId: z.uuid('请选择数据') })
export const WithdrawDataset = z.object({
  datasetId: z.uuid('请选择数据'),
  reason: z.string('请写明停用原因').trim().min(4, '请写明停用原因，至少4个字').max(500, '停用原因不能超过500个字'),
})

/** How large a file of another office may be; it is read by the worker, not while somebody waits. */
export const datasetLimits = {
  maxBytes: 40 * 1024 * 1024,
  maxUnpackedBytes: 400 * 1024 * 1024,
  maxRows: 300_000,
  maxColumns: 100,
}
/** Faults kept with the data set; the counts are of all. */
export const faultsKept = 200
