import { activityTypes, profileAddress, profileDay, profileVersion, verbs } from '#modules/records/profile.rules.ts'

const templates = [
  { name: 'enrolled', verb: verbs.registered.id, type: activityTypes.class, words: '编入班级' },
  {
    name: 'attended',
    verb: verbs.attended.id,
    type: activityTypes.session,
    words: '课次出勤，result.duration 为入账时长',
  },
  { name: 'passed', verb: verbs.passed.id, type: activityTypes.assessment, words: '考核合格' },
  { name: 'failed', verb: verbs.failed.id, type: activityTypes.assessment, words: '考核不合格' },
  { name: 'certified', verb: verbs.certified.id, type: activityTypes.class, words: '签发证书' },
]
const contextTypes = Object.values(activityTypes)

/** What the platform's own statements look like and mean: an xAPI Profile (profile specification 1.0) in JSON-LD. */
export function profile(home: string): object {
  const id = profileAddress(home)
  const version = `${id}/v${profileVersion}`
  return {
    '@context': 'https://w3id.org/xapi/profiles/context',
    id,
    type: 'Profile',
    conformsTo: 'https://w3id.org/xapi/profiles#1.0',
    prefLabel: { 'zh-CN': '职业培训云平台学习记录', en: 'Vocational training records' },
    definition: {
      'zh-CN': '平台自身业务记录（报名、出勤、考核、证书）对应的学习记录。人员仅以账户标识出现。',
      en: 'Statements for what the platform itself records: enrolment, attendance, assessment, certificates. A person is an account and nothing else.',
    },
    author: { type: 'Organization', name: '职业培训云平台', url: home },
    versions: [{ id: version, generatedAtTime: `${profileDay}T00:00:00Z` }],
    concepts: [
      ...Object.values(verbs).map(({ id: verbId, words, means }) => ({
        ...{ id: verbId, inScheme: version, type: 'Verb', prefLabel: words, definition: means },
      })),
      ...contextTypes.map((type) => ({ id: type, inScheme: version, type: 'ActivityType' })),
    ],
    templates: templates.map(({ name, verb, type, words }) => ({
      id: `${id}/templates/${name}`,
      inScheme: version,
      type: 'StatementTemplate',
      prefLabel: { 'zh-CN': words },
      definition: { 'zh-CN': words },
      verb,
      objectActivityType: type,
      rules: [
        { location: '$.actor.account.homePage', presence: 'included', all: [home] },
        { location: '$.actor.name', presence: 'excluded' },
        { location: '$.context.contextActivities.category[*].id', presence: 'included', any: [id] },
        ...(name === 'attended' ? [{ location: '$.result.duration', presence: 'included' }] : []),
        ...(name === 'passed' || name === 'failed' ? [{ location: '$.result.success', presence: 'included' }] : []),
      ],
    })),
  }
}
