import { type Grant, grants, type Permission, type RoleCode } from './permissions.ts'

/** A role somebody holds, and where: in an organisation, a department, a subdistrict, or nowhere (the whole district). */
export type Holding = { role: RoleCode; organisationId?: string; body?: string; subdistrict?: string }

/** What a permission is asked about. Left out means "anywhere at all". */
export type Scope = { organisationId?: string; body?: string; subdistrict?: string; personId?: string }

export type Actor = {
  kind: 'user' | 'system' | 'api-key' | 'anonymous'
  /** Stable id written to the trail. */
  id: string
  /** Shown in histories: an official's name, an organisation's key name; never a trainee's full name. */
  name: string
  personId: string | null
  /** The human behind it: the account itself, or the account that made the key. What two people must do, two hands do. */
  hand: { id: string; personId: string | null }
  holdings: Holding[]
  /** The person a street-office clerk acts for under a consent, if any. */
  onBehalfOf?: { personId: string; consentId: string }
  can(permission: Permission, scope?: Scope): boolean
}

export function actorOf(a: Omit<Actor, 'can' | 'hand'> & Partial<Pick<Actor, 'hand'>>): Actor {
  const own = a.onBehalfOf?.personId ?? a.personId
  return {
    hand: { id: a.id, personId: a.personId },
    ...a,
    can(permission, scope) {
      if (a.kind === 'system') return true
      if (own && grants.trainee.includes(permission) && (!scope?.personId || scope.personId === own)) return true
      return a.holdings.some((holding) => grants[holding.role].includes(permission) && covers(holding, scope))
    },
  }
}

function covers(holding: Holding, scope: Scope | undefined): boolean {
  if (!scope) return true
  if (holding.organisationId && holding.organisationId !== scope.organisationId) return false
  if (holding.body && scope.body && holding.body !== scope.body) return false
  if (holding.subdistrict && scope.subdistrict && holding.subdistrict !== scope.subdistrict) return false
  return true
}

export const anonymous: Actor = actorOf({
  kind: 'anonymous',
  id: 'anonymous',
  name: '访客',
  personId: null,
  holdings: [],
})
export const system = (job: string): Actor =>
  actorOf({ kind: 'system', id: `system:${job}`, name: '系统', personId: null, holdings: [] })

export type { Grant, Permission, RoleCode }
