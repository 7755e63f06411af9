import { archiveEvent, awardEvent, recommendUpward } from '#modules/competition/award.commands.ts'
import { decideChange, proposeChange } from '#modules/competition/change.commands.ts'
import { announceEvent, decideDocument, writeDocument } from '#modules/competition/document.commands.ts'
import { admitEntries, closeEntries, decideEntry } from '#modules/competition/eligibility.commands.ts'
import { enterTeam } from '#modules/competition/entry.commands.ts'
import {
  acceptEvent,
  fileEvent,
  returnEvent,
  saveEvent,
  startEvent,
  takeEvent,
} from '#modules/competition/filing.commands.ts'
import { importMarks } from '#modules/competition/import.commands.ts'
import { seatJudge } from '#modules/competition/judge.commands.ts'
import { decideProtest, lodgeProtest } from '#modules/competition/protest.commands.ts'
import { closePublication, lodgeObjection, publiciseResults } from '#modules/competition/publication.commands.ts'
import { beginEvent, closeRound } from '#modules/competition/round.commands.ts'
import { giveSheet } from '#modules/competition/sheet.commands.ts'
import { anonymous } from '#platform/actor.ts'
import { officials, type UndertakerKey, undertakers } from './cast.ts'
import { castPerson, trainee } from './people.ts'
import { at, type Story, type World } from './world.ts'

export const judges: string[] = officials.filter((one) => one.role === 'recognition-expert').map((one) => one.name)
export const hostOf = (w: World, key: UndertakerKey) =>
  w.as(Object.values(undertakers.find((one) => one.key === key)?.staff ?? {})[0] ?? '')

export type Plan = {
  key: UndertakerKey
  type: string
  title: string
  places: Record<string, string>
  entriesFrom: string
  entriesTo: string
  heldFrom: string
  heldTo: string
}

async function drafted(w: World, { key, type, title, ...plan }: Plan): Promise<string> {
  const ctx = hostOf(w, key)
  const { eventId } = await startEvent(ctx, { type, title, organisationId: w.organisations.get(key) })
  await saveEvent(ctx, {
    ...{ eventId, version: 1, title, ...plan, fee: '0' },
    purpose: '以赛促培、以赛代练，选拔本区技能人才（演示）。',
    partners: '由本单位独立举办（演示）',
    venue: undertakers.find((one) => one.key === key)?.address ?? '海珠区',
  })
  return eventId
}

export async function filed(w: World, plan: Plan): Promise<string> {
  const eventId = await drafted(w, plan)
  await fileEvent(hostOf(w, plan.key), { eventId })
  return eventId
}

async function accepted(w: World, plan: Plan): Promise<string> {
  const eventId = await filed(w, plan)
  await takeEvent(w.as('李受理'), { eventId })
  await acceptEvent(w.as('李受理'), { eventId })
  return eventId
}

const document = (eventId: string) => ({
  eventId,
  body: '命题以国家职业技能标准高级工为准；理论闭卷60分钟；实操现场评分，每个模块两名裁判；注意用火用电安全（演示）。',
  terms: { passMark: '60', advanceMost: '', tolerance: '8', prizeShare: '50', meritShare: '80', protestDays: '2' },
})

export async function announced(w: World, plan: Plan): Promise<string> {
  const eventId = await accepted(w, plan)
  const { documentId } = await writeDocument(hostOf(w, plan.key), document(eventId))
  await decideDocument(w.as('关受理'), { documentId, outcome: 'approved', note: '' })
  await announceEvent(hostOf(w, plan.key), { eventId })
  return eventId
}

type Person = { name: string; documentKind: string; documentNumber: string }
const known = ({ name, documentKind, documentNumber }: Person) => ({ name, documentKind, documentNumber })

/** Entrants of a group, registered by the host's own desk. */
async function entered(w: World, key: UndertakerKey, eventId: string, groupId: string, people: readonly Person[]) {
  const ids: string[] = []
  for (const one of people) {
    const { entryId } = await enterTeam(hostOf(w, key), {
      ...{ eventId, groupId, organisationId: w.organisations.get(key), members: [known(one)], consent: 'yes' },
    })
    ids.push(entryId)
  }
  return ids
}

async function seat(w: World, key: UndertakerKey, eventId: string, names: readonly string[]): Promise<void> {
  for (const [nth, name] of names.entries()) {
    const expert = await w.db
      .selectFrom('recognition.experts')
      .select('id')
      .where('user_id', '=', w.players.get(name)?.accountId ?? '')
      .executeTakeFirstOrThrow()
    await seatJudge(hostOf(w, key), { eventId, expertId: expert.id, duty: nth === 0 ? 'chief' : 'judge' })
  }
}

async function closed(w: World, key: UndertakerKey, eventId: string): Promise<void> {
  await admitEntries(hostOf(w, key), { eventId })
  await closeEntries(hostOf(w, key), { eventId })
}

const roundOf = async (w: World, eventId: string, seq: number) =>
  (
    await w.db
      .selectFrom('competition.rounds')
      .select('id')
      .where('event_id', '=', eventId)
      .where('seq', '=', seq)
      .executeTakeFirstOrThrow()
  ).id

export const codesOf = (w: World, roundId: string) =>
  w.db
    .selectFrom('competition.round_entries as r')
    .innerJoin('competition.entries as n', 'n.id', 'r.entry_id')
    .select(['r.code', 'r.entry_id as entryId', 'n.number'])
    .where('r.round_id', '=', roundId)
    .orderBy('n.number')
    .execute()

/** Theory from a file; the last did not come. */
async function theory(w: World, key: UndertakerKey, eventId: string): Promise<void> {
  const roundId = await roundOf(w, eventId, 1)
  const codes = await codesOf(w, roundId)
  const lines = codes.map((one, nth) => `${one.number},${nth === codes.length - 1 ? '缺考' : 92 - nth * 3}`)
  const bytes = new TextEncoder().encode(['参赛编号,成绩', ...lines].join('\n'))
  await importMarks(hostOf(w, key), { roundId, file: { name: '理论成绩（演示）.csv', bytes } })
  await closeRound(w.as(judges[0] ?? ''), { roundId })
}

const modulesOf = (w: World, type: string) => w.plan.competitions.find((one) => one.code === type)?.modules ?? []

/** Two judges behind each code; `open` codes at the end are left to be marked, one of them with marks far apart. */
export async function practical(
  w: World,
  type: string,
  eventId: string,
  names: readonly string[],
  open = 0,
): Promise<string> {
  const roundId = await roundOf(w, eventId, 2)
  const codes = await codesOf(w, roundId)
  for (const [nth, { code }] of codes.entries()) {
    if (nth > codes.length - open) continue
    const apart = nth === codes.length - open
    for (const [at, name] of names.slice(0, 2).entries()) {
      const marks = Object.fromEntries(
        modulesOf(w, type).map(({ id }, part) => [id, String(90 - nth * 4 - part + at * (apart ? 12 : 2))]),
      )
      await giveSheet(w.as(name), { roundId, code, marks, remark: '' })
    }
  }
  return roundId
}

type Days = Record<'announced' | 'entered' | 'closed' | 'begun' | 'examined', readonly [day: string, time: string]>
type Field = { days: Days; seats: number; from: number; people: number }

/** From the announcement to the end of the theory: judges seated, entrants of the first group, entries closed, begun. */
export async function* examined(w: World, plan: Plan, { days, seats, from, people }: Field) {
  const { key } = plan
  yield at(...days.announced)
  const eventId = await announced(w, plan)
  yield at(...days.entered)
  await seat(w, key, eventId, judges.slice(0, seats))
  const entrants = Array.from({ length: people }, (_, n) => trainee(from + n))
  await entered(w, key, eventId, 'employee', entrants)
  yield at(...days.closed)
  await closed(w, key, eventId)
  yield at(...days.begun)
  await beginEvent(hostOf(w, key), { eventId })
  yield at(...days.examined)
  await theory(w, key, eventId)
  return eventId
}

/** Cooks: the whole way, with a mark mended, a protest, prizes, a recommendation; archived. */
export const cookingStory: Story = async function* (w) {
  yield at('2021-05-10', '09:30')
  const plan: Plan = {
    ...{
      key: 'cuisine',
      type: 'catering',
      title: '海珠区粤菜烹饪技能竞赛（演示）',
      places: { employee: '30', student: '30' },
    },
    ...{ entriesFrom: '2021-05-11', entriesTo: '2021-06-10', heldFrom: '2021-06-15', heldTo: '2021-06-17' },
  }
  const eventId = await announced(w, plan)
  yield at('2021-06-03', '10:00')
  await seat(w, 'cuisine', eventId, judges.slice(0, 3))
  yield at('2021-06-08', '15:00')
  const people = Array.from({ length: 9 }, (_, n) => trainee(700 + n))
  const employees = await entered(w, 'cuisine', eventId, 'employee', people)
  await entered(w, 'restaurant', eventId, 'employee', [castPerson('麦厨师长')])
  await entered(
    w,
    'cuisine',
    eventId,
    'student',
    Array.from({ length: 5 }, (_, n) => trainee(720 + n)),
  )
  yield at('2021-06-11', '09:00')
  await decideEntry(hostOf(w, 'cuisine'), {
    entryId: employees[8],
    outcome: 'refused',
    note: '不在本区餐饮单位就业（演示）。',
  })
  await closed(w, 'cuisine', eventId)
  yield at('2021-06-15', '08:30')
  await beginEvent(hostOf(w, 'cuisine'), { eventId })
  yield at('2021-06-15', '17:00')
  await theory(w, 'cuisine', eventId)
  yield at('2021-06-17', '11:00')
  const roundId = await practical(w, 'catering', eventId, judges.slice(1, 3))
  const codes = await codesOf(w, roundId)
  const { changeId } = await proposeChange(hostOf(w, 'cuisine'), {
    ...{ roundId, entryNumber: codes[2]?.number, module: 'cooking', mark: '88.5' },
    reason: '录入时看错一行，评分表为88.5分（演示）。',
  })
  yield at('2021-06-17', '16:00')
  await decideChange(w.as(judges[0] ?? ''), { changeId, outcome: 'approved' })
  await closeRound(hostOf(w, 'cuisine'), { roundId })
  yield at('2021-06-18', '09:00')
  const { protestId } = await lodgeProtest(hostOf(w, 'cuisine'), {
    ...{ entryId: codes[4]?.entryId, text: '热菜烹调的评分与现场公布的不一致，请复核评分表（演示）。' },
  })
  yield at('2021-06-21', '10:00')
  await decideProtest(w.as('李受理'), {
    ...{ protestId, outcome: 'dismissed', reply: '经复核两名裁判的评分表，成绩无误（演示）。' },
  })
  yield at('2021-06-22', '09:00')
  const list = await publiciseResults(w.as('何公示'), { eventId, title: '海珠区粤菜烹饪技能竞赛成绩公示（演示）' })
  yield at('2021-06-30', '00:25')
  await closePublication(w.asSystem('competition.daily'), { publicationId: list.publicationId })
  yield at('2021-07-02', '10:00')
  await awardEvent(w.as('林局长'), { eventId })
  const first = await w.db
    .selectFrom('competition.awards')
    .select('entry_id')
    .where('event_id', '=', eventId)
    .orderBy('place')
    .executeTakeFirstOrThrow()
  yield at('2021-07-05', '10:00')
  await recommendUpward(w.as('李受理'), { entryId: first.entry_id, target: 'city', note: '' })
  yield at('2021-07-20', '10:00')
  await archiveEvent(w.as('李受理'), { eventId })
  await w.runJobs()
}

/** Shops: public, and somebody objects. */
export const shopsStory: Story = async function* (w) {
  const plan: Plan = {
    ...{ key: 'commerce', type: 'e-commerce', title: '海珠区直播营销技能竞赛（演示）', places: { employee: '40' } },
    ...{ entriesFrom: '2021-08-03', entriesTo: '2021-08-25', heldFrom: '2021-09-01', heldTo: '2021-09-03' },
  }
  const days: Days = {
    announced: ['2021-08-02', '09:30'],
    entered: ['2021-08-20', '10:00'],
    closed: ['2021-08-26', '09:00'],
    begun: ['2021-09-01', '08:30'],
    examined: ['2021-09-01', '17:00'],
  }
  const eventId = yield* examined(w, plan, { days, seats: 3, from: 740, people: 8 })
  yield at('2021-09-03', '17:00')
  await closeRound(hostOf(w, 'commerce'), { roundId: await practical(w, 'e-commerce', eventId, judges.slice(1, 3)) })
  yield at('2021-09-09', '09:00')
  const list = await publiciseResults(w.as('何公示'), { eventId, title: '海珠区直播营销技能竞赛成绩公示（演示）' })
  const row = await w.db
    .selectFrom('competition.publication_rows')
    .select('id')
    .where('publication_id', '=', list.publicationId)
    .where('position', '=', 2)
    .executeTakeFirstOrThrow()
  yield at('2021-09-13', '20:10')
  await lodgeObjection(
    { ...w.asSystem(), actor: anonymous },
    { rowId: row.id, reason: 'not-eligible', text: '这名选手不在报名的单位工作，请核实参保记录（演示）。' },
  )
}

/** Carers: the last round is being marked, and a third judge is waited for. */
export const carersStory: Story = async function* (w) {
  const plan: Plan = {
    ...{
      key: 'domestic',
      type: 'domestic-service',
      title: '海珠区南粤家政技能竞赛（演示）',
      places: { employee: '40', student: '20' },
    },
    ...{ entriesFrom: '2021-08-17', entriesTo: '2021-09-08', heldFrom: '2021-09-13', heldTo: '2021-09-16' },
  }
  const days: Days = {
    announced: ['2021-08-16', '09:30'],
    entered: ['2021-09-06', '10:00'],
    closed: ['2021-09-09', '09:00'],
    begun: ['2021-09-13', '08:30'],
    examined: ['2021-09-13', '17:30'],
  }
  const eventId = yield* examined(w, plan, { days, seats: 4, from: 760, people: 10 })
  yield at('2021-09-15', '09:20')
  await practical(w, 'domestic-service', eventId, judges.slice(1, 3), 3)
}

/** One takes entries, one has its document at the desk, one its filing, one to be mended, and one is a draft. */
export const filingsStory: Story = async function* (w) {
  const dates = { entriesFrom: '2021-09-10', entriesTo: '2021-09-24', heldFrom: '2021-10-12', heldTo: '2021-10-14' }
  const more = {
    ...dates,
    entriesFrom: '2021-10-08',
    entriesTo: '2021-10-20',
    heldFrom: '2021-11-02',
    heldTo: '2021-11-03',
  }
  yield at('2021-09-06', '11:00')
  const ai = await announced(w, {
    ...{ key: 'ai', type: 'artificial-intelligence', title: '琶洲人工智能应用技能竞赛（演示）', ...dates },
    places: { employee: '30', 'employee-team': '10' },
  })
  yield at('2021-09-10', '14:00')
  await entered(
    w,
    'ai',
    ai,
    'employee',
    Array.from({ length: 4 }, (_, n) => trainee(780 + n)),
  )
  await enterTeam(hostOf(w, 'ai'), {
    ...{
      eventId: ai,
      groupId: 'employee-team',
      team: '琶洲视觉队',
      organisationId: w.organisations.get('ai'),
      consent: 'yes',
    },
    members: [trainee(790), trainee(791)].map(known),
  })
  yield at('2021-09-10', '15:00')
  const second = await accepted(w, {
    ...{
      key: 'restaurant',
      type: 'catering',
      title: '海珠区中式面点技能竞赛（演示）',
      places: { employee: '30' },
      ...more,
    },
  })
  await writeDocument(hostOf(w, 'restaurant'), document(second))
  yield at('2021-09-13', '10:00')
  const third = await filed(w, {
    ...{
      key: 'digital',
      type: 'artificial-intelligence',
      title: '数据标注技能竞赛（演示）',
      places: { employee: '50' },
      ...more,
    },
  })
  await takeEvent(w.as('关受理'), { eventId: third })
  yield at('2021-09-14', '10:00')
  await returnEvent(w.as('关受理'), {
    ...{ eventId: third, reasonCodes: ['comp-fee'], note: '请写明参赛是否收取材料费（演示）。' },
  })
  yield at('2021-09-14', '16:00')
  await filed(w, {
    ...{
      key: 'commerce',
      type: 'e-commerce',
      title: '跨境电商客服技能竞赛（演示）',
      places: { employee: '30' },
      ...more,
    },
  })
  await drafted(w, {
    ...{
      key: 'domestic',
      type: 'domestic-service',
      title: '养老照护技能竞赛（演示）',
      places: { employee: '20' },
      ...more,
    },
  })
}
