/** The platform's own vocabulary. Verbs that others have named well are taken from them. */
export const verbs = {
  registered: {
    id: 'http://adlnet.gov/expapi/verbs/registered',
    words: { 'zh-CN': '已报名', en: 'registered' },
    means: { 'zh-CN': '学员已编入经批准的班级', en: 'The learner is enrolled in an approved class.' },
  },
  attended: {
    id: 'http://adlnet.gov/expapi/verbs/attended',
    words: { 'zh-CN': '已出勤', en: 'attended' },
    means: {
      'zh-CN': '课次结束，学员的培训时长已记入课时台账',
      en: 'A session is closed and its minutes are in the hours ledger; result.duration says how many.',
    },
  },
  passed: {
    id: 'http://adlnet.gov/expapi/verbs/passed',
    words: { 'zh-CN': '考核合格', en: 'passed' },
    means: { 'zh-CN': '结业考核确认为合格', en: 'The confirmed result of the assessment is a pass.' },
  },
  failed: {
    id: 'http://adlnet.gov/expapi/verbs/failed',
    words: { 'zh-CN': '考核不合格', en: 'failed' },
    means: { 'zh-CN': '结业考核确认为不合格', en: 'The confirmed result of the assessment is a fail.' },
  },
  certified: {
    id: 'https://w3id.org/xapi/tla/verbs/certified',
    words: { 'zh-CN': '已获发证书', en: 'certified' },
    means: { 'zh-CN': '培训合格证书已签发', en: 'A training certificate was issued; it can be verified on the site.' },
  },
} as const
export type VerbName = keyof typeof verbs

export const activityTypes = {
  class: 'http://adlnet.gov/expapi/activities/course',
  session: 'http://adlnet.gov/expapi/activities/lesson',
  assessment: 'http://adlnet.gov/expapi/activities/assessment',
} as const

export const profileAddress = (home: string) => `${home}/xapi/profile`

/** The version of the profile below; changed whenever a term or a template changes. */
export const profileVersion = '1'
export const profileDay = '2026-11-26'
