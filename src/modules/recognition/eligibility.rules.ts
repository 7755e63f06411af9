import type { Scheme } from '#policy/plan.types.ts'
import { addMonths, formatDay } from '#shared/dates.ts'
import { type Day, isDay } from '#shared/units.ts'
import type { Answers } from './form.rules.ts'

export type Finding = {
  id: string
  statement: string
  clause: string
  verdict: 'pass' | 'fail' | 'undecided'
  note: string
}

export type EligibilityFacts = {
  answers: Answers
  /** Full years; null when the document does not tell. */
  age: number | null
  organisation: { active: boolean; months: number } | null
  /** Titles in term: scheme → grade. */
  holds: ReadonlyMap<string, string>
  /** This title, taken away before: why and since when. */
  revoked: readonly { cause: string; on: Day }[]
  today: Day
  figure(id: string): { value: number | null; label: string }
}

type Test = Scheme['eligibility'][number]['test']
type Verdict = Pick<Finding, 'verdict' | 'note'>
const pass = (note = ''): Verdict => ({ verdict: 'pass', note })
const fail = (note: string): Verdict => ({ verdict: 'fail', note })
const unknown = (note: string): Verdict => ({ verdict: 'undecided', note })

/**
 * Every eligibility rule of a scheme, judged. Only a clear no stops an application: what nobody has laid down, or what
 * cannot be told from the records, is undecided and left to the reviewer.
 * @clause A01
 */
export function judge(scheme: Pick<Scheme, 'code' | 'eligibility'>, facts: EligibilityFacts): Finding[] {
  return scheme.eligibility.map(({ id, statement, clause, test }) => ({
    id,
    statement,
    clause,
    ...verdict(test, facts, scheme.code),
  }))
}

function verdict(test: Test, facts: EligibilityFacts, own: string): Verdict {
  if ('figure' in test) return byFigure(test, facts, own)
  switch (test.kind) {
    case 'one-of':
      return test.values.includes(String(facts.answers[test.field] ?? '')) ? pass() : fail('填报的选项不在规定范围内')
    case 'organisation-active':
      return facts.organisation?.active ? pass() : fail('单位已停业或者被暂停')
    case 'holds':
      return facts.holds.has(test.scheme) ? pass() : fail('平台没有在册记录')
    case 'not-holding':
      return facts.holds.has(test.scheme) ? fail('已经持有，不能重复申报') : pass()
  }
}

function byFigure(test: Extract<Test, { figure: string }>, facts: EligibilityFacts, own: string): Verdict {
  const { value, label } = facts.figure(test.figure)
  if (value === null) return unknown(`“${label}”尚未明确`)
  switch (test.kind) {
    case 'number-least': {
      const given = Number(facts.answers[test.field] ?? 0)
      return given >= value ? pass() : fail(`填报${given}，规定至少${value}`)
    }
    case 'rows-least': {
      const rows = facts.answers[test.field]
      const given = Array.isArray(rows) ? rows.length : 0
      return given >= value ? pass() : fail(`填报${given}项，规定至少${value}项`)
    }
    case 'age-most':
      if (facts.age === null) return unknown('证件上看不出年龄')
      return facts.age <= value ? pass() : fail(`${facts.age}周岁，规定不超过${value}周岁`)
    case 'organisation-months': {
      const given = facts.organisation?.months ?? 0
      return given >= value ? pass() : fail(`登记${given}个月，规定至少${value}个月`)
    }
    case 'day-within': {
      const given = String(facts.answers[test.field] ?? '')
      if (!isDay(given)) return unknown('没有填报日期')
      if (given > facts.today) return fail(`${formatDay(given)}还没有到`)
      return addMonths(given, value) >= facts.today ? pass() : fail(`${formatDay(given)}，已超过${value}个月`)
    }
    case 'not-barred': {
      const last = facts.revoked
        .filter((one) => one.cause === test.cause)
        .map((one) => addMonths(one.on, value * 12))
        .sort()
        .at(-1)
      return last === undefined || last <= facts.today ? pass() : fail(`${formatDay(last)}起才能再申请`)
    }
    case 'grade-step': {
      // the grade of this title; a grade of another one lifts nobody
      const held = Number(facts.holds.get(own) || 0)
      const wanted = Number(facts.answers[test.field] ?? 0)
      if (held === 0) return pass('首次申报')
      return wanted <= held + value ? pass() : fail(`现为${held}级，每次最多升${value}级`)
    }
  }
}
