/** Which judge answers for which control, with the facts it is given. */
import type { Ctx } from '#platform/command.ts'
import { settingsInForce } from '#platform/figures.ts'
import { figure } from '#policy/figures.ts'
import type { Programme } from '#policy/plan.types.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { DatasetKind, Judgement } from './control.schema.ts'
import {
  type Batch,
  type ClaimBase,
  coverageOf,
  datasetSpans,
  knownUpTo,
  type LineBase,
  type Spans,
} from './control-batch.queries.ts'
import * as money from './control-claim.queries.ts'
import * as claim from './control-claim.rules.ts'
import * as room from './control-class.queries.ts'
import * as lesson from './control-class.rules.ts'
import { onlineFacts } from './control-online.queries.ts'
import { judgeC16 } from './control-online.rules.ts'
import * as people from './control-person.queries.ts'
import * as person from './control-person.rules.ts'

export type Base = Pick<Ctx, 'db' | 'plan' | 'crypto' | 'now'>
type Programmes = ReadonlyMap<string, Programme>
/** A control looks at each line, at the claim, or at both. */
export type Judges = {
  line?: (line: LineBase, claim: ClaimBase) => Judgement
  claim?: (claim: ClaimBase) => Judgement
}

const unemployed = 'registeredUnemployed'

export async function personJudges(base: Base, batch: Batch, programmes: Programmes): Promise<Record<string, Judges>> {
  const { db } = base
  const spans = await datasetSpans(db)
  const insures = (c: ClaimBase) => programmes.get(c.programme)?.traineeRules.employerInsured === true
  const insured = [...batch.claims.values()].filter(insures)
  const known = new Map(insured.map((c) => [c.id, knownUpTo(spans, 'social-insurance', c.claimedOn)]))
  const [documents, listed, uninsured, working, groups, left] = [
    await people.documentFaults(base, batch),
    await people.listedPersons(db, batch),
    await people.uninsuredDays(
      db,
      insured.map((c) => c.id),
    ),
    await people.insuredDays(db, batch.claimIds, unemployed),
    await people.verifiedGroups(db, batch),
    await people.leftEmployer(
      db,
      [...known].flatMap(([id, on]) => (on ? [{ id, on }] : [])),
    ),
  ]
  const cover = (kind: DatasetKind, c: ClaimBase) => coverageOf(spans, kind, c.firstOn, c.lastOn)
  const list = (kind: DatasetKind, judge: (facts: person.ListFacts) => Judgement): Judges => ({
    line: (l, c) => judge({ coverage: cover(kind, c), ...(listed.get(kind)?.get(l.id) ?? { days: [], hits: [] }) }),
  })
  return {
    C01: { line: (l) => person.judgeC01(documents.get(l.id) ?? { documentFault: null, nameFault: null }) },
    C02: list('deceased', person.judgeC02),
    C03: list('pension', person.judgeC03),
    C04: list('payroll-staff', person.judgeC04),
    C05: list('full-time-student', person.judgeC05),
    C06: {
      line: (l, c) =>
        person.judgeC06({
          required: insures(c),
          coverage: cover('social-insurance', c),
          uninsured: uninsured.get(l.id)?.days ?? [],
        }),
    },
    C07: {
      line: (l, c) =>
        person.judgeC07({
          asUnemployed: l.group === unemployed,
          coverage: cover('social-insurance', c),
          insured: working.get(l.id)?.days ?? [],
        }),
    },
    C11: {
      line: (l, c) =>
        person.judgeC11({
          group: l.group,
          groupRequired: programmes.get(c.programme)?.traineeRules.groups !== 'any',
          firstOn: c.firstOn,
          lastOn: c.lastOn,
          verified: groups.get(l.id)?.spans ?? [],
        }),
    },
    C22: {
      line: (l, c) =>
        person.judgeC22({
          required: insures(c),
          lastClassOn: c.lastOn,
          knownOn: known.get(c.id) ?? null,
          insured: !left.has(l.id),
        }),
    },
  }
}

export async function classJudges(base: Base, batch: Batch, programmes: Programmes): Promise<Record<string, Judges>> {
  const { db } = base
  const at = await thresholds(base)
  const overlaps = await room.overlapDays(db, batch)
  const teaching = await room.teachingDays(db, batch)
  const scope = await room.scopes(db, batch)
  const seats = await room.overSeats(db, batch)
  const trainers = await room.trainerFaults(db, batch)
  const devices = await room.sharedDevices(db, batch)
  const manual = await room.manualMarks(db, batch)
  const rates = await room.passRates(db, batch)
  const scores = await room.scoreFacts(db, batch)
  const online = await onlineFacts(db, batch, (c) => ({
    topRatePercent: at('OL.topRate', c.lastOn).value,
    dayMinutes: at('OL.dailyCapMinutes', c.lastOn).value,
    questionMinutes: at('OL.presenceMostMinutes', c.lastOn).value,
  }))
  /** An employer that trains its own staff is bound by its scope only where one is on record. */
  const licence = (c: ClaimBase) => {
    const found = scope.get(c.id)
    const employer = programmes.get(c.programme)?.undertaker.mode === 'employer'
    if (employer && (found?.licence !== 'out-of-scope' || !found.ownScope || !c.occupation)) return 'not-needed'
    return found?.licence ?? 'none'
  }
  return {
    C08: {
      line: (l) =>
        lesson.judgeC08({ overlaps: overlaps.get(l.id)?.days ?? [], teaching: teaching.get(l.id)?.days ?? [] }),
    },
    C12: {
      claim: (c) =>
        lesson.judgeC12({
          licence: licence(c),
          overSeats: pick(seats.get(c.id)),
          headcount: c.headcount,
          capacity: c.capacity,
          sizeLimit: at('OP.classSizeMax', c.startsOn),
        }),
    },
    C13: { claim: (c) => lesson.judgeC13(trainers.get(c.id) ?? { twice: 0, invalid: 0 }) },
    C14: { claim: () => claim.judgeNotInRelease() },
    C15: {
      line: (l, c) =>
        lesson.judgeC15({ persons: devices.get(l.id)?.persons ?? 1, limit: at('OP.deviceShareMax', c.lastOn) }),
      claim: (c) =>
        lesson.judgeManualShare({
          ...(manual.get(c.id) ?? { manual: 0, marks: 0 }),
          limit: at('OP.manualShareMax', c.lastOn),
        }),
    },
    C16: {
      line: (l, c) =>
        judgeC16({
          applies: c.mode !== 'offline',
          online: pick(online.get(l.id)),
          dayLimit: at('OL.dailyCapMinutes', c.lastOn),
          questionLimit: at('OL.presenceMostMinutes', c.lastOn),
          deviceLimit: at('OP.deviceShareMax', c.lastOn),
        }),
    },
    C18: {
      claim: (c) => {
        const rate = rates.get(c.id)
        return lesson.judgeC18({
          assessed: rate?.assessed ?? 0,
          passed: rate?.passed ?? 0,
          busiest: rate?.busiestOn ? { on: rate.busiestOn, persons: rate.busiest ?? 0 } : null,
          rateLimit: at('OP.passRateHigh', c.lastOn),
          leastPersons: at('OP.passRateMinPersons', c.lastOn),
          burstLimit: at('OP.burstPerDay', c.lastOn),
        })
      },
    },
    C23: {
      line: (l) => {
        const s = scores.get(l.id)
        return lesson.judgeC23({
          resultMillipoints: s?.result ?? null,
          scoredMillipoints: s?.scored ?? null,
          onePerson: s?.onePerson ?? 0,
          pending: s?.pending ?? 0,
        })
      },
    },
  }
}

export async function moneyJudges(base: Base, batch: Batch): Promise<Record<string, Judges>> {
  const { db, plan } = base
  const today = dayOf(base.now)
  const at = await thresholds(base)
  const spans = await datasetSpans(db)
  const paid = await money.alreadyPaid(db, batch)
  const caps = await money.capUse(db, batch, Object.fromEntries(plan.programmes.map((p) => [p.code, p.name])))
  const ledger = await money.ledgerMinutes(db, batch, (c) => {
    const hours = plan.programmes.find((p) => p.code === c.programme)?.hours
    if (!hours) return null
    const most = at(hours.maxPerDayFigure, c.startsOn).value
    const each = at(hours.minutesFigure, c.startsOn).value
    return most === null || each === null ? null : most * each
  })
  const accounts = await money.accounts(db, batch)
  const dishonest = await money.dishonestSince(db, batch)
  const objections = await money.openObjections(db, batch)
  const overrides = await money.overridesOf(db, batch)
  const called = await money.callbackOutcomes(db, batch)
  const reached = Map.groupBy(
    batch.lines.filter((line) => called.has(line.id)),
    (line) => line.claimId,
  )
  const lineCount = Map.groupBy(batch.lines, (line) => line.claimId)
  return {
    C09: {
      line: (l, c) =>
        claim.judgeC09({
          occupation: c.occupation,
          level: c.level,
          ...(paid.get(l.id) ?? { here: null, elsewhereOn: null }),
          coverage: coverageOf(spans, 'paid-elsewhere', c.firstOn, c.claimedOn),
        }),
    },
    C10: {
      line: (l) => {
        const use = caps.get(l.id)
        const yearly = l.capPer === 'person-calendar-year'
        return claim.judgeC10({
          capFen: yearly ? l.capFen : null,
          heldByOthersFen: use?.held ?? 0,
          elsewhereFen: use?.elsewhere ?? 0,
          amountFen: l.amountFen,
        })
      },
    },
    C17: {
      line: (l) => claim.judgeC17({ ...l, ...(ledger.get(l.id) ?? { ledger: 0, counted: 0, spent: 0 }) }),
      claim: (c) => claim.judgeSum({ claimFen: c.amountFen, linesFen: c.linesFen }),
    },
    C19: {
      claim: (c) =>
        claim.judgeC19({
          ...(accounts.get(c.id) ?? { account: 'none', holders: 0 }),
          limit: at('OP.accountShareMax', c.lastOn),
        }),
    },
    C20: {
      claim: (c) =>
        claim.judgeC20({
          status: c.status,
          registeredOn: c.registeredOn,
          startedOn: c.startsOn,
          amountFen: c.amountFen,
          dishonestFrom: dishonest.get(c.id)?.from ?? null,
          coverage: coverOfClaim(spans, c),
        }),
    },
    C21: {
      line: (l) => claim.judgeC21({ outcome: called.get(l.id)?.outcome ?? null }),
      claim: (c) =>
        claim.judgeCallShare({
          lines: lineCount.get(c.id)?.length ?? 0,
          reached: reached.get(c.id)?.length ?? 0,
          share: at('OP.spotCheckShare', c.lastOn),
        }),
    },
    C24: { claim: (c) => claim.judgeC24({ open: objections.get(c.id)?.open ?? 0 }) },
    C25: {
      claim: (c) => {
        const of = overrides.get(c.id) ?? []
        const approved = of.filter((o) => o.state === 'approved')
        const inForce = approved.filter((o) => claim.overrideHolds(o, today)).length
        return claim.judgeC25({
          expired: approved.length - inForce,
          pending: of.length - approved.length,
          inForce,
        })
      },
    },
  }
}

/** The list of dishonest organisations has to answer for the class; the days up to the claim follow with the next list. */
const coverOfClaim = (spans: Spans, c: ClaimBase) => coverageOf(spans, 'dishonest-organisations', c.firstOn, c.lastOn)

async function thresholds({ db, plan }: Base) {
  const set = await settingsInForce({ db })
  return (id: string, on: Day): lesson.Threshold => {
    const { label, value } = figure(plan, id, on, set)
    return { label, value }
  }
}

const pick = <T extends { id: string }>(row: T | undefined): Omit<T, 'id'> | null => {
  if (!row) return null
  const { id: _id, ...rest } = row
  return rest
}
