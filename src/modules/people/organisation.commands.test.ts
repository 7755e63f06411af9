import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { addBankAccount, verifyBankAccount } from '#modules/people/bank-account.commands.ts'
import { addLicence, endLicence } from '#modules/people/licence.commands.ts'
import {
  amendOrganisation,
  editOrganisation,
  registerOrganisation,
  setOrganisationStatus,
} from '#modules/people/organisation.commands.ts'
import {
  bankAccountsOf,
  findByUscc,
  idsByUscc,
  licencesFor,
  openAccount,
  organisationCard,
  ownersOfAccount,
  payableAccountOf,
  searchOrganisations,
} from '#modules/people/organisation.queries.ts'
import { usccCheck } from '#modules/people/organisation.rules.ts'
import { reasonText } from '#modules/people/organisation.schema.ts'
import type { Actor } from '#platform/actor.ts'
import { AppError, type Fault } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb, user } from '#platform/testing.ts'
import { day } from '#shared/units.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const as = (actor: Actor) => ctxFor(t.db, actor)
const desk = user('李受理', [{ role: 'hr-intake' }])
const desk2 = user('周受理', [{ role: 'hr-intake' }])
const boss = (organisationId: string) => user('机构甲', [{ role: 'provider-admin', organisationId }])
async function fault(work: Promise<unknown>): Promise<Fault | { kind: 'done' }> {
  try {
    await work
    return { kind: 'done' }
  } catch (error) {
    if (error instanceof AppError) return error.fault
    throw error
  }
}
const outcome = async (work: Promise<unknown>) => {
  const f = await fault(work)
  if (f.kind !== 'refused') return f.kind
  expect(reasonText[f.refusal.reason]?.(f.refusal.facts).remedy).toMatch(/。$/)
  return f.refusal.reason
}

let n = 0
const uscc = () => {
  const body = `52440105${String(++n).padStart(9, '0')}`
  return body + usccCheck(body)
}
const form = (more: object = {}) => ({
  uscc: uscc(),
  name: `海珠测试培训学校${n}`,
  type: 'provider',
  address: '新港中路1号',
  subdistrict: '440105002',
  contactPhone: '13800138000',
  registeredOn: '2015-03-01',
  ...more,
})

describe('C01 organisations', () => {
  test('C01 registered once by its code, found again, phone sealed', async () => {
    const typed = form()
    const { organisationId } = await registerOrganisation(as(desk), { ...typed, uscc: ` ${typed.uscc.toLowerCase()} ` })
    expect(await organisationCard(t.db, organisationId)).toMatchObject({
      uscc: typed.uscc,
      contactPhone: '138****8000',
      status: 'active',
    })
    expect((await findByUscc(t.db, typed.uscc))?.id).toBe(organisationId)
    expect((await idsByUscc(t.db, [typed.uscc, 'x'])).size).toBe(1)
    expect((await searchOrganisations(t.db, { text: '测试培训' })).rows.length).toBeGreaterThan(0)
    expect((await searchOrganisations(t.db, { text: '%' })).rows).toEqual([])
    const stored = await t.owner.query('select * from people.organisations where id = $1', [organisationId])
    expect(JSON.stringify(stored.rows)).not.toContain('13800138000')
    expect(await outcome(registerOrganisation(as(desk), { ...typed, name: '另一个名称' }))).toBe('organisation-known')
    const racing = form()
    const answers = await Promise.all([1, 2, 3].map(() => outcome(registerOrganisation(as(desk), racing))))
    expect(answers.toSorted()).toEqual(['done', 'organisation-known', 'organisation-known'])
  })

  test('C01 wrong code, place, day or hand', async () => {
    expect(await fault(registerOrganisation(as(desk), form({ uscc: '91440105MA5000001X' })))).toMatchObject({
      kind: 'invalid',
      fields: { uscc: [expect.stringContaining('校验码')] },
    })
    expect(await fault(registerOrganisation(as(desk), form({ subdistrict: '440106001' })))).toMatchObject({
      kind: 'invalid',
    })
    expect(await outcome(registerOrganisation(as(desk), form({ registeredOn: '2031-01-01' })))).toBe(
      'organisation-future',
    )
    expect(await outcome(registerOrganisation(as(boss('x')), form()))).toBe('forbidden')
    const empty = await fault(registerOrganisation(as(desk), {}))
    expect(
      empty.kind === 'invalid' &&
        Object.values(empty.fields)
          .flat()
          .every((words) => /\p{Script=Han}/u.test(words)),
    ).toBe(true)
  })

  test('C20 one edits one’s own, over the newest version; the bureau amends and suspends', async () => {
    const { organisationId } = await registerOrganisation(as(desk), form())
    const other = await registerOrganisation(as(desk), form())
    const edit = (actor: Actor, more: object = {}) =>
      outcome(
        editOrganisation(as(actor), {
          organisationId,
          version: '1',
          address: '新地址2号',
          subdistrict: '440105003',
          contactName: '何老师',
          ...more,
        }),
      )
    expect(await edit(boss(other.organisationId))).toBe('missing')
    expect(await edit(boss(organisationId))).toBe('done')
    expect(await edit(boss(organisationId))).toBe('conflict')
    expect(await organisationCard(t.db, organisationId)).toMatchObject({
      contactPhone: '138****8000',
      contactName: '何老师',
      version: 2,
    })
    const amend = { organisationId, version: 2, name: '更名后的学校', tags: '龙头，科技型中小', reason: '营业执照变更' }
    expect(await outcome(amendOrganisation(as(boss(organisationId)), amend))).toBe('forbidden')
    await amendOrganisation(as(desk), amend)
    expect((await organisationCard(t.db, organisationId)).tags).toEqual(['龙头', '科技型中小'])
    const set = (status: string) =>
      outcome(setOrganisationStatus(as(desk), { organisationId, status, reason: '核查需要' }))
    expect([await set('suspended'), await set('active'), await set('closed'), await set('active')]).toEqual([
      'done',
      'done',
      'done',
      'organisation-closed',
    ])
    const moves = await t.owner.query(
      "select move from platform.moves where subject_kind = 'organisation' and subject_id = $1 order by at, id",
      [organisationId],
    )
    expect(moves.rows.map((row) => row.move)).toEqual(['suspend', 'resume', 'close'])
  })
})

describe('C12 licences', () => {
  test('C12 a licence allows its occupations for its days', async () => {
    await t.owner.query(
      `insert into occupations.occupations (edition, code, title, level_scheme, verified, source)
       values ('2015', '4-10-01-01', '婴幼儿发展引导员', 'x', true, 'test') on conflict do nothing`,
    )
    const { organisationId } = await registerOrganisation(as(desk), form())
    const licence = {
      organisationId,
      number: '人社民4401054000001号',
      kind: 'school-permit',
      occupations: '2015:4-10-01-01',
      validFrom: '2020-01-01',
      validTo: '2023-12-31',
      issuer: '海珠区人力资源和社会保障局',
    }
    expect(await outcome(addLicence(as(desk), { ...licence, occupations: '2015:9-99' }))).toBe('occupation-unknown')
    expect(await outcome(addLicence(as(desk), { ...licence, validTo: '2019-01-01' }))).toBe('invalid')
    expect(await outcome(addLicence(as(boss(organisationId)), licence))).toBe('forbidden')
    const { licenceId } = await addLicence(as(desk), licence)
    const allowed = (on: string, code = '4-10-01-01') =>
      licencesFor(t.db, organisationId, day(on), { edition: '2015', code })
    expect(await allowed('2021-06-01')).toHaveLength(1)
    expect(await allowed('2019-12-31')).toHaveLength(0)
    expect(await allowed('2021-06-01', '4-10-01-02')).toHaveLength(0)
    expect(await outcome(endLicence(as(desk), { licenceId, on: '2024-01-01', reason: '提前终止' }))).toBe(
      'licence-ended',
    )
    await endLicence(as(desk), { licenceId, on: '2021-09-30', reason: '许可注销' })
    expect(await allowed('2021-10-01')).toHaveLength(0)
    expect(await licencesFor(t.db, organisationId, day('2021-09-30'))).toHaveLength(1)
  })
})

describe('C19 bank accounts', () => {
  test('C19 own name only, four eyes, the one before ends', async () => {
    const typed = form()
    const { organisationId } = await registerOrganisation(as(desk), typed)
    const account = {
      organisationId,
      holder: typed.name,
      bank: '中国工商银行',
      branch: '广州新港支行',
      account: '3602 0001 0920 0123 456',
    }
    expect(await outcome(addBankAccount(as(boss(organisationId)), { ...account, holder: '何某某' }))).toBe(
      'account-holder',
    )
    expect(await fault(addBankAccount(as(boss(organisationId)), { ...account, account: '3.6E+18' }))).toMatchObject({
      kind: 'invalid',
      fields: { account: [expect.any(String)] },
    })
    expect(await outcome(addBankAccount(as(boss('00000000-0000-7000-8000-000000000001')), account))).toBe('missing')
    const { bankAccountId } = await addBankAccount(as(boss(organisationId)), account)
    expect(await payableAccountOf(t.db, organisationId)).toBeUndefined()
    expect(await outcome(addBankAccount(as(boss(organisationId)), account))).toBe('account-same')
    expect(await outcome(verifyBankAccount(as(boss(organisationId)), { bankAccountId, basis: '开户许可证' }))).toBe(
      'forbidden',
    )
    const both = await Promise.all(
      [desk, desk2].map((actor) => outcome(verifyBankAccount(as(actor), { bankAccountId, basis: '开户许可证' }))),
    )
    expect(both.toSorted()).toEqual(['account-decided', 'done'])
    const payable = await payableAccountOf(t.db, organisationId)
    expect(payable).toMatchObject({ id: bankAccountId, account: '***************3456' })
    expect(await openAccount(t.db, as(desk).crypto, bankAccountId)).toBe('3602000109200123456')
    const second = await addBankAccount(as(boss(organisationId)), { ...account, account: '360200010920099999' })
    expect(await payableAccountOf(t.db, organisationId)).toBeUndefined()
    expect((await bankAccountsOf(t.db, organisationId)).map((a) => a.id)).toEqual([second.bankAccountId, bankAccountId])
    const { rows } = await t.owner.query("select input from audit.entries where command like '%ankAccount'")
    expect(JSON.stringify(rows)).not.toContain('3602')
    expect(await ownersOfAccount(t.db, payable?.accountIndex ?? '')).toBe(1)
  })

  test('C19 the database refuses that one hand types and verifies', async () => {
    const { organisationId } = await registerOrganisation(as(desk), form())
    const insert = t.owner.query(
      `insert into people.bank_accounts (organisation_id, holder, bank, branch, account_sealed, account_index, account_masked, verified_at, verified_by, valid_from, recorded_at, recorded_by)
       values ($1, 'x', 'x', 'x', 'x', 'x', 'x', now(), 'a', '2021-01-01', now(), 'a')`,
      [organisationId],
    )
    await expect(insert).rejects.toMatchObject({ code: '23514' })
  })
})
