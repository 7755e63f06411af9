import { type DocumentKind, documentKinds, type Sex } from '#modules/people/identity.schema.ts'
import type { Dictionary, TableFault } from '#shared/table.ts'
import type { Day } from '#shared/units.ts'

/** How the trainee works for the enterprise. */
export const employments = {
  contract: '劳动合同',
  dispatch: '劳务派遣',
  flexible: '灵活就业',
  'service-agreement': '服务协议',
} as const

export type Employment = keyof typeof employments

export type RosterKey =
  | 'name'
  | 'documentKind'
  | 'document'
  | 'phone'
  | 'subdistrict'
  | 'hukou'
  | 'employment'
  | 'group'
  | 'job'
  | 'remarks'

/** Lists that belong to the plan and the district: code → label. Without a list the column takes any text. */
export type RosterLists = {
  groups?: Readonly<Record<string, string>>
  subdistricts?: Readonly<Record<string, string>>
}

export type RosterRow = {
  /** Row in the file, from 1. */
  row: number
  name: string
  documentKind: DocumentKind
  document: string
  birthOn: Day | null
  sex: Sex | null
  phone: string
  /** Code when `subdistricts` were given, else the text; empty when not filled in. */
  subdistrict: string
  hukou: string
  employment: Employment | ''
  /** Code when `groups` were given. Only claimed: it counts when a membership is verified (C11). */
  group: string
  job: string
  remarks: string
}

export type RosterCheck = {
  accepted: RosterRow[]
  faults: TableFault[]
  /** Columns left unread, with the column that was perhaps meant. */
  ignored: { header: string; meant: string | null }[]
}

/** Names for the 规则 column of the error file, beside those of `shared/table.ts`. */
export const rosterRules: Record<string, string> = { C01: 'C01 实名和证件号码', R06: 'R06 参训年龄' }

/** Longest text of the free columns. */
export const longest: Partial<Record<RosterKey, number>> = {
  subdistrict: 60,
  hukou: 100,
  group: 60,
  job: 60,
  remarks: 200,
}

/** The trainee roster (花名册): template, explanation sheet, check and API description are made from this. */
export function rosterDictionary(lists: RosterLists = {}): Dictionary<RosterKey> {
  return [
    {
      key: 'name',
      header: '姓名',
      aliases: ['学员姓名', '员工姓名', '名字'],
      required: true,
      description: '与证件完全一致。少数民族姓名用间隔号“·”，外文姓名用字母。',
      example: '陈小明',
      width: 14,
    },
    {
      key: 'documentKind',
      header: '证件类型',
      aliases: ['证件种类', '证件类别'],
      required: false,
      description: '不填按居民身份证处理。',
      example: documentKinds['resident-id'],
      width: 22,
      values: documentKinds,
      valueAliases: {
        身份证: 'resident-id',
        二代身份证: 'resident-id',
        居住证: 'hmt-residence-permit',
        港澳台居住证: 'hmt-residence-permit',
        回乡证: 'hm-travel-permit',
        港澳通行证: 'hm-travel-permit',
        台胞证: 'tw-travel-permit',
        永久居留证: 'foreign-residence-permit',
        外国人永久居留证: 'foreign-residence-permit',
      },
    },
    {
      key: 'document',
      header: '证件号码',
      aliases: ['身份证号', '身份证号码', '公民身份号码', '证件编号'],
      required: true,
      description: '本列必须是“文本”格式，否则18位号码的末尾会变成0。最后一位X大小写均可。',
      example: '440105199001010017',
      width: 24,
    },
    {
      key: 'phone',
      header: '手机号',
      aliases: ['手机号码', '手机', '联系电话', '联系方式', '移动电话'],
      required: true,
      description: '本人的11位手机号，用于通知和回访。',
      example: '13800138000',
      width: 16,
    },
    {
      key: 'subdistrict',
      header: '居住街道',
      aliases: ['街道', '居住地', '现居住街道'],
      required: false,
      description: '现在居住的街道。',
      example: Object.values(lists.subdistricts ?? {})[0] ?? '赤岗街道',
      width: 16,
      ...(lists.subdistricts && { values: lists.subdistricts }),
    },
    {
      key: 'hukou',
      header: '户籍地',
      aliases: ['户籍', '户口所在地', '户籍所在地'],
      required: false,
      description: '省、市、区（县）。用于核对与本省的联系（R07）。',
      example: '广东省广州市海珠区',
      width: 24,
    },
    {
      key: 'employment',
      header: '用工形式',
      aliases: ['用工方式', '用工类型'],
      required: false,
      description: '劳务派遣人员在本单位工作的也可参加；服务协议指员工制家政企业。',
      example: employments.contract,
      width: 14,
      values: employments,
      valueAliases: { 合同: 'contract', 合同工: 'contract', 派遣: 'dispatch', 灵活: 'flexible' },
    },
    {
      key: 'group',
      header: '人员类别',
      aliases: ['重点群体', '群体类别', '人员类型'],
      required: false,
      description: '属于重点群体的填写；须由主管部门的数据核实后才生效（C11）。',
      example: Object.values(lists.groups ?? {})[0] ?? '登记失业人员',
      width: 20,
      ...(lists.groups && { values: lists.groups }),
    },
    {
      key: 'job',
      header: '岗位或工种',
      aliases: ['岗位', '工种', '岗位/工种', '职务'],
      required: false,
      description: '现在的岗位或工种。',
      example: '中式烹调师',
      width: 18,
    },
    {
      key: 'remarks',
      header: '备注',
      aliases: ['说明'],
      required: false,
      description: '需要手语、无障碍场地等协助的请写明。不要填写病情、账号等信息。',
      example: '',
      width: 24,
    },
  ]
}
