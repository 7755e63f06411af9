import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { anonymous, system } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import {
  type Assessor,
  assessor,
  assessorInput,
  candidate,
  cleared,
  decidedFigure,
  examOver,
  planned,
  scopeInput,
  scored,
  titled,
} from '../../../tests/fixtures/certification.ts'
import { firm, intake, leader } from '../../../tests/fixtures/recognition.ts'
import { someDocument } from '../../../tests/setup/accounts.ts'
import {
  addExaminer,
  decideAssessor,
  decideScope,
  endScope,
  proposeAssessor,
  proposeScope,
} from './assessor.commands.ts'
import {
  acceptBatch,
  addSitting,
  clearBatch,
  dropSitting,
  fileBatch,
  holdBatch,
  newBatch,
  publiciseBatch,
  releaseBatch,
  returnBatch,
} from './batch.commands.ts'
import { batchPage, candidatesOf, publicResults } from './batch.queries.ts'
import { addCandidate, strikeCandidate } from './candidate.commands.ts'
import { issueBatch, revokeLevelCertificate } from './certificate.commands.ts'
import { batchCertificates, levelCertificateFor, verifyLevel } from './certificate.queries.ts'
import { confirmMarks, enterMarks, reopenMarks } from './mark.commands.ts'
import { markTemplate, previewMarks } from './mark.queries.ts'
import { decideObjection, lodgeObjection } from './objection.commands.ts'
import { objectionReply } from './objection.queries.ts'

let t: TestDb
let a: Assessor
let b: Assessor
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 30)
  a = await assessor(t.db, 3101)
  b = await assessor(t.db, 3102)
})
afterAll(() => t.close())

const at = (actor: Parameters<typeof ctxFor>[1], now = testNow) => ctxFor(t.db, actor, now)
const refusal = (reason: string) =>
  expect.objectContaining({ fault: expect.objectContaining({ refusal: expect.objectContaining({ reason }) }) })
const kind = (name: string) => expect.objectContaining({ fault: expect.objectContaining({ kind: name }) })
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) =>
      error instanceof AppError && error.fault.kind === 'refused' ? error.fault.refusal.reason : String(error),
  )
const tally = (all: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(all, (one) => one)].map(([name, list]) => [name, list.length]))

describe('V01 HZ4-M01 what is on file of an organisation', () => {
  test('V01 only with the title, registered by one, approved by another, its code nobody else’s', async () => {
    const bare = await firm(t.db, 3110, 'provider')
    await expect(proposeAssessor(at(intake), assessorInput(bare, '009001'))).rejects.toEqual(refusal('no-title'))
    const organisationId = await titled(t.db, 3111)
    await expect(proposeAssessor(at(intake), assessorInput(organisationId, '003101'))).rejects.toEqual(
      refusal('number-taken'),
    )
    await proposeAssessor(at(intake), assessorInput(organisationId, '003111'))
    const both = user('李受理', [{ role: 'hr-intake' }, { role: 'hr-leader' }])
    await expect(decideAssessor(at(both), { organisationId, decision: 'approve' })).rejects.toEqual(
      refusal('own-proposal'),
    )
    await expect(proposeScope(at(intake), scopeInput(organisationId))).rejects.toEqual(refusal('no-title'))
    await decideAssessor(at(leader), { organisationId, decision: 'approve' })
    await expect(decideAssessor(at(leader), { organisationId, decision: 'reject' })).rejects.toEqual(
      refusal('already-decided'),
    )
  })

  test('V01 a scope needs a level of the occupation’s own scheme and may not overlap; ended, it still covers the past', async () => {
    const { organisationId } = b
    const engineer = { ...scopeInput(organisationId), occupation: '2015:2-02-10-09' }
    await expect(proposeScope(at(intake), engineer)).rejects.toEqual(refusal('level-unknown'))
    await expect(proposeScope(at(intake), scopeInput(organisationId))).rejects.toEqual(refusal('scope-overlaps'))
    const { scopeId } = await proposeScope(at(intake), { ...engineer, level: 'senior' })
    await expect(decideScope(at(intake), { scopeId, decision: 'approve' })).rejects.toEqual(kind('forbidden'))
    await decideScope(at(leader), { scopeId, decision: 'approve' })
    await expect(endScope(at(leader), { scopeId, lastDay: '2021-09-14' })).rejects.toEqual(refusal('end-in-past'))
    await endScope(at(leader), { scopeId, lastDay: '2021-10-10' })
    const { batchId } = await newBatch(at(b.planner), {
      ...{ organisationId, scopeId, siteId: b.siteId, classId: '', title: '人工智能工程技术人员高级' },
    })
    const sitting = {
      batchId,
      roomId: b.rooms.theory,
      from: '09:00',
      to: '10:00',
      seats: '10',
      examinerId: b.examinerId,
    }
    await addSitting(at(b.planner), { ...sitting, on: '2021-10-09' })
    await expect(addSitting(at(b.planner), { ...sitting, on: '2021-10-11' })).rejects.toEqual(refusal('out-of-scope'))
  })
})

describe('V02 C12 C13 planning a batch', () => {
  test('V02 somebody else’s batch is not there; the desk sees it once it is handed in', async () => {
    const batchId = await planned(t.db, a, 1, { on: '2021-10-09' })
    const tries = [
      () => fileBatch(at(b.planner), { batchId }),
      () => addCandidate(at(b.planner), candidate(batchId)),
      () => batchPage(at(b.planner), batchId),
      () => batchPage(at(intake), batchId),
      () => batchPage(at(anonymous), batchId),
    ]
    for (const attempt of tries) await expect(attempt()).rejects.toEqual(kind('missing'))
    await fileBatch(at(a.planner), { batchId })
    expect((await batchPage(at(intake), batchId)).batch.state).toBe('filed')
    await expect(addCandidate(at(a.planner), candidate(batchId))).rejects.toEqual(refusal('wrong-state'))
    await returnBatch(at(intake), { batchId, note: '请补充申报证明' })
    const [first] = await candidatesOf(t.db, batchId)
    await strikeCandidate(at(a.planner), { candidateId: first?.id, note: '证明不足，本人退出' })
    await expect(fileBatch(at(a.planner), { batchId })).rejects.toEqual(refusal('nobody-listed'))
  })

  test('C13 V02 a room and an examiner at one time once, across batches', async () => {
    const one = await planned(t.db, a, 0, { on: '2021-10-20' })
    const two = await planned(t.db, a, 0, { on: '2021-10-21' })
    const sitting = { batchId: two, on: '2021-10-20', seats: '5', examinerId: a.examinerId }
    await expect(
      addSitting(at(a.planner), { ...sitting, roomId: a.rooms.theory, from: '10:00', to: '11:00' }),
    ).rejects.toEqual(refusal('room-taken'))
    const other = await addExaminer(at(a.planner), {
      ...{ organisationId: a.organisationId, name: '何考评', documentNumber: someDocument('19700101') },
      ...{ role: 'examiner', cardNo: '粤考评002' },
    })
    await expect(
      addSitting(at(a.planner), { ...sitting, roomId: a.rooms.skill, from: '09:30', to: '10:00' }),
    ).rejects.toEqual(refusal('examiner-taken'))
    await addSitting(at(a.planner), {
      ...{ ...sitting, roomId: a.rooms.skill, from: '09:30', to: '10:00', examinerId: other.examinerId },
    })
    expect(one).not.toBe(two)
  })

  test('C12 fifty list candidates at once for twenty seats: twenty; no sitting goes that is still needed', async () => {
    const batchId = await planned(t.db, a, 0, { on: '2021-10-25' })
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, i) => outcome(addCandidate(at(a.planner), { ...candidate(batchId, i) }))),
    )
    expect(tally(results)).toEqual({ done: 20, 'no-seat-left': 30 })
    expect((await candidatesOf(t.db, batchId)).map((one) => one.seq)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
    const page = await batchPage(at(a.planner), batchId)
    await expect(dropSitting(at(a.planner), { sittingId: page.sittings[0]?.id })).rejects.toEqual(
      refusal('still-needed'),
    )
    await expect(
      t.db
        .insertInto('certification.candidates')
        .values({
          ...{ batch_id: batchId, seq: 99, person_id: page.candidates[0]?.personId ?? '', condition: '1', years: 1 },
          ...{ evidence: '绕过程序', added_by: 'x', added_at: testNow },
        })
        .execute(),
    ).rejects.toThrow('no seat is left')
  })

  test('V03 declared years, twice the same person, another name on a known number', async () => {
    const batchId = await planned(t.db, a, 0, { on: '2021-10-26' })
    const one = candidate(batchId)
    await expect(addCandidate(at(a.planner), { ...one, years: '0' })).rejects.toEqual(refusal('years-short'))
    await expect(addCandidate(at(a.planner), { ...one, condition: '9' })).rejects.toEqual(refusal('condition-unknown'))
    await addCandidate(at(a.planner), one)
    await expect(addCandidate(at(a.planner), one)).rejects.toEqual(refusal('already-listed'))
    await expect(addCandidate(at(a.planner), { ...one, name: '别的人' })).rejects.toEqual(refusal('name-differs'))
  })
})

const editor = user('何公示', [{ role: 'publicity-editor' }])

describe('C23 V04 R34 from marks to certificates', () => {
  let batchId: string
  let later: Date

  test('C23 V04 marks by one, confirmed by another; nothing is decided while the pass mark is not', async () => {
    batchId = await planned(t.db, a, 3, { on: '2021-10-11' })
    await fileBatch(at(a.planner), { batchId })
    await acceptBatch(at(intake), { batchId })
    const listed = await candidatesOf(t.db, batchId)
    const cells = (theory: string) =>
      Object.fromEntries(
        listed.flatMap((one) => [
          [`${one.id}.theory`, theory],
          [`${one.id}.skill`, '80'],
        ]),
      )
    await expect(enterMarks(at(a.scorer), { batchId, version: 0, cells: cells('80') })).rejects.toEqual(kind('invalid'))
    const entered = await enterMarks(at(a.scorer, examOver), { batchId, version: 0, cells: cells('80') })
    await expect(enterMarks(at(a.scorer, examOver), { batchId, version: 0, cells: cells('90') })).rejects.toEqual(
      refusal('sheet-changed'),
    )
    const { version } = await enterMarks(at(a.scorer, examOver), {
      ...{ batchId, version: entered.version, cells: { [`${listed[2]?.id}.theory`]: '59.9' } },
    })
    const both = user(a.scorer.name, [{ role: 'provider-admin', organisationId: a.organisationId }])
    await expect(confirmMarks(at(both, examOver), { batchId, version })).rejects.toEqual(refusal('four-eyes'))
    await expect(confirmMarks(at(a.head, examOver), { batchId, version })).rejects.toEqual(
      refusal('pass-mark-undecided'),
    )
    await decidedFigure(t.db, 'V04.passMark', 60)
    const done = await confirmMarks(at(a.head, examOver), { batchId, version })
    expect(done).toMatchObject({ state: 'scored', passedCount: 2 })
    await expect(
      t.db.updateTable('certification.marks').set({ tenths: 1000 }).where('batch_id', '=', batchId).execute(),
    ).rejects.toThrow('permission denied')
  })

  test('C23 opened again with a reason it is a new round by two people; the old one stays', async () => {
    await reopenMarks(at(a.head, examOver), { batchId, reason: '第3号理论成绩登记有误' })
    await expect(publiciseBatch(at(a.head, examOver), { batchId, workdays: '5' })).rejects.toEqual(
      refusal('wrong-state'),
    )
    const listed = await candidatesOf(t.db, batchId)
    expect(listed.every((one) => Object.keys(one.marks).length === 0)).toBe(true)
    const template = await markTemplate(at(a.scorer, examOver), batchId)
    expect(template.name).toContain('RD2021-')
    const csv = ['考号,姓名,理论知识成绩,技能操作成绩', '1,,80,80', '2,,80,80', '3,,59.9,80', '4,,80,80'].join('\n')
    const file = { name: '成绩.csv', bytes: new TextEncoder().encode(csv) }
    const preview = await previewMarks(at(a.scorer, examOver), batchId, file)
    expect([preview.persons, preview.faults.map((one) => one.row)]).toEqual([3, [5]])
    await expect(previewMarks(at(b.scorer, examOver), batchId, file)).rejects.toEqual(kind('missing'))
    const { version } = await enterMarks(at(a.scorer, examOver), {
      batchId,
      version: preview.version,
      source: 'import',
      cells: preview.cells,
    })
    await confirmMarks(at(a.head, examOver), { batchId, version })
    const { rows } = await t.owner.query(
      'select round, count(*)::int as n from certification.marks where batch_id = $1 group by 1 order by 1',
      [batchId],
    )
    expect(rows).toEqual([
      { round: 1, n: 6 },
      { round: 2, n: 6 },
    ])
  })

  test('V04 C24 an objection holds the publicity; upheld, the results are marked anew by two people', async () => {
    await publiciseBatch(at(a.head, examOver), { batchId, workdays: '5' })
    const said = {
      batchId,
      seq: '3',
      reason: 'wrong-result',
      text: '第3号考生的理论成绩与现场公布的不一致。',
      contact: '',
    }
    await expect(lodgeObjection(at(anonymous, examOver), { ...said, seq: '99' })).rejects.toEqual(kind('missing'))
    const { id, receipt } = await lodgeObjection(at(anonymous, examOver), said)
    expect((await objectionReply(at(anonymous), receipt))?.state).toBe('open')
    await expect(releaseBatch(at(leader, examOver), { batchId, outcome: 'release', note: '' })).rejects.toEqual(
      refusal('objections-open'),
    )
    const reply = { objectionId: id, outcome: 'upheld', reply: '经复核，登记确有错误，重新录入。' }
    await expect(decideObjection(at(intake, examOver), reply)).rejects.toEqual(kind('forbidden'))
    await decideObjection(at(editor, examOver), reply)
    await expect(decideObjection(at(editor, examOver), reply)).rejects.toEqual(refusal('objection-decided'))
    const csv = ['考号,姓名,理论知识成绩,技能操作成绩', '1,,80,80', '2,,80,80', '3,,59.9,80'].join('\n')
    const file = { name: '成绩.csv', bytes: new TextEncoder().encode(csv) }
    const { version, cells } = await previewMarks(at(a.scorer, examOver), batchId, file)
    const again = await enterMarks(at(a.scorer, examOver), { batchId, version, source: 'import', cells })
    await confirmMarks(at(a.head, examOver), { batchId, version: again.version })
  })

  test('V04 R37 public and masked for its days; held by one, released by another; then names are gone', async () => {
    await publiciseBatch(at(a.head, examOver), { batchId, workdays: '5' })
    const shown = await publicResults(at(anonymous, examOver), batchId)
    expect(shown.rows.map((row) => [row.seq, row.name, row.passed])).toEqual([
      [1, '张*甲', true],
      [2, '张*乙', true],
      [3, '张*丙', false],
    ])
    expect(JSON.stringify(shown.rows)).not.toMatch(/1990/)
    await expect(clearBatch(at(system('certification.daily'), examOver), { batchId })).rejects.toEqual(
      refusal('wrong-state'),
    )
    await holdBatch(at(intake, examOver), { batchId, note: '收到举报，核查中' })
    await expect(issueBatch(at(a.head, examOver), { batchId })).rejects.toEqual(refusal('wrong-state'))
    const both = user('李受理', [{ role: 'hr-leader' }])
    await expect(releaseBatch(at(both, examOver), { batchId, outcome: 'release', note: '' })).rejects.toEqual(
      refusal('own-hold'),
    )
    await releaseBatch(at(leader, examOver), { batchId, outcome: 'release', note: '举报不实' })
    const said = { batchId, seq: '0', reason: 'other', text: '考场没有全程录像，请核查。', contact: '' }
    const first = await lodgeObjection(at(anonymous, examOver), said)
    const second = await lodgeObjection(at(anonymous, examOver), said)
    const reply = { outcome: 'dismissed', reply: '已查看三个考场的录像，全程完整。' }
    await decideObjection(at(editor, examOver), { ...reply, objectionId: first.id })
    await expect(releaseBatch(at(leader, examOver), { batchId, outcome: 'release', note: '' })).rejects.toEqual(
      refusal('objections-open'),
    )
    await decideObjection(at(editor, examOver), { ...reply, objectionId: second.id })
    expect((await publicResults(at(anonymous, examOver), batchId)).batch.state).toBe('publicised')
    expect(await objectionReply(at(anonymous), second.receipt)).toMatchObject({
      state: 'dismissed',
      reply: reply.reply,
    })
    later = new Date(examOver.getTime() + 12 * 86_400_000)
    await clearBatch(at(system('certification.daily'), later), { batchId })
    expect(await publicResults(at(anonymous, later), batchId)).toMatchObject({ rows: [], assessed: 3, passed: 2 })
  })

  test('R34 V01 issued with the national number, without holes; checked by number and name, or by code', async () => {
    await expect(issueBatch(at(b.head, later), { batchId })).rejects.toEqual(kind('missing'))
    const twice = await Promise.all([1, 2].map(() => outcome(issueBatch(at(a.head, later), { batchId }))))
    expect(twice.toSorted()).toEqual(['done', 'wrong-state'])
    const made = await batchCertificates(t.db, batchId)
    expect(made.map((one) => one.number)).toEqual(['S000044003101214000001', 'S000044003101214000002'])
    const [first] = made
    if (!first) throw new Error('none')
    const ask = (given: object) => verifyLevel(at(anonymous, later), { number: '', name: '', code: '', ...given })
    expect(await ask({ number: 's0000 44003101 214000001', name: '张考甲' })).toMatchObject({
      state: 'issued',
      holder: '张*甲',
      level: '四级／中级工',
      intact: true,
    })
    expect(await ask({ number: first.number, name: '张考乙' })).toEqual({ state: 'unknown' })
    expect(await ask({ code: first.code })).toMatchObject({ state: 'issued', number: first.number })
    expect((await levelCertificateFor(at(user('本人', [], first.personId), later), first.id)).number).toBe(first.number)
    await expect(levelCertificateFor(at(user('别人', [], a.organisationId), later), first.id)).rejects.toEqual(
      kind('missing'),
    )
    await expect(levelCertificateFor(at(b.head, later), first.id)).rejects.toEqual(kind('missing'))
    await revokeLevelCertificate(at(leader, later), { certificateId: first.id, note: '查实替考' })
    await expect(
      revokeLevelCertificate(at(leader, later), { certificateId: first.id, note: '再撤一次' }),
    ).rejects.toEqual(refusal('already-revoked'))
    expect(await ask({ code: first.code })).toMatchObject({ state: 'revoked' })
    expect(
      await t.owner
        .query(
          "update certification.certificates set state = 'issued', revoked_on = null, revoked_by = null, revoke_note = null where id = $1",
          [first.id],
        )
        .then(
          () => 'done',
          (e: Error) => e.message,
        ),
    ).toContain('revoked once')
  })

  test('R34 the engineers’ three levels wait until their digit is laid down', async () => {
    const { scopeId } = await proposeScope(at(intake), {
      ...scopeInput(a.organisationId),
      occupation: '2015:2-02-10-09',
      level: 'junior',
    })
    await decideScope(at(leader), { scopeId, decision: 'approve' })
    const id = await planned(t.db, { ...a, scopeId }, 1, { on: '2021-10-11', now: testNow, seats: 3 }).catch(
      (error: unknown) => error,
    )
    expect(id).toEqual(refusal('room-taken')) // the rooms are taken on that day
    const own = await planned(t.db, { ...a, scopeId }, 1, { on: '2021-10-12' })
    const after = new Date('2021-10-13T10:00:00+08:00')
    await scored(t.db, a, own, [['80', '80']], { before: testNow, after })
    const past = await cleared(t.db, a, own, after)
    await expect(issueBatch(at(a.head, past), { batchId: own })).rejects.toEqual(refusal('digit-undecided'))
    await decidedFigure(t.db, 'R34.digit.junior', 5)
    await issueBatch(at(a.head, past), { batchId: own })
    expect((await batchCertificates(t.db, own))[0]?.number).toMatch(/^S000044003101215\d{6}$/)
  })
})
