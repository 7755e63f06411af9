import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { changeName, correctPhone, unmaskPerson } from '#modules/people/identity.commands.ts'
import { checkDigit } from '#modules/people/identity.rules.ts'
import { ensurePerson, ensurePersons, registerPerson } from '#modules/people/person.commands.ts'
import { findByDocument, openPersons, personCard, searchPersons } from '#modules/people/person.queries.ts'
import { type Ctx, command } from '#platform/command.ts'
import { AppError, type Fault } from '#platform/errors.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testNow, user } from '#platform/testing.ts'
import { dayOf } from '#shared/dates.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const today = dayOf(testNow)
const desk = user('李受理', [{ role: 'hr-intake' }])
const reviewer = user('王初审', [{ role: 'hr-first-reviewer' }])
const trainer = user('赵老师', [{ role: 'trainer', organisationId: '00000000-0000-7000-8000-000000000001' }])
const as = (actor: Ctx['actor']) => ctxFor(t.db, actor)

let order = 0
function idNumber(born = '19900101'): string {
  const body = `440105${born}${String(order++ % 1000).padStart(3, '0')}`
  return body + checkDigit(body)
}
const person = (name: string, documentNumber = idNumber(), phone?: string) => ({
  name,
  documentKind: 'resident-id' as const,
  documentNumber,
  ...(phone ? { phone } : {}),
})

const ensureAll = command({
  name: 'test.ensurePersons',
  permission: 'public',
  input: z.object({ rows: z.array(z.any()) }),
  run: (tx, { rows }) => ensurePersons(tx, rows),
})
const ensureOne = command({
  name: 'test.ensurePerson',
  permission: 'public',
  input: z.any(),
  run: (tx, row) => ensurePerson(tx, row),
})

async function faultOf(work: Promise<unknown>): Promise<Fault | { kind: 'done' }> {
  try {
    await work
    return { kind: 'done' }
  } catch (error) {
    if (error instanceof AppError) return error.fault
    throw error
  }
}

describe('C01 registering persons', () => {
  test('C01 a person is registered once, sealed, and found by document, name and phone', async () => {
    const row = person('张小明', idNumber(), '138-0013-8000')
    const first = await ensureOne(as(systemActor), row)
    expect(first).toMatchObject({ created: true, nameDiffers: false })
    const again = await ensureOne(as(systemActor), { ...row, documentNumber: ` ${row.documentNumber.toLowerCase()} ` })
    expect(again).toEqual({ personId: first.personId, created: false, nameDiffers: false })
    const stored = await t.owner.query(
      'select * from people.persons p join people.person_names n on n.person_id = p.id',
    )
    const text = JSON.stringify(stored.rows)
    for (const secret of ['张小明', row.documentNumber, '13800138000']) expect(text).not.toContain(secret)
    expect(await personCard(t.db, first.personId)).toMatchObject({ name: '张*明', phone: '138****8000' })
    const ctx = as(desk)
    for (const text of ['张小明', row.documentNumber, '13800138000']) {
      const found = await searchPersons(t.db, ctx.crypto, { text }, today)
      expect(found.rows.map((r) => r.id)).toContain(first.personId)
    }
    expect((await searchPersons(t.db, ctx.crypto, { text: '张小' }, today)).rows).toEqual([])
    const opened = (await openPersons(t.db, ctx.crypto, [first.personId])).get(first.personId)
    expect(opened).toMatchObject({ name: '张小明', documentNumber: row.documentNumber, bornOn: '1990-01-01' })
  })

  test('C01 another name on a known document is told, and nothing is overwritten', async () => {
    const row = person('陈一')
    const { personId } = await ensureOne(as(systemActor), row)
    expect(await ensureOne(as(systemActor), { ...row, name: '陈二' })).toEqual({
      personId,
      created: false,
      nameDiffers: true,
    })
    expect((await openPersons(t.db, as(desk).crypto, [personId])).get(personId)?.name).toBe('陈一')
    expect(await faultOf(registerPerson(as(desk), { ...row, name: '陈二' }))).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'person-name-differs' },
    })
  })

  test('C01 a phone is filled in once and never changed by a list', async () => {
    const row = person('周周')
    const { personId } = await ensureOne(as(systemActor), row)
    await ensureOne(as(systemActor), { ...row, phone: '13900000001' })
    await ensureOne(as(systemActor), { ...row, phone: '13900000002' })
    expect((await personCard(t.db, personId)).phone).toBe('139****0001')
  })

  test('C01 a wrong number is refused with the field and the way to mend it', async () => {
    expect(await faultOf(ensureOne(as(systemActor), person('张三', '440105200002290010')))).toMatchObject({
      kind: 'invalid',
      fields: { documentNumber: [expect.stringContaining('校验码不符')] },
    })
    const rows = [person('张三'), { ...person('李四'), phone: '12' }]
    expect(await faultOf(ensureAll(as(systemActor), { rows }))).toMatchObject({
      kind: 'invalid',
      fields: { 'rows.1.phone': [expect.stringContaining('11位')] },
    })
  })

  test('C01 a list answers in the order of its rows; doubles are one person', async () => {
    const twice = person('赵双')
    const known = person('钱已')
    const before = await ensureOne(as(systemActor), known)
    const rows = [twice, known, person('孙新'), { ...twice, name: '赵爽' }]
    const answers = await ensureAll(as(systemActor), { rows })
    expect(answers.map((a) => a.created)).toEqual([true, false, true, false])
    expect(answers.map((a) => a.nameDiffers)).toEqual([false, false, false, true])
    expect(answers[3]?.personId).toBe(answers[0]?.personId)
    expect(answers[1]?.personId).toBe(before.personId)
  })

  test('C01 two lists with the same people at once neither double nor block each other', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => person('吴同', idNumber(`19${70 + (i % 20)}0203`)))
    const [a, b, c] = await Promise.all([
      ensureAll(as(systemActor), { rows }),
      ensureAll(as(systemActor), { rows: rows.toReversed() }),
      ensureAll(as(systemActor), { rows }),
    ])
    expect(b.toReversed().map((r) => r.personId)).toEqual(a.map((r) => r.personId))
    expect(c.map((r) => r.personId)).toEqual(a.map((r) => r.personId))
    expect(a.map((r, i) => [r, b[199 - i], c[i]].filter((x) => x?.created).length)).toEqual(rows.map(() => 1))
  })

  test('C01 five thousand rows at once', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => person('郑多', idNumber(`19${60 + Math.floor(i / 1000)}0304`)))
    const answers = await ensureAll(as(systemActor), { rows })
    expect(new Set(answers.map((a) => a.personId)).size).toBe(5000)
  }, 120_000)
})

describe('C01 a name changes', () => {
  test('C01 the old name still matches; the new one is shown', async () => {
    const row = person('刘旧')
    const { personId } = await registerPerson(as(desk), row)
    await changeName(as(desk), { personId, name: '刘新新', from: '2021-08-01', evidence: '户口簿变更页 2021-08-01' })
    expect((await personCard(t.db, personId)).name).toBe('刘*新')
    for (const name of ['刘旧', '刘新新']) {
      expect((await ensureOne(as(systemActor), { ...row, name })).nameDiffers).toBe(false)
      expect((await searchPersons(t.db, as(desk).crypto, { text: name }, today)).rows[0]?.id).toBe(personId)
    }
    const reason = (input: object) =>
      faultOf(changeName(as(desk), { personId, name: '刘又', from: '2021-09-01', evidence: '证明', ...input }))
    expect(await reason({ name: '刘新新' })).toMatchObject({ refusal: { reason: 'person-name-same' } })
    expect(await reason({ from: '2022-01-01' })).toMatchObject({ refusal: { reason: 'person-name-future' } })
    expect(await reason({ name: '刘3' })).toMatchObject({ kind: 'invalid', fields: { name: [expect.any(String)] } })
    expect(await reason({ personId: '00000000-0000-7000-8000-000000000009' })).toMatchObject({ kind: 'missing' })
  })

  test('C01 only the desk changes names and phones', async () => {
    const { personId } = await registerPerson(as(desk), person('何人'))
    expect(
      await faultOf(changeName(as(trainer), { personId, name: '何新', from: '2021-09-01', evidence: '证明' })),
    ).toMatchObject({ kind: 'forbidden' })
    const change = { personId, phone: '13700000000', reason: '本人到窗口更正' }
    expect(await faultOf(correctPhone(as(trainer), change))).toMatchObject({ kind: 'forbidden' })
    await correctPhone(as(desk), change)
    expect((await personCard(t.db, personId)).phone).toBe('137****0000')
  })
})

describe('R37 showing a person in full', () => {
  test('R37 needs the permission and a reason, and leaves a row without the data in the trail', async () => {
    const row = person('冯全', idNumber(), '13600000000')
    const { personId } = await registerPerson(as(desk), row)
    expect(await faultOf(unmaskPerson(as(desk), { personId, reason: '核对原件' }))).toMatchObject({ kind: 'forbidden' })
    expect(await faultOf(unmaskPerson(as(reviewer), { personId, reason: ' ' }))).toMatchObject({
      kind: 'invalid',
      fields: { reason: [expect.stringContaining('理由')] },
    })
    const shown = await unmaskPerson(as(reviewer), { personId, reason: '电话回访核实参训' })
    expect(shown).toMatchObject({ name: '冯全', documentNumber: row.documentNumber, phone: '13600000000' })
    const { rows } = await t.owner.query(
      `select * from audit.entries where command = 'people.unmaskPerson' and subjects @> array['person:' || $1]`,
      [personId],
    )
    expect(rows).toHaveLength(1)
    expect(rows[0].input.reason).toBe('电话回访核实参训')
    for (const secret of ['冯全', row.documentNumber, '13600000000']) expect(JSON.stringify(rows)).not.toContain(secret)
  })

  test('C01 a document finds its holder, as typed', async () => {
    const row = person('找得到')
    const { personId } = await registerPerson(as(desk), row)
    const ctx = as(desk)
    const find = (number: string) => findByDocument(t.db, ctx.crypto, { kind: 'resident-id', number }, today)
    expect((await find(` ${row.documentNumber.slice(0, 6)} ${row.documentNumber.slice(6)}`))?.id).toBe(personId)
    expect(await find('440105')).toBeUndefined()
  })
})
