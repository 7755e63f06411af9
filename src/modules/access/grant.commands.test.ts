import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { approveRole, proposeRole, rejectRole, revokeRole } from '#modules/access/grant.commands.ts'
import { grantsOf, membersOf, officeGrants, proposedAdmins } from '#modules/access/grant.queries.ts'
import { appointFirstAdmins, createAccount } from '#modules/access/install.commands.ts'
import { addMember, appointAdmin, approveAdmin, removeMember } from '#modules/access/member.commands.ts'
import { ensurePersons, registerPerson } from '#modules/people/person.commands.ts'
import { personCard } from '#modules/people/person.queries.ts'
import type { Actor } from '#platform/actor.ts'
import type { Tx } from '#platform/command.ts'
import { AppError } from '#platform/errors.ts'
import { incompatible, roles } from '#platform/permissions.ts'
import { ctxFor, freshDb, systemActor, type TestDb, user } from '#platform/testing.ts'
import { accountFor, signInAs, someDocument, somePhone } from '../../../tests/setup/accounts.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const as = (actor: Actor) => ctxFor(t.db, actor)
const admin = (n: number) => user(`安全${n}`, [{ role: 'security-admin' }])
const desk = (n: number) => user(`受理${n}`, [{ role: 'hr-intake' }])
async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return error.fault.kind === 'refused' ? error.fault.refusal.reason : error.fault.kind
  }
}

let n = 0
const official = (...held: string[]) =>
  accountFor(t.db, {
    kind: 'official',
    name: '试用人',
    username: `official.${++n}`,
    roles: held.map((role) => ({ role })),
  })
const wish = (accountId: string, role: string, more: object = {}) => ({
  accountId,
  role,
  from: '2021-09-15',
  reason: '岗位需要',
  ...more,
})

describe('C25 the database knows the same roles and pairs as the program', () => {
  test('C25 roles, places and incompatible pairs agree', async () => {
    const stored = await t.owner.query('select role, held from auth.roles order by role')
    const wanted = Object.entries(roles)
      .filter(([role]) => role !== 'trainee')
      .map(([role, { held }]) => ({ role, held }))
    expect(stored.rows).toEqual(wanted.toSorted((a, b) => (a.role < b.role ? -1 : 1)))
    const pairs = await t.owner.query('select role_a, role_b from auth.incompatible_roles')
    const both = incompatible.flatMap(([a, b]) => [`${a}/${b}`, `${b}/${a}`])
    expect(pairs.rows.map((p) => `${p.role_a}/${p.role_b}`).toSorted()).toEqual(both.toSorted())
  })
})

describe('C25 office roles take two hands', () => {
  test('C25 proposed, approved by another, in force; then taken back', async () => {
    const { accountId } = await official()
    const { grantId } = await proposeRole(as(admin(1)), wish(accountId, 'hr-first-reviewer'))
    expect((await officeGrants(t.db, { accountId })).rows).toMatchObject([
      { state: 'proposed', role: 'hr-first-reviewer', to: null },
    ])
    expect(await outcome(approveRole(as(admin(1)), { grantId }))).toBe('grant-same-hand')
    expect(await outcome(approveRole(as(desk(1)), { grantId }))).toBe('forbidden')
    expect(await outcome(approveAdmin(as(desk(1)), { grantId }))).toBe('missing')
    expect(await outcome(approveRole(as(admin(2)), { grantId }))).toBe('done')
    expect(await outcome(approveRole(as(admin(3)), { grantId }))).toBe('grant-decided')
    expect((await grantsOf(t.db, accountId))[0]).toMatchObject({ state: 'in-force', approvedByName: '安全2' })
    expect(await outcome(revokeRole(as(admin(1)), { grantId, reason: '调离岗位' }))).toBe('done')
    expect((await grantsOf(t.db, accountId))[0]).toMatchObject({ state: 'revoked', revokeReason: '调离岗位' })
  })

  test('C25 not to oneself, not twice, not beside its opposite, not without a place', async () => {
    const self = await signInAs(t.db, t.url, { kind: 'official', roles: [{ role: 'security-admin' }] })
    expect(await outcome(proposeRole(as(self.actor), wish(self.accountId, 'hr-intake')))).toBe('grant-own-account')
    const { accountId } = await official('hr-second-reviewer')
    const propose = (role: string, more = {}) => outcome(proposeRole(as(admin(1)), wish(accountId, role, more)))
    expect(await propose('fund-clerk')).toBe('grant-incompatible')
    expect(await propose('hr-second-reviewer')).toBe('grant-twice')
    expect(await propose('department-officer')).toBe('grant-place')
    expect(await propose('department-officer', { body: 'nobody' })).toBe('invalid')
    expect(await propose('department-officer', { body: 'veteransBureau' })).toBe('done')
    expect(await propose('provider-admin')).toBe('grant-role-unknown')
    expect(await propose('hr-intake', { to: '2021-01-01' })).toBe('invalid')
    const worker = await accountFor(t.db)
    expect(await outcome(proposeRole(as(admin(1)), wish(worker.accountId, 'hr-intake')))).toBe('grant-not-official')
  })

  test('C25 the database refuses what the program did not ask about', async () => {
    const { accountId } = await official('hr-first-reviewer')
    const insert = (role: string, by: string, approved: string) =>
      t.owner.query(
        `insert into auth.role_grants (user_id, role, held, validity, state, reason, granted_by, granted_by_name, granted_at, approved_by, approved_by_name, approved_at)
         values ($1, $2, 'district', '[2021-01-01,)', 'in-force', '试', $3, 'x', now(), $4, 'y', now())`,
        [accountId, role, by, approved],
      )
    await expect(insert('fund-clerk', 'a', 'b')).rejects.toMatchObject({ constraint: 'incompatible_roles' })
    await expect(insert('hr-intake', 'a', 'a')).rejects.toMatchObject({ constraint: 'approved_by_another' })
    await expect(insert('hr-intake', 'a', accountId)).rejects.toMatchObject({ constraint: 'approved_by_another' })
    await expect(insert('hr-intake', accountId, 'b')).rejects.toMatchObject({ constraint: 'granted_by_another' })
  })

  test('C25 two opposite roles proposed at once: one stands', async () => {
    for (let round = 0; round < 5; round++) {
      const { accountId } = await official()
      const answers = await Promise.all(
        ['hr-leader', 'fund-clerk'].map((role, i) => outcome(proposeRole(as(admin(i)), wish(accountId, role)))),
      )
      expect(answers.toSorted()).toEqual(['done', 'grant-incompatible'])
    }
  })

  test('C25 a proposal is rejected with its reason and may be made again', async () => {
    const { accountId } = await official()
    const { grantId } = await proposeRole(as(admin(1)), wish(accountId, 'statistician'))
    expect(await outcome(rejectRole(as(admin(2)), { grantId, reason: '另有人选' }))).toBe('done')
    expect(await outcome(approveRole(as(admin(2)), { grantId }))).toBe('grant-decided')
    expect(await outcome(proposeRole(as(admin(1)), wish(accountId, 'statistician')))).toBe('done')
  })

  test('C25 new powers begin with a new session', async () => {
    const s = await signInAs(t.db, t.url, { kind: 'official', roles: [{ role: 'statistician' }] })
    const { grantId } = await proposeRole(as(admin(1)), wish(s.accountId, 'publicity-editor'))
    await approveRole(as(admin(2)), { grantId })
    expect((await t.owner.query('select 1 from auth.sessions where user_id = $1', [s.accountId])).rowCount).toBe(0)
  })

  test('C25 whole accounts are made by the installation only', async () => {
    const person = { name: '某某', documentKind: 'resident-id', documentNumber: someDocument() }
    expect(await outcome(createAccount(as(admin(1)), { kind: 'official', person }))).toBe('forbidden')
    expect(
      await outcome(createAccount(as(user('系统', [{ role: 'system-admin' }])), { kind: 'official', person })),
    ).toBe('forbidden')
    expect(
      await outcome(
        createAccount(as(systemActor), {
          kind: 'official',
          person,
          roles: [{ role: 'fund-clerk' }, { role: 'finance-officer' }],
        }),
      ),
    ).toBe('grant-incompatible')
  })
})

describe('C25 a new installation', () => {
  test('C25 gets two security administrators, once', async () => {
    const fresh = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
    const admin = (username: string) => ({
      username,
      name: '首任安全',
      documentKind: 'resident-id',
      documentNumber: someDocument(),
    })
    const open = (actor: Actor, admins: object[]) =>
      appointFirstAdmins(ctxFor(fresh.db, actor), { admins }) as Promise<{ made: { password: string }[] }>
    expect(await outcome(open(user('系统', [{ role: 'system-admin' }]), [admin('a.one'), admin('a.two')]))).toBe(
      'forbidden',
    )
    expect(await outcome(open(systemActor, [admin('a.one')]))).toBe('invalid')
    const { made } = await open(systemActor, [admin('a.one'), admin('a.two')])
    expect(made.map((m) => m.password.length)).toEqual([16, 16])
    expect(await outcome(open(systemActor, [admin('a.three'), admin('a.four')]))).toBe('conflict')
    const { rows } = await fresh.owner.query(
      "select 1 from auth.role_grants where role = 'security-admin' and state = 'in-force'",
    )
    expect(rows).toHaveLength(2)
    await fresh.close()
  })
})

describe('HZ4-M15 an organisation gives its own roles', () => {
  const organisation = async (type = 'provider') => {
    const body = `${String(++n).padStart(9, '0')}`
    const { rows } = await t.owner.query(
      `insert into people.organisations (uscc, name, type, address, subdistrict, registered_on, created_at)
       values ($1, $2, $3, '海珠区', '440105001', '2015-01-01', now()) returning id`,
      [`91440105${body}A`, `测试单位${n}`, type],
    )
    return rows[0].id as string
  }
  const someone = (organisationId: string, role: string) => ({
    organisationId,
    role,
    name: '冼成员',
    documentKind: 'resident-id',
    documentNumber: someDocument(),
    phone: somePhone(),
  })

  test('HZ4-M15 the first administrator: named by one clerk, approved by another', async () => {
    const id = await organisation()
    expect(await outcome(appointAdmin(as(desk(1)), someone(id, 'provider-finance')))).toBe('grant-role-unknown')
    expect(await outcome(appointAdmin(as(desk(1)), someone(id, 'enterprise-hr')))).toBe('grant-role-unknown')
    const { grantId } = await appointAdmin(as(desk(1)), someone(id, 'provider-admin'))
    expect(await proposedAdmins(t.db)).toMatchObject([{ id: grantId }])
    expect(await outcome(approveAdmin(as(desk(1)), { grantId }))).toBe('grant-same-hand')
    expect(await outcome(approveAdmin(as(desk(2)), { grantId }))).toBe('done')
    expect(await membersOf(t.db, id)).toMatchObject([
      { role: 'provider-admin', state: 'in-force', approvedByName: '受理2' },
    ])
  })

  test('HZ4-M15 an administrator adds and removes people of his own organisation only, and never the last administrator', async () => {
    const id = await organisation()
    const boss = await signInAs(t.db, t.url, { roles: [{ role: 'provider-admin', organisationId: id }] })
    const other = await organisation()
    expect(await outcome(addMember(as(boss.actor), someone(other, 'trainer')))).toBe('missing')
    expect(await outcome(addMember(as(boss.actor), someone(id, 'enterprise-hr')))).toBe('grant-role-unknown')
    expect(await outcome(addMember(as(boss.actor), someone(id, 'hr-leader')))).toBe('grant-role-unknown')
    const wanted = someone(id, 'trainer')
    const { grantId, accountId } = await addMember(as(boss.actor), wanted)
    const again = await addMember(as(boss.actor), { ...wanted, role: 'provider-academic' })
    expect(again.accountId).toBe(accountId)
    expect(await outcome(addMember(as(boss.actor), { ...someone(id, 'trainer'), phone: wanted.phone }))).toBe(
      'phone-in-use',
    )
    const stranger = await signInAs(t.db, t.url, { roles: [{ role: 'provider-admin', organisationId: other }] })
    expect(await outcome(removeMember(as(stranger.actor), { grantId, reason: '恶意收回' }))).toBe('missing')
    expect(await outcome(removeMember(as(boss.actor), { grantId, reason: '离职了' }))).toBe('invalid')
    expect(await outcome(removeMember(as(boss.actor), { grantId, reason: '本人已离职' }))).toBe('done')
    const own = (await membersOf(t.db, id)).find((m) => m.role === 'provider-admin')
    expect(await outcome(removeMember(as(boss.actor), { grantId: own?.id, reason: '误点了收回' }))).toBe(
      'grant-last-admin',
    )
  })

  test('C01 C08 a dishonest administrator does not become somebody by adding them under a phone of his own', async () => {
    const id = await organisation()
    const boss = await signInAs(t.db, t.url, { roles: [{ role: 'provider-admin', organisationId: id }] })
    const victim = { name: '冼成员', documentKind: 'resident-id', documentNumber: someDocument(), phone: somePhone() }
    const { personId } = await registerPerson(as(desk(1)), victim)
    const stolen = { ...someone(id, 'trainer'), ...victim, phone: somePhone() }
    expect(await outcome(addMember(as(boss.actor), stolen))).toBe('member-phone-differs')
    const { rows } = await t.owner.query('select 1 from auth.users where person_id = $1', [personId])
    expect(rows).toEqual([])
    expect(await outcome(addMember(as(boss.actor), { ...stolen, phone: victim.phone }))).toBe('done')
  })

  test('C01 a person without a phone takes none from a row that has the name wrong', async () => {
    const id = await organisation()
    const boss = await signInAs(t.db, t.url, { roles: [{ role: 'provider-admin', organisationId: id }] })
    const victim = { name: '冼无机', documentKind: 'resident-id', documentNumber: someDocument() } as const
    const { personId } = await registerPerson(as(desk(1)), victim)
    const row = { ...victim, name: '另一人', phone: somePhone() }
    await t.db.transaction().execute(async (db) => {
      await ensurePersons({ ...as(boss.actor), db } as unknown as Tx, [row])
    })
    expect((await personCard(t.db, personId)).phone).toBeNull()
  })
})
