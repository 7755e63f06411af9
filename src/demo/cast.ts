import type { OrganisationType } from '#modules/people/organisation.schema.ts'
import type { RoleCode } from '#platform/permissions.ts'
import { day } from '#shared/units.ts'

/** The people and organisations of the demonstration. Everybody is made up; organisations say so in their names. */

/** The instant at which the demonstration begins: a Wednesday morning in the plan's last autumn. */
export const opening = new Date('2021-09-15T10:00:00+08:00')
export const firstDay = day('2020-12-07')

export type Official = {
  username: string
  name: string
  role: RoleCode
  body?: string
  subdistrict?: string
  does: string
}

export const officials = [
  { username: 'li.shouli', name: '李受理', role: 'hr-intake', does: '登记单位、受理培训计划和开班申请' },
  { username: 'guan.shouli', name: '关受理', role: 'hr-intake', does: '与李受理互相复核（两人办理的事项）' },
  { username: 'wang.chushen', name: '王初审', role: 'hr-first-reviewer', does: '补贴申领初审' },
  { username: 'chen.fuhe', name: '陈复核', role: 'hr-second-reviewer', does: '补贴申领复核' },
  { username: 'lin.juzhang', name: '林局长', role: 'hr-leader', does: '审批补贴、追回和参数' },
  { username: 'huang.zijin', name: '黄资金', role: 'fund-clerk', does: '拨付批次、银行回盘、立案追回' },
  { username: 'zhou.caizheng', name: '周财政', role: 'finance-officer', does: '确认预算和拨付批次' },
  { username: 'wu.guize', name: '吴规则', role: 'rule-admin', does: '提出参数和待定事项的设置' },
  { username: 'zheng.tongji', name: '郑统计', role: 'statistician', does: '导入统计数据、季报年报' },
  { username: 'he.gongshi', name: '何公示', role: 'publicity-editor', does: '公示名单、处理异议' },
  { username: 'liang.shenji', name: '梁审计', role: 'audit-reader', does: '查阅全部记录和操作日志' },
  { username: 'luo.xitong', name: '罗系统', role: 'system-admin', does: '系统运行' },
  { username: 'song.anquan', name: '宋安全', role: 'security-admin', does: '提出角色授权' },
  { username: 'deng.anquan', name: '邓安全', role: 'security-admin', does: '批准角色授权' },
  { username: 'tang.rizhi', name: '唐日志', role: 'audit-admin', does: '操作日志的检索和导出' },
  {
    username: 'xu.tuiyi',
    name: '许退役',
    role: 'department-officer',
    body: 'veteransBureau',
    does: '核实退役军人身份（区退役军人事务局）',
  },
  {
    username: 'ye.canlian',
    name: '叶残联',
    role: 'department-officer',
    body: 'disabledFederation',
    does: '核实残疾人身份（区残联）',
  },
  {
    username: 'su.jiuye',
    name: '苏就业',
    role: 'department-officer',
    body: 'hrssBureau',
    does: '核实登记失业人员、导入比对数据（区人社局）',
  },
  {
    username: 'cai.haizhuang',
    name: '蔡海幢',
    role: 'subdistrict-clerk',
    subdistrict: '440105007',
    does: '海幢街道窗口，帮不用智能手机的居民办理',
  },
  {
    username: 'fan.pingshen',
    name: '范评审',
    role: 'library-reviewer',
    body: 'educationBureau',
    does: '评审线上课程（区教育局）',
  },
  {
    username: 'jiang.pingshen',
    name: '江评审',
    role: 'library-reviewer',
    body: 'govDataBureau',
    does: '评审线上课程（区政务服务数据管理局）',
  },
  { username: 'tan.pingshen', name: '谭评审', role: 'recognition-expert', does: '评审认定申请（匿名打分）' },
  { username: 'gu.pingshen', name: '顾评审', role: 'recognition-expert', does: '评审认定申请（匿名打分）' },
  { username: 'lai.pingshen', name: '赖评审', role: 'recognition-expert', does: '评审认定申请（匿名打分）' },
  { username: 'lan.pingshen', name: '蓝评审', role: 'recognition-expert', does: '评审认定申请（匿名打分）' },
  { username: 'mo.pingshen', name: '莫评审', role: 'recognition-expert', does: '评审认定申请（匿名打分）' },
  { username: 'shao.pingshen', name: '邵评审', role: 'recognition-expert', does: '评审认定申请（匿名打分）' },
] as const satisfies readonly Official[]

export type OfficialName = (typeof officials)[number]['name']

export type Undertaker = {
  key: string
  name: string
  type: OrganisationType
  subdistrict: string
  address: string
  industry: string
  tags: readonly string[]
  /** Role → the person who holds it there. */
  staff: Readonly<Record<string, string>>
  trainers: readonly { name: string; qualification: string }[]
  venue: string
  licence?: { number: string; occupations: readonly string[] }
}

export const undertakers = [
  {
    key: 'cuisine',
    name: '海珠岭南味粤菜职业培训学校（演示）',
    type: 'school',
    subdistrict: '440105008',
    address: '广州市海珠区同福西路示例12号',
    industry: '住宿和餐饮业',
    tags: ['粤菜师傅'],
    staff: { 'provider-admin': '冯校长', 'provider-academic': '潘教务', 'provider-finance': '卢财务' },
    trainers: [
      { name: '曾师傅', qualification: '中式烹调师高级技师' },
      { name: '袁师傅', qualification: '中式面点师技师' },
    ],
    venue: '南华西实训厨房',
    licence: { number: '海人社民〔2019〕8号（演示）', occupations: ['2015:4-03-02-01', '2015:4-03-02-02'] },
  },
  {
    key: 'domestic',
    name: '海珠安心家政职业培训学校（演示）',
    type: 'school',
    subdistrict: '440105003',
    address: '广州市海珠区昌岗中路示例88号',
    industry: '居民服务、修理和其他服务业',
    tags: ['南粤家政'],
    staff: { 'provider-admin': '程校长', 'provider-academic': '钟教务', 'provider-finance': '杨财务' },
    trainers: [
      { name: '徐老师', qualification: '家政服务员高级技师' },
      { name: '彭老师', qualification: '养老护理员技师' },
    ],
    venue: '昌岗实训室',
    licence: { number: '海人社民〔2018〕3号（演示）', occupations: ['2015:4-10-01-06'] },
  },
  {
    key: 'digital',
    name: '海珠数智技能培训中心（演示）',
    type: 'provider',
    subdistrict: '440105002',
    address: '广州市海珠区新港西路示例135号',
    industry: '信息传输、软件和信息技术服务业',
    tags: [],
    staff: { 'provider-admin': '邱主任', 'provider-academic': '温教务', 'provider-finance': '严财务' },
    trainers: [
      { name: '马老师', qualification: '人工智能训练师高级工' },
      { name: '丁老师', qualification: '高级工程师' },
    ],
    venue: '新港教学点',
    licence: { number: '海人社民〔2020〕1号（演示）', occupations: ['2015:4-04-05-05'] },
  },
  {
    key: 'ai',
    name: '琶洲深视智能科技有限公司（演示）',
    type: 'enterprise',
    subdistrict: '440105015',
    address: '广州市海珠区琶洲大道示例66号',
    industry: '信息传输、软件和信息技术服务业',
    tags: ['科技型中小企业'],
    staff: { 'enterprise-hr': '孔培训', 'enterprise-finance': '白财务' },
    trainers: [
      { name: '章工', qualification: '高级工程师' },
      { name: '廖工', qualification: '人工智能训练师技师' },
    ],
    venue: '琶洲总部培训室',
  },
  {
    key: 'commerce',
    name: '海珠布匹云电子商务有限公司（演示）',
    type: 'enterprise',
    subdistrict: '440105012',
    address: '广州市海珠区瑞康路示例9号',
    industry: '批发和零售业',
    tags: ['电子商务'],
    staff: { 'enterprise-hr': '汪培训', 'enterprise-finance': '石财务' },
    trainers: [{ name: '方讲师', qualification: '电子商务师高级技师' }],
    venue: '瑞康路培训室',
  },
  {
    key: 'restaurant',
    name: '滨江渔火餐饮管理有限公司（演示）',
    type: 'enterprise',
    subdistrict: '440105005',
    address: '广州市海珠区滨江东路示例201号',
    industry: '住宿和餐饮业',
    tags: ['餐饮服务'],
    staff: { 'enterprise-hr': '姚培训', 'enterprise-finance': '熊财务' },
    trainers: [{ name: '麦厨师长', qualification: '中式烹调师高级技师' }],
    venue: '滨江总店后厨教室',
  },
] as const satisfies readonly Undertaker[]

export type UndertakerKey = (typeof undertakers)[number]['key']

/** Trainees who can be signed in as. The others are numbered. */
export const told = {
  employee: { name: '陈小明', does: '琶洲深视的职工，今天上午有课，可以扫码签到' },
  learner: { name: '黄秀英', does: '残疾人，免费学家政，已结业领证' },
  veteran: { name: '梁志强', does: '退役军人，正在学粤菜' },
  elder: { name: '何桂兰', does: '不用智能手机，由海幢街道窗口帮她报名和查询' },
} as const
