import {
  saveApplication,
  startApplication,
  startOwnApplication,
  submitApplication,
} from '#modules/recognition/application.commands.ts'
import { draftCall, publishCall } from '#modules/recognition/call.commands.ts'
import { designate } from '#modules/recognition/designation.commands.ts'
import { enrolExpert, pauseExpert } from '#modules/recognition/expert.commands.ts'
import { addMaterial } from '#modules/recognition/material.commands.ts'
import { closePanel, drawPanel, giveSheet } from '#modules/recognition/panel.commands.ts'
import {
  closePublication,
  decideObjection,
  lodgeObjection,
  publicise,
} from '#modules/recognition/publication.commands.ts'
import { passFormalReview, returnApplication, takeApplication } from '#modules/recognition/review.commands.ts'
import { confirmVisit, recordVisit, shortlist } from '#modules/recognition/visit.commands.ts'
import { anonymous } from '#platform/actor.ts'
import { compile } from '#platform/pdf.ts'
import { officials, type UndertakerKey, undertakers } from './cast.ts'
import { castPerson } from './people.ts'
import { at, type Story, type World } from './world.ts'

const experts: string[] = officials.filter((one) => one.role === 'recognition-expert').map((one) => one.name)

let made: Uint8Array | undefined
export const paper = () => {
  made ??= compile('letter', {
    ...{ on: '2021-06-01', mark: '', docNo: '', title: '演示材料', to: '', attachments: [], signature: '', date: '' },
    ...{ note: '', cc: '', printed: '', blocks: [{ kind: 'p', text: '这是演示区的材料，内容为虚构。' }] },
  })
  return { name: '演示材料.pdf', bytes: made }
}

export async function call(
  w: World,
  scheme: string,
  title: string,
  opensOn: string,
  closesOn: string,
): Promise<string> {
  const { callId } = await draftCall(w.as('李受理'), {
    ...{ scheme, title, opensOn, closesOn },
    announcement:
      '为落实本区职业技能提升行动计划，现就有关事项通知如下（演示）：请符合条件的单位在规定时间内通过平台申报，逾期不再受理。',
  })
  await publishCall(w.as('林局长'), { callId })
  return callId
}

type Wanted = {
  callId: string
  key: UndertakerKey
  person?: string
  f: Record<string, unknown>
  kinds: string[]
  path?: string
}

export async function apply(w: World, { callId, key, person, f, kinds, path = 'standard' }: Wanted): Promise<string> {
  const one = undertakers.find((unit) => unit.key === key)
  const ctx = w.as(Object.values(one?.staff ?? {})[0] ?? '')
  const organisationId = w.organisations.get(key)
  const { applicationId } = await startApplication(ctx, { callId, organisationId, path })
  const open = person ? castPerson(person) : undefined
  const { version } = await saveApplication(ctx, {
    ...{ applicationId, version: 1, f },
    ...(open && {
      person: { name: open.name, documentKind: open.documentKind, documentNumber: open.documentNumber },
    }),
  })
  for (const kind of kinds) await addMaterial(ctx, { applicationId, kind, file: paper() })
  await submitApplication(ctx, { applicationId, version, consent: 'yes' })
  return applicationId
}

export async function examine(w: World, officer: string, applicationId: string): Promise<void> {
  await takeApplication(w.as(officer), { applicationId })
  await passFormalReview(w.as(officer), { applicationId })
}

const chiefs = [
  { key: 'ai', person: '廖工', occupation: '人工智能训练师', level: '2', years: '9' },
  { key: 'commerce', person: '方讲师', occupation: '电子商务师', level: '1', years: '12' },
  { key: 'restaurant', person: '麦厨师长', occupation: '中式烹调师', level: '1', years: '21' },
] as const

const chiefForm = (one: (typeof chiefs)[number]) => ({
  post: '首席技师',
  occupation: one.occupation,
  level: one.level,
  certificateNo: `演示${one.years}0001`,
  years: one.years,
})

/** Firms register their chief technicians; three are nominated for the district's title, one gets it. */
export const titlesStory: Story = async function* (w) {
  yield at('2021-03-02', '09:30')
  const register = await call(
    w,
    'enterprise-chief-technician',
    '关于做好企业首席技师登记工作的通知（演示）',
    '2021-03-02',
    '',
  )
  const listed: string[] = []
  for (const [nth, one] of chiefs.entries()) {
    yield at('2021-03-10', `10:${nth}0`)
    const f = {
      ...chiefForm(one),
      decidedOn: '2021-02-20',
      decisionNo: `演示〔2021〕${nth + 1}号`,
      duties: '带徒传技，组织技术攻关。',
    }
    const id = await apply(w, {
      callId: register,
      key: one.key,
      person: one.person,
      f,
      kinds: ['decision', 'certificate'],
    })
    listed.push(id)
  }
  yield at('2021-03-12', '10:00')
  for (const id of listed) await examine(w, '关受理', id)
  yield at('2021-06-01', '09:00')
  const callId = await call(
    w,
    'haizhu-chief-technician',
    '关于评选2021年海珠首席技师的通知（演示）',
    '2021-06-01',
    '2021-06-30',
  )
  for (const name of experts) {
    await enrolExpert(w.as('李受理'), {
      userId: w.players.get(name)?.accountId,
      employer: `示例大学（${name}）`,
      speciality: '技能人才评价',
    })
  }
  // with as many in the pool as a panel seats, everybody is drawn, whatever the seed: the district is the same each time
  const last = await w.db
    .selectFrom('recognition.experts')
    .select('id')
    .where('user_id', '=', w.players.get(experts.at(-1) ?? '')?.accountId ?? '')
    .executeTakeFirstOrThrow()
  await pauseExpert(w.as('李受理'), { expertId: last.id, state: 'paused' })
  const ids: string[] = []
  for (const [nth, one] of chiefs.entries()) {
    yield at('2021-06-15', `15:${nth}0`)
    const f = {
      ...chiefForm(one),
      story: '长期在生产服务一线工作，带领团队解决多项难题，带徒传技成效明显（演示）。',
      achievements: [{ title: '一线革新项目', kind: 'innovation', year: '2020', effect: '提高效率两成' }],
      apprentices: [{ name: '徒弟（演示）', from: '2019-03-01', before: '4', after: '3' }],
      hasStudio: 'no',
    }
    const kinds = ['recommendation', 'certificate', 'proofs']
    ids.push(await apply(w, { callId, key: one.key, person: one.person, f, kinds }))
  }
  yield at('2021-07-05', '10:00')
  for (const id of ids) await examine(w, '李受理', id)
  yield at('2021-07-12', '09:00')
  const { panelId } = await drawPanel(w.as('李受理'), { callId })
  for (const name of experts) yield* mark(w, panelId, name)
  yield at('2021-07-20', '16:00')
  await closePanel(w.as('李受理'), { panelId, minutes: '专家独立打分，评分规则事先公布，没有异议（演示）。' })
  yield at('2021-07-28', '15:00')
  for (const applicationId of ids) {
    const checks = { 'front-line': 'yes', apprentices: 'yes', results: 'yes', studio: 'none' }
    const { visitId } = await recordVisit(w.as('李受理'), {
      ...{ applicationId, visitedOn: '2021-07-28', finding: 'pass', checks },
      note: '现场与填报一致（演示）。',
    })
    await confirmVisit(w.as('关受理'), { visitId })
  }
  yield at('2021-08-06', '10:00')
  const best = await w.db
    .selectFrom('recognition.applications')
    .select('id')
    .where('call_id', '=', callId)
    .orderBy('score', 'desc')
    .limit(2)
    .execute()
  await shortlist(w.as('李受理'), { callId, applicationIds: best.map((one) => one.id) })
  yield at('2021-08-09', '09:00')
  const list = await publicise(w.as('何公示'), { callId, title: '2021年海珠首席技师拟认定人选公示（演示）' })
  const row = await w.db
    .selectFrom('recognition.publication_rows')
    .select('id')
    .where('application_id', '=', best[1]?.id ?? '')
    .executeTakeFirstOrThrow()
  yield at('2021-08-11', '20:00')
  const objection = await lodgeObjection(
    { ...w.asSystem(), actor: anonymous },
    { rowId: row.id, reason: 'false-achievement', text: '公示的革新项目是团队成果，署名与实际不符（演示）。' },
  )
  yield at('2021-08-17', '00:20')
  await closePublication(w.asSystem('recognition.daily'), { publicationId: list.publicationId })
  yield at('2021-08-18', '10:00')
  await decideObjection(w.as('何公示'), {
    ...{ objectionId: objection.id, outcome: 'upheld' },
    reply: '经核查，革新项目主要由团队完成，异议成立，本次不予认定（演示）。',
  })
  await closePublication(w.asSystem('recognition.daily'), { publicationId: list.publicationId })
  yield at('2021-08-27', '10:00')
  await designate(w.as('林局长'), { applicationId: best[0]?.id, docNo: '' })
}

/** One expert's marks, if the draw has seated him. */
async function* mark(w: World, panelId: string, name: string, only = 99): AsyncGenerator<Date, void, void> {
  const ctx = w.as(name)
  const rows = await w.db
    .selectFrom('recognition.panel_seats as s')
    .innerJoin('recognition.experts as e', 'e.id', 's.expert_id')
    .innerJoin('recognition.applications as a', 'a.panel_id', 's.panel_id')
    .innerJoin('recognition.scheme_versions as v', 'v.id', 'a.version_id')
    .select(['a.id', 'v.body'])
    .where('s.panel_id', '=', panelId)
    .where('e.user_id', '=', ctx.actor.id)
    .orderBy('a.number') // codes follow the seed of the draw, which is never the same
    .execute()
  const level = experts.indexOf(name)
  for (const [nth, row] of rows.slice(0, only).entries()) {
    const { scoring } = row.body as { scoring: { dimensions: { id: string }[] } }
    const scores = Object.fromEntries(scoring.dimensions.map(({ id }, at) => [id, String(88 - nth * 4 + level - at)]))
    await giveSheet(w.as(name), { applicationId: row.id, scores, opinion: '材料有佐证，成效明显（演示）。' })
  }
}

/** Training bodies apply to be a base: one is still marked by the panel, one has papers to mend. */
export const basesStory: Story = async function* (w) {
  yield at('2021-08-10', '09:00')
  const callId = await call(w, 'training-base', '关于认定技能人才培训基地的通知（演示）', '2021-08-10', '2021-09-30')
  const f = {
    ...{ area: '1200', stations: '80', teachers: '16', volume: '900', highSkilled: '120', external: '200' },
    majors: [{ name: '中式烹调', equipment: '实训灶位', stations: '40' }],
    plan: '三年内增加实训工位，向周边企业开放（演示）。',
  }
  const kinds = ['licence', 'site', 'teachers', 'equipment']
  const ids: string[] = []
  for (const [nth, key] of (['cuisine', 'domestic'] as const).entries()) {
    yield at('2021-08-20', `14:${nth}0`)
    ids.push(await apply(w, { callId, key, f: { ...f, kind: key === 'cuisine' ? 'school' : 'provider' }, kinds }))
  }
  yield at('2021-08-25', '10:00')
  for (const id of ids) await examine(w, '李受理', id)
  yield at('2021-09-06', '09:00')
  const { panelId } = await drawPanel(w.as('李受理'), { callId })
  for (const name of experts.slice(0, 4)) yield* mark(w, panelId, name, 1)
  yield at('2021-09-09', '11:00')
  const late = await apply(w, { callId, key: 'digital', f: { ...f, kind: 'provider' }, kinds })
  yield at('2021-09-13', '10:00')
  await takeApplication(w.as('关受理'), { applicationId: late })
  await returnApplication(w.as('关受理'), {
    applicationId: late,
    reasonCodes: ['rec-material-missing'],
    note: '设备清单缺少价值一栏，请补齐后重新上传。',
  })
}

/** The call for industry mentors is open; one has applied and waits. */
export const mentorsStory: Story = async function* (w) {
  yield at('2021-09-01', '09:00')
  const callId = await call(w, 'industry-mentor', '关于公开选聘海珠产业导师的通知（演示）', '2021-09-01', '2021-10-31')
  yield at('2021-09-08', '20:15')
  const ctx = w.as('章工')
  const { applicationId } = await startOwnApplication(ctx, { callId, path: 'standard' })
  const { version } = await saveApplication(ctx, {
    ...{ applicationId, version: 1 },
    f: {
      ...{ employer: '琶洲深视智能科技有限公司（演示）', industry: '人工智能', post: '高级工程师' },
      topics: [{ topic: '机器视觉在质检中的应用', form: 'both' }],
      ...{ hours: '4', alliance: 'yes', resume: '长期从事智能制造（演示）。' },
    },
  })
  await addMaterial(ctx, { applicationId, kind: 'proof', file: paper() })
  await submitApplication(ctx, { applicationId, version, consent: 'yes' })
}
