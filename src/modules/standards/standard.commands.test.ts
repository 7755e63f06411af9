import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { anonymous, system } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import { occupations } from '../../../tests/fixtures/certification.ts'
import { firm, hr, intake, leader } from '../../../tests/fixtures/recognition.ts'
import {
  abolish,
  answerComment,
  closeComments,
  comment,
  decideProposal,
  decideReview,
  openComments,
  proposeStandard,
  recordOpinion,
  revise,
  saveDraft,
  submitReview,
} from './standard.commands.ts'
import { commentByReceipt, publicVersion, publishedCount, versionPage } from './standard.queries.ts'

let t: TestDb
let company: string
let other: string
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  await occupations(t.db)
  company = await firm(t.db, 3601)
  other = await firm(t.db, 3602)
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
const text = (weights: Record<string, number>) => ({
  ...{ profile: '从事数据采集和标注的人员。', basics: '职业道德和基础知识。' },
  functions: '# 数据采集\n采集数据｜能按要求采集｜采集规范\n# 数据标注\n标注数据｜能按要求标注｜标注规范',
  levels: [{ code: '5', hours: '60', conditions: '从业1年', weights }],
})
const later = new Date('2021-10-20T10:00:00+08:00')

describe('N01 N02 N03 HZ4-M01 a standard from its proposal to its revision', () => {
  let standardId: string
  let versionId: string
  const boss = () => hr(company)

  test('N01 asked for by one, allowed by another; somebody else’s is not there; written against the newest edit', async () => {
    const asked = {
      ...{
        organisationId: company,
        title: '数据标注工程企业评价规范',
        kind: 'enterprise',
        occupation: '2015:4-04-05-05',
      },
      purpose: '琶洲企业需要统一的评价尺度。',
    }
    await expect(proposeStandard(at(hr(other)), asked)).rejects.toEqual(kind('missing'))
    const made = await proposeStandard(at(boss()), asked)
    standardId = made.standardId
    versionId = made.versionId
    await expect(saveDraft(at(boss()), { versionId, edit: '0', ...text({ f1: 40, f2: 60 }) })).rejects.toEqual(
      refusal('wrong-state'),
    )
    await decideProposal(at(leader), { versionId, decision: 'approve', note: '' })
    await expect(versionPage(at(hr(other)), versionId)).rejects.toEqual(kind('missing'))
    await expect(saveDraft(at(hr(other)), { versionId, edit: '0', ...text({}) })).rejects.toEqual(kind('missing'))
    const both = await Promise.all(
      [1, 2].map(() =>
        outcome(saveDraft(at(boss()), { versionId, edit: '0', ...text({ f1: '40' as never, f2: 50 }) })),
      ),
    )
    expect(both.toSorted()).toEqual(['done', 'edited-elsewhere'])
    await expect(openComments(at(boss()), { versionId, workdays: '5' })).rejects.toEqual(refusal('weights-not-hundred'))
    await saveDraft(at(boss()), { versionId, edit: '1', ...text({ f1: 40, f2: 60 }) })
    await openComments(at(boss()), { versionId, workdays: '5' })
    await expect(saveDraft(at(boss()), { versionId, edit: '2', ...text({ f1: 50, f2: 50 }) })).rejects.toEqual(
      refusal('wrong-state'),
    )
  })

  test('N02 the public comments in its days; each comment is answered once before the review', async () => {
    const say = (now = testNow) =>
      comment(at(anonymous, now), { versionId, part: '三、工作要求', text: '建议增加质检的工作内容。', contact: '' })
    const { receipt } = await say()
    await say()
    expect(receipt.length).toBeGreaterThan(8)
    expect(await commentByReceipt(at(anonymous), receipt)).toMatchObject({ state: 'commenting', outcome: null })
    expect(await commentByReceipt(at(anonymous), '0000-0000-0000')).toBeUndefined()
    expect(JSON.stringify(await publicVersion(at(anonymous), versionId))).not.toContain('建议增加')
    await expect(say(later)).rejects.toEqual(refusal('comment-in-time'))
    const page = await versionPage(at(boss()), versionId)
    const [first, second] = page.comments
    const answer = { commentId: first?.id, outcome: 'adopted', reason: '已增加质检内容' }
    await expect(answerComment(at(boss()), answer)).rejects.toEqual(refusal('still-commenting'))
    expect((await closeComments(at(system('standards.daily'), later), {})).count).toBe(1)
    await expect(answerComment(at(hr(other), later), answer)).rejects.toEqual(kind('missing'))
    await answerComment(at(boss(), later), answer)
    await expect(answerComment(at(boss(), later), answer)).rejects.toEqual(refusal('answered-once'))
    expect(await commentByReceipt(at(anonymous), receipt.toLowerCase())).toMatchObject({
      ...{ outcome: 'adopted', reason: '已增加质检内容' },
    })
    await expect(submitReview(at(boss(), later), { versionId })).rejects.toEqual(refusal('comments-open'))
    await answerComment(at(boss(), later), { commentId: second?.id, outcome: 'declined', reason: '与第一条重复' })
    await submitReview(at(boss(), later), { versionId })
  })

  test('N03 published by another with opinions; what is published never changes; counted, superseded, abolished', async () => {
    await expect(decideReview(at(leader, later), { versionId, outcome: 'publish', note: '' })).rejects.toEqual(
      refusal('opinions-missing'),
    )
    const opinion = { versionId, expert: '谭专家', unit: '示例大学', verdict: 'pass', words: '结构完整，同意发布。' }
    await recordOpinion(at(intake, later), opinion)
    await expect(recordOpinion(at(intake, later), opinion)).rejects.toEqual(refusal('opinion-known'))
    const writer = user(boss().name, [{ role: 'hr-leader' }])
    await expect(decideReview(at(writer, later), { versionId, outcome: 'publish', note: '' })).rejects.toEqual(
      refusal('decided-by-another'),
    )
    await decideReview(at(leader, later), { versionId, outcome: 'publish', note: '同意' })
    await expect(
      t.db.updateTable('standards.versions').set({ body: '{}' }).where('id', '=', versionId).execute(),
    ).rejects.toThrow('text of this version stands')
    expect((await publicVersion(at(anonymous, later), versionId)).answers).toHaveLength(2)
    expect(await publishedCount(at(leader, later), '2021-12-31' as never)).toBe(1)
    const next = await revise(at(boss(), later), { standardId, purpose: '按新技术修订工作要求和权重。' })
    await expect(revise(at(boss(), later), { standardId, purpose: '再开一版应当被拒绝。' })).rejects.toEqual(
      refusal('version-open'),
    )
    await decideProposal(at(leader, later), { versionId: next.versionId, decision: 'approve', note: '' })
    await saveDraft(at(boss(), later), { versionId: next.versionId, edit: '0', ...text({ f1: 30, f2: 70 }) })
    const changes = (await versionPage(at(boss(), later), next.versionId)).changes ?? []
    expect(changes.filter((one) => one.kind !== 'same').map((one) => one.text)).toEqual([
      '数据采集 40%',
      '数据标注 60%',
      '数据采集 30%',
      '数据标注 70%',
    ])
    await abolish(at(leader, later), { versionId, note: '不再适用' })
    expect((await publicVersion(at(anonymous, later), versionId)).version.state).toBe('abolished')
  })
})

describe('N02 strangers', () => {
  test('N02 one draft takes so many comments an hour and no more', async () => {
    const { versionId } = await proposeStandard(at(hr(company)), {
      ...{ organisationId: company, title: '机器视觉企业评价规范', kind: 'enterprise', occupation: '2015:4-04-05-05' },
      purpose: '琶洲企业需要统一的评价尺度。',
    })
    await decideProposal(at(leader), { versionId, decision: 'approve', note: '' })
    await saveDraft(at(hr(company)), { versionId, edit: '0', ...text({ f1: 40, f2: 60 }) })
    await openComments(at(hr(company)), { versionId, workdays: '5' })
    const say = () => comment(at(anonymous), { versionId, part: '其他', text: '请写得再清楚一些。', contact: '' })
    for (let times = 0; times < 60; times++) await say()
    await expect(say()).rejects.toEqual(kind('limited'))
  })
})
