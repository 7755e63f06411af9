import { certificationPaths as at } from './certification-paths.ts'
import type { NavGroup, NavItem } from './nav.ts'
import { standardsPaths } from './standards-paths.ts'

export const certificationNav = (area: 'provider' | 'enterprise'): NavGroup => ({
  title: '技能等级认定',
  items: [
    { href: at.assessmentBatches(area), label: '认定批次', icon: 'list', permission: 'certification.plan' },
    { href: at.ownAssessor(area), label: '范围、考点和考评员', icon: 'building', permission: 'certification.plan' },
    { href: standardsPaths.ownStandards(area), label: '技能标准', icon: 'book', permission: 'standard.draft' },
  ],
})

export const certificationDeskItem: NavItem = {
  href: at.officeAssessors(),
  label: '等级认定机构和批次',
  icon: 'certificate',
  permission: 'casework.read',
}

export const standardsDeskItem: NavItem = {
  href: standardsPaths.ownStandards('office'),
  label: '技能标准',
  icon: 'book',
  permission: 'casework.read',
}
