import { describe, expect, it } from 'vitest'
import { loadPlan } from './plan.ts'
import { trace, traceText } from './trace.ts'

const plan = loadPlan('tests/plans/minimal')
const code = (path: string, text: string) => ({ path, text })

describe('trace', () => {
  it('HZ4-M15 finds code and test titles, and no gap when both are there', () => {
    const found = trace(plan, [
      code('src/modules/claims/claim.rules.ts', "/** @clause A1 */ refuse('A2', 'late')"),
      code(
        'src/modules/claims/claim.rules.test.ts',
        "it('A1 pays by the hour', () => {})\nit.each([1])('never late (A2)', () => {})",
      ),
    ])
    expect(found.gaps).toEqual([])
    expect(found.rules[0]).toMatchObject({ id: 'A1', code: ['src/modules/claims/claim.rules.ts'] })
    expect(found.rules[1]?.tests).toEqual(['src/modules/claims/claim.rules.test.ts'])
    expect(found.clauses.find((c) => c.id === 'YS1-M01')).toMatchObject({ programmes: ['staff'], rules: ['A1'] })
    expect(traceText(found, 'YS1-M02')).toContain('A2 [live]')
  })

  it('HZ4-M15 a mention in the policy folder or in a test body carries nothing', () => {
    const found = trace(plan, [
      code('src/policy/figures.ts', '/** @clause A1 */'),
      code('src/modules/claims/claim.rules.test.ts', "it('pays', () => figure('A1.rate'))"),
    ])
    expect(found.gaps).toContain('A1 is live but no code names it')
    expect(found.gaps).toContain('A1 is live but no test title names it')
  })

  it('HZ4-M15 a longer id is another id', () => {
    const found = trace(plan, [code('src/x.ts', 'A11 XA1 A1x')])
    expect(found.rules[0]?.code).toEqual([])
  })

  it('HZ4-M15 a carried clause without a live rule is a gap', () => {
    const bareRules = plan.rules.map((rule) => ({ ...rule, state: 'later' as const }))
    const found = trace({ ...plan, rules: bareRules }, [])
    expect(found.gaps).toEqual([
      'YS1-M01 is carried but no live rule serves it',
      'YS1-M02 is carried but no live rule serves it',
    ])
  })
})
