import type { Actor } from '#platform/actor.ts'
import { type Permission, roles } from '#platform/permissions.ts'
import { paths } from './paths.ts'
import type { IconName } from './ui/icon.tsx'

/** The four workspaces. The first part of an address says which one a page belongs to. */
export type Area = 'my' | 'provider' | 'enterprise' | 'office'
export type NavItem = { href: string; label: string; icon: IconName; permission?: Permission; count?: number }
export type NavGroup = { title?: string; items: NavItem[] }

export const areaTitles: Record<Area, string> = {
  my: '个人中心',
  provider: '培训机构工作台',
  enterprise: '用人单位工作台',
  office: '经办工作台',
}

export const portalNav = [
  { href: paths.home(), label: '首页' },
  { href: paths.classes(), label: '找培训' },
  { href: paths.calculator(), label: '算补贴' },
  { href: paths.publicity(), label: '公示' },
  { href: paths.verifyCertificate(), label: '查证书' },
  { href: paths.figures(), label: '看成效' },
] as const

/** Side navigation. An item with a permission is shown only to those who hold it. */
export const areaNav: Record<Area, NavGroup[]> = {
  my: [{ items: [{ href: paths.my(), label: '我的首页', icon: 'home' }] }],
  provider: [{ items: [{ href: paths.provider(), label: '工作台首页', icon: 'home' }] }],
  enterprise: [{ items: [{ href: paths.enterprise(), label: '工作台首页', icon: 'home' }] }],
  office: [{ items: [{ href: paths.office(), label: '工作台首页', icon: 'home' }] }],
}

export function areaOf(pathname: string): Area | null {
  const first = pathname.split('/')[1] ?? ''
  return first in areaTitles ? (first as Area) : null
}

export function navFor(area: Area, actor: Actor): NavGroup[] {
  return areaNav[area]
    .map((group) => ({ ...group, items: group.items.filter((item) => !item.permission || actor.can(item.permission)) }))
    .filter((group) => group.items.length > 0)
}

/** Where somebody can work. Organisation roles belong to providers or enterprises by their name. */
export function areasOf(actor: Actor): Area[] {
  const areas = new Set<Area>()
  if (actor.personId) areas.add('my')
  for (const { role } of actor.holdings) {
    if (role === 'trainee') areas.add('my')
    else if (role.startsWith('enterprise')) areas.add('enterprise')
    else if (roles[role].held === 'organisation') areas.add('provider')
    else areas.add('office')
  }
  return [...areas]
}
