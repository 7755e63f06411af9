/** What the trail says an action was about, `kind:id`, in words. */
const kinds: Record<string, string> = {
  account: '账号',
  'api-key': '接口密钥',
  assessment: '考核',
  'bank-account': '收款账户',
  'bank-return': '银行回盘',
  batch: '付款批次',
  budget: '预算',
  certificate: '证书',
  claim: '申领',
  'claim-line': '申领人员',
  class: '班级',
  consent: '帮办同意',
  'count-event': '计数',
  course: '课程',
  dataset: '核查数据',
  enrolment: '学员在班',
  file: '文件',
  grant: '授权',
  'group-import': '重点人群导入',
  import: '花名册导入',
  indicator: '指标',
  'issue-run': '签发',
  licence: '许可备案',
  mark: '签到',
  membership: '重点人群认定',
  'name-request': '更名申请',
  objection: '公示异议',
  occupations: '职业目录',
  organisation: '单位',
  override: '人工放行',
  person: '人员',
  plan: '培训计划',
  presence: '在学确认',
  'publicity-list': '公示名单',
  recovery: '追回',
  registration: '选课',
  report: '举报或报表',
  'score-change': '成绩更改',
  session: '课次',
  setting: '参数',
  'sign-in': '登录',
  statistic: '外部数据',
  text: '短信',
  trail: '留痕',
  viewing: '线上学习',
}

/** `claim:01a2…` → `申领 01a2…`; the whole number stays, because people search by it. */
export function subjectText(subject: string): string {
  const at = subject.indexOf(':')
  const kind = kinds[subject.slice(0, at)]
  return kind ? `${kind} ${subject.slice(at + 1)}` : subject
}

export const wordedSubjects = Object.keys(kinds)
