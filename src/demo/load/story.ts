import pg from 'pg'
import { canonical } from '#modules/assessment/certificate.rules.ts'
import { closeLists, openList } from '#modules/publicity/list.commands.ts'
import { decideBudget, proposeBudget } from '#modules/subsidy/budget.commands.ts'
import { factOf } from '#modules/subsidy/line.queries.ts'
import { settingsInForce } from '#platform/figures.ts'
import { figure } from '#policy/figures.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { addDays, dayOf, formatDay } from '#shared/dates.ts'
import { type Day, day } from '#shared/units.ts'
import { opening } from '../cast.ts'
import { bankAnswers, bankFile, decide, makeBatch } from '../claims.ts'
import { at as atTime, type Story, type World } from '../world.ts'
import { keyedBytes, type LoadBase, writeMove } from './base.ts'
import type { MadeClaim } from './claim.ts'
import { approveClaims, inOne, reviewClaims } from './desk.ts'
import { insertRows } from './insert.ts'
import { type Layout, type LoadClass, layOut } from './layout.ts'
import { type Region, regionOf } from './people.ts'
import { makeUndertakers, type Undertaker } from './undertakers.ts'
import { type Numbered, numberClasses, writeClasses } from './write.ts'

export type LoadOptions = Region & { passed: number; ownerUrl: string; say: (line: string) => void }

const batchSize = 25
const period = { from: day('2020-12-14'), to: day('2021-09-10') }

/**
 * A plan's whole load beside the told stories: classes written in bulk week by week, what follows from them – public lists,
 * batches, the bank's answers – through the real commands, on the days on which it would have happened.
 */
export const loadStory = (options: LoadOptions): Story =>
  async function* (w) {
    const layout = layOut({ ...options, ...period })
    yield* budget(w, layout)
    const undertakers = yield* makeUndertakers(w, layout, options)
    const base = baseOf(w, options, await basisOf(w))
    const streams = [
      new pg.Client({ connectionString: options.ownerUrl }),
      new pg.Client({ connectionString: options.ownerUrl }),
    ]
    for (const stream of streams) await stream.connect()
    try {
      const weeks = [...Map.groupBy(numberClasses(inOrder(layout.classes), undertakers), weekOf)]
      const steps = weeks.flatMap(([, classes]) => weekSteps(w, base, streams, classes, options.say))
      for (const step of steps.toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.order - b.order)) {
        if (step.at >= opening) break
        yield step.at
        await step.act()
      }
    } finally {
      for (const stream of streams) await stream.end()
    }
  }

const endOf = (one: { days: readonly Day[] }): Day => one.days.at(-1) as Day
const inOrder = (classes: readonly LoadClass[]) =>
  classes.toSorted((a, b) => (endOf(a) < endOf(b) ? -1 : endOf(a) > endOf(b) ? 1 : a.lane.index - b.lane.index))
/** The Monday of the week in which a class ended. */
const weekOf = ({ source }: Numbered): Day =>
  addDays(endOf(source), -((new Date(`${endOf(source)}T00:00:00Z`).getUTCDay() + 6) % 7))

async function* budget(w: World, layout: Layout): AsyncGenerator<Date, void, void> {
  const yuan = Math.ceil((layout.passed * 760) / 10_000) * 10_000
  yield atTime('2020-12-09', '08:20')
  const documentNo = `演示预算〔2021〕批量${layout.seed}-${layout.passed}`
  const known = await w.db
    .selectFrom('subsidy.budget_changes')
    .select('id')
    .where('document_no', '=', documentNo)
    .executeTakeFirst()
  if (known) return
  const change = { fundSource: 'specialAccount', year: 2021, amount: String(yuan), documentNo }
  const { id } = await proposeBudget(w.as('黄资金'), change)
  await decideBudget(w.as('周财政'), { changeId: id, decision: 'approve', note: '' })
}

function baseOf(w: World, region: Region, basis: LoadBase['basis']): LoadBase {
  return {
    ...regionOf(region),
    plan: w.plan,
    crypto: w.crypto,
    official: (name) => w.actorOf(name),
    basis,
    registered: new Map(),
    used: new Map(),
    random: keyedBytes(w.crypto),
    move: writeMove,
  }
}

/** The figures an amount rests on, by programme, as `classBasis` finds them; they stand the whole period. */
async function basisOf(w: World): Promise<LoadBase['basis']> {
  const set = await settingsInForce(w)
  const basis: LoadBase['basis'] = new Map()
  for (const programme of w.plan.programmes) {
    const on = (id: string) => figure(w.plan, id, period.from, set)
    const { rateFigure, capFigure } = programme.amount
    const figures = {
      hour: factOf(w.plan, on(programme.hours.minutesFigure)),
      rate: factOf(w.plan, on(rateFigure)),
      cap: capFigure === null ? null : factOf(w.plan, on(capFigure)),
    }
    if ([figures.hour, figures.rate, ...(figures.cap ? [figures.cap] : [])].some((fact) => !fact.decided)) continue
    const dayLimit = on(programme.hours.maxPerDayFigure).value
    const version = canonical({ plan: w.plan.id, programme: programme.code, ...figures, dayLimit })
    basis.set(programme.code, { programme, ...figures, ruleVersion: w.crypto.digest(version).slice(0, 16) })
  }
  return basis
}

type Step = { at: Date; order: number; act: () => Promise<void> }

/** A week's classes: written when the last claim is in, then each desk in its turn. */
function weekSteps(
  w: World,
  base: LoadBase,
  streams: readonly pg.Client[],
  classes: readonly Numbered[],
  say: (line: string) => void,
): Step[] {
  const db = streams[0] as pg.Client
  const last = classes
    .map(({ source }) => endOf(source))
    .toSorted()
    .at(-1) as Day
  const after = (n: number) => addWorkdays(last, n).day
  const latest = new Date(opening.getTime() - 3_600_000)
  const written = new Date(Math.min(atTime(after(5), '03:00').getTime(), latest.getTime()))
  let claims: MadeClaim[] = []
  const listed = after(9)
  const closed = addWorkdays(listed, 6).day
  const then = (n: number) => addWorkdays(closed, n).day
  const orders = (state: string) => ordersIn(w, claims, state)
  return [
    {
      order: 0,
      at: written,
      act: async () => {
        claims = await writeWeek(w, base, streams, classes, written)
        say(`  classes that ended by ${last}: ${classes.length}, with ${claims.length} claims`)
      },
    },
    {
      order: 1,
      at: atTime(after(8), '17:00'),
      act: async () => {
        const at = { first: atTime(after(7), '10:00'), second: atTime(after(8), '15:00') }
        await reviewClaims(db, base, await inState(w, claims, 'submitted'), at)
      },
    },
    {
      order: 2,
      at: atTime(listed, '10:30'),
      act: async () => {
        for (const claimIds of chunks(idsOf(await inState(w, claims, 'reviewed')), 500)) {
          await openList(w.as('何公示'), { claimIds, title: `${formatDay(last)}前结业班级补贴公示（批量演示）` })
        }
      },
    },
    {
      order: 3,
      at: atTime(closed, '00:10'),
      act: async () => void (await closeLists(w.asSystem('publicity.close'), {})),
    },
    {
      order: 4,
      at: atTime(then(1), '16:30'),
      act: async () => approveClaims(db, base, await inState(w, claims, 'publicised'), atTime(then(1), '16:00')),
    },
    {
      order: 5,
      at: atTime(then(2), '10:00'),
      act: async () => {
        const ordered = new Set((await orders('drafted')).map((order) => order.claim_id))
        const waiting = idsOf(await inState(w, claims, 'approved')).filter((id) => !ordered.has(id))
        for (const claimIds of chunks(waiting, 500)) await makeBatch(w, claimIds)
      },
    },
    {
      order: 6,
      at: atTime(then(3), '09:30'),
      act: async () => {
        for (const batchId of batchesOf(await orders('drafted'))) await decide(w, batchId, 'confirm')
      },
    },
    {
      order: 7,
      at: atTime(then(6), '11:00'),
      act: async () => {
        for (const batchId of batchesOf(await orders('sent'))) {
          await bankAnswers(w, `银行回盘${then(6)}.csv`, await bankFile(w, batchId))
        }
      },
    },
  ]
}

const idsOf = (claims: readonly MadeClaim[]): string[] => claims.map(({ id }) => id)

/** Those of a week's claims that are still at this point: a load taken up again does nothing twice. */
async function inState(w: World, claims: readonly MadeClaim[], state: string): Promise<MadeClaim[]> {
  if (claims.length === 0) return []
  const rows = await w.db
    .selectFrom('subsidy.claims')
    .select(['id', 'number'])
    .where('id', 'in', idsOf(claims))
    .where('state', '=', state)
    .execute()
  const numbers = new Map(rows.map((row) => [row.id, row.number]))
  return claims.flatMap((claim) => {
    const number = numbers.get(claim.id)
    return number === undefined ? [] : [{ ...claim, row: { ...claim.row, number } }]
  })
}

async function ordersIn(w: World, claims: readonly MadeClaim[], state: string) {
  if (claims.length === 0) return []
  return w.db
    .selectFrom('subsidy.payment_orders')
    .select(['batch_id', 'claim_id'])
    .where('claim_id', 'in', idsOf(claims))
    .where('state', '=', state)
    .execute()
}
const batchesOf = (orders: readonly { batch_id: string }[]) => [...new Set(orders.map((order) => order.batch_id))]

/** Two connections side by side, each with its own undertakers: nobody meets. */
async function writeWeek(
  w: World,
  base: LoadBase,
  streams: readonly pg.Client[],
  classes: readonly Numbered[],
  now: Date,
): Promise<MadeClaim[]> {
  const batches = streams.flatMap((_, stream) =>
    chunks(
      classes.filter(({ source }) => source.lane.organisation % streams.length === stream),
      batchSize,
    ).map((batch, nth) => ({ batch, stream, nth })),
  )
  batches.sort((a, b) => a.nth - b.nth || a.stream - b.stream)
  const before = streams.map((): Promise<unknown> => Promise.resolve())
  let turn: Promise<unknown> = Promise.resolve()
  const written = batches.map(({ batch, stream }) => {
    const earlier = turn
    const done = (before[stream] as Promise<unknown>).then(() =>
      writeClasses(streams[stream] as pg.Client, base, batch, now, earlier),
    )
    before[stream] = done
    turn = done
    return done
  })
  const claims = (await Promise.all(written)).flatMap((one) => one.claims)
  const db = streams[0] as pg.Client
  await leaveTrace(db, w, classes, claims)
  await learn(db)
  return claims.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** The planner learns the tables as they grow: each time one has grown by half. */
async function learn(db: pg.Client): Promise<void> {
  const { rows } = await db.query<{ table: string }>(
    `select relid::regclass::text as table from pg_stat_user_tables
     where n_mod_since_analyze > greatest(n_live_tup, 1000) / 2 and schemaname <> 'graphile_worker'`,
  )
  if (rows.length > 0) await db.query(`analyze ${rows.map((row) => row.table).join(', ')}`)
}

/** One row of the trail a week: what came in as a whole, and that it is made up. */
async function leaveTrace(
  db: pg.Client,
  w: World,
  classes: readonly Numbered[],
  claims: readonly MadeClaim[],
): Promise<void> {
  const { id, name, kind } = w.asSystem('demo.load').actor
  await inOne(db, () =>
    insertRows(db, 'audit.entries', [
      {
        id: crypto.randomUUID(),
        at: w.now,
        actor_kind: kind,
        actor_id: id,
        actor_name: name,
        command: 'demo.load',
        subjects: claims.slice(0, 20).map((claim) => `claim:${claim.id}`),
        input: { week: dayOf(w.now), demonstration: true },
        outcome: { classCount: classes.length, claimCount: claims.length },
        request_id: 'demo-load',
      },
    ]),
  )
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))
}

export type { Undertaker }
