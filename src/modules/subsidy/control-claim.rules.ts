/** Pure judges about the money: already paid, cap, arithmetic, account, organisation, objections, overrides. */
import type { Day } from '#shared/units.ts'
import type { Judgement } from './control.schema.ts'
import { type Coverage, found, orUnknown, pass, unknown } from './control-person.rules.ts'

/**
 * The same occupation at the same level is subsidised once, whichever programme, class or district. Where the class has
 * no level there is nothing to repeat.
 * @clause C09
 */
export function judgeC09(facts: {
  occupation: string | null
  level: string | null
  /** Claim number of the other live claim. */
  here: string | null
  elsewhereOn: Day | null
  coverage: Coverage
}): Judgement {
  if (facts.occupation === null || facts.level === null) return pass('not-applicable')
  if (facts.here) return found('already-subsidised', { claim: facts.here })
  if (facts.elsewhereOn) return found('paid-elsewhere', { on: facts.elsewhereOn })
  return pass('ok', { elsewhere: facts.coverage })
}

/**
 * What others hold of the person's year plus this amount stays within the cap. The amount itself was cut to the rest
 * when the claim was drawn up; this looks again at what has happened since.
 * @clause C10
 */
export function judgeC10(facts: {
  capFen: number | null
  heldByOthersFen: number
  elsewhereFen: number
  amountFen: number
}): Judgement {
  if (facts.capFen === null) return pass('not-applicable')
  const total = facts.heldByOthersFen + facts.elsewhereFen + facts.amountFen
  // nothing is asked for, so nothing can be too much, even where an old cap was higher
  return total > facts.capFen && facts.amountFen > 0
    ? found('over-cap', { total, cap: facts.capFen })
    : pass('ok', { total, cap: facts.capFen })
}

/**
 * Minutes claimed = minutes of the ledger that count, every minute of the ledger is spent on this line and on nothing
 * else; hours and fen follow from them.
 * @clause C17
 */
export function judgeC17(facts: {
  minutes: number
  /** Of the ledger: all that stands, and what counts within a day's limit. */
  ledger: number
  counted: number
  spent: number
  hourMinutes: number
  classHours: number
  unitFen: number
  capFen: number | null
  capUsedBeforeFen: number
  amountFen: number
}): Judgement {
  const { minutes, counted, ledger, spent, classHours, unitFen } = facts
  if (minutes !== counted || spent !== ledger)
    return found('ledger-differs', { claimed: minutes, counted, ledger, spent })
  const full = classHours * unitFen
  const left = facts.capFen === null ? full : Math.max(facts.capFen - facts.capUsedBeforeFen, 0)
  const sound = classHours === Math.floor(minutes / facts.hourMinutes) && facts.amountFen === Math.min(full, left)
  return sound ? pass() : found('amount-differs')
}

/**
 * The claim is the sum of its lines.
 * @clause C17
 */
export function judgeSum(facts: { claimFen: number; linesFen: number }): Judgement {
  return facts.claimFen === facts.linesFen
    ? pass()
    : found('sum-differs', { claim: facts.claimFen, lines: facts.linesFen })
}

/**
 * The money goes to the claimant's own account and nobody else's.
 * @clause C19
 */
export function judgeC19(facts: {
  account: 'none' | 'own' | 'foreign'
  holders: number
  limit: { label: string; value: number | null }
}): Judgement {
  if (facts.account === 'none') return found('no-account')
  if (facts.account === 'foreign') return found('account-not-own')
  if (facts.limit.value === null) return unknown('figure-undecided', { label: facts.limit.label })
  return facts.holders > facts.limit.value ? found('account-shared', { others: facts.holders - 1 }) : pass()
}

/**
 * The organisation exists, existed when the class began, and is not on the dishonesty list on any day from the class's
 * start to the claim. Its age and the amount are shown to the reviewer; no limit is set by any rule.
 * @clause C20
 */
export function judgeC20(facts: {
  status: string
  registeredOn: Day
  startedOn: Day
  amountFen: number
  dishonestFrom: Day | null
  coverage: Coverage
}): Judgement {
  if (facts.status !== 'active') return found('not-active', { status: facts.status })
  if (facts.registeredOn > facts.startedOn) {
    return found('younger-than-class', { registered: facts.registeredOn, started: facts.startedOn })
  }
  if (facts.dishonestFrom) return found('dishonest', { from: facts.dishonestFrom })
  const seen = { registered: facts.registeredOn, amountFen: facts.amountFen }
  const answer = orUnknown(facts.coverage, 'dishonest-organisations')
  return { ...answer, evidence: { ...answer.evidence, ...seen } }
}

/**
 * Every objection to the claim's publication has been answered.
 * @clause C24
 */
export function judgeC24(facts: { open: number }): Judgement {
  return facts.open > 0 ? found('objection-open', { count: facts.open }) : pass()
}

/**
 * Overrides hold only while they are approved by a second person and not run out.
 * @clause C25
 */
export function judgeC25(facts: { expired: number; pending: number; inForce: number }): Judgement {
  if (facts.expired > 0) return found('override-expired', { count: facts.expired })
  if (facts.pending > 0) return found('override-pending', { count: facts.pending })
  return facts.inForce > 0 ? pass('ok', { inForce: facts.inForce }) : pass('not-applicable')
}

/** An override that counts today: approved by somebody else, not revoked, not run out. */
export function overrideHolds(
  override: { state: string; requestedBy: string; decidedBy: string | null; expiresOn: Day },
  today: Day,
): boolean {
  return (
    override.state === 'approved' &&
    override.decidedBy !== null &&
    override.decidedBy !== override.requestedBy &&
    override.expiresOn >= today
  )
}

/**
 * Trainees who were called back, person by person: one who denies it fails the line. The share to be called is
 * `OP.spotCheckShare`, rounded up; short of it the answer stays open.
 * @clause C21
 */
export function judgeC21(facts: { outcome: 'confirmed' | 'denied' | 'differs' | null }): Judgement {
  if (facts.outcome === 'denied' || facts.outcome === 'differs') {
    return found('callback-denies', { outcome: facts.outcome })
  }
  return pass('ok', { called: facts.outcome === 'confirmed' })
}

/** The claim as a whole: were enough people reached? @clause C21 */
export function judgeCallShare(facts: {
  lines: number
  reached: number
  share: { label: string; value: number | null }
}): Judgement {
  if (facts.share.value === null) return unknown('figure-undecided', { label: facts.share.label })
  const needed = Math.ceil((facts.lines * facts.share.value) / 100)
  if (facts.reached < needed) return unknown('callbacks-missing', { needed, reached: facts.reached })
  return pass('ok', { needed, reached: facts.reached })
}

/**
 * The platform keeps no photographs, and says so.
 * @clause C14
 */
export function judgeNotInRelease(): Judgement {
  return unknown('not-in-release')
}
