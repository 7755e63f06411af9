import { addMember, appointAdmin, approveAdmin } from '#modules/access/member.commands.ts'
import { addBankAccount, verifyBankAccount } from '#modules/people/bank-account.commands.ts'
import { addLicence } from '#modules/people/licence.commands.ts'
import { amendOrganisation, registerOrganisation } from '#modules/people/organisation.commands.ts'
import { findByUscc } from '#modules/people/organisation.queries.ts'
import { saveRoom, saveTrainer, saveVenue } from '#modules/training/place.commands.ts'
import { acceptPlan, createPlan, filePlan } from '#modules/training/plan.commands.ts'
import type { RoleCode } from '#platform/permissions.ts'
import type { Day } from '#shared/units.ts'
import { creditCode } from '../synthetic.ts'
import { at, type World } from '../world.ts'
import { chance, type Lane, type Layout, type Subject, shape } from './layout.ts'
import { personOf, type Region, staffIndex, subdistrictOf, trainerIndex } from './people.ts'

type Somebody = { id: string; name: string }

/** An undertaker of the load, as its classes need to know it. */
export type Undertaker = {
  id: string
  name: string
  uscc: string
  subject: Subject
  subdistrict: string
  industry: string
  bankAccountId: string
  /** Who fills in and who signs. */
  academic: Somebody
  admin: Somebody
  venueId: string
  /** One room and one trainer a lane. */
  lanes: Map<number, { roomId: string; trainerId: string; trainerPersonId: string; trainerName: string }>
  plans: { id: string; number: string; from: Day; to: Day }[]
}

const places = ['琶洲', '赤岗', '新港', '滨江', '江南', '昌岗', '沙园', '南洲', '凤阳', '瑞宝', '官洲', '华洲']
const words = ['启航', '匠心', '云启', '粤勤', '新程', '鸿雁', '青禾', '远志', '同创', '恒信', '博雅', '力行']
const kinds: Record<Subject['key'], { ending: string; industries: readonly string[]; title: string }> = {
  adaptation: {
    ending: '科技有限公司',
    industries: ['信息传输、软件和信息技术服务业', '批发和零售业', '住宿和餐饮业', '制造业'],
    title: '职工适岗培训计划',
  },
  digital: {
    ending: '数字技能培训中心',
    industries: ['信息传输、软件和信息技术服务业'],
    title: '数字技能免费培训计划',
  },
  domestic: {
    ending: '家政职业培训学校',
    industries: ['居民服务、修理和其他服务业'],
    title: '家政免费培训计划',
  },
  cuisine: { ending: '粤菜职业培训学校', industries: ['住宿和餐饮业'], title: '粤菜免费培训计划' },
}

/** Two plans a year: a class stands within one of them. */
const filings = [
  { from: '2020-12-14', to: '2021-07-31', filedOn: '2020-12-09', acceptedOn: '2020-12-10', headcount: 50_000 },
  { from: '2021-07-01', to: '2021-12-31', filedOn: '2020-12-09', acceptedOn: '2020-12-11', headcount: 50_000 },
]

/** Undertakers with their people, places, accounts and accepted plans, through the commands. Those there are taken over. */
export async function* makeUndertakers(
  w: World,
  layout: Layout,
  region: Region,
): AsyncGenerator<Date, Map<number, Undertaker>, void> {
  const made = new Map<number, Undertaker>()
  for (const [number, lanes] of Map.groupBy(layout.lanes, (lane) => lane.organisation)) {
    yield at('2020-12-09', '08:30')
    made.set(number, await undertaker(w, region, number, lanes))
  }
  for (const { acceptedOn, from } of filings) {
    yield at(acceptedOn, '15:00')
    for (const one of made.values()) {
      const plan = one.plans.find((filed) => filed.from === from)
      if (plan?.number === '') plan.number = (await acceptPlan(w.as('李受理'), { planId: plan.id, note: '' })).number
    }
  }
  return made
}

async function undertaker(w: World, region: Region, number: number, lanes: Lane[]): Promise<Undertaker> {
  const { subject } = lanes[0] as Lane
  const { seed } = region
  const nth = region.firstOrganisation + number
  const uscc = creditCode(subject.type === 'enterprise' ? '91' : '52', 500 + nth)
  const { ending, industries } = kinds[subject.key]
  const place = places[nth % places.length]
  const word = words[(nth + Math.floor(nth / places.length) * 5) % words.length]
  const one: Undertaker = {
    id: (await findByUscc(w.db, uscc))?.id ?? '',
    name: `海珠${place}${word}${ending}（演示）`,
    uscc,
    subject,
    subdistrict: subdistrictOf(w.plan, seed, 'organisation', number),
    industry: industries[Math.floor(chance(seed, number, 'industry') * industries.length)] as string,
    bankAccountId: '',
    academic: { id: '', name: '' },
    admin: { id: '', name: '' },
    venueId: '',
    lanes: new Map(),
    plans: [],
  }
  if (one.id === '') await build(w, region, number, lanes, one)
  await recall(w, one, lanes)
  return one
}

async function build(w: World, region: Region, number: number, lanes: Lane[], one: Undertaker): Promise<void> {
  const [admin, academic] = [personOf(region, staffIndex(number, 0)), personOf(region, staffIndex(number, 1))]
  const address = `广州市海珠区示例路${number + 1}号`
  const { organisationId } = await registerOrganisation(w.as('李受理'), {
    uscc: one.uscc,
    name: one.name,
    type: one.subject.type,
    address,
    subdistrict: one.subdistrict,
    industry: one.industry,
    legalRepresentative: '演示法人',
    contactName: '演示联系人',
    contactPhone: admin.phone,
    registeredOn: '2018-03-01',
  })
  one.id = organisationId
  await amendOrganisation(w.as('李受理'), {
    organisationId,
    version: 1,
    name: one.name,
    legalRepresentative: '演示法人',
    tags: ['批量演示'],
    reason: '标明批量演示数据',
  })
  if (one.subject.occupation) {
    await addLicence(w.as('李受理'), {
      organisationId,
      number: `演示许可〔2019〕${number + 1}号`,
      kind: 'school-permit',
      occupations: [`2015:${one.subject.occupation}`],
      validFrom: '2019-01-01',
      validTo: '2023-12-31',
      issuer: '区人力资源和社会保障局（演示）',
    })
  }
  const employer = one.subject.type === 'enterprise'
  const adminRole: RoleCode = employer ? 'enterprise-hr' : 'provider-admin'
  const named = await appointAdmin(w.as('李受理'), { organisationId, role: adminRole, ...admin })
  await approveAdmin(w.as('关受理'), { grantId: named.grantId })
  const asAdmin = () => w.asSomebody({ id: named.accountId, name: admin.name, role: adminRole, organisationId })
  const second: RoleCode = employer ? 'enterprise-hr' : 'provider-academic'
  await addMember(asAdmin(), { organisationId, role: second, ...academic })
  const { venueId } = await saveVenue(asAdmin(), {
    organisationId,
    name: '本部',
    address,
    subdistrict: one.subdistrict,
  })
  for (const lane of lanes) {
    const { name, documentKind, documentNumber } = personOf(region, trainerIndex(lane.index))
    await saveRoom(asAdmin(), { venueId, name: `${lane.index + 1}号教室`, seats: 50 })
    await saveTrainer(asAdmin(), {
      organisationId,
      name,
      documentKind,
      documentNumber,
      qualification: '高级工（演示）',
      validFrom: '2019-01-01',
      validTo: '2024-12-31',
    })
  }
  const { bankAccountId } = await addBankAccount(asAdmin(), {
    organisationId,
    holder: one.name,
    bank: '示例银行',
    branch: '示例银行广州海珠支行',
    account: `44010${String(50_000_000_000 + (region.firstOrganisation + number) * 7919).padStart(14, '0')}`,
  })
  await verifyBankAccount(w.as('关受理'), { bankAccountId, basis: '开户许可证（演示）' })
  for (const filing of filings) {
    const { planId } = await createPlan(asAdmin(), {
      organisationId,
      programme: one.subject.programme,
      title: `${filing.from.slice(0, 4)}年${kinds[one.subject.key].title}`,
      occupation: one.subject.occupation ? `2015:${one.subject.occupation}` : '',
      level: one.subject.level ?? '',
      headcount: filing.headcount,
      classHours: shape.classHours,
      startsOn: filing.from,
      endsOn: filing.to,
      courses: [
        { title: '公共课', kind: 'common', mode: 'offline', classHours: 8, trainer: '' },
        { title: '专业课', kind: 'professional', mode: 'offline', classHours: shape.classHours - 8, trainer: '' },
      ],
    })
    await filePlan(asAdmin(), { planId, version: 1, commitment: true })
  }
}

/** What the records say of an undertaker that is there. */
async function recall(w: World, one: Undertaker, lanes: Lane[]): Promise<void> {
  const staff = await w.db
    .selectFrom('auth.role_grants as g')
    .innerJoin('auth.users as u', 'u.id', 'g.user_id')
    .select(['u.id', 'u.name'])
    .where('g.organisation_id', '=', one.id)
    .where('g.role', '<>', 'trainer')
    .where('g.state', '=', 'in-force')
    .orderBy('g.granted_at')
    .orderBy('g.id')
    .execute()
  one.admin = staff[0] ?? one.admin
  one.academic = staff[1] ?? one.admin
  const account = await w.db
    .selectFrom('people.bank_accounts')
    .select('id')
    .where('organisation_id', '=', one.id)
    .where('valid_to', 'is', null)
    .executeTakeFirstOrThrow()
  one.bankAccountId = account.id
  const rooms = await w.db
    .selectFrom('training.rooms as r')
    .innerJoin('training.venues as v', 'v.id', 'r.venue_id')
    .select(['r.id', 'v.id as venueId'])
    .where('v.organisation_id', '=', one.id)
    .orderBy('r.id')
    .execute()
  one.venueId = rooms[0]?.venueId ?? ''
  const trainers = await w.db
    .selectFrom('training.trainers')
    .select(['id', 'person_id', 'name'])
    .where('organisation_id', '=', one.id)
    .orderBy('id')
    .execute()
  for (const [nth, lane] of lanes.entries()) {
    const [room, trainer] = [rooms[nth], trainers[nth]]
    if (!room || !trainer) throw new RangeError(`${one.name} has no room or trainer for lane ${lane.index}`)
    const { id: trainerId, person_id: trainerPersonId, name: trainerName } = trainer
    one.lanes.set(lane.index, { roomId: room.id, trainerId, trainerPersonId, trainerName })
  }
  const plans = await w.db
    .selectFrom('training.plans')
    .select(['id', 'number', 'starts_on', 'ends_on'])
    .where('organisation_id', '=', one.id)
    .orderBy('starts_on')
    .execute()
  one.plans = plans.map(({ id, number, starts_on, ends_on }) => ({
    id,
    number: number ?? '',
    from: starts_on as Day,
    to: ends_on as Day,
  }))
}
