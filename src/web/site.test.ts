import { expect, test } from 'vitest'
import { loadPlan } from '#policy/plan.ts'
import { nameSite, site, title } from './site.ts'

test('the site is named by its plan folder, whatever the district', () => {
  nameSite(loadPlan('plan/haizhu-2020'))
  expect(site).toMatchObject({
    sponsor: '广州市海珠区人力资源和社会保障局',
    sponsorShort: '区人社局',
    phone: '020-89627646',
  })
  expect(title('班级')).toEqual([{ title: '班级 - 海珠区职业培训云平台' }])
  nameSite(loadPlan('tests/plans/minimal'))
  expect(site.name).toBe('云山县技能培训平台')
  expect(title()).toEqual([{ title: '云山县技能培训平台' }])
})
