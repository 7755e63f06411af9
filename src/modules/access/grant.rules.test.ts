import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeApproval, judgeGrant } from '#modules/access/grant.rules.ts'
import { reasonText } from '#modules/access/grant.schema.ts'
import { incompatible, type RoleCode, roles } from '#platform/permissions.ts'

const facts = { roles, incompatible }
const base = { by: 'a', accountId: 'b', accountKind: 'official' as const, others: [] as string[] }
const verdict = (grant: Partial<Parameters<typeof judgeGrant>[1]> & { role: string }) => {
  const decision = judgeGrant(facts, { ...base, ...grant })
  if (decision.ok) return decision.value
  const words = reasonText[decision.refusal.reason]?.(decision.refusal.facts)
  expect(words?.remedy).toMatch(/。$/)
  expect(JSON.stringify(words)).not.toContain('undefined')
  return decision.refusal.reason
}

describe('C25 who may be given which role', () => {
  test.each([
    [{ role: 'hr-first-reviewer' }, 'district'],
    [{ role: 'department-officer' }, 'grant-place'],
    [{ role: 'department-officer', body: 'veteransBureau' }, 'body'],
    [{ role: 'subdistrict-clerk', subdistrict: '440105001' }, 'subdistrict'],
    [{ role: 'subdistrict-clerk', body: 'veteransBureau' }, 'grant-place'],
    [{ role: 'provider-admin', organisationId: 'o', accountKind: 'staff' as const }, 'organisation'],
    [{ role: 'provider-admin', organisationId: 'o' }, 'member-kind'],
    [{ role: 'hr-leader', accountKind: 'person' as const }, 'grant-not-official'],
    [{ role: 'trainee' }, 'grant-role-unknown'],
    [{ role: 'king' }, 'grant-role-unknown'],
    [{ role: 'hr-leader', by: 'b' }, 'grant-own-account'],
    [{ role: 'fund-clerk', others: ['hr-first-reviewer'] }, 'grant-incompatible'],
    [{ role: 'hr-first-reviewer', others: ['hr-intake'] }, 'district'],
  ])('C25 %j: %s', (grant, expected) => expect(verdict(grant)).toBe(expected))

  const office = (Object.keys(roles) as RoleCode[]).filter((role) => roles[role].held === 'district')
  test('C25 pairs are refused in both directions, whatever else is held', () => {
    fc.assert(
      fc.property(fc.constantFrom(...incompatible), fc.boolean(), fc.subarray(office), ([a, b], swap, more) => {
        expect(verdict({ role: swap ? a : b, others: [...more, swap ? b : a] })).toBe('grant-incompatible')
      }),
    )
  })

  test('C25 nobody who may review may also pay', () => {
    for (const payer of ['fund-clerk', 'finance-officer'] as const)
      for (const reviewer of ['hr-first-reviewer', 'hr-second-reviewer'] as const)
        expect(verdict({ role: payer, others: [reviewer] })).toBe('grant-incompatible')
  })

  test('C25 approval takes a second hand that is not the receiver', () => {
    const grant = { grantedBy: 'a', accountId: 'b' }
    expect(judgeApproval(grant, 'c').ok).toBe(true)
    expect(judgeApproval(grant, 'a')).toMatchObject({ refusal: { reason: 'grant-same-hand' } })
    expect(judgeApproval(grant, 'b')).toMatchObject({ refusal: { reason: 'grant-own-account' } })
  })
})
