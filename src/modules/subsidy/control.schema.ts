import { z } from 'zod'
import type { ReasonText } from './line.schema.ts'

export type ControlId = `C${number}${number}`
export type Severity = 'block' | 'warn'
export type Evidence = Record<string, string | number | boolean | null | readonly string[]>
/** What a judge says. Evidence holds ids, counts and days; never a person's name or number. */
export type Judgement = { verdict: 'pass' | 'fail' | 'unknown'; reason: string; evidence: Evidence }

export const verdicts = { pass: '通过', fail: '发现问题', unknown: '未核查' } as const
export const severities = { block: '须解决后才能拨付', warn: '提醒审核人员核查' } as const
export type Verdict = keyof typeof verdicts

/** In the claimant's words: what is looked at, and with which records. */
export const controlWords: Record<string, { asks: string; how: string }> = {
  C01: { asks: '学员的证件号码是否真实有效', how: '核对号码的位数、出生日期和校验码；同一号码只能建一个档案。' },
  C02: { asks: '学员上课时是否健在', how: '与民政部门提供的死亡登记数据核对。' },
  C03: { asks: '学员是否已经领取养老金', how: '与社保部门提供的养老金发放数据核对。' },
  C04: { asks: '学员是否为机关事业单位在编人员', how: '与财政供养人员数据核对。' },
  C05: { asks: '学员是否为全日制在校学生', how: '与教育部门提供的学籍数据核对。' },
  C06: { asks: '学员上课当天是否由本企业参保', how: '逐个上课日与社会保险参保数据核对。' },
  C07: { asks: '以失业身份参训的学员是否在其他单位参保', how: '上课期间与社会保险参保数据核对。' },
  C08: { asks: '学员是否同一时间出现在两处', how: '核对全平台所有班级的上课和授课时间。' },
  C09: { asks: '同一职业同一等级是否已经补贴过', how: '核对全平台的申领记录和其他地区的拨付数据。' },
  C10: { asks: '学员本年度的补贴是否超过上限', how: '按提交时间先后，核对同一项目本年度已占用的额度。' },
  C11: { asks: '重点群体身份在上课期间是否有效', how: '核对主管部门的核实记录和有效期。' },
  C12: { asks: '班级是否在备案范围内、人数是否超过场地容量', how: '核对办学许可或备案、教室座位和实际签到人数。' },
  C13: { asks: '教师是否同时上两堂课', how: '核对全平台的课表和教师的任教期限。' },
  C14: { asks: '照片视频是否在不同班级重复使用', how: '本期平台不采集课堂照片和视频，因此不作核查。' },
  C15: { asks: '是否有一台设备替多人签到', how: '核对每堂课的签到设备和人工补签的比例。' },
  C16: {
    asks: '线上课时是否真实',
    how: '由学习时段原始记录重新核算：有无超出记录、超时、无人应答的线上课时，一台设备是否供多人学习。',
  },
  C17: { asks: '课时和金额是否算得清', how: '申领分钟数逐条对照课时台账，分项之和对照合计。' },
  C18: { asks: '合格率和结业人数是否异常', how: '统计本机构的合格率和单日结业人数。' },
  C19: { asks: '收款账户是否与他人共用', how: '核对全平台登记的银行账户。' },
  C20: { asks: '单位的信用和存续状况是否正常', how: '核对单位登记状态、成立日期和失信名单。' },
  C21: { asks: '抽查回访的结果是否与申领一致', how: '区人社局按比例电话、视频或现场回访学员，核对记录的结果。' },
  C22: { asks: '学员申领时是否已经离职', how: '与最近一期社会保险参保数据核对。' },
  C23: { asks: '成绩是否由两人录入和确认', how: '核对成绩的录入、确认和更改记录，并重新计算总分。' },
  C24: { asks: '公示异议是否都已处理', how: '核对本申领的公示异议记录。' },
  C25: { asks: '人工放行是否有效', how: '核对放行的审批和到期日。' },
}

/** Why a control passed without looking, failed, or could not look; and what the claimant can do. */
export const controlReasons: Record<string, (evidence: Evidence) => ReasonText> = {
  ok: () => ({ message: '未发现问题', remedy: '' }),
  'not-applicable': () => ({ message: '不适用于本申领', remedy: '' }),
  'no-data': (e) => ({
    message: `未核查：尚未导入${e.data}数据`,
    remedy: '无需您办理；由区人社局取得数据后核对。',
  }),
  'not-covered': (e) => ({
    message: `未核查：已导入的${e.data}数据未覆盖本班的日期`,
    remedy: '无需您办理；由区人社局取得相应时段的数据后核对。',
  }),
  'not-in-release': () => ({ message: '未核查：本期平台不具备这项核查', remedy: '由审核人员按需另行核实。' }),
  'online-beyond': (e) => ({
    message: `台账有线上 ${e.posted} 分钟，其中 ${e.beyond} 分钟没有可核实的学习记录`,
    remedy: '请联系区人社局核对线上学习记录；与课堂签到重叠的，由教务更正签到。',
  }),
  'online-over-clock': (e) => ({
    message: `有 ${e.count} 次线上学习计入的时长超过实际经过的时间`,
    remedy: '请联系区人社局核对线上学习记录。',
  }),
  'online-over-day': (e) => ({
    message: `有 ${e.count} 天线上学习超过每天上限 ${e.limit} 分钟（首日 ${e.first}）`,
    remedy: '请联系区人社局核对线上学习记录。',
  }),
  'online-silent': (e) => ({
    message: `有 ${e.count} 天线上学习超过 ${e.limit} 分钟，却没有答过一次在学确认（首日 ${e.first}）`,
    remedy: '请核实是否本人在学；由审核人员逐段回放后判断。',
  }),
  'online-device': (e) => ({
    message: `同一天有 ${e.persons} 名学员用同一台设备线上学习（提醒线 ${e.limit} 人）`,
    remedy: '请核实是否由他人代学；确属机构机房、家人共用的，请说明情况。',
  }),
  'figure-undecided': (e) => ({
    message: `未核查：“${e.label}”区人社局尚未明确`,
    remedy: '由区人社局明确后核对。',
  }),
  'document-invalid': () => ({
    message: '证件号码不符合编码规则',
    remedy: '请对照证件原件核对；确属登记有误的，请学员到受理窗口更正。',
  }),
  'name-invalid': () => ({ message: '姓名不符合登记规则', remedy: '请对照证件原件核对，由受理窗口更正。' }),
  deceased: (e) => ({
    message: `该学员已于 ${e.from} 登记死亡，之后仍有课时`,
    remedy: '请核实是否冒名参训；如属数据有误，请提交书面说明。',
  }),
  listed: (e) => ({
    message: `上课期间（${e.on}）该学员在${e.data}名单内`,
    remedy: '请从本申领中移除该学员；如属数据有误，请学员向数据提供部门申请更正。',
  }),
  'not-insured-here': (e) => ({
    message: `有 ${e.count} 个上课日未由本企业参保（首个为 ${e.first}）`,
    remedy: '请核实劳动关系：补缴参保并等待数据更新，或从本申领中移除该学员。',
  }),
  'insured-elsewhere': (e) => ({
    message: `以失业身份参训，但 ${e.first} 起有单位参保记录`,
    remedy: '请核实身份；已就业的请从本申领中移除。',
  }),
  'has-left': (e) => ({
    message: `截至 ${e.on} 已不在本企业参保`,
    remedy: '请核实是否离职；仍在职的请提供参保或劳动合同说明。',
  }),
  'two-places': (e) => ({
    message: `与另一班级的上课时间重叠 ${e.count} 次（首次 ${e.first}）`,
    remedy: '请核实该学员实际在哪个课堂，由教务更正签到记录。',
  }),
  teaching: (e) => ({
    message: `上课的同时在另一课堂任教 ${e.count} 次（首次 ${e.first}）`,
    remedy: '请核实签到记录，由教务更正。',
  }),
  'already-subsidised': (e) => ({
    message: `同一职业同一等级已在申领 ${e.claim} 中补贴`,
    remedy: '请从本申领中移除该学员。',
  }),
  'paid-elsewhere': (e) => ({
    message: `同一职业同一等级已由其他地区或部门补贴（${e.on}）`,
    remedy: '请从本申领中移除该学员；如属数据有误，请提交书面说明。',
  }),
  'over-cap': () => ({
    message: '本年度已占用额度加本次金额超过每人每年上限',
    remedy: '请重新计算本申领，按剩余额度申领。',
  }),
  'group-unverified': (e) => ({
    message: `重点群体身份（${e.group}）在上课期间没有有效的核实记录`,
    remedy: '请联系主管部门核实身份后重新核查。',
  }),
  'group-required': () => ({
    message: '本项目只面向指定的重点群体，该学员没有登记群体',
    remedy: '请核实该学员的群体身份，或从本申领中移除。',
  }),
  'no-licence': () => ({
    message: '上课期间没有有效的办学许可或备案',
    remedy: '请提交上课期间有效的许可或备案材料，由区人社局登记后重新核查。',
  }),
  'out-of-scope': () => ({
    message: '本班职业不在办学许可或备案范围内',
    remedy: '请提交包含该职业的许可或备案材料，由区人社局登记后重新核查。',
  }),
  'over-seats': (e) => ({
    message: `有 ${e.count} 堂课的签到人数超过教室座位（最多 ${e.persons} 人，座位 ${e.seats} 个）`,
    remedy: '请核实教室座位数和签到记录。',
  }),
  'over-capacity': (e) => ({
    message: `班级人数 ${e.persons} 超过上限 ${e.limit}`,
    remedy: '请核实花名册。',
  }),
  'trainer-twice': (e) => ({
    message: `有 ${e.count} 堂课的教师同一时间在另一课堂`,
    remedy: '请核实课表和实际授课教师。',
  }),
  'trainer-invalid': (e) => ({
    message: `有 ${e.count} 堂课的教师不在任教有效期内`,
    remedy: '请补充教师资格的有效期材料。',
  }),
  'device-shared': (e) => ({
    message: `与他人共用签到设备：同一堂课一台设备签到 ${e.persons} 人（提醒线 ${e.limit} 人）`,
    remedy: '请说明情况；没有手机的学员请由教师点名，不要借用他人设备。',
  }),
  'manual-share': (e) => ({
    message: `人工补签占 ${e.percent}%，超过提醒线 ${e.limit}%`,
    remedy: '请说明补签较多的原因并保留佐证。',
  }),
  'ledger-differs': (e) => ({
    message: `申领 ${e.claimed} 分钟，按课时台账可计 ${e.counted} 分钟（台账 ${e.ledger} 分钟，本申领占用 ${e.spent} 分钟）`,
    remedy: '请重新计算本申领。',
  }),
  'amount-differs': () => ({ message: '金额与课时、标准、上限算不平', remedy: '请重新计算本申领。' }),
  'sum-differs': () => ({ message: '各人金额之和与合计不符', remedy: '请重新计算本申领。' }),
  'pass-rate': (e) => ({
    message: `本机构近一年考核 ${e.assessed} 人，合格率 ${e.percent}%，高于提醒线 ${e.limit}%`,
    remedy: '请保留试卷和考核记录备查。',
  }),
  burst: (e) => ({
    message: `${e.on} 一天结业 ${e.persons} 人，超过提醒线 ${e.limit} 人`,
    remedy: '请保留考核安排和监考记录备查。',
  }),
  'account-shared': (e) => ({
    message: `收款账户同时登记在另外 ${e.others} 个主体名下`,
    remedy: '请改用本单位自己的账户，或说明原因。',
  }),
  'account-not-own': () => ({ message: '收款账户不是申领单位的账户', remedy: '请改用本单位的账户。' }),
  'no-account': () => ({ message: '还没有收款账户', remedy: '请在单位信息中登记收款账户。' }),
  'not-active': () => ({ message: '单位已停用或注销', remedy: '请联系区人社局。' }),
  'younger-than-class': (e) => ({
    message: `单位成立日期（${e.registered}）晚于开班日期（${e.started}）`,
    remedy: '请核实单位登记信息。',
  }),
  dishonest: (e) => ({ message: `单位自 ${e.from} 起列入失信名单`, remedy: '信用修复后可重新申领。' }),
  'one-person': (e) => ({
    message: `有 ${e.count} 项成绩由同一人录入并确认或更改`,
    remedy: '请由另一人复核成绩。',
  }),
  'change-pending': () => ({ message: '有成绩更改还没有审批', remedy: '请先完成成绩更改的审批。' }),
  'result-differs': () => ({ message: '考核结果与确认的成绩算不平', remedy: '请联系平台管理员核查成绩记录。' }),
  'no-result': () => ({ message: '没有考核结果，或结果已不是合格', remedy: '请重新计算本申领。' }),
  'objection-open': (e) => ({ message: `有 ${e.count} 件公示异议还没有处理`, remedy: '请等待处理结果。' }),
  'callback-denies': (e) => ({
    message: `回访结果与申领不符（${e.outcome === 'denied' ? '学员否认参训' : '部分情况不一致'}）`,
    remedy: '请配合核查，说明情况并提供佐证。',
  }),
  'callbacks-missing': (e) => ({
    message: `未核查：应回访 ${e.needed} 人，已有结果 ${e.reached} 人`,
    remedy: '无需您办理；由区人社局回访后核对。',
  }),
  'override-expired': (e) => ({ message: `有 ${e.count} 项人工放行已到期失效`, remedy: '由审核人员重新核查。' }),
  'override-pending': (e) => ({
    message: `有 ${e.count} 项人工放行尚未经另一人批准`,
    remedy: '由审核人员办理。',
  }),
}

/** Kinds of data other offices provide, with the words of `no-data`. */
export const datasetKinds = {
  deceased: '死亡登记',
  pension: '养老金领取',
  'payroll-staff': '财政供养人员',
  'full-time-student': '在校学生学籍',
  'social-insurance': '社会保险参保',
  'dishonest-organisations': '失信单位',
  'paid-elsewhere': '其他地区或部门拨付',
} as const
export type DatasetKind = keyof typeof datasetKinds

export const occasions = {
  draft: '申领单位自查',
  submit: '提交时核查',
  review: '审核中核查',
  payment: '拨付前核查',
  scheduled: '定期核查',
} as const
export type Occasion = keyof typeof occasions

export const CheckClaim = z.object({ claimId: z.uuid('请选择申领') })
export const RunControls = z.object({
  claimIds: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(z.uuid('请选择申领')).min(1, '请选择申领').max(500, '一次最多核查500件'),
  ),
  occasion: z.enum(['review', 'payment', 'scheduled']).default('review'),
})
