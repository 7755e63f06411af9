import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { runJobs } from '../../setup/jobs.ts'
import type { Play } from './cast.ts'
import { at, type Player, rowOf } from './stage.ts'
import { learners } from './story.ts'

const root = join(import.meta.dirname, '../../..')
const indicator = '补贴类职业技能培训'

/** Person-times of the indicator: enrolled, passed, paid. */
async function counts(player: Player): Promise<string[]> {
  return (await rowOf(player, indicator)).slice(2, 5)
}

/** What everybody reads on the public page. */
export async function publicCounts(play: Play): Promise<string[]> {
  const anybody = await play.stage.visitor()
  await anybody.go('/')
  await anybody.follow('看成效')
  const found = await counts(anybody)
  await anybody.follow(indicator)
  await anybody.page.context().close()
  return found
}

export async function numberMoved(play: Play, before: string[]): Promise<void> {
  expect(before).toEqual(['0', '0', '0'])
  expect(await publicCounts(play)).toEqual(['5', '3', '3'])
  const { auditor } = play.cast
  await auditor.go('/office')
  await auditor.follow('进度看板', 'nav')
  expect(await counts(auditor)).toEqual(['5', '3', '3'])
}

/** From the number to the clause, by links alone; names and numbers stay masked on the way. */
export async function walkedToTheClause(play: Play): Promise<void> {
  const { auditor } = play.cast
  const seen: string[] = []
  const look = async () => {
    const text = await auditor.text()
    seen.push(await auditor.page.content())
    return text
  }
  await auditor.follow(indicator)
  await look()
  await auditor.follow(/餐饮服务适岗一班的逐条记录$/)
  await look()
  await auditor.fill({ 计数口径: '按补贴已发' })
  await auditor.press(/筛选|查询|应用/)
  expect(await auditor.page.locator('main tbody tr').count()).toBe(3)
  expect(await look()).toContain('本页合计 3 人次')
  const record = auditor.page.locator('main tbody tr').filter({ hasText: `${learners.early.name[0]}*` })
  expect(await record.innerText()).toContain('300.00')
  await record.getByRole('link').first().click()
  await auditor.page.waitForURL(/\/office\/trail\/\d+$/)
  const trail = new URL(auditor.page.url()).pathname
  const text = await look()
  expect(text).toMatch(/合计 480 分钟/)
  expect(text).toMatch(/10 课时 ×\s*¥?30\.00/)
  expect(text).toContain('企业适岗培训')

  await auditor.follow('打开班级：班级')
  expect(await look()).toContain('已结业')
  await auditor.go(trail)
  await auditor.follow('打开课时台账：学员')
  expect(await look()).toMatch(/480/)
  await auditor.go(trail)
  await auditor.follow('打开这一行：申领编号')
  expect(await look()).toMatch(/10 课时（480 分钟）/)
  await auditor.go(trail)
  await auditor.follow(/适岗培训.*补贴|R04/, '.chain li:nth-child(5)')
  expect(await look()).toContain('R04')
  await auditor.go(trail)
  await auditor.follow(/措施（八）|第?八/, '.chain li:nth-child(5)')
  expect(await auditor.page.locator('h1').innerText()).not.toBe('')
  expect(new URL(auditor.page.url()).pathname).toBe('/policy/HZ4-M08')
  await look()
  for (const secret of Object.values(learners).flatMap((one) => [one.document, one.phone, one.name]))
    expect(
      seen.some((source) => source.includes(secret)),
      secret,
    ).toBe(false)
}

/** A copy of the trail is checked by a program that needs no database, and finds a changed copy out. */
export async function trailVerified(play: Play): Promise<void> {
  const { auditor } = play.cast
  play.stage.site.setTime(at('2021-10-19T10:00'))
  await runJobs(play.stage.site)
  await auditor.go('/office')
  await auditor.follow('操作留痕', 'nav')
  for (const command of ['提交备案', '提交申领']) expect(await commandsSince(auditor, command)).toBe(1)
  await auditor.go('/office/audit')
  await auditor.fill({ 导出理由: '年度审计抽查，核对整条留痕' })
  const copy = await auditor.file('导出', 'button')
  const folder = mkdtempSync(join(tmpdir(), 'trail-'))
  const file = join(folder, 'trail.jsonl')
  const verify = () => promisify(execFile)(process.execPath, [join(root, 'bin/audit-verify.ts'), file], { cwd: root })
  try {
    writeFileSync(file, copy.bytes)
    const { stdout } = await verify()
    expect(stdout).toMatch(/^OK: \d+ rows, unbroken/)
    const lines = copy.bytes.toString().trimEnd().split('\n')
    expect(Number(/OK: (\d+)/.exec(stdout)?.[1])).toBe(lines.length)
    expect(lines.length).toBeGreaterThan(60)
    const middle = Math.floor(lines.length / 2)
    const row = JSON.parse(lines[middle] ?? '') as { text: string }
    const changed = JSON.stringify({
      ...row,
      text: row.text.replace(/\d(?=\D*$)/, (digit) => String(9 - Number(digit))),
    })
    expect(changed).not.toBe(lines[middle])
    for (const copy of [lines.with(middle, changed), lines.toSpliced(middle, 1)]) {
      writeFileSync(file, copy.join('\n'))
      await expect(verify()).rejects.toThrow(`BROKEN at line ${middle + 1}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function commandsSince(auditor: Player, command: string): Promise<number> {
  await auditor.go('/office/audit')
  await auditor.fill({ 操作: command })
  await auditor.press(/筛选|查询|应用/)
  return auditor.page.locator('main tbody tr').count()
}
