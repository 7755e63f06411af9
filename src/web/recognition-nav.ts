import { exchangeDeskItem } from './exchange-nav.ts'
import type { NavGroup, NavItem } from './nav.ts'
import { recognitionPaths as at } from './recognition-paths.ts'

export const recognitionNav = (area: 'provider' | 'enterprise'): NavGroup => ({
  title: '认定和聘任',
  items: [{ href: at.ownTitles(area), label: '申报和称号', icon: 'star', permission: 'recognition.apply' }],
})

export const ownRecognitionItem: NavItem = { href: at.ownTitles('my'), label: '申报和聘任', icon: 'star' }

export const recognitionDeskNav: NavGroup = {
  title: '认定和聘任',
  items: [
    { href: at.titleDesk(), label: '办件', icon: 'list', permission: 'recognition.read' },
    { href: at.titleDesk({ view: 'open' }), label: '推荐意见', icon: 'list', permission: 'recognition.recommend' },
    { href: at.titleCalls(), label: '通知', icon: 'speaker', permission: 'recognition.read' },
    { href: at.officeHolders(), label: '称号名册', icon: 'star', permission: 'recognition.read' },
    exchangeDeskItem,
    { href: at.officeTitleObjections(), label: '认定异议', icon: 'flag', permission: 'objection.decide' },
    { href: at.titleSchemes(), label: '认定项目', icon: 'document', permission: 'recognition.read' },
    { href: at.titleExperts(), label: '评审专家', icon: 'people', permission: 'recognition.manage' },
    { href: at.titleScoring(), label: '我的评审', icon: 'check', permission: 'recognition.score' },
  ],
}
