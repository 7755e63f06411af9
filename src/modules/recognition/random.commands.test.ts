import fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { anonymous, system } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { AppError } from '#platform/errors.ts'
import { freshDb, type TestDb, testNow, testPlan, user } from '#platform/testing.ts'
import type { Plan } from '#policy/plan.types.ts'
import { addDays, dayOf, startOfDay } from '#shared/dates.ts'
import {
  at,
  drafted,
  editor,
  hr,
  intake,
  intake2,
  leader,
  openCall,
  registered,
} from '../../../tests/fixtures/recognition.ts'
import { accountFor } from '../../../tests/setup/accounts.ts'
import { callBackApplication, submitApplication, withdrawApplication } from './application.commands.ts'
import { applicationCycle } from './application.rules.ts'
import { designate } from './designation.commands.ts'
import { designationCycle } from './designation.rules.ts'
import { enrolExpert } from './expert.commands.ts'
import { closePanel, drawPanel, giveSheet } from './panel.commands.ts'
import { closePublication, decideObjection, lodgeObjection, publicise } from './publication.commands.ts'
import { passFormalReview, refuseApplication, returnApplication, takeApplication } from './review.commands.ts'
import { confirmYear, decideExit, expireTerms, proposeExit, recordYear, renew } from './term.commands.ts'
import { confirmVisit, recordVisit, shortlist } from './visit.commands.ts'

/**
 * Random paths through both tables of states, on the real database: whatever is tried in whatever order, a step either
 * follows the table or is refused in words; no place is given twice and no clock runs backwards.
 */
let t: TestDb
let experts: ReturnType<typeof user>[] = []
const places = 2

/** A plan in which terms end and firms may nominate two, so that every state can be reached. */
const plan: Plan = (() => {
  const copy = structuredClone(testPlan()) as unknown as {
    figures: { id: string; series: { value: number | null }[] }[]
  }
  const set = (id: string, value: number) => {
    for (const part of copy.figures.find((one) => one.id === id)?.series ?? []) part.value = value
  }
  set('R23.total', places)
  set('R23.termMonths', 2)
  set('REC.failYears', 2)
  return copy as unknown as Plan
})()

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  experts = []
  for (const letter of '甲乙丙丁戊己') {
    const account = await accountFor(t.db, { name: `评审${letter}`, roles: [{ role: 'recognition-expert' }] })
    await enrolExpert(at(t.db)(intake), { userId: account.accountId, employer: '示例大学', speciality: '智能制造' })
    experts.push(user(`评审${letter}`, [{ role: 'recognition-expert' }], account.personId))
  }
})
afterAll(() => t.close())

type Case = { applicationId: string; organisationId: string }
type World = { callId: string; cases: Case[]; now: Date }
type Step = (w: World, one: Case, n: number) => Promise<unknown>

const ctx = (w: World, actor: Ctx['actor']): Ctx => ({ ...at(t.db, w.now)(actor), plan })
const row = async (id: string) =>
  t.db.selectFrom('recognition.applications').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const held = (w: World, one: Case) =>
  t.db
    .selectFrom('recognition.designations')
    .select(['id', 'state'])
    .where('application_id', '=', one.applicationId)
    .where('call_id', '=', w.callId)
    .executeTakeFirst()
const nobody = '00000000-0000-7000-8000-000000000000'

const steps: Record<string, Step> = {
  submit: async (w, one) =>
    submitApplication(ctx(w, hr(one.organisationId)), {
      ...{ applicationId: one.applicationId, version: (await row(one.applicationId)).version, consent: 'yes' },
    }),
  callBack: (w, one) => callBackApplication(ctx(w, hr(one.organisationId)), one),
  withdraw: (w, one) => withdrawApplication(ctx(w, hr(one.organisationId)), one),
  take: (w, one) => takeApplication(ctx(w, intake), one),
  return: (w, one) => returnApplication(ctx(w, intake), { ...one, reasonCodes: ['rec-proof-weak'] }),
  refuse: (w, one) => refuseApplication(ctx(w, intake), { ...one, reasonCodes: ['rec-false'] }),
  pass: (w, one) => passFormalReview(ctx(w, intake), one),
  draw: (w) => drawPanel(ctx(w, intake), w),
  mark: async (w, one, n) => {
    const dimensions = ['innovation', 'problems', 'apprentices', 'awards', 'studio']
    const scores = Object.fromEntries(dimensions.map((id) => [id, String(60 + (n % 40))]))
    let given = 0
    for (const expert of experts)
      given += await giveSheet(ctx(w, expert), { ...one, scores, opinion: '材料属实' }).then(() => 1, refusedOnly)
    return given
  },
  closePanel: async (w) => {
    const open = await t.db
      .selectFrom('recognition.panels')
      .select('id')
      .where('call_id', '=', w.callId)
      .where('state', '=', 'open')
      .executeTakeFirst()
    return closePanel(ctx(w, intake), { panelId: open?.id ?? nobody, minutes: '没有异议' })
  },
  visit: (w, one, n) =>
    recordVisit(ctx(w, intake), {
      ...{ ...one, visitedOn: dayOf(w.now), finding: n % 5 === 0 ? 'fail' : 'pass', note: '与填报一致' },
      checks: { 'front-line': 'yes', apprentices: 'yes', results: 'yes', studio: 'none' },
    }),
  confirmVisit: async (w, one) => {
    const open = await t.db
      .selectFrom('recognition.visits')
      .select('id')
      .where('application_id', '=', one.applicationId)
      .where('confirmed_at', 'is', null)
      .executeTakeFirst()
    return confirmVisit(ctx(w, intake2), { visitId: open?.id ?? nobody })
  },
  shortlist: (w, one, n) =>
    shortlist(ctx(w, intake), {
      ...{ callId: w.callId, reason: '按评审次序以外的情况确定' },
      applicationIds: n % 2 === 0 ? [one.applicationId] : w.cases.map((each) => each.applicationId),
    }),
  publicise: (w) => publicise(ctx(w, editor), { callId: w.callId, title: '拟认定人选公示' }),
  object: async (w, one) => {
    const listed = await t.db
      .selectFrom('recognition.publication_rows')
      .select('id')
      .where('application_id', '=', one.applicationId)
      .executeTakeFirst()
    const said = { reason: 'other', text: '请核实该人选带徒的情况是否属实。' }
    return lodgeObjection(ctx(w, anonymous), { rowId: listed?.id ?? nobody, ...said })
  },
  answer: async (w, one, n) => {
    const open = await t.db
      .selectFrom('recognition.objections')
      .select('id')
      .where('application_id', '=', one.applicationId)
      .where('state', '=', 'open')
      .executeTakeFirst()
    const outcome = n % 3 === 0 ? 'upheld' : 'dismissed'
    return decideObjection(ctx(w, editor), {
      objectionId: open?.id ?? nobody,
      outcome,
      reply: '经核查，情况已经查清。',
    })
  },
  clear: async (w) => {
    const lists = await t.db
      .selectFrom('recognition.publications')
      .select('id')
      .where('call_id', '=', w.callId)
      .where('state', '=', 'open')
      .execute()
    for (const { id } of lists) await closePublication(ctx(w, system('test')), { publicationId: id })
  },
  designate: (w, one) => designate(ctx(w, leader), one),
  exit: async (w, one, n) => {
    const causes = ['slack', 'dishonest', 'left-post']
    const title = await held(w, one)
    const given = { cause: causes[n % 3] ?? '', note: '经核查属实' }
    const { exitId } = await proposeExit(ctx(w, intake), { designationId: title?.id ?? nobody, ...given })
    return decideExit(ctx(w, leader), { exitId, decision: n % 4 === 0 ? 'decline' : 'decide' })
  },
  year: async (w, one, n) => {
    const title = await held(w, one)
    const given = { year: 2021 + (n % 4), grade: n % 2 ? 'fail' : 'pass', note: '年度考核' }
    const { checkId } = await recordYear(ctx(w, intake), { designationId: title?.id ?? nobody, ...given })
    return confirmYear(ctx(w, intake2), { checkId })
  },
  renew: async (w, one) =>
    renew(ctx(w, leader), { designationId: (await held(w, one))?.id ?? nobody, note: '续期一届' }),
  expire: (w) => expireTerms(ctx(w, system('test')), {}),
  days: async (w, _one, n) => {
    w.now = startOfDay(addDays(dayOf(w.now), 1 + (n % 40)))
  },
}

/** What somebody who wants the case to go on would do; mistakes come from `wild` steps. */
const onward: Record<string, (keyof typeof steps)[]> = {
  draft: ['submit', 'submit', 'withdraw'],
  submitted: ['take', 'take', 'callBack'],
  'formal-review': ['pass', 'pass', 'pass', 'return', 'refuse'],
  returned: ['submit', 'days'],
  'expert-review': ['draw', 'mark', 'mark', 'closePanel', 'closePanel'],
  'site-visit': ['visit', 'confirmVisit', 'confirmVisit'],
  shortlist: ['shortlist'],
  shortlisted: ['publicise'],
  publicised: ['object', 'days', 'days', 'clear'],
  'objection-held': ['answer', 'days'],
  cleared: ['designate'],
  designated: ['exit', 'year', 'renew', 'days', 'expire'],
}

function refusedOnly(error: unknown): 0 {
  if (!(error instanceof AppError)) throw error
  expect(['refused', 'missing', 'invalid', 'forbidden', 'conflict']).toContain(error.fault.kind)
  return 0
}

/** Every step from one state to another that the tables and the paths of the scheme know. */
const waiting = ['formal-review', 'expert-review', 'site-visit', 'shortlist']
const legal = {
  application: new Set([
    '>draft',
    ...Object.entries(applicationCycle).flatMap(([move, { from, to }]) => from.map((one) => `${move}:${one}>${to}`)),
    ...waiting.flatMap((from, n) => waiting.slice(n + 1).map((to) => `pass:${from}>${to}`)),
  ]),
  designation: new Set([
    'designate:>in-term',
    ...Object.entries(designationCycle).flatMap(([move, { from, to }]) => from.map((one) => `${move}:${one}>${to}`)),
  ]),
}

async function mustHold(w: World): Promise<void> {
  const ids = w.cases.map((one) => one.applicationId)
  const titles = await t.db
    .selectFrom('recognition.designations')
    .select(['id', 'organisation_id', 'ended_on', 'designated_on', 'state'])
    .where('scheme', '=', 'haizhu-chief-technician')
    .where('ended_on', 'is', null)
    .execute()
  expect(titles.length).toBeLessThanOrEqual(places)
  expect(new Set(titles.map((one) => one.organisation_id)).size).toBe(titles.length)
  const { rows: counted } = await t.owner.query<{ quota: string; key: string; taken: number }>(
    `select quota, key, taken from recognition.quota_taken where scheme = 'haizhu-chief-technician'`,
  )
  expect(counted.find((one) => one.quota === 'total')?.taken ?? 0).toBe(titles.length)
  for (const one of counted) expect(one.taken).toBeGreaterThanOrEqual(0)
  const { rows: moves } = await t.owner.query<Record<'kind' | 'id' | 'move' | 'from' | 'to', string>>(
    `select m.subject_kind as kind, m.subject_id as id, m.move, m.from_state as from, m.to_state as to from platform.moves m
     where m.subject_id = any($1) or m.subject_id in (select id from recognition.designations where application_id = any($1))
     order by m.subject_id, m.at, m.id`,
    [ids],
  )
  for (const { kind, move, from, to } of moves) {
    if (move === 'create') continue
    expect([...legal[kind as 'application']]).toContain(`${move}:${from}>${to}`)
  }
  for (const [id, own] of Map.groupBy(moves, (one) => one.id)) {
    for (const [n, one] of own.entries()) if (n > 0) expect(one.from, id).toBe(own[n - 1]?.to)
    const found = w.cases.find((one) => one.applicationId === id)
    if (found) expect((await row(id)).state).toBe(own.at(-1)?.to)
  }
  const { rows: clocks } = await t.owner.query<{ bad: number; open: number }>(
    `select count(*) filter (where c.due_on < c.started_on or c.ended_on < c.started_on or s.to_on < s.from_on or s.from_on < c.started_on)::int as bad,
       count(*) filter (where c.ended_on is null and a.state in ('withdrawn', 'rejected', 'designated', 'not-selected'))::int as open
     from platform.clocks c left join platform.clock_stops s on s.clock_id = c.id
     join recognition.applications a on a.id = c.subject_id where c.subject_id = any($1)`,
    [ids],
  )
  expect(clocks[0]).toEqual({ bad: 0, open: 0 })
}

let firms = 0
async function world(): Promise<World> {
  const now = testNow
  const open = (actor: Ctx['actor']): Ctx => ({ ...at(t.db, now)(actor), plan })
  const register = await openCall(open, 'enterprise-chief-technician', { closesOn: '' })
  const callId = await openCall(open, 'haizhu-chief-technician', { closesOn: '' })
  const cases: Case[] = []
  for (let n = 0; n < 3; n++) {
    firms += 1
    const { organisationId, person } = await registered(t.db, open, register, 5000 + firms)
    const { applicationId } = await drafted(open(hr(organisationId)), { callId, organisationId, person })
    cases.push({ applicationId, organisationId })
  }
  return { callId, cases, now }
}

/** Whoever still holds a title gives it back, so that the next run finds its places. */
async function clearUp(w: World): Promise<void> {
  for (const one of w.cases) {
    const title = await held(w, one)
    if (!title || !['in-term', 'warned'].includes(title.state)) continue
    const { exitId } = await proposeExit(ctx(w, intake), {
      ...{ designationId: title.id, cause: 'left-post', note: '清理本次试验' },
    })
    await decideExit(ctx(w, leader), { exitId, decision: 'decide' })
  }
  for (const one of w.cases) await withdrawApplication(ctx(w, hr(one.organisationId)), one).catch(refusedOnly)
}

const seen = new Set<string>()
test('A01 A03 R23 random paths: only steps of the table, never a place too many, no clock backwards', async () => {
  const step = fc.record({
    one: fc.nat(2),
    wild: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    name: fc.constantFrom(...Object.keys(steps)),
    n: fc.nat(1000),
  })
  const runs = Number(process.env.WALKS ?? 8)
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 70 }), async (taken) => {
      const w = await world()
      for (const { one, wild, name, n } of taken) {
        const which = w.cases[one] as Case
        const { state } = await row(which.applicationId)
        seen.add(state)
        const mine = wild ? [name] : (onward[state] ?? ['days'])
        // the first of them that can be done now
        for (const chosen of [...mine.slice(n % mine.length), ...mine.slice(0, n % mine.length)])
          if ((await steps[chosen]?.(w, which, n).catch(refusedOnly)) !== 0) break
      }
      await mustHold(w)
      await clearUp(w)
    }),
    { numRuns: runs, seed: 20_210_915, endOnFailure: true },
  )
  // a walk that never gets far proves nothing
  expect([...seen]).toEqual(
    expect.arrayContaining(['expert-review', 'site-visit', 'publicised', 'cleared', 'designated']),
  )
}, 600_000)
