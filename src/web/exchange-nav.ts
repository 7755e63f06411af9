import { exchangePaths as at } from './exchange-paths.ts'
import type { NavGroup, NavItem } from './nav.ts'

export const exchangeNav = (area: 'provider' | 'enterprise'): NavGroup => ({
  title: '导师和开放席位',
  items: [
    { href: at.ownSharing(area), label: '约导师、约席位', icon: 'calendar', permission: 'exchange.use' },
    { href: at.openSeats(area), label: '开放席位和年度数据', icon: 'upload', permission: 'exchange.use' },
  ],
})
export const mentoringItem: NavItem = { href: at.mentoring(), label: '导师公益课', icon: 'speaker' }
export const exchangeDeskItem: NavItem = {
  href: at.officeSharing(),
  label: '导师时数和年度数据',
  icon: 'clock',
  permission: 'recognition.read',
}
