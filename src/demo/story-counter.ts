import { createApiKey } from '#modules/access/api-key.commands.ts'
import { askConsent, endAssist, startAssist } from '#modules/access/consent.commands.ts'
import { approveRole, proposeRole, rejectRole, revokeRole } from '#modules/access/grant.commands.ts'
import { createAccount } from '#modules/access/install.commands.ts'
import { askNameChange, decideNameRequest } from '#modules/people/name-request.commands.ts'
import { freezeReport } from '#modules/reports/report.commands.ts'
import { enrolSelf } from '#modules/training/enrolment.commands.ts'
import { actorOf } from '#platform/actor.ts'
import { person } from './people.ts'
import { learners, some } from './pools.ts'
import { asTrainee, peopleOf } from './teach.ts'
import { at, type Story, type World } from './world.ts'

/** A signed sheet of paper, as small as a PDF can be. */
const paper = {
  name: '同意书（演示）.pdf',
  bytes: Buffer.from('%PDF-1.4\n% 演示用纸质同意书\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
}

/** A resident without a smartphone is enrolled at the street office; another visit is in the middle, a third was broken off. */
export const assistedStory: Story = async function* (w) {
  yield at('2021-09-13', '09:30')
  const { name, documentKind, documentNumber } = learners.elder
  const clerk = () => w.as('蔡海幢')
  const visit = (purpose: 'enrol' | 'records') =>
    askConsent(clerk(), {
      name,
      documentKind,
      documentNumber,
      subdistrict: '440105007',
      purpose,
      evidence: 'paper',
      paper,
    })
  const { consentId, personId } = await visit('enrol')
  await startAssist(clerk(), { consentId })
  const open = await openClass(w, '养老照护免费班')
  await enrolSelf(
    { ...clerk(), actor: actingFor(w, '蔡海幢', personId, consentId) },
    { classId: open, commitment: true },
  )
  yield at('2021-09-13', '09:45')
  await endAssist(clerk(), { consentId })
  yield at('2021-09-14', '11:00')
  const broken = await visit('records')
  await endAssist(clerk(), { consentId: broken.consentId })
  yield at('2021-09-15', '09:50')
  const now = await visit('records')
  await startAssist(clerk(), { consentId: now.consentId })
}

/** The clerk in assisted mode: the resident's own powers, the clerk's name. */
function actingFor(w: World, clerk: string, personId: string, consentId: string) {
  const { id, name, personId: own, holdings } = w.actorOf(clerk)
  return actorOf({ kind: 'user', id, name, personId: own, holdings, onBehalfOf: { personId, consentId } })
}

async function openClass(w: World, title: string): Promise<string> {
  const { id } = await w.db
    .selectFrom('training.classes')
    .select('id')
    .where('title', '=', title)
    .executeTakeFirstOrThrow()
  return id
}

/** People whose name changed: one accepted, one refused, one waiting. */
export const namesStory: Story = async function* (w) {
  const [first, second, third] = some('restaurant', 3, 10)
  if (!first || !second || !third) throw new RangeError('three learners of the restaurant')
  const proof = { ...paper, name: '更名证明（演示）.pdf' }
  const ask = async (one: typeof first, name: string) =>
    askNameChange(await asTrainee(w, one), { name, from: '2021-05-10', note: '', paper: proof })
  yield at('2021-06-02', '20:00')
  const good = await ask(first, `${first.name.slice(0, 1)}海月`)
  yield at('2021-06-03', '10:00')
  await decideNameRequest(w.as('李受理'), {
    requestId: good.requestId,
    decision: 'accept',
    words: '与户口簿变更页一致',
  })
  yield at('2021-08-09', '20:00')
  const bad = await ask(second, `${second.name.slice(0, 1)}大海`)
  yield at('2021-08-10', '10:00')
  await decideNameRequest(w.as('李受理'), {
    requestId: bad.requestId,
    decision: 'refuse',
    words: '证明看不清，请重新提交',
  })
  yield at('2021-09-14', '21:30')
  await ask(third, `${third.name.slice(0, 1)}晓舟`)
}

/** Roles: given by two hands, refused, taken back, waiting. And a key for a school's own program. */
export const grantsStory: Story = async function* (w) {
  yield at('2021-06-01', '10:00')
  const { accountId } = await createAccount(w.asSystem(), {
    kind: 'official',
    person: person(48, '方轮岗'),
    username: 'fang.lungang',
    roles: [],
  })
  const propose = (role: string, from: string) =>
    proposeRole(w.as('宋安全'), { accountId, role, from, reason: '轮岗学习（演示）' })
  const statistics = await propose('statistician', '2021-06-01')
  const pay = await propose('fund-clerk', '2021-06-01')
  yield at('2021-06-01', '16:00')
  await approveRole(w.as('邓安全'), { grantId: statistics.grantId })
  await rejectRole(w.as('邓安全'), { grantId: pay.grantId, reason: '资金岗位不安排轮岗' })
  yield at('2021-08-31', '17:30')
  await revokeRole(w.as('宋安全'), { grantId: statistics.grantId, reason: '轮岗期满' })
  yield at('2021-09-10', '09:00')
  await createApiKey(w.as(peopleOf('digital').admin), {
    organisationId: w.organisations.get('digital'),
    name: '教务系统对接（演示）',
    scopes: ['organisation.read', 'roster.edit', 'score.enter'],
    expiresOn: '2022-06-30',
  })
  yield at('2021-09-14', '11:20')
  await propose('publicity-editor', '2021-10-01')
}

/** Quarterly reports, frozen; the second one corrected once. */
export const reportsStory: Story = async function* (w) {
  const freeze = (from: string, told: { problems: string; nextSteps: string; reason?: string }) =>
    freezeReport(w.as('郑统计'), { kind: 'quarter', from, reason: '', ...told })
  yield at('2021-01-08', '10:00')
  await freeze('2020-10-01', { problems: '启动较晚，人次不多（演示）', nextSteps: '一季度集中开班' })
  yield at('2021-04-08', '10:00')
  await freeze('2021-01-01', { problems: '春节期间开班少（演示）', nextSteps: '二季度加快进度' })
  yield at('2021-07-08', '10:00')
  await freeze('2021-04-01', { problems: '粤菜师傅培训进度偏慢（演示）', nextSteps: '增开周末班' })
  yield at('2021-07-20', '10:00')
  await freeze('2021-04-01', {
    problems: '粤菜师傅培训进度偏慢（演示）',
    nextSteps: '增开周末班，补充街道分布分析',
    reason: '补充下一步工作说明',
  })
}
