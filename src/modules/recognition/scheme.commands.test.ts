import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { freshDb, type TestDb, testPlan } from '#platform/testing.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { readScheme, schemeText } from '#policy/scheme.text.ts'
import { at, firm, hr, intake, intake2, leader, openCall, papers } from '../../../tests/fixtures/recognition.ts'
import { saveApplication, startApplication, submitApplication } from './application.commands.ts'
import { callCard } from './call.queries.ts'
import { dryRun } from './dry-run.queries.ts'
import { addMaterial } from './material.commands.ts'
import { dropSchemeDraft, releaseScheme, writeScheme } from './scheme.commands.ts'
import { openDraft, schemeInForce } from './scheme.queries.ts'
import { changesOf } from './scheme.rules.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const refusal = (reason: string) =>
  expect.objectContaining({ fault: expect.objectContaining({ refusal: expect.objectContaining({ reason }) }) })
const kind = (name: string) => expect.objectContaining({ fault: expect.objectContaining({ kind: name }) })
const code = 'internship-base'
const folder = testPlan().schemes.find((one) => one.code === code) as Scheme
const copy = (): Record<string, never> & Scheme => structuredClone(folder) as never

/** As a bureau would: a new field, one more paper, a stricter condition, one stage more. */
const stricter = (): string => {
  const scheme = copy() as unknown as {
    edition: string
    fields: unknown[]
    materials: unknown[]
    eligibility: { test: { values?: string[] } }[]
  }
  scheme.edition = '2021-2'
  scheme.fields.push({ id: 'safety', label: '安全负责人', kind: 'text', required: true, max: 40 })
  scheme.materials.push({ id: 'rules', label: '安全制度', note: '盖章', origin: 'upload', required: true })
  return JSON.stringify(scheme)
}

describe('A01 a title’s text written on the platform', () => {
  test('A01 what is wrong is told with file, path and reason', () => {
    const plan = testPlan()
    const broken = { ...copy(), paths: [{ ...folder.paths[0], stages: ['visit', 'formal', 'designation'] }] }
    expect(readScheme(plan, code, JSON.stringify(broken)).faults).toEqual(
      expect.arrayContaining([
        { file: 'schemes/internship-base.json', path: '$.paths[0].stages', reason: '环节次序颠倒或重复' },
        { file: 'schemes/internship-base.json', path: '$.paths[0].stages', reason: '要从形式审查开始，到认定为止' },
      ]),
    )
    expect(readScheme(plan, code, '{"code": 1,').faults[0]?.reason).toContain('不是有效的 JSON')
    expect(readScheme(plan, code, JSON.stringify({ ...copy(), code: 'other' })).faults[0]?.path).toBe('$.code')
    const shapeless = readScheme(plan, code, JSON.stringify({ ...copy(), fields: [{ id: 'x', kind: 'text' }] })).faults
    expect(shapeless.map((one) => one.path)).toEqual(expect.arrayContaining(['$.fields[0].label']))
    const unknown = { ...copy(), publicityFigure: 'REC.nothing' }
    expect(readScheme(plan, code, JSON.stringify(unknown)).faults[0]?.reason).toContain('REC.nothing')
    expect(readScheme(plan, code, schemeText(folder)).faults).toEqual([])
  })

  test('A01 differences are told part by part, by name and not by place', () => {
    const changes = changesOf(folder, JSON.parse(stricter()))
    expect(changes.map((one) => [one.path, one.kind])).toEqual([
      ['$.edition', 'changed'],
      ['$.fields[safety]', 'added'],
      ['$.materials[rules]', 'added'],
    ])
    const turned = { ...copy(), checklist: folder.checklist.toReversed() }
    expect(changesOf(folder, turned).map((one) => one.path)).toEqual(['$.checklist'])
  })

  test('A01 written by one, released by another; the running call keeps its text, the next takes the new one', async () => {
    const ctx = at(t.db)
    const running = await openCall(ctx, code)
    const first = await writeScheme(ctx(intake), { scheme: code, version: 0, text: '{"code"', note: '先存一半' })
    await expect(
      writeScheme(ctx(intake2), { scheme: code, version: 0, text: '{}', note: '同时也在写' }),
    ).rejects.toEqual(kind('conflict'))
    await expect(releaseScheme(ctx(leader), first)).rejects.toEqual(refusal('scheme-faulty'))
    const same = await writeScheme(ctx(intake), {
      scheme: code,
      version: 1,
      text: schemeText(folder),
      note: '内容没有改',
    })
    await expect(releaseScheme(ctx(leader), same)).rejects.toEqual(refusal('edition-same'))
    const ready = await writeScheme(ctx(intake2), { scheme: code, version: 2, text: stricter(), note: '增加安全要求' })
    await expect(releaseScheme(ctx(intake), ready)).rejects.toEqual(kind('forbidden'))
    await expect(releaseScheme(ctx(leader), { ...ready, version: 2 })).rejects.toEqual(kind('conflict'))
    await releaseScheme(ctx(leader), ready)
    await expect(releaseScheme(ctx(leader), ready)).rejects.toEqual(refusal('draft-decided'))
    expect((await schemeInForce(ctx(leader), code))?.scheme.edition).toBe('2021-2')
    expect((await callCard(ctx(leader), running)).scheme.edition).toBe(folder.edition)
    const next = await openCall(ctx, code)
    expect((await callCard(ctx(leader), next)).scheme.fields.at(-1)?.id).toBe('safety')
  })

  test('A01 whoever wrote a word of it does not release it, and the database says so too', async () => {
    const ctx = at(t.db)
    const both = { ...leader, holdings: [...leader.holdings, ...intake.holdings] }
    const writer = { ...leader, can: (permission: string) => both.holdings.length > 0 && permission !== '' } as never
    const text = JSON.stringify({ ...copy(), edition: '2021-3' })
    const draft = await writeScheme(ctx(writer), { scheme: code, version: 0, text, note: '局长自己改' })
    await expect(releaseScheme(ctx(leader), draft)).rejects.toEqual(refusal('own-wording'))
    await expect(
      t.owner.query(
        `update recognition.scheme_drafts set state = 'released', decided_by = writers[1], decided_at = now() where id = $1`,
        [draft.draftId],
      ),
    ).rejects.toThrow('released_by_another')
    await dropSchemeDraft(ctx(intake), draft)
    expect(await openDraft(t.db, code)).toBeUndefined()
  })

  test('A01 the folder’s file stays the source: once it has another text, it rules', async () => {
    const ctx = at(t.db)(leader)
    const shipped = { ...copy(), edition: '2022-1' }
    const plan = { ...ctx.plan, schemes: ctx.plan.schemes.map((one) => (one.code === code ? shipped : one)) } as never
    expect((await schemeInForce({ db: t.db, plan }, code))?.source).toBe('folder')
    expect((await schemeInForce(ctx, code))?.source).toBe('released')
  })

  test('A01 the dry run says what would come out otherwise, and moves nothing', async () => {
    const ctx = at(t.db)
    const callId = await t.db
      .selectFrom('recognition.calls')
      .select('id')
      .where('scheme', '=', code)
      .orderBy('drafted_at')
      .executeTakeFirstOrThrow()
    const organisationId = await firm(t.db, 7700)
    const mine = ctx(hr(organisationId))
    const { applicationId } = await startApplication(mine, { callId: callId.id, organisationId, path: 'standard' })
    const posts = [{ name: '见习生', count: '5', pay: '3000' }]
    const f = { posts, dispatch: 'no', mentor: '一对一带教' }
    const { version } = await saveApplication(mine, { applicationId, version: 1, f })
    for (const one of ['plan', 'insurance']) await addMaterial(mine, { applicationId, kind: one, file: papers })
    await submitApplication(mine, { applicationId, version, consent: 'yes' })
    const result = await dryRun(ctx(intake), folder, JSON.parse(stricter()))
    expect([result.looked, result.changed]).toEqual([1, 1])
    expect(result.lines[0]?.changes).toEqual(['填报：请填写安全负责人', '材料：还缺安全制度'])
    const barred = {
      ...copy(),
      eligibility: [{ ...folder.eligibility[1], test: { kind: 'one-of', field: 'dispatch', values: ['yes'] } }],
    }
    expect((await dryRun(ctx(intake), folder, barred as never)).lines[0]?.changes).toEqual([
      '条件“不是劳务派遣单位”：符合 → 不符合',
    ])
    expect((await dryRun(ctx(intake), folder, folder)).changed).toBe(0)
  })
})
