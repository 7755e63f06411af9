/**
 * Who may do what. One table: roles down, permissions across; every command names one permission.
 * A role held in an organisation, department or subdistrict counts only there (`actor.ts`).
 */
export type Permission =
  // a person's own affairs
  | 'self.enrol'
  | 'self.check-in'
  | 'self.records'
  | 'self.object'
  | 'self.rate'
  | 'self.apply'
  | 'self.offer'
  // an organisation's own affairs
  | 'organisation.edit'
  | 'organisation.members'
  | 'plan.edit'
  | 'plan.file'
  | 'class.edit'
  | 'class.apply'
  | 'roster.edit'
  | 'session.edit'
  | 'session.run'
  | 'score.enter'
  | 'score.approve'
  | 'certificate.issue'
  | 'claim.prepare'
  | 'claim.submit'
  | 'apikey.manage'
  | 'record.write'
  | 'organisation.read'
  | 'library.contribute'
  | 'library.submit'
  | 'recognition.apply'
  | 'competition.host'
  | 'competition.enter'
  // the bureau's desk
  | 'plan.decide'
  | 'class.decide'
  | 'class.inspect'
  | 'certificate.revoke'
  | 'casework.read'
  | 'claim.first-review'
  | 'claim.second-review'
  | 'claim.approve'
  | 'control.override'
  | 'control.approve-override'
  | 'publicity.run'
  | 'objection.decide'
  | 'payment.batch'
  | 'payment.confirm'
  | 'payment.import'
  | 'recovery.open'
  | 'recovery.decide'
  | 'recovery.close'
  | 'dataset.import'
  | 'group.verify'
  | 'statistic.import'
  | 'setting.propose'
  | 'setting.approve'
  | 'board.read-internal'
  | 'report.read'
  // the resource library
  | 'library.read'
  | 'library.review'
  | 'library.manage'
  | 'library.approve'
  // other platforms
  | 'connect.register'
  | 'connect.read'
  | 'connect.approve'
  // titles and appointments
  | 'recognition.read'
  | 'recognition.manage'
  | 'recognition.recommend'
  | 'recognition.score'
  | 'recognition.decide'
  // competitions
  | 'competition.read'
  | 'competition.manage'
  | 'competition.judge'
  | 'competition.decide'
  // assessing skill levels
  | 'certification.plan'
  | 'certification.manage'
  | 'certification.approve'
  // mentors' hours and open seats
  | 'exchange.use'
  // skill standards drafted here
  | 'standard.draft'
  | 'standard.manage'
  | 'standard.approve'
  // special
  | 'assist.start'
  | 'person.unmask'
  | 'audit.read'
  | 'audit.export'
  | 'account.verify'
  | 'organisation.register'
  | 'access.grant'
  | 'access.approve'
  | 'system.operate'
  | 'credential.read'
  | 'credential.propose-key'
  | 'credential.approve-key'
  | 'security.review'

/** Roles and their Chinese labels; where each is held. */
export const roles = {
  trainee: { label: '劳动者', held: 'person' },
  'provider-admin': { label: '机构管理员', held: 'organisation' },
  'provider-academic': { label: '机构教务', held: 'organisation' },
  'provider-finance': { label: '机构财务', held: 'organisation' },
  trainer: { label: '授课教师', held: 'organisation' },
  'enterprise-hr': { label: '企业培训专员', held: 'organisation' },
  'enterprise-finance': { label: '企业财务', held: 'organisation' },
  'subdistrict-clerk': { label: '街道窗口人员', held: 'subdistrict' },
  'department-officer': { label: '部门经办', held: 'body' },
  'hr-intake': { label: '人社受理', held: 'district' },
  'hr-first-reviewer': { label: '人社初审', held: 'district' },
  'hr-second-reviewer': { label: '人社复核', held: 'district' },
  'hr-leader': { label: '人社局领导', held: 'district' },
  'fund-clerk': { label: '资金经办', held: 'district' },
  'finance-officer': { label: '财政确认', held: 'district' },
  'rule-admin': { label: '规则管理员', held: 'district' },
  statistician: { label: '统计员', held: 'district' },
  'publicity-editor': { label: '公示与宣传', held: 'district' },
  'audit-reader': { label: '审计查阅', held: 'district' },
  'system-admin': { label: '系统管理员', held: 'district' },
  'security-admin': { label: '安全管理员', held: 'district' },
  'audit-admin': { label: '审计管理员', held: 'district' },
  'library-reviewer': { label: '课程评审（部门）', held: 'body' },
  'library-expert': { label: '课程评审专家', held: 'organisation' },
  'recognition-expert': { label: '认定评审专家', held: 'district' },
} as const satisfies Record<
  string,
  { label: string; held: 'person' | 'organisation' | 'subdistrict' | 'body' | 'district' }
>

export type RoleCode = keyof typeof roles
export type Grant = readonly Permission[]

const academic = [
  'organisation.read',
  'plan.edit',
  'class.edit',
  'roster.edit',
  'session.edit',
  'session.run',
  'score.enter',
  'library.contribute',
] as const
const desk = ['casework.read', 'board.read-internal', 'report.read', 'recognition.read', 'competition.read'] as const

export const grants: Record<RoleCode, Grant> = {
  trainee: ['self.enrol', 'self.check-in', 'self.records', 'self.object', 'self.rate', 'self.apply', 'self.offer'],
  'provider-admin': [
    ...academic,
    'organisation.edit',
    'organisation.members',
    'plan.file',
    'class.apply',
    'score.approve',
    'certificate.issue',
    'claim.prepare',
    'claim.submit',
    'apikey.manage',
    'record.write',
    'library.submit',
    'connect.register',
    'recognition.apply',
    'competition.host',
    'competition.enter',
    'certification.plan',
    'exchange.use',
    'standard.draft',
  ],
  'provider-academic': [
    ...academic,
    'plan.file',
    'class.apply',
    'certificate.issue',
    'library.submit',
    'competition.enter',
    'certification.plan',
    'exchange.use',
    'standard.draft',
  ],
  'provider-finance': ['organisation.read', 'claim.prepare', 'claim.submit'],
  trainer: ['organisation.read', 'session.run', 'score.enter', 'library.contribute'],
  'enterprise-hr': [
    ...academic,
    'organisation.edit',
    'organisation.members',
    'plan.file',
    'class.apply',
    'score.approve',
    'certificate.issue',
    'claim.prepare',
    'claim.submit',
    'apikey.manage',
    'record.write',
    'library.submit',
    'connect.register',
    'recognition.apply',
    'competition.host',
    'competition.enter',
    'certification.plan',
    'exchange.use',
    'standard.draft',
  ],
  'enterprise-finance': ['organisation.read', 'claim.prepare', 'claim.submit'],
  'subdistrict-clerk': ['assist.start'],
  'department-officer': [
    'group.verify',
    'dataset.import',
    'board.read-internal',
    'report.read',
    'recognition.recommend',
    'competition.read',
  ],
  'hr-intake': [
    ...desk,
    'plan.decide',
    'class.decide',
    'class.inspect',
    'organisation.register',
    'account.verify',
    'dataset.import',
    'library.read',
    'library.manage',
    'connect.register',
    'connect.read',
    'recognition.manage',
    'competition.manage',
    'certification.manage',
    'standard.manage',
  ],
  'hr-first-reviewer': [...desk, 'class.inspect', 'claim.first-review', 'control.override', 'person.unmask'],
  'hr-second-reviewer': [...desk, 'claim.second-review', 'control.approve-override', 'person.unmask'],
  'hr-leader': [
    ...desk,
    'claim.approve',
    'recovery.decide',
    'recovery.close',
    'certificate.revoke',
    'setting.approve',
    'library.read',
    'library.approve',
    'recognition.decide',
    'competition.decide',
    'certification.approve',
    'standard.approve',
  ],
  'fund-clerk': [...desk, 'payment.batch', 'payment.import', 'recovery.open'],
  'finance-officer': ['casework.read', 'payment.confirm', 'recovery.close', 'report.read'],
  'rule-admin': ['setting.propose', 'board.read-internal'],
  statistician: ['statistic.import', 'board.read-internal', 'report.read'],
  'publicity-editor': ['publicity.run', 'objection.decide', 'casework.read', 'recognition.read', 'competition.read'],
  'audit-reader': [
    'audit.read',
    'audit.export',
    'library.read',
    'casework.read',
    'board.read-internal',
    'report.read',
    'person.unmask',
    'credential.read',
    'connect.read',
    'recognition.read',
    'competition.read',
  ],
  'library-reviewer': ['library.read', 'library.review'],
  'library-expert': ['library.read', 'library.review'],
  'recognition-expert': ['recognition.score', 'competition.judge'],
  'system-admin': ['system.operate', 'credential.read', 'credential.propose-key', 'connect.read'],
  'security-admin': [
    'access.grant',
    'access.approve',
    'security.review',
    'credential.read',
    'credential.approve-key',
    'connect.read',
    'connect.approve',
  ],
  'audit-admin': ['audit.read', 'audit.export', 'credential.read'],
}

/** Pairs that one person may never hold together: nobody both reviews and pays, nobody watches himself. */
export const incompatible: readonly (readonly [RoleCode, RoleCode])[] = [
  ['hr-first-reviewer', 'hr-second-reviewer'],
  ['hr-first-reviewer', 'fund-clerk'],
  ['hr-second-reviewer', 'fund-clerk'],
  ['hr-leader', 'fund-clerk'],
  ['fund-clerk', 'finance-officer'],
  ['hr-first-reviewer', 'finance-officer'],
  ['hr-second-reviewer', 'finance-officer'],
  ['hr-leader', 'finance-officer'],
  ['hr-intake', 'fund-clerk'],
  ['hr-intake', 'finance-officer'],
  ['rule-admin', 'hr-leader'],
  ['recognition-expert', 'hr-intake'],
  ['recognition-expert', 'hr-leader'],
  ['system-admin', 'security-admin'],
  ['system-admin', 'audit-admin'],
  ['security-admin', 'audit-admin'],
]
