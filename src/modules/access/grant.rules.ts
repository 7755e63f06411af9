import { allow, type Decision, refuse } from '#policy/decision.ts'

type Held = 'organisation' | 'subdistrict' | 'body' | 'district' | 'person'
export type RoleFacts = {
  roles: Readonly<Record<string, { label: string; held: Held }>>
  incompatible: readonly (readonly [string, string])[]
}

const places: Record<string, string> = { organisation: '单位', subdistrict: '街道', body: '部门' }
const clause = 'C25'

/**
 * Whether a role may be given to an account: it must exist, be placed where such roles are held, not be given to oneself,
 * and not stand beside one of the pairs that separate duties (review and payment, watcher and watched).
 * @clause HZ4-M15 C25
 */
export function judgeGrant(
  facts: RoleFacts,
  grant: {
    role: string
    organisationId?: string | undefined
    body?: string | undefined
    subdistrict?: string | undefined
    by: string
    accountId: string
    accountKind: 'person' | 'staff' | 'official'
    /** Roles of the account that are in force or proposed for the same days. */
    others: readonly string[]
  },
): Decision<Exclude<Held, 'person'>> {
  const role = facts.roles[grant.role]
  if (!role || role.held === 'person') return refuse(clause, 'grant-role-unknown')
  const given = {
    organisation: grant.organisationId,
    subdistrict: grant.subdistrict,
    body: grant.body,
    district: 'district',
  }
  if (!given[role.held]) return refuse(clause, 'grant-place', { role: role.label, held: places[role.held] ?? '' })
  if (grant.by === grant.accountId) return refuse(clause, 'grant-own-account')
  if (role.held !== 'organisation' && grant.accountKind !== 'official') return refuse(clause, 'grant-not-official')
  if (role.held === 'organisation' && grant.accountKind === 'official') return refuse(clause, 'member-kind')
  const other = grant.others.find((held) =>
    facts.incompatible.some(([a, b]) => (a === grant.role && b === held) || (b === grant.role && a === held)),
  )
  if (other)
    return refuse(clause, 'grant-incompatible', { role: role.label, other: facts.roles[other]?.label ?? other })
  return allow(role.held)
}

/**
 * Whether this hand may approve: neither who proposed it nor who gets it.
 * @clause HZ4-M15 C25
 */
export function judgeApproval(grant: { grantedBy: string; accountId: string }, by: string): Decision<null> {
  if (by === grant.accountId) return refuse(clause, 'grant-own-account')
  if (by === grant.grantedBy) return refuse(clause, 'grant-same-hand')
  return allow(null)
}
