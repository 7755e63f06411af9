import { createAccount } from '#modules/access/install.commands.ts'
import { addMember, appointAdmin, approveAdmin } from '#modules/access/member.commands.ts'
import { loadPlanOccupations } from '#modules/occupations/catalogue.commands.ts'
import { addBankAccount, verifyBankAccount } from '#modules/people/bank-account.commands.ts'
import { addLicence } from '#modules/people/licence.commands.ts'
import { amendOrganisation, registerOrganisation } from '#modules/people/organisation.commands.ts'
import { saveRoom, saveTrainer, saveVenue } from '#modules/training/place.commands.ts'
import type { Holding } from '#platform/actor.ts'
import type { RoleCode } from '#platform/permissions.ts'
import { officialPassword, officialTotpSecret } from './accounts.ts'
import { officials, type Undertaker, undertakers } from './cast.ts'
import { castPerson } from './people.ts'
import { creditCode } from './synthetic.ts'
import { at, type Story, type World } from './world.ts'

/** An undertaker's credit code; a name outside the cast gives one that nobody has. */
export function creditCodeOf(key: string): string {
  const nth = undertakers.findIndex((one) => one.key === key)
  const type = undertakers[nth]?.type
  return creditCode(type === 'enterprise' || type === undefined ? '91' : '52', nth < 0 ? 99 : 11 + nth)
}

/** The offices: accounts made with the installation, as its first ones are. */
export const officesStory: Story = async function* (w) {
  yield at('2020-12-07', '09:00')
  for (const one of officials) {
    const place = {
      role: one.role,
      ...('body' in one ? { body: one.body } : {}),
      ...('subdistrict' in one ? { subdistrict: one.subdistrict } : {}),
    }
    const made = await createAccount(w.asSystem(), {
      kind: 'official',
      person: castPerson(one.name),
      username: one.username,
      password: officialPassword,
      totpSecret: officialTotpSecret,
      roles: [place],
    })
    w.players.set(one.name, { ...made, name: one.name, holdings: [place] })
  }
  await loadPlanOccupations(w.asSystem('occupations.loadPlan'), {})
}

/** Undertakers: registered by the bureau, run by their own people. */
export const undertakersStory: Story = async function* (w) {
  for (const [nth, one] of undertakers.entries()) {
    yield at('2020-12-08', `10:${String(nth * 5).padStart(2, '0')}`)
    const organisationId = await register(w, one)
    await appoint(w, one, organisationId)
    yield at('2020-12-08', `10:${String(nth * 5 + 3).padStart(2, '0')}`)
    await furnish(w, one, organisationId, nth)
  }
}

async function register(w: World, one: Undertaker): Promise<string> {
  const [adminName = ''] = Object.values(one.staff)
  const { organisationId } = await registerOrganisation(w.as('李受理'), {
    uscc: creditCodeOf(one.key),
    name: one.name,
    type: one.type,
    address: one.address,
    subdistrict: one.subdistrict,
    industry: one.industry,
    legalRepresentative: adminName,
    contactName: adminName,
    contactPhone: castPerson(adminName).phone,
    registeredOn: '2017-05-18',
  })
  w.organisations.set(one.key, organisationId)
  if (one.tags.length > 0) {
    await amendOrganisation(w.as('李受理'), {
      organisationId,
      version: 1,
      name: one.name,
      legalRepresentative: adminName,
      tags: [...one.tags],
      reason: '补充单位标签',
    })
  }
  if (one.licence) {
    await addLicence(w.as('李受理'), {
      organisationId,
      number: one.licence.number,
      kind: 'school-permit',
      occupations: [...one.licence.occupations],
      validFrom: '2019-01-01',
      validTo: '2023-12-31',
      issuer: '区人力资源和社会保障局（演示）',
    })
  }
  return organisationId
}

/** The first administrator is appointed by the bureau's two hands, the others by the administrator. */
async function appoint(w: World, one: Undertaker, organisationId: string): Promise<void> {
  const [first, ...others] = Object.entries(one.staff) as [RoleCode, string][]
  if (!first) throw new RangeError(`${one.name} has no staff`)
  const [adminRole, adminName] = first
  const named = await appointAdmin(w.as('李受理'), { organisationId, role: adminRole, ...castPerson(adminName) })
  await approveAdmin(w.as('关受理'), { grantId: named.grantId })
  await join(w, adminName, named.accountId, { role: adminRole, organisationId })
  const trainers = one.trainers.map(({ name }): [RoleCode, string] => ['trainer', name])
  for (const [role, name] of [...others, ...trainers]) {
    const member = await addMember(w.as(adminName), { organisationId, role, ...castPerson(name) })
    await join(w, name, member.accountId, { role, organisationId })
  }
}

async function join(w: World, name: string, accountId: string, holding: Holding): Promise<void> {
  const { person_id } = await w.db
    .selectFrom('auth.users')
    .select('person_id')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  w.players.set(name, { accountId, personId: person_id as string, name, holdings: [holding] })
}

/** Where it teaches, who teaches, and the account the money goes to. */
async function furnish(w: World, one: Undertaker, organisationId: string, nth: number): Promise<void> {
  const admin = Object.values(one.staff)[0] as string
  const { venueId } = await saveVenue(w.as(admin), {
    organisationId,
    name: one.venue,
    address: one.address,
    subdistrict: one.subdistrict,
  })
  const rooms: string[] = []
  for (const name of ['一号教室', '二号教室']) {
    rooms.push((await saveRoom(w.as(admin), { venueId, name, seats: 40 })).roomId)
  }
  const trainers: World['places'][string]['trainers'] = []
  for (const { name, qualification } of one.trainers) {
    const { documentKind, documentNumber } = castPerson(name)
    const { trainerId } = await saveTrainer(w.as(admin), {
      organisationId,
      name,
      documentKind,
      documentNumber,
      qualification,
      validFrom: '2019-01-01',
      validTo: '2024-12-31',
    })
    trainers.push({ name, id: trainerId })
  }
  w.places[one.key] = { organisationId, venueId, rooms, trainers }
  const { bankAccountId } = await addBankAccount(w.as(admin), {
    organisationId,
    holder: one.name,
    bank: '示例银行',
    branch: '示例银行广州海珠支行',
    account: `440105${String(2020_0000_1234 + nth * 77).padStart(13, '0')}`,
  })
  await verifyBankAccount(w.as('关受理'), { bankAccountId, basis: '开户许可证（演示）' })
}
