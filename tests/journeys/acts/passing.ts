import { expect } from 'vitest'
import { runJobs } from '../../setup/jobs.ts'
import type { Play } from './cast.ts'
import { at, rowOf } from './stage.ts'
import { type Learner, learners } from './story.ts'
import { rowOfLearner } from './teaching.ts'

/** Points in theory and practice; together, weighted 40 to 60. */
const marks: [Learner, string, string, string][] = [
  [learners.phone, '88', '92', '90.4'],
  [learners.hand, '70.5', '80', '76.2'],
  [learners.early, '60', '60', '60'],
  [learners.away, '90', '90', '90'],
  [learners.weak, '50', '57.5', '54.5'],
]

/** Arranged by one, entered by the teacher, confirmed by another; the platform judges. */
export async function assessed(play: Play): Promise<void> {
  const { academic, teacher, head } = play.cast
  const { site } = play.stage
  site.setTime(at('2021-09-23T16:30'))
  await academic.go(play.classAt)
  await academic.follow('考核和证书')
  for (const part of ['theory', 'practice']) {
    await academic.fill({
      [`@${part}.heldOn`]: '2021-09-23',
      [`@${part}.place`]: '总店培训室',
      [`@${part}.examinerName`]: '陈考评',
      [`@${part}.examinerUnit`]: '区职业技能鉴定所',
    })
  }
  await academic.press('保存安排')

  await teacher.go(play.classAt)
  await teacher.follow('考核和证书')
  await teacher.follow('成绩表', 'main')
  for (const [one, theory, practice] of marks) {
    const cells = rowOfLearner(teacher, one).locator('input')
    await cells.nth(0).fill(theory)
    await cells.nth(1).fill(practice)
  }
  await teacher.press('保存成绩')
  expect(await teacher.text()).toContain('等待确认')

  site.setTime(at('2021-09-24T09:00'))
  await head.go(play.classAt)
  await head.follow('考核和证书')
  await head.follow('成绩表', 'main')
  await head.press('确认全部成绩')
  await head.press('确认结果')
  for (const [one, , , total] of marks) {
    const cells = await rowOfLearner(head, one).locator('td').allInnerTexts()
    const good = [learners.phone, learners.hand, learners.early].includes(one)
    expect(cells[1]?.trim(), one.name).toBe(total)
    expect(cells[2]?.trim(), one.name).toBe(good ? '合格' : '不合格')
  }
  expect(await rowOfLearner(head, learners.away).innerText()).toMatch(/出勤没有达到要求/)
  expect(await rowOfLearner(head, learners.weak).innerText()).toMatch(/总分没有达到要求/)
  expect(await head.text()).toMatch(/合格率\s*60\s*%/)
  await runJobs(site)
}

/** Certificates for those who passed; the learner's own file; anybody may verify it. */
export async function certified(play: Play): Promise<void> {
  const { academic } = play.cast
  const { pocket } = play
  const { site } = play.stage
  await academic.go(play.classAt)
  await academic.follow('考核和证书')
  await academic.follow('证书', 'main')
  await academic.press('为 3 人制作证书')
  await runJobs(site)
  await academic.follow('刷新')
  expect(await academic.text()).toContain('共 3 张')
  const all = await academic.file('下载全部 3 张（PDF）')
  expect(all.bytes.subarray(0, 5).toString()).toBe('%PDF-')

  await pocket.go('/my')
  await pocket.follow('学习记录和证书')
  const cells = await rowOf(pocket, '440105-2021-')
  const number = /440105-2021-[\w-]+/.exec(cells.join(' '))?.[0] ?? ''
  expect(number).not.toBe('')
  play.certificate = number
  const own = await pocket.file(`下载 ${number}`)
  expect(own.bytes.subarray(0, 5).toString()).toBe('%PDF-')
  await pocket.follow(`查验页 ${number}`)

  const anybody = await play.stage.visitor()
  await anybody.go('/')
  await anybody.follow('查证书')
  await anybody.fill({ 证书编号: number, 持证人姓名: learners.phone.name })
  await anybody.press('按编号查验')
  const shown = await anybody.text()
  expect(shown).toContain('证书有效')
  expect(shown).toContain('12 课时')
  expect(shown).not.toContain(learners.phone.name)
  expect(shown).not.toContain(learners.phone.document)
  await anybody.fill({ 证书编号: number, 持证人姓名: learners.hand.name })
  await anybody.press('按编号查验')
  expect(await anybody.text()).toContain('查不到这张证书')
  await anybody.page.context().close()
}

export async function classClosed(play: Play): Promise<void> {
  const { academic } = play.cast
  play.stage.site.setTime(at('2021-09-24T15:00'))
  await academic.go(play.classAt)
  await academic.press('结业')
  expect(await academic.text()).toContain('已结业')
  await runJobs(play.stage.site)
}
