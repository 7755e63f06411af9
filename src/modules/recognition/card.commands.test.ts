import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { freshDb, type TestDb, user } from '#platform/testing.ts'
import { at, intake, leader, openCall, papers } from '../../../tests/fixtures/recognition.ts'
import { accountFor } from '../../../tests/setup/accounts.ts'
import { saveApplication, startOwnApplication, submitApplication } from './application.commands.ts'
import { chooseCard } from './card.commands.ts'
import { ownCard, publicCard } from './card.queries.ts'
import { RegisterFilter, register, registerBySubdistrict } from './designation.queries.ts'
import { designationLetter } from './letter.queries.ts'
import { addMaterial } from './material.commands.ts'
import { passFormalReview, takeApplication } from './review.commands.ts'
import { decideExit, proposeExit } from './term.commands.ts'

let t: TestDb
let callId: string
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  callId = await openCall(at(t.db), 'home-service-pass')
})
afterAll(() => t.close())

const ctx = () => at(t.db)
const f = {
  ...{ type: 'maternal', employer: '海珠示例家政', training: '岗前培训合格证第12号' },
  ...{ healthOn: '2021-06-01', credit: 'yes' },
}

async function worker(name: string) {
  const { personId } = await accountFor(t.db, { name })
  return { personId, actor: user('本人', [], personId) }
}

async function apply(who: Awaited<ReturnType<typeof worker>>, answers: object = f): Promise<string> {
  const mine = ctx()(who.actor)
  const { applicationId } = await startOwnApplication(mine, { callId, path: 'standard' })
  const { version } = await saveApplication(mine, { applicationId, version: 1, f: answers })
  for (const kind of ['health', 'training', 'authorisation'])
    await addMaterial(mine, { applicationId, kind, file: papers })
  await submitApplication(mine, { applicationId, version, consent: 'yes' })
  return applicationId
}

async function pass(name: string) {
  const who = await worker(name)
  const applicationId = await apply(who)
  await takeApplication(ctx()(intake), { applicationId })
  await passFormalReview(ctx()(intake), { applicationId })
  const { id, number } = await t.db
    .selectFrom('recognition.designations')
    .select(['id', 'number'])
    .where('application_id', '=', applicationId)
    .executeTakeFirstOrThrow()
  return { ...who, id, number }
}

const shown = async (number: string) =>
  Object.fromEntries(((await publicCard(ctx()(leader), number)).shown ?? []).map((one) => [one.label, one.value]))

describe('R26 居家上门服务证', () => {
  test('R26 whoever scans it sees what its holder agreed to, and nothing before', async () => {
    const { id, number, actor } = await pass('何小珠')
    const card = await publicCard(ctx()(leader), number)
    expect([card.held, card.holder.name, card.shown]).toEqual([true, '何*珠', []])
    await chooseCard(ctx()(actor), { designationId: id, items: ['name', 'type', 'health', 'star', 'made-up'] })
    expect(await shown(number)).toEqual({ 姓名: '何小珠', 服务类型: '母婴', 体检日期: '2021年6月1日' })
    await chooseCard(ctx()(actor), { designationId: id, items: 'type' })
    expect(await shown(number)).toEqual({ 服务类型: '母婴' })
    await chooseCard(ctx()(actor), { designationId: id })
    expect(await shown(number)).toEqual({})
    const { rows } = await t.owner.query(
      'select items from recognition.card_choices where designation_id = $1 order by id',
      [id],
    )
    expect(rows.map((row) => row.items)).toEqual([['name', 'type', 'health', 'star'], ['type'], []])
  })

  test('R26 the register does not list it, the desk does; its name stands nowhere in the clear', async () => {
    const { id, number, actor } = await pass('欧阳海珠')
    const all = RegisterFilter.parse({ scheme: 'home-service-pass' })
    expect((await register(ctx()(leader), all)).total).toBe(0)
    expect((await register(ctx()(leader), RegisterFilter.parse({ q: number }))).total).toBe(0)
    expect((await registerBySubdistrict(ctx()(leader), all)).size).toBe(0)
    expect((await register(ctx()(intake), { ...all, cards: true })).rows.map((row) => row.number)).toContain(number)
    const { rows } = await t.owner.query(
      `select count(*)::int as n from recognition.designations d join recognition.applications a on a.id = d.application_id
       where d::text || a::text like '%欧阳海珠%'`,
    )
    expect(rows[0].n).toBe(0)
    const letter = await designationLetter(ctx()(actor), id)
    expect(JSON.stringify(letter.data.blocks)).toContain('将欧阳海珠登记为居家上门服务证')
  })

  test('R26 nobody chooses for another, and a pass that ended shows what it showed', async () => {
    const { id, number, actor, personId } = await pass('麦珠江')
    const other = await worker('陈别人')
    await expect(chooseCard(ctx()(other.actor), { designationId: id, items: ['name'] })).rejects.toMatchObject({
      fault: { kind: 'missing' },
    })
    await expect(ownCard(ctx()(other.actor), id, other.personId)).rejects.toMatchObject({ fault: { kind: 'missing' } })
    expect((await ownCard(ctx()(actor), id, personId)).lines.map((one) => one.id)).toEqual([
      ...['name', 'type', 'employer', 'training', 'health'],
    ])
    const { exitId } = await proposeExit(ctx()(intake), {
      designationId: id,
      cause: 'serious',
      note: '查实严重失信行为',
    })
    await decideExit(ctx()(leader), { exitId, decision: 'decide' })
    expect((await publicCard(ctx()(leader), number)).held).toBe(false)
    await expect(chooseCard(ctx()(actor), { designationId: id, items: ['name'] })).rejects.toMatchObject({
      fault: { refusal: { reason: 'ended' } },
    })
    // three years without another
    await expect(apply({ actor, personId })).rejects.toMatchObject({
      fault: {
        refusal: {
          clause: 'R26',
          reason: 'not-eligible',
          facts: { rules: expect.stringContaining('2024年9月15日起') },
        },
      },
    })
  })

  test('R26 an old check-up, and no consent to be looked up, are said before anybody reviews', async () => {
    await expect(apply(await worker('梁体检'), { ...f, healthOn: '2020-09-01' })).rejects.toMatchObject({
      fault: { refusal: { clause: 'R26', facts: { rules: expect.stringContaining('已超过12个月') } } },
    })
    await expect(apply(await worker('梁授权'), { ...f, credit: 'no' })).rejects.toMatchObject({
      fault: expect.anything(),
    })
  })
})
