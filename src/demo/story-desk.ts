import { closeLists, openList } from '#modules/publicity/list.commands.ts'
import { decideObjection, lodgeObjection } from '#modules/publicity/objection.commands.ts'
import { recordCallback } from '#modules/subsidy/callback.commands.ts'
import { excludeAtFirst } from '#modules/subsidy/exclusion.commands.ts'
import { decideOverride, requestOverride, revokeOverride } from '#modules/subsidy/override.commands.ts'
import { takeForFirstReview } from '#modules/subsidy/review.commands.ts'
import { anonymous } from '#platform/actor.ts'
import { claimRow, grant, lineOf, reviewFirst, reviewSecond } from './claims.ts'
import { claimOf } from './story-claims.ts'
import { mistaken, pensioner } from './story-groups.ts'
import type { HeldName } from './story-held.ts'
import { at, type Story, type World } from './world.ts'

type Names = readonly HeldName[]
const idsOf = (w: World, names: Names) => names.map((name) => claimOf(w, name).claimId)

async function list(w: World, title: string, names: Names): Promise<string> {
  return (await openList(w.as('何公示'), { claimIds: idsOf(w, names), title })).id
}

const close = (w: World) => closeLists(w.asSystem('publicity.close'), {})

/** A row of a public list: the unit's, or that of the claim's `nth` person. */
async function rowOf(w: World, listId: string, name: HeldName, nth?: number): Promise<string> {
  const { claimId } = claimOf(w, name)
  const rows = await w.db
    .selectFrom('publicity.rows')
    .select(['id', 'kind'])
    .where('list_id', '=', listId)
    .where('claim_id', '=', claimId)
    .orderBy('position')
    .execute()
  const row = nth === undefined ? rows[0] : rows.filter(({ kind }) => kind === 'person')[nth]
  if (!row) throw new RangeError(`${name} has no such row`)
  return row.id
}

const object = (w: World, rowId: string, reason: string, text: string) =>
  lodgeObjection({ ...w.as('何公示'), actor: anonymous }, { rowId, reason, text, contact: '' })

/** The first four claims of the year: two reviews, the public days, the leader. */
export const springDeskStory: Story = async function* (w) {
  const names = ['cuisine-1', 'domestic-1', 'ai-1', 'commerce-1'] as const
  for (const [nth, name] of names.entries()) {
    yield at('2021-04-23', `09:${10 + nth * 10}`)
    await reviewFirst(w, claimOf(w, name).claimId, { note: '课时、成绩与记录一致' })
  }
  for (const [nth, name] of names.entries()) {
    yield at('2021-04-26', `15:${10 + nth * 10}`)
    await reviewSecond(w, claimOf(w, name).claimId)
  }
  yield at('2021-04-28', '10:00')
  await list(w, '2021年第一批职业培训补贴公示（演示）', names)
  yield at('2021-05-10', '00:05')
  await close(w)
  for (const [nth, name] of names.entries()) {
    yield at('2021-05-11', `16:${10 + nth * 5}`)
    await grant(w, claimOf(w, name).claimId)
  }
}

/** Summer: one claim refused, one returned, two objections answered. */
export const summerDeskStory: Story = async function* (w) {
  const names = ['ai-2', 'digital-1', 'commerce-2', 'domestic-3'] as const
  yield at('2021-07-02', '09:00')
  await reviewFirst(w, claimOf(w, 'restaurant-1').claimId, {
    decision: 'reject',
    reasonCode: 'false-materials',
    note: '抽查发现签到由一人代扫，材料不真实（演示）',
  })
  for (const [nth, name] of names.entries()) {
    yield at('2021-07-05', `09:${10 + nth * 10}`)
    await reviewFirst(w, claimOf(w, name).claimId)
  }
  for (const [nth, name] of names.entries()) {
    yield at('2021-07-07', `10:${10 + nth * 10}`)
    await reviewSecond(w, claimOf(w, name).claimId)
  }
  yield at('2021-07-08', '10:00')
  const listId = await list(w, '2021年第二批职业培训补贴公示（演示）', names)
  yield at('2021-07-12', '20:15')
  const first = await object(
    w,
    await rowOf(w, listId, 'digital-1', 2),
    'wrong-amount',
    '他只上了一天课，金额好像多了（演示异议）',
  )
  yield at('2021-07-13', '12:40')
  const second = await object(
    w,
    await rowOf(w, listId, 'domestic-3', 1),
    'not-attended',
    '此人那两天在外地，没有参加培训（演示异议）',
  )
  yield at('2021-07-14', '11:00')
  await decideObjection(w.as('何公示'), {
    objectionId: first.id,
    outcome: 'dismissed',
    reply: '经核对签到和教师确认记录，该学员四次课全部到课，金额无误。',
  })
  yield at('2021-07-15', '16:00')
  await decideObjection(w.as('何公示'), {
    objectionId: second.id,
    outcome: 'upheld',
    remedy: 'exclude',
    reply: '经核实异议属实，已将该人员从补贴名单中剔除。',
  })
  yield at('2021-07-16', '00:05')
  await close(w)
  yield at('2021-07-16', '09:30')
  await reviewFirst(w, claimOf(w, 'restaurant-2').claimId, {
    decision: 'return',
    reasonCode: 'hours-mismatch',
    note: '两名学员只有单方签到，请补充说明',
  })
  for (const [nth, name] of names.entries()) {
    yield at('2021-07-19', `15:${10 + nth * 5}`)
    await grant(w, claimOf(w, name).claimId)
  }
}

/** What lies on the desks today: a list in its public days with an objection, a second review done, a first begun. */
export const autumnDeskStory: Story = async function* (w) {
  const publicised = ['cuisine-2', 'domestic-2'] as const
  yield at('2021-08-25', '09:20')
  await callBack(w, 'cuisine-2', 0, 'confirmed')
  for (const [nth, name] of publicised.entries()) {
    yield at('2021-08-26', `10:${10 + nth * 10}`)
    await reviewFirst(w, claimOf(w, name).claimId)
  }
  yield at('2021-08-31', '14:00')
  await takeOut(w, 'digital-2', 1)
  await reviewFirst(w, claimOf(w, 'digital-2').claimId, { note: '剔除一人，其余无误' })
  for (const [nth, name] of publicised.entries()) {
    yield at('2021-09-02', `10:${10 + nth * 10}`)
    await reviewSecond(w, claimOf(w, name).claimId)
  }
  yield at('2021-09-09', '10:00')
  const listId = await list(w, '2021年第三批职业培训补贴公示（演示）', publicised)
  yield at('2021-09-13', '19:30')
  await object(
    w,
    await rowOf(w, listId, 'cuisine-2', 1),
    'not-eligible',
    '他已经退休领养老金，不应享受补贴（演示异议）',
  )
  yield at('2021-09-14', '09:40')
  await reviewSecond(w, claimOf(w, 'digital-2').claimId, { note: '同意初审意见' })
}

async function callBack(w: World, name: HeldName, nth: number, outcome: string): Promise<void> {
  const { claimId } = claimOf(w, name)
  const line = await lineOf(w, claimId, nth)
  await recordCallback(w.as('李受理'), { claimId, lineId: line.id, method: 'phone', outcome, note: '' })
}

async function takeOut(w: World, name: HeldName, nth: number): Promise<void> {
  const { claimId } = claimOf(w, name)
  await takeForFirstReview(w.as('王初审'), { claimId })
  const line = await lineOf(w, claimId, nth)
  await excludeAtFirst(w.as('王初审'), {
    claimId,
    lineId: line.id,
    reasonCode: 'evidence-doubtful',
    note: '回访三次未接通，签到记录与门禁不一致（演示）',
  })
}

/** A control that blocks: asked to let pass, refused; allowed for a while, taken back; asked again. */
export const overrideStory: Story = async function* (w) {
  yield at('2021-09-09', '09:00')
  const { claimId } = claimOf(w, 'digital-3')
  await takeForFirstReview(w.as('王初审'), { claimId })
  const lineId = await lineOfPerson(w, claimId, pensioner().documentNumber)
  await recordCallback(w.as('王初审'), { claimId, lineId, method: 'phone', outcome: 'unreachable', note: '三次未接通' })
  const ask = (reason: string, expiresOn: string) =>
    requestOverride(w.as('王初审'), { claimId, control: 'C03', lineId, reason, expiresOn })
  const decide = (overrideId: string, decision: 'approve' | 'refuse', note: string) =>
    decideOverride(w.as('陈复核'), { overrideId, decision, note })
  const first = await ask('本人称养老金数据有误，正在申请更正', '2021-09-30')
  yield at('2021-09-09', '15:00')
  await decide(first.overrideId, 'refuse', '没有书面材料，不同意')
  yield at('2021-09-10', '10:30')
  const second = await ask('已提交社保经办机构出具的更正受理回执', '2021-10-08')
  yield at('2021-09-10', '16:00')
  await decide(second.overrideId, 'approve', '有受理回执，同意暂时放行')
  yield at('2021-09-13', '11:00')
  await revokeOverride(w.as('陈复核'), { overrideId: second.overrideId, reason: '社保经办机构答复数据无误' })
  yield at('2021-09-14', '14:20')
  await ask('本人再次提交更正申请，等待复核结果', '2021-10-12')
  yield at('2021-09-15', '09:35')
  await takeForFirstReview(w.as('王初审'), { claimId })
}

/** The other way: the mistake is plain, two people agree, and the second review can go on. */
export const letPassStory: Story = async function* (w) {
  yield at('2021-09-08', '10:10')
  const { claimId } = claimOf(w, 'digital-2')
  const lineId = await lineOfPerson(w, claimId, mistaken().documentNumber)
  const { overrideId } = await requestOverride(w.as('王初审'), {
    claimId,
    control: 'C03',
    lineId,
    reason: '同名同姓误录，社保经办机构已书面确认本人未领取养老金（演示）',
    expiresOn: '2021-10-07',
  })
  yield at('2021-09-08', '16:20')
  await decideOverride(w.as('陈复核'), { overrideId, decision: 'approve', note: '书面确认属实，同意放行' })
}

async function lineOfPerson(w: World, claimId: string, documentNumber: string): Promise<string> {
  const { personId } = w.players.get(documentNumber) ?? { personId: '' }
  const { id } = await w.db
    .selectFrom('subsidy.claim_lines')
    .select('id')
    .where('claim_id', '=', claimId)
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow()
  return id
}

export const roundOf = async (w: World, claimId: string): Promise<number> => (await claimRow(w, claimId)).round
