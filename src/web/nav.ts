import type { Actor } from '#platform/actor.ts'
import { type Permission, roles } from '#platform/permissions.ts'
import { certificationDeskItem, certificationNav, standardsDeskItem } from './certification-nav.ts'
import { competitionDeskNav, competitionNav, ownCompetitionItem } from './competition-nav.ts'
import { exchangeNav, mentoringItem } from './exchange-nav.ts'
import { libraryDeskNav, libraryNav } from './library-nav.ts'
import { paths } from './paths.ts'
import { ownRecognitionItem, recognitionDeskNav, recognitionNav } from './recognition-nav.ts'
import type { IconName } from './ui/icon.tsx'

/** The four workspaces. The first part of an address says which one a page belongs to. */
export type Area = 'my' | 'provider' | 'enterprise' | 'office'
export type NavItem = { href: string; label: string; icon: IconName; permission?: Permission; count?: number }
export type NavGroup = { title?: string; items: NavItem[] }

export const areaTitles: Record<Area, string> = {
  my: '个人中心',
  provider: '培训机构工作台',
  enterprise: '用人单位工作台',
  office: '经办工作台',
}

export const portalNav = [
  { href: paths.home(), label: '首页' },
  { href: paths.classes(), label: '找培训' },
  { href: paths.library(), label: '线上课程' },
  { href: paths.calculator(), label: '算补贴' },
  { href: paths.publicity(), label: '公示' },
  { href: paths.titles(), label: '认定聘任' },
  { href: paths.competitions(), label: '技能竞赛' },
  { href: paths.verifyCertificate(), label: '查证书' },
  { href: paths.figures(), label: '看成效' },
] as const

/** What an undertaker does day by day. */
const trainingNav = (area: 'provider' | 'enterprise'): NavGroup => ({
  title: '培训',
  items: [
    { href: paths.orgPlans(area), label: '培训计划', icon: 'document', permission: 'organisation.read' },
    { href: paths.orgClasses(area), label: '班级', icon: 'school', permission: 'organisation.read' },
    { href: paths.timetable(area), label: '课表', icon: 'calendar', permission: 'organisation.read' },
    { href: paths.places(area), label: '场地和师资', icon: 'building', permission: 'organisation.read' },
    { href: paths.learners(area), label: '线上学员和作业', icon: 'eye', permission: 'organisation.read' },
  ],
})

/** Side navigation. An item with a permission is shown only to those who hold it. */
export const areaNav: Record<Area, NavGroup[]> = {
  my: [
    {
      items: [
        { href: paths.my(), label: '我的培训', icon: 'home' },
        { href: paths.myCourses(), label: '我的线上课程', icon: 'clock' },
        { href: paths.myLearning(), label: '学习记录和证书', icon: 'certificate' },
        { href: paths.myPassport(), label: '学习护照', icon: 'shield' },
        ownRecognitionItem,
        ownCompetitionItem,
        mentoringItem,
        { href: paths.classes(), label: '找培训', icon: 'search' },
        { href: paths.library(), label: '线上课程', icon: 'book' },
        { href: paths.calculator(), label: '算补贴', icon: 'calculator' },
        { href: paths.reportProblem(), label: '举报与投诉', icon: 'flag' },
      ],
    },
  ],
  provider: [
    { items: [{ href: paths.provider(), label: '工作台首页', icon: 'home' }] },
    trainingNav('provider'),
    libraryNav('provider'),
    recognitionNav('provider'),
    competitionNav('provider'),
    certificationNav('provider'),
    exchangeNav('provider'),
    {
      title: '补贴',
      items: [{ href: paths.claims('provider'), label: '补贴申领', icon: 'money', permission: 'organisation.read' }],
    },
    {
      title: '本单位',
      items: [
        { href: paths.organisation('provider'), label: '单位资料', icon: 'building', permission: 'organisation.read' },
        { href: paths.members('provider'), label: '成员和角色', icon: 'people', permission: 'organisation.members' },
        { href: paths.apiKeys('provider'), label: '接口密钥', icon: 'lock', permission: 'apikey.manage' },
        { href: paths.records('provider'), label: '学习记录接口', icon: 'document', permission: 'apikey.manage' },
        {
          href: paths.connections('provider'),
          label: '外部平台互通',
          icon: 'building',
          permission: 'connect.register',
        },
      ],
    },
  ],
  enterprise: [
    { items: [{ href: paths.enterprise(), label: '工作台首页', icon: 'home' }] },
    trainingNav('enterprise'),
    libraryNav('enterprise'),
    recognitionNav('enterprise'),
    competitionNav('enterprise'),
    certificationNav('enterprise'),
    exchangeNav('enterprise'),
    {
      title: '补贴',
      items: [{ href: paths.claims('enterprise'), label: '补贴申领', icon: 'money', permission: 'organisation.read' }],
    },
    {
      title: '本单位',
      items: [
        {
          href: paths.organisation('enterprise'),
          label: '单位资料',
          icon: 'building',
          permission: 'organisation.read',
        },
        { href: paths.members('enterprise'), label: '成员和角色', icon: 'people', permission: 'organisation.members' },
        { href: paths.apiKeys('enterprise'), label: '接口密钥', icon: 'lock', permission: 'apikey.manage' },
        { href: paths.records('enterprise'), label: '学习记录接口', icon: 'document', permission: 'apikey.manage' },
        {
          href: paths.connections('enterprise'),
          label: '外部平台互通',
          icon: 'building',
          permission: 'connect.register',
        },
      ],
    },
  ],
  office: [
    { items: [{ href: paths.office(), label: '工作台首页', icon: 'home' }] },
    {
      title: '补贴',
      items: [
        { href: paths.reviews(), label: '补贴审核', icon: 'list', permission: 'casework.read' },
        { href: paths.officePublicity(), label: '公示', icon: 'speaker', permission: 'casework.read' },
        { href: paths.officeObjections(), label: '公示异议', icon: 'flag', permission: 'casework.read' },
        { href: paths.payments(), label: '付款', icon: 'money', permission: 'casework.read' },
        { href: paths.recoveries(), label: '追回', icon: 'warning', permission: 'casework.read' },
        { href: paths.ledger(), label: '对账和预算', icon: 'calculator', permission: 'casework.read' },
      ],
    },
    {
      title: '备案和开班',
      items: [
        { href: paths.orgPlans('office'), label: '计划备案', icon: 'document', permission: 'casework.read' },
        { href: paths.orgClasses('office'), label: '开班审核', icon: 'school', permission: 'casework.read' },
        { href: paths.learners('office'), label: '线上学习核查', icon: 'eye', permission: 'casework.read' },
        certificationDeskItem,
        standardsDeskItem,
        { href: paths.occupations(), label: '职业目录', icon: 'book', permission: 'board.read-internal' },
      ],
    },
    libraryDeskNav,
    recognitionDeskNav,
    competitionDeskNav,
    {
      title: '计划进度',
      items: [
        { href: paths.board(), label: '进度看板', icon: 'chart', permission: 'board.read-internal' },
        { href: paths.reports(), label: '季报和年报', icon: 'document', permission: 'report.read' },
        { href: paths.statistics(), label: '外部数据', icon: 'upload', permission: 'statistic.import' },
        { href: paths.settings(), label: '参数与待定事项', icon: 'book', permission: 'board.read-internal' },
      ],
    },
    {
      title: '拨付前核查',
      items: [
        { href: paths.datasets(), label: '核查数据', icon: 'upload', permission: 'dataset.import' },
        { href: paths.overrides(), label: '人工放行', icon: 'shield', permission: 'casework.read' },
      ],
    },
    {
      title: '考核和证书',
      items: [
        { href: paths.passRates(), label: '合格率监测', icon: 'chart', permission: 'casework.read' },
        { href: paths.certificateRegister(), label: '证书登记', icon: 'certificate', permission: 'casework.read' },
        { href: paths.officeCredentials(), label: '数字凭证', icon: 'lock', permission: 'credential.read' },
      ],
    },
    {
      title: '人员和单位',
      items: [
        { href: paths.officeAssist(), label: '窗口帮办', icon: 'people', permission: 'assist.start' },
        { href: paths.officeGroups(), label: '重点人群认定', icon: 'flag', permission: 'group.verify' },
        { href: paths.officePeople(), label: '人员查询', icon: 'person', permission: 'casework.read' },
        { href: paths.officeOrganisations(), label: '单位', icon: 'building', permission: 'casework.read' },
        { href: paths.officeAccess(), label: '授权', icon: 'lock', permission: 'access.grant' },
        { href: paths.officeAccounts(), label: '工作人员账号', icon: 'people', permission: 'access.grant' },
        { href: paths.officeConnect(), label: '外部平台互通', icon: 'building', permission: 'connect.read' },
        { href: paths.system(), label: '系统运行', icon: 'chart', permission: 'system.operate' },
      ],
    },
    {
      title: '公众',
      items: [{ href: paths.officeFeedback(), label: '举报与投诉', icon: 'flag', permission: 'casework.read' }],
    },
    {
      title: '审计',
      items: [
        { href: paths.audit(), label: '操作留痕', icon: 'shield', permission: 'audit.read' },
        { href: paths.officeRecords(), label: '学习记录库', icon: 'document', permission: 'audit.read' },
        { href: paths.packageAttempts(), label: '课件学习证据', icon: 'book', permission: 'audit.read' },
      ],
    },
  ],
}

export function areaOf(pathname: string): Area | null {
  const first = pathname.split('/')[1] ?? ''
  return first in areaTitles ? (first as Area) : null
}

export function navFor(area: Area, actor: Actor): NavGroup[] {
  return areaNav[area]
    .map((group) => ({ ...group, items: group.items.filter((item) => !item.permission || actor.can(item.permission)) }))
    .filter((group) => group.items.length > 0)
}

/** Where somebody can work. Organisation roles belong to providers or enterprises by their name. */
export function areasOf(actor: Actor): Area[] {
  const areas = new Set<Area>()
  if (actor.personId) areas.add('my')
  for (const { role } of actor.holdings) {
    if (role === 'trainee') areas.add('my')
    else if (role === 'library-expert') areas.add('office')
    else if (role.startsWith('enterprise')) areas.add('enterprise')
    else if (roles[role].held === 'organisation') areas.add('provider')
    else areas.add('office')
  }
  return [...areas]
}
