import { proposePartner } from '#modules/access/partner.commands.ts'
import { approvePlatform, proposePlatform } from '#modules/connect/platform.commands.ts'
import { approveTool, proposeTool } from '#modules/connect/tool.commands.ts'
import { at, type Story } from './world.ts'

const keys = (host: string) => ({ loginUrl: `https://${host}/lti/login`, jwksUrl: `https://${host}/lti/jwks` })

/**
 * What is registered of other platforms: a simulator for every course, a school's learning platform, and two that
 * wait.
 * Their addresses are made up, so nothing that would lead there is offered: no lesson opens the tool, and the sign-in
 * of the school is not approved yet.
 */
export const connectStory: Story = async function* (w) {
  yield at('2021-07-05', '10:00')
  const cuisine = w.organisations.get('cuisine') ?? ''
  const domestic = w.organisations.get('domestic') ?? ''
  const tool = await proposeTool(w.as('李受理'), {
    name: '冷链仓储仿真实训',
    purpose: '各培训机构的课程可以打开同一套仿真实训，成绩交回课程',
    ...keys('sim.example.com'),
    targetUrl: 'https://sim.example.com/lti/open',
    redirectUris: 'https://sim.example.com/lti/open',
    scopes: ['score', 'lineitem'],
  })
  const platform = await proposePlatform(w.as('冯校长'), {
    organisationId: cuisine,
    name: '粤菜技校教学平台',
    purpose: '本校学员在学校的教学平台里打开资源库课程，学完后把完成情况交回',
    issuer: 'https://lms.example.com',
    clientId: 'haizhu-library',
    deploymentIds: '1',
    authUrl: 'https://lms.example.com/auth',
    tokenUrl: 'https://lms.example.com/token',
    jwksUrl: 'https://lms.example.com/jwks',
  })
  yield at('2021-07-06', '15:20')
  await approveTool(w.as('宋安全'), { id: tool.id })
  await approvePlatform(w.as('邓安全'), { id: platform.id })

  yield at('2021-09-13', '11:00')
  await proposeTool(w.as('程校长'), {
    organisationId: domestic,
    name: '婴幼儿急救虚拟人',
    purpose: '本机构的护理课程里练习心肺复苏，成绩交回课程',
    ...keys('first-aid.example.com'),
    targetUrl: 'https://first-aid.example.com/lti/open',
    redirectUris: 'https://first-aid.example.com/lti/open',
    scopes: ['score'],
  })
  yield at('2021-09-14', '09:30')
  await proposePartner(w.as('冯校长'), {
    organisationId: cuisine,
    name: '粤菜技校统一登录',
    purpose: '教职工用学校账号登录，只办理本校事务',
    issuer: 'https://id.example.com',
    clientId: 'haizhu-skills',
    clientSecret: 'made-up-for-the-demonstration',
    domains: 'yuecai.example.com',
  })
}
