import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { importGroup, revokeGroup, verifyGroup } from '#modules/people/group.commands.ts'
import { groupImports, membershipsForBody, membershipsOf, membershipsOn } from '#modules/people/group.queries.ts'
import { reasonText } from '#modules/people/group.schema.ts'
import { checkDigit } from '#modules/people/identity.rules.ts'
import type { Actor } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb, user } from '#platform/testing.ts'
import { day } from '#shared/units.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const as = (actor: Actor) => ctxFor(t.db, actor)
const officer = (body: string) => user(`经办${body}`, [{ role: 'department-officer', body }])
const veterans = officer('veteransBureau')
async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.fault.kind !== 'refused') return error.fault.kind
    expect(reasonText[error.fault.refusal.reason]?.(error.fault.refusal.facts).remedy).toMatch(/。$/)
    return error.fault.refusal.reason
  }
}
let order = 0
const idNumber = () => {
  const body = `44010519850601${String(++order).padStart(3, '0')}`
  return body + checkDigit(body)
}
const wish = (more: object = {}) => ({
  groupCode: 'veterans',
  name: '邓退役',
  documentKind: 'resident-id',
  documentNumber: idNumber(),
  evidence: '优待证 粤A0001',
  from: '2021-01-01',
  to: '2021-12-31',
  ...more,
})

describe('C11 group membership is another department’s knowledge', () => {
  test('C11 its own department confirms it, with days; other departments may not', async () => {
    const row = wish()
    const { personId, membershipId } = await verifyGroup(as(veterans), row)
    const on = async (d: string) =>
      (await membershipsOn(t.db, [personId], day(d))).get(personId)?.map((m) => m.groupCode)
    expect(await on('2021-12-31')).toEqual(['veterans'])
    expect(await on('2022-01-01')).toBeUndefined()
    expect(await outcome(verifyGroup(as(officer('disabledFederation')), wish()))).toBe('missing')
    expect(await outcome(verifyGroup(as(veterans), wish({ groupCode: 'disabled' })))).toBe('missing')
    expect(await outcome(verifyGroup(as(user('审核', [{ role: 'hr-first-reviewer' }])), wish()))).toBe('forbidden')
    expect(await outcome(verifyGroup(as(veterans), { ...row, from: '2021-06-01', to: '2022-06-01' }))).toBe(
      'group-overlap',
    )
    expect(await outcome(verifyGroup(as(veterans), { ...row, from: '2022-01-01', to: undefined }))).toBe('group-future')
    expect(await outcome(verifyGroup(as(veterans), { ...row, name: '邓别名' }))).toBe('group-name-differs')
    expect(await outcome(revokeGroup(as(officer('disabledFederation')), { membershipId, reason: '越权撤销' }))).toBe(
      'missing',
    )
    await revokeGroup(as(veterans), { membershipId, reason: '登记有误' })
    expect(await outcome(revokeGroup(as(veterans), { membershipId, reason: '再次撤销' }))).toBe('group-revoked')
    expect(await on('2021-06-01')).toBeUndefined()
    expect(await outcome(verifyGroup(as(veterans), { ...row, to: undefined }))).toBe('done')
    expect(await membershipsOf(t.db, personId)).toHaveLength(2)
    expect((await membershipsForBody(t.db, ['veterans'], {})).rows[0]).toMatchObject({ name: '邓*役', to: null })
  })

  test('C11 two confirmations at once: one stands', async () => {
    const row = wish()
    const answers = await Promise.all([1, 2, 3].map(() => outcome(verifyGroup(as(veterans), row))))
    expect(answers.toSorted()).toEqual(['done', 'group-overlap', 'group-overlap'])
  })
})

describe('C11 a department’s list as a file', () => {
  const header = '姓名,证件号码,认定依据,认定起始日期,认定截止日期'
  const file = (lines: string[]) => new TextEncoder().encode([header, ...lines].join('\r\n'))
  const send = (bytes: Uint8Array, actor = veterans) =>
    importGroup(as(actor), { groupCode: 'veterans', source: '2021年8月登记名单', fileName: '名单.csv', bytes })

  test('C11 good rows count, known rows are told, wrong rows come back with what to mend', async () => {
    const known = wish({ to: undefined })
    await verifyGroup(as(veterans), known)
    const numbers = [idNumber(), idNumber()]
    const bytes = file([
      `李一,${numbers[0]},优待证1,2021/7/1,`,
      `李二,${numbers[1]},优待证2,2021年7月1日,2022-06-30`,
      `${known.name},${known.documentNumber},优待证3,20210701,`,
      `邓另名,${known.documentNumber.slice(0, -1)}0,优待证3,2021-07-01,`,
      `李四,${idNumber()},,2031-07-01,`,
      `李五,${numbers[0]},优待证5,2021-07-01,2020-01-01`,
    ])
    const done = await send(bytes)
    expect(done).toMatchObject({ acceptedCount: 2, knownCount: 1, rejectedCount: 3 })
    expect(done.faults.map((f) => [f.row, f.column])).toEqual([
      [5, '证件号码'],
      [6, '认定依据'],
      [6, '认定起始日期'],
      [7, '认定截止日期'],
      [7, '证件号码'],
    ])
    expect(JSON.stringify(done.faults)).not.toContain(numbers[0])
    expect(await groupImports(t.db, ['veterans'])).toMatchObject([
      { accepted: 2, known: 1, rejected: 3, source: '2021年8月登记名单' },
    ])
    expect(await outcome(send(bytes))).toBe('group-file-known')
    expect(await outcome(send(bytes, officer('tradeUnion')))).toBe('missing')
    expect(await outcome(send(new TextEncoder().encode('<html></html>')))).toBe('invalid')
  })

  test('C11 a list without its columns is refused row by row, and says which column', async () => {
    const done = await send(new TextEncoder().encode('名字,号码\r\n张三,1\r\n'))
    expect(done).toMatchObject({ acceptedCount: 0, rejectedCount: 1 })
    expect(done.faults.map((f) => f.column)).toEqual(['证件号码', '认定依据', '认定起始日期'])
  })

  test('C11 five thousand rows', async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => {
      const body = `4401${String(10 + Math.floor(i / 1000)).padStart(2, '0')}19850601${String(i % 1000).padStart(3, '0')}`
      return `吴多,${body + checkDigit(body)},凭证${i},2021-07-01,`
    })
    expect(await send(file(lines))).toMatchObject({ acceptedCount: 5000, rejectedCount: 0 })
  }, 120_000)
})
