import {
  addExaminer,
  addRoom,
  addSite,
  decideAssessor,
  decideScope,
  decideSite,
  proposeAssessor,
  proposeScope,
} from '#modules/certification/assessor.commands.ts'
import {
  acceptBatch,
  addSitting,
  chooseSupervisor,
  clearBatch,
  fileBatch,
  newBatch,
  publiciseBatch,
} from '#modules/certification/batch.commands.ts'
import { candidatesOf } from '#modules/certification/batch.queries.ts'
import { addCandidate } from '#modules/certification/candidate.commands.ts'
import { issueBatch } from '#modules/certification/certificate.commands.ts'
import { confirmMarks, enterMarks } from '#modules/certification/mark.commands.ts'
import { decideLift, proposeLift } from '#modules/certification/stop.commands.ts'
import { castPerson } from './people.ts'
import { type Learner, some } from './pools.ts'
import { apply, call, examine } from './story-titles.ts'
import { at, type Story, type World } from './world.ts'

const filingNo = '粤评备（演示）001号'

/** What is on file of the organisation: title, codes, scopes, a site, examiners. */
async function* onFile(w: World): AsyncGenerator<Date, Filed, void> {
  yield at('2021-02-22', '09:20')
  const scheme = 'assessment-organisation'
  const callId = await call(w, scheme, '关于登记职业技能等级认定机构的通知（演示）', '2021-02-22', '')
  yield at('2021-02-24', '10:00')
  const organisationId = w.organisations.get('digital') ?? ''
  const f = {
    ...{
      kind: 'S',
      filingNo,
      examiners: '4',
      supervisors: '2',
      rules: '命题、考务、阅卷、录像和证书管理制度齐全（演示）。',
    },
    occupations: [{ occupation: '人工智能训练师', levels: '五级、四级' }],
  }
  const kinds = ['licence', 'site', 'staff', 'video', 'filing']
  const title = await apply(w, { callId, key: 'digital', f, kinds, path: 'filed' })
  yield at('2021-02-26', '15:00')
  await examine(w, '李受理', title)
  yield at('2021-03-01', '09:30')
  const codes = { organisationId, kind: 'S', filingCode: '0000', province: '44', serial: '000901', filingNo }
  await proposeAssessor(w.as('李受理'), codes)
  yield at('2021-03-01', '16:00')
  await decideAssessor(w.as('林局长'), { organisationId, decision: 'approve' })
  yield at('2021-03-02', '09:30')
  const scopeIds: string[] = []
  for (const level of ['5', '4']) {
    const { scopeId } = await proposeScope(w.as('李受理'), {
      ...{
        organisationId,
        occupation: '2015:4-04-05-05',
        level,
        parts: ['theory', 'skill'],
        from: '2021-03-01',
        to: '',
      },
      standard: '人工智能训练师国家职业技能标准（2021年版）',
      conditions:
        level === '5'
          ? '累计从事本职业工作1年以上（演示）｜1\n参加本职业培训（演示）'
          : '累计从事本职业工作4年以上（演示）｜4',
      source: filingNo,
    })
    scopeIds.push(scopeId)
  }
  for (const scopeId of scopeIds) await decideScope(w.as('林局长'), { scopeId, decision: 'approve' })
  yield at('2021-03-04', '10:00')
  const site = { organisationId, name: '新港考点（演示）', address: '广州市海珠区新港西路示例135号', tenure: 'owned' }
  const { siteId } = await addSite(w.as('温教务'), site)
  const room = { siteId, video: 'yes' }
  const theory = await addRoom(w.as('温教务'), { ...room, name: '理论机房', part: 'theory', seats: '40' })
  const skill = await addRoom(w.as('温教务'), { ...room, name: '实操机房', part: 'skill', seats: '20' })
  yield at('2021-03-09', '15:00')
  await decideSite(w.as('关受理'), { siteId, decision: 'approve', inspectedOn: '2021-03-09' })
  const staff: Record<string, string> = {}
  yield at('2021-03-10', '10:00')
  for (const [name, role] of [
    ['方讲师', 'examiner'],
    ['马老师', 'examiner'],
    ['章工', 'supervisor'],
  ] as const) {
    const { documentNumber } = castPerson(name)
    const made = { organisationId, name, documentNumber, role, cardNo: `演示${name}` }
    staff[name] = (await addExaminer(w.as('温教务'), made)).examinerId
  }
  return {
    organisationId,
    siteId,
    scopeId: scopeIds[0] ?? '',
    rooms: { theory: theory.roomId, skill: skill.roomId },
    staff,
  }
}

type Filed = {
  organisationId: string
  siteId: string
  scopeId: string
  rooms: { theory: string; skill: string }
  staff: Record<string, string>
}

async function batch(w: World, of: Filed, title: string, on: string, people: readonly Learner[], skillBy: string) {
  const { organisationId, scopeId, siteId, rooms, staff } = of
  const { batchId } = await newBatch(w.as('温教务'), { organisationId, scopeId, siteId, classId: '', title })
  const sitting = { batchId, on, seats: '20' }
  await addSitting(w.as('温教务'), {
    ...{ ...sitting, roomId: rooms.theory, from: '09:00', to: '10:30', examinerId: staff.方讲师 },
  })
  await addSitting(w.as('温教务'), {
    ...sitting,
    roomId: rooms.skill,
    from: '14:00',
    to: '16:00',
    examinerId: staff[skillBy],
  })
  await chooseSupervisor(w.as('温教务'), { batchId, examinerId: staff.章工 })
  for (const one of people) {
    await addCandidate(w.as('温教务'), {
      ...{ batchId, name: one.name, documentNumber: one.documentNumber, condition: '1', years: '2' },
      evidence: '社保记录和单位证明（演示）',
    })
  }
  await fileBatch(w.as('温教务'), { batchId })
  return batchId
}

async function marked(w: World, batchId: string) {
  const listed = await candidatesOf(w.db, batchId)
  const cells = Object.fromEntries(
    listed.flatMap((one, nth) => [
      [`${one.id}.theory`, String(72 + ((nth * 7) % 25))],
      [`${one.id}.skill`, nth === 3 ? '54' : String(68 + ((nth * 5) % 28))],
    ]),
  )
  const { version } = await enterMarks(w.as('温教务'), { batchId, version: 0, cells })
  await confirmMarks(w.as('邱主任'), { batchId, version })
}

/**
 * A training centre assesses levels: its first batch is certified, but the examiner had taught the candidates, so the
 * next could only be filed after two people had looked into it; that one is before the public, a third is being planned.
 */
export const levelsStory: Story = async function* (w) {
  const of = yield* onFile(w)
  yield at('2021-07-01', '10:00')
  const first = await batch(w, of, '2021年7月人工智能训练师五级认定', '2021-07-17', some('digital', 8), '马老师')
  yield at('2021-07-05', '10:30')
  await acceptBatch(w.as('李受理'), { batchId: first })
  yield at('2021-07-19', '10:00')
  await marked(w, first)
  await publiciseBatch(w.as('邱主任'), { batchId: first, workdays: '5' })
  yield at('2021-07-27', '00:25')
  await clearBatch(w.asSystem('certification.daily'), { batchId: first })
  yield at('2021-07-27', '10:00')
  await issueBatch(w.as('邱主任'), { batchId: first })
  yield at('2021-08-03', '10:00')
  for (const { id } of await w.db.selectFrom('certification.stops').select('id').orderBy('id').execute()) {
    await proposeLift(w.as('关受理'), {
      stopId: id,
      reason: '调阅全程录像并抽查试卷，评分有据；机构已改派外单位考评员（演示）。',
    })
    await decideLift(w.as('林局长'), { stopId: id, outcome: 'lift', note: '情况属实，同意解除（演示）。' })
  }
  yield at('2021-08-25', '10:00')
  const second = await batch(w, of, '2021年9月人工智能训练师五级认定', '2021-09-11', some('digital', 6, 8), '方讲师')
  yield at('2021-08-27', '11:00')
  await acceptBatch(w.as('李受理'), { batchId: second })
  yield at('2021-09-13', '11:00')
  await marked(w, second)
  await publiciseBatch(w.as('邱主任'), { batchId: second, workdays: '5' })
  yield at('2021-09-14', '16:00')
  const third = { organisationId: of.organisationId, scopeId: of.scopeId, siteId: of.siteId, classId: '' }
  await newBatch(w.as('温教务'), { ...third, title: '2021年10月人工智能训练师五级认定' })
}
