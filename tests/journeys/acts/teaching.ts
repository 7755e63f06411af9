import { expect } from 'vitest'
import { runJobs } from '../../setup/jobs.ts'
import { type Play, pathOf } from './cast.ts'
import { at, type Player, rowOf } from './stage.ts'
import { type Learner, learners } from './story.ts'

/** The row of a learner in the table of a page: family names are all different. */
export const rowOfLearner = (player: Player, one: Learner) =>
  player.page.locator('main tbody tr').filter({
    has: player.page.locator('th').filter({ hasText: new RegExp(`^\\s*${one.name[0]}`) }),
  })

async function toSession(player: Player, play: Play, when: string): Promise<void> {
  await player.go('/enterprise')
  await player.follow('班级')
  await player.follow('餐饮服务适岗一班')
  expect(pathOf(player)).toBe(play.classAt)
  await player.follow('课表', 'main')
  await player.follow(new RegExp(when))
}

const codeOn = async (teacher: Player): Promise<string> =>
  ((await teacher.page.locator('.room-code-letters').textContent()) ?? '').replace(/签到码：|\s/g, '')

/** The teacher opens the lesson and puts the code on the wall. Before its time the button says when. */
async function opened(play: Play, when: string, begins: string): Promise<string> {
  const { teacher } = play.cast
  play.stage.site.setTime(new Date(at(begins).getTime() - 8 * 60_000))
  await toSession(teacher, play, when)
  const sessionAt = pathOf(teacher)
  await teacher.press('开始上课')
  expect(await teacher.text()).toContain('正在上课')
  await teacher.follow('打开签到码')
  expect(await codeOn(teacher)).toMatch(/^[0-9A-Z]{8}$/)
  return sessionAt
}

/** Ticks who is here; `until` for those who leave early. */
async function confirmed(teacher: Player, who: Learner[], until?: string): Promise<void> {
  for (const one of who) await rowOfLearner(teacher, one).getByRole('checkbox').check()
  if (until) {
    await teacher.page.getByText('只在场一段时间的（迟到、早退）').click()
    await teacher.fill({ 离开时间: until })
  }
  await teacher.press('教师确认：勾选的人在场')
}

async function ended(play: Play, ends: string): Promise<void> {
  const { teacher } = play.cast
  play.stage.site.setTime(new Date(at(ends).getTime() + 60_000))
  await teacher.follow('刷新名单')
  await teacher.press('结束上课，记入课时')
  expect(await teacher.text()).toContain('课时已按签到记入台账')
}

/** A learner with a phone: signs in by code, says who they are, checks in with what the wall shows. */
export async function learnerCheckedIn(play: Play): Promise<void> {
  const { teacher } = play.cast
  const { site } = play.stage
  await opened(play, '9月22日 09:00', '2021-09-22T09:00')
  const address = (await teacher.page.locator('.room-code .wrap-any').textContent()) ?? ''
  const stale = await codeOn(teacher)
  site.setTime(new Date(site.ctx().now.getTime() + 90_000))
  await teacher.go(pathOf(teacher))
  expect(await codeOn(teacher)).not.toBe(stale)

  const pocket = await play.stage.visitor()
  play.pocket = pocket
  await pocket.go(address)
  await pocket.follow('登录并签到')
  await pocket.fill({ 手机号: learners.phone.phone })
  await pocket.press('获取验证码')
  await runJobs(site)
  const text = play.operator.texts.find(({ to }) => to === learners.phone.phone)?.text ?? ''
  await pocket.fill({ 短信验证码: /\d{6}/.exec(text)?.[0] ?? '' })
  await pocket.press('登录')
  await pocket.fill({ 姓名: learners.phone.name, 证件号码: learners.phone.document })
  await pocket.press('登记')
  expect(pathOf(pocket)).toMatch(/^\/s\//)
  await pocket.fill({ 签到码: stale })
  await pocket.press('签到')
  expect(await pocket.text()).toContain('已更换')
  await teacher.go(pathOf(teacher))
  await pocket.fill({ 签到码: await codeOn(teacher) })
  await pocket.press('签到')
  expect(await pocket.text()).toContain('签到成功')
  await teacher.go(pathOf(teacher))
  expect(await teacher.text()).toMatch(/已签到 1 \/ 5 人/)
}

/** The teacher's own word for those without a phone; one is put right afterwards, with a reason. */
export async function firstLessonEnded(play: Play): Promise<void> {
  const { teacher, academic } = play.cast
  const { phone, early, away, weak, hand } = learners
  await teacher.follow('返回名单')
  const sessionAt = pathOf(teacher)
  await confirmed(teacher, [phone, early, away, weak])
  await ended(play, '2021-09-22T12:00')
  expect(await rowOfLearner(teacher, phone).innerText()).toMatch(/180 分钟，甲级/)
  expect(await rowOfLearner(teacher, early).innerText()).toMatch(/180 分钟，丙级/)
  expect(await rowOfLearner(teacher, hand).innerText()).toMatch(/不计/)

  await toSession(academic, play, '9月22日 09:00')
  expect(pathOf(academic)).toBe(sessionAt)
  await rowOfLearner(academic, hand).getByRole('link').click()
  await academic.page.waitForURL(/learners/)
  await academic.press('人工补录')
  expect(await academic.text()).toContain('请填写理由')
  await academic.fill({ 理由: '没有手机，点名册和当堂作业可以证明全程在场' })
  await academic.press('人工补录')
  expect(await rowOfLearner(academic, hand).innerText()).toMatch(/180 分钟，丁级/)
}

export async function otherLessonsHeld(play: Play): Promise<void> {
  const { teacher } = play.cast
  const { pocket } = play
  const { phone, hand, early, away, weak } = learners
  for (const [when, begins, ends] of [
    ['9月22日 14:00', '2021-09-22T14:00', '2021-09-22T17:00'],
    ['9月23日 09:00', '2021-09-23T09:00', '2021-09-23T12:00'],
  ] as const) {
    const sessionAt = await opened(play, when, begins)
    await pocket.go(`/s/${sessionAt.split('/').at(-1)}?c=${await codeOn(teacher)}`) // what the QR code says
    await pocket.press('签到')
    expect(await pocket.text()).toContain('签到成功')
    await teacher.follow('返回名单')
    const last = begins.startsWith('2021-09-23')
    await confirmed(teacher, last ? [phone, hand, weak] : [phone, hand, early, away, weak])
    if (last) await confirmed(teacher, [early], '11:00')
    await ended(play, ends)
  }
}

/** The sheet adds up: minutes, class hours, grades. */
export async function hoursStand(play: Play): Promise<void> {
  const { academic } = play.cast
  await academic.go(play.classAt)
  await academic.follow('课时', 'main')
  const numbers = async (one: Learner) => {
    const cells = await rowOfLearner(academic, one).locator('td').allInnerTexts()
    return cells.slice(1, 8).map((cell) => cell.trim())
  }
  // minutes, class hours, attendance, and the minutes of grades A to D
  expect(await numbers(learners.phone)).toEqual(['540', '12', '100%', '540', '0', '0', '0'])
  expect(await numbers(learners.hand)).toEqual(['540', '12', '100%', '0', '0', '360', '180'])
  expect(await numbers(learners.early)).toEqual(['480', '10', '88%', '0', '0', '480', '0'])
  expect(await numbers(learners.away)).toEqual(['360', '8', '66%', '0', '0', '360', '0'])
  expect(await numbers(learners.weak)).toEqual(['540', '12', '100%', '0', '0', '540', '0'])
  const foot = await academic.page.locator('tfoot th, tfoot td').allInnerTexts()
  expect(foot.map((cell) => cell.trim())).toEqual(['合计', '', '2460', '54', '', '540', '0', '1740', '180', '2460', ''])
  await academic.follow(new RegExp(`^${learners.early.name[0]}`), 'tbody')
  expect((await rowOf(academic, '9月23日'))[4]).toBe('120')

  const { pocket } = play
  await pocket.go('/my')
  await pocket.follow('餐饮服务适岗一班')
  expect(await pocket.text()).toMatch(/12 \/ 12 课时/)
  expect(await pocket.text()).toContain('您扫码签到，教师也确认您在场。')
}
