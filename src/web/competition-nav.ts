import { certificationPaths } from './certification-paths.ts'
import { competitionPaths as at } from './competition-paths.ts'
import type { NavGroup, NavItem } from './nav.ts'

export const competitionNav = (area: 'provider' | 'enterprise'): NavGroup => ({
  title: '技能竞赛',
  items: [{ href: at.ownCompetitions(area), label: '办赛和参赛', icon: 'star', permission: 'competition.enter' }],
})

export const ownCompetitionItem: NavItem = { href: at.ownCompetitions('my'), label: '技能竞赛', icon: 'star' }

export const competitionDeskNav: NavGroup = {
  title: '技能竞赛',
  items: [
    { href: at.competitionDesk(), label: '竞赛办件', icon: 'list', permission: 'competition.read' },
    { href: at.officeResultObjections(), label: '竞赛异议', icon: 'flag', permission: 'objection.decide' },
    {
      href: certificationPaths.officeAssessmentObjections(),
      label: '认定异议',
      icon: 'flag',
      permission: 'objection.decide',
    },
    { href: at.competitionCounts(), label: '竞赛统计', icon: 'chart', permission: 'competition.read' },
    { href: at.judging(), label: '我的执裁', icon: 'check', permission: 'competition.judge' },
  ],
}
