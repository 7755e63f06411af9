import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { approve } from '#modules/subsidy/approval.commands.ts'
import { anonymous } from '#platform/actor.ts'
import { sha256 } from '#platform/digest.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testNow } from '#platform/testing.ts'
import { dayOf } from '#shared/dates.ts'
import { type Claimant, claimant, official, submittedClaim, type TestClaim } from '../../../tests/fixtures/claims.ts'
import { budget, desks, reasonOf, reviewed } from '../../../tests/fixtures/desks.ts'
import { checkRow, openList } from './list.commands.ts'
import { jobs } from './list.jobs.ts'
import {
  checkReceipt,
  claimsToPublish,
  listFaults,
  publicList,
  publicLists,
  publicRow,
  publishedFile,
} from './list.queries.ts'
import { decideObjection, lodgeObjection } from './objection.commands.ts'
import { objectionByReceipt, objectionPage, objectionQueue } from './objection.queries.ts'

let t: TestDb
let org: Claimant
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  org = await claimant(t.db)
  await budget(t.db, 100_000_000)
})
afterAll(() => t.close())

const { editor, leader } = desks
const day = (n: number) => new Date(testNow.getTime() + n * 86_400_000)
const open = async (claims: readonly TestClaim[], who = editor) =>
  openList(ctxFor(t.db, who), { claimIds: claims.map((claim) => claim.id), title: '适岗培训补贴公示' })
const publicised = async (...claims: TestClaim[]) => {
  for (const claim of claims) await reviewed(t.db, claim)
  return open(claims)
}
const stateOf = async (claim: Pick<TestClaim, 'id'>) =>
  t.db.selectFrom('subsidy.claims').select(['state', 'amount_fen']).where('id', '=', claim.id).executeTakeFirstOrThrow()
const rowsOf = async (listId: string) => (await publicList(t.db, listId, dayOf(testNow))).page.rows
const object = (rowId: string | undefined, input: object = {}, who = anonymous, now = testNow) =>
  lodgeObjection(ctxFor(t.db, who, now), {
    rowId,
    reason: 'not-attended',
    text: '这个人八月份一直在外地，没有来上课。',
    ...input,
  })
const decide = (objectionId: string, input: object, who = editor) =>
  decideObjection(ctxFor(t.db, who), { objectionId, reply: '经核查考勤和回访记录，答复如下。', ...input })
const close = (n: number) => jobs['publicity.close']?.(ctxFor(t.db, systemActor, day(n)), {})
const clocks = async (claim: Pick<TestClaim, 'id'>) =>
  Object.fromEntries(
    (await t.db.selectFrom('platform.clocks').selectAll().where('subject_id', '=', claim.id).execute()).map((c) => [
      c.kind,
      c.ended_on ? 'ended' : c.due_on ? 'running' : 'stopped',
    ]),
  )

describe('R37 a public list', () => {
  test('R37 masked rows, five workdays, frozen with digest and root; gone from the page afterwards', async () => {
    const claim = await submittedClaim(t.db, org, [8, 10])
    await reviewed(t.db, claim)
    expect((await claimsToPublish(t.db)).map((c) => c.id)).toContain(claim.id)
    const list = await open([claim])
    // from Wednesday 15 September: mid-autumn on the 20th and 21st, a Saturday worked on the 18th
    expect(list).toMatchObject({ closesOn: '2021-09-23', count: 1, rowCount: 3, totalFen: 54_000 })
    expect((await stateOf(claim)).state).toBe('publicised')
    const page = await publicList(t.db, list.id, dayOf(testNow))
    expect(page.page.rows.map((r) => [r.position, r.kind, r.person, r.persons, r.amountFen])).toEqual([
      [1, 'unit', '', 2, 54_000],
      [2, 'person', '张*明', 1, 24_000],
      [3, 'person', '张*明', 1, 30_000],
    ])
    expect(page.page.rows[1]?.document).toMatch(/^440105\*{8}\d{3}[\dX]$/)
    const file = await publishedFile(t.db, list.id, dayOf(testNow))
    expect(sha256(file.text)).toBe(page.digest)
    for (const line of claim.lines) {
      expect(file.text).not.toContain(line.person.number)
      expect(file.text).not.toContain(line.person.name)
    }
    const salts = await t.db.selectFrom('publicity.rows').select('salt').where('list_id', '=', list.id).execute()
    for (const { salt } of salts) expect(file.text).not.toContain(salt)

    expect((await publicLists(t.db, dayOf(day(8)))).open.map((l) => l.id)).toContain(list.id)
    const after = await publicList(t.db, list.id, dayOf(day(9)))
    expect([after.public, after.page.rows, after.root]).toEqual([false, [], page.root])
    expect(await reasonOf(publishedFile(t.db, list.id, dayOf(day(9))))).toBe('missing')
    expect(await reasonOf(publicRow(t.db, page.page.rows[0]?.id as string, dayOf(day(9))))).toBe('missing')
  })

  test('R37 the application cannot change what was published, and a change behind its back is found', async () => {
    const list = await publicised(await submittedClaim(t.db, org))
    const denied = { code: '42501' }
    await expect(t.db.updateTable('publicity.lists').set({ root: '' }).execute()).rejects.toMatchObject(denied)
    await expect(t.db.updateTable('publicity.rows').set({ salt: '' }).execute()).rejects.toMatchObject(denied)
    await expect(t.db.deleteFrom('publicity.rows').execute()).rejects.toMatchObject(denied)
    expect(await listFaults(t.db)).toEqual([])
    const change = (sign: string) =>
      t.owner.query(
        `update publicity.rows set content = jsonb_set(content, '{amountFen}', to_jsonb((content->>'amountFen')::int ${sign} 1)) where list_id = $1 and position = 2`,
        [list.id],
      )
    await change('+')
    expect(await listFaults(t.db)).toEqual([{ list: list.number, what: 'row', position: 2 }])
    await change('-')
  })

  test('R33 refused: not reviewed, twice, not theirs, nothing chosen; raced: one list has the claim', async () => {
    const claim = await submittedClaim(t.db, org)
    expect(await reasonOf(open([claim]))).toBe('wrong-state')
    await reviewed(t.db, claim)
    expect(await reasonOf(open([claim], leader))).toBe('forbidden')
    expect(await reasonOf(openList(ctxFor(t.db, editor), { claimIds: [], title: '适岗培训' }))).toBe('invalid')
    const results = await Promise.allSettled([open([claim]), open([claim])])
    expect(results.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await reasonOf(open([claim]))).toBe('wrong-state')
  })

  test('R33 the daily job ends lists once, however often it runs; then the leader may approve', async () => {
    const claim = await submittedClaim(t.db, org)
    const list = await publicised(claim)
    await close(8)
    expect((await publicLists(t.db, dayOf(testNow))).open.map((l) => l.id)).toContain(list.id)
    const decideNow = () => approve(ctxFor(t.db, leader, day(9)), { claimId: claim.id, round: 1, decision: 'agree' })
    expect(await reasonOf(decideNow())).toBe('still-public')
    await Promise.all([close(9), close(9)])
    await close(10)
    expect(await decideNow()).toMatchObject({ state: 'approved' })
  })
})

describe('R37 proof of a row', () => {
  test('R37 full name and number find the row and give a proof that holds without us; half of it finds nothing', async () => {
    const claim = await submittedClaim(t.db, org, [8, 10, 12])
    const list = await publicised(claim)
    const who = claim.lines[1]?.person as TestClaim['lines'][number]['person']
    const ask = (realName: string, documentNumber: string, kind = 'person') =>
      checkRow(ctxFor(t.db, anonymous), { listId: list.id, kind, realName, documentNumber })
    const { receipts } = await ask('张 小明', who.number.toLowerCase())
    expect(receipts).toHaveLength(1)
    const [receipt] = receipts
    expect(receipt).toMatchObject({ unaltered: true, list: list.number, row: { amountFen: 30_000, person: '张*明' } })
    const text = JSON.stringify(receipt)
    expect(await checkReceipt(t.db, text, dayOf(day(100)))).toMatchObject({ ok: true, row: { amountFen: 30_000 } })
    expect(await checkReceipt(t.db, text.replace('30000', '40000'), dayOf(testNow))).toEqual({
      ok: false,
      reason: 'altered',
    })
    expect(await checkReceipt(t.db, '{"a":1}', dayOf(testNow))).toEqual({ ok: false, reason: 'unreadable' })
    expect((await ask('张大明', who.number)).receipts).toEqual([])
    expect((await ask('张小明', '440105********0017')).receipts).toEqual([])
    expect((await ask(org.name, org.uscc, 'unit')).receipts).toHaveLength(1)
    const trail = await t.db
      .selectFrom('audit.entries')
      .select('input')
      .where('command', '=', 'publicity.checkRow')
      .execute()
    expect(JSON.stringify(trail)).not.toContain(who.number)
    expect(JSON.stringify(trail)).not.toContain('小明')
  })

  test('R37 nobody tries one number without end', async () => {
    const list = await publicised(await submittedClaim(t.db, org))
    const ask = () =>
      checkRow(ctxFor(t.db, anonymous), {
        listId: list.id,
        kind: 'person',
        realName: '李四',
        documentNumber: '440105199001010017',
      })
    for (let i = 0; i < 6; i++) await ask()
    expect(await reasonOf(ask())).toBe('limited')
  })
})

describe('C24 objections', () => {
  test('C24 an anonymous objection holds the claim, its clock stands; dismissed, it runs on; the receipt tells', async () => {
    const claim = await submittedClaim(t.db, org)
    const list = await publicised(claim)
    const [, person] = await rowsOf(list.id)
    const { receipt, number, id } = await object(person?.id, { contact: '13800138000' })
    expect((await stateOf(claim)).state).toBe('objection-held')
    expect(await clocks(claim)).toMatchObject({ approve: 'stopped', objection: 'running' })
    expect(await objectionByReceipt(ctxFor(t.db, anonymous), receipt.toLowerCase())).toMatchObject({
      number,
      state: 'open',
      reply: null,
    })
    expect(await objectionByReceipt(ctxFor(t.db, anonymous), 'AAAA-BBBB-CCCC')).toBeUndefined()
    const stored = await t.db
      .selectFrom('publicity.objections')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(JSON.stringify(stored)).not.toMatch(/外地|13800138000/)
    expect(await objectionPage(ctxFor(t.db, editor), id)).toMatchObject({
      text: '这个人八月份一直在外地，没有来上课。',
      contact: '13800138000',
    })
    await decide(id, { outcome: 'dismissed' })
    expect((await stateOf(claim)).state).toBe('publicised')
    expect(await clocks(claim)).toMatchObject({ approve: 'running', objection: 'ended' })
    expect(await objectionByReceipt(ctxFor(t.db, anonymous), receipt)).toMatchObject({
      state: 'dismissed',
      reply: '经核查考勤和回访记录，答复如下。',
    })
    expect(await reasonOf(decide(id, { outcome: 'dismissed' }))).toBe('already-decided')
  })

  test('C24 while one objection is open the claim cannot be approved, also after the period; the last one frees it', async () => {
    const claim = await submittedClaim(t.db, org)
    const list = await publicised(claim)
    const rows = await rowsOf(list.id)
    const [first, second] = await Promise.all([object(rows[0]?.id), object(rows[1]?.id)])
    await close(9)
    const decideNow = () => approve(ctxFor(t.db, leader, day(9)), { claimId: claim.id, round: 1, decision: 'agree' })
    expect(await reasonOf(decideNow())).toBe('objection-open')
    await decide(first?.id as string, { outcome: 'dismissed' })
    expect((await stateOf(claim)).state).toBe('objection-held')
    await decide(second?.id as string, { outcome: 'dismissed' })
    expect(await decideNow()).toMatchObject({ state: 'approved' })
  })

  test('C24 upheld for one person: the line goes, hours are free, the rest goes on', async () => {
    const claim = await submittedClaim(t.db, org, [8, 10])
    const list = await publicised(claim)
    const rows = await rowsOf(list.id)
    const { id } = await object(rows[1]?.id)
    expect(await reasonOf(decide(id, { outcome: 'upheld' }))).toBe('invalid')
    await decide(id, { outcome: 'upheld', remedy: 'exclude' })
    expect(await stateOf(claim)).toMatchObject({ state: 'publicised', amount_fen: 30_000 })
    const gone = await t.db
      .selectFrom('subsidy.claim_lines')
      .selectAll()
      .where('id', '=', claim.lines[0]?.id as string)
      .executeTakeFirstOrThrow()
    expect([gone.live, gone.dropped_as]).toEqual([false, 'bureau'])
    await close(9)
    expect(
      await approve(ctxFor(t.db, leader, day(9)), { claimId: claim.id, round: 1, decision: 'agree' }),
    ).toMatchObject({ amountFen: 30_000 })
  })

  test('C24 upheld for the claim: back to the claimant with the reason; a unit’s row has no single person to take out', async () => {
    const claim = await submittedClaim(t.db, org)
    const list = await publicised(claim)
    const rows = await rowsOf(list.id)
    const { id } = await object(rows[0]?.id)
    expect(await reasonOf(decide(id, { outcome: 'upheld', remedy: 'exclude' }))).toBe('row-is-unit')
    await decide(id, { outcome: 'upheld', remedy: 'return' })
    expect((await stateOf(claim)).state).toBe('returned')
    expect(await clocks(claim)).toMatchObject({ approve: 'stopped', correction: 'running', objection: 'ended' })
    expect(await reasonOf(object(rows[1]?.id))).toBe('claim-left')
  })

  test('C24 refused: after the period, by whoever reviewed, by strangers, without reason or text, too often', async () => {
    const claim = await submittedClaim(t.db, org)
    const list = await publicised(claim)
    const [row] = await rowsOf(list.id)
    expect(await reasonOf(object(row?.id, {}, anonymous, day(9)))).toBe('list-closed')
    expect(await reasonOf(object(row?.id, { text: '短' }))).toBe('invalid')
    const { id } = await object(row?.id)
    expect(await reasonOf(decide(id, { outcome: 'dismissed' }, leader))).toBe('forbidden')
    const judge = official('初审兼公示', 'publicity-editor')
    await t.owner.query(`update subsidy.reviews set reviewer_id = $1 where claim_id = $2 and stage = 'first'`, [
      judge.id,
      claim.id,
    ])
    expect(await reasonOf(decide(id, { outcome: 'dismissed' }, judge))).toBe('judge-is-reviewer')
    await expect(
      t.db
        .updateTable('publicity.objections')
        .set({ state: 'dismissed', reply: '经核查，异议不成立，特此答复。', decided_by: judge.id, decided_at: testNow })
        .where('id', '=', id)
        .execute(),
    ).rejects.toMatchObject({ constraint: 'objection_is_judged_by_others' })
    expect((await objectionQueue(ctxFor(t.db, editor))).rows.map((o) => o.id)).toContain(id)
    expect(await reasonOf(objectionQueue(ctxFor(t.db, anonymous)))).toBe('missing')
    for (let i = 0; i < 4; i++) await object(row?.id, { contact: '020-12345678' })
    await object(row?.id, { contact: '020-12345678' })
    expect(await reasonOf(object(row?.id, { contact: '020-12345678' }))).toBe('limited')
  })
})
