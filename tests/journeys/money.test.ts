import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { jobs as lists } from '#modules/publicity/list.jobs.ts'
import { ledgerFaults } from '#modules/subsidy/ledger.queries.ts'
import { bankReturn } from '#modules/subsidy/payment.schema.ts'
import { jobs as returns } from '#modules/subsidy/return.jobs.ts'
import type { RoleCode } from '#platform/permissions.ts'
import { testNow } from '#platform/testing.ts'
import { writeCsv } from '#platform/workbook.ts'
import { type Claimant, claimant, submittedClaim, type TestClaim } from '../fixtures/claims.ts'
import { signInAs } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'

/** From the reviewer's desk to the bank and back, through the pages, without script. */
let site: TestSite
let browser: Browser
let org: Claimant
let claim: TestClaim
let objected: TestClaim
let first: Page
let second: Page
let editor: Page
let leader: Page
let clerk: Page
let finance: Page
let firm: Page
let public_: Page

const day = (n: number) => new Date(testNow.getTime() + n * 86_400_000)
const main = (page: Page) => page.locator('main').innerText()
const go = async (page: Page, path: string) => {
  const answer = await page.goto(site.address + path)
  expect(await page.locator('script').count(), path).toBe(0)
  await looksRight(page)
  return answer?.status()
}
const press = async (page: Page, name: string | RegExp) => {
  await page.getByRole('button', { name }).first().click()
  await page.waitForLoadState()
  await looksRight(page)
}
const follow = async (page: Page, name: string | RegExp) => {
  await page.getByRole('link', { name }).first().click()
  await page.waitForLoadState()
  await looksRight(page)
}
const says = async (page: Page, ...texts: string[]) => {
  const shown = await main(page)
  for (const text of texts) expect(shown).toContain(text)
}

async function visitor(viewport = desk, cookie?: string): Promise<Page> {
  const context = await browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN' })
  if (cookie) await context.addCookies([cookieFor(site.address, cookie)])
  return context.newPage()
}
async function official(name: string, role: RoleCode, viewport = desk): Promise<Page> {
  const { cookie } = await signInAs(site.db, site.url, { name, roles: [{ role }] })
  return visitor(viewport, cookie)
}

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  org = await claimant(site.db)
  claim = await submittedClaim(site.db, org, [8, 10, 12])
  objected = await submittedClaim(site.db, org, [6])
  first = await official('陈初审', 'hr-first-reviewer')
  second = await official('林复核', 'hr-second-reviewer')
  editor = await official('黄公示', 'publicity-editor')
  leader = await official('梁局长', 'hr-leader')
  clerk = await official('何经办', 'fund-clerk')
  finance = await official('郭财政', 'finance-officer', phone)
  const { cookie } = await signInAs(site.db, site.url, { roles: [{ role: 'enterprise-hr', organisationId: org.id }] })
  firm = await visitor(phone, cookie)
  public_ = await visitor(phone)
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

describe('HZ4-M16 budget', () => {
  test('HZ4-M16 proposed by one office, in force when the other agrees', async () => {
    await go(clerk, '/office/budget')
    // heard as a short name and then the hint, not as one long name
    const kind = clerk.getByRole('radio', { name: '下达、追加或调减', exact: true })
    const hint = clerk.locator(`[id="${await kind.getAttribute('aria-describedby')}"]`)
    expect(await hint.innerText()).toContain('调减的，金额前加')
    await press(clerk, '提出，等财政确认')
    await says(clerk, '请选择资金来源', '请填写金额')
    await clerk.getByLabel('资金来源').selectOption('specialAccount')
    await clerk.getByLabel('金额').fill('1,000.00')
    await clerk.getByLabel('依据的文号或名称').fill('海财社〔2021〕12号')
    await press(clerk, '提出，等财政确认')
    await says(clerk, '等待财政确认')
    await go(finance, '/office/budget')
    await press(finance, '同意')
    await go(clerk, '/office/ledger')
    await says(clerk, '账实相符', '¥1,000.00', '预算下达或调整')
  })
})

describe('R33 review', () => {
  test('R33 taken, one person taken out with a reason, agreed; nobody decides twice', async () => {
    await go(first, '/office/reviews')
    await says(first, '2 件待办', '还剩')
    await follow(first, claim.number)
    await says(first, '核查', '各人明细', '抽查回访')
    await press(first, '领取办理（初审）')
    await follow(first, '查看或剔除')
    await says(first, '计算过程', '逐次课时')
    await first.getByLabel('原因').selectOption('left-employer')
    await press(first, '拟剔除')
    await says(first, '请写明剔除理由')
    await first.getByLabel('理由').fill('8月10日已离职')
    await press(first, '拟剔除')
    await says(first, '拟剔除 1 人', '-¥240.00'.replace('-', '−'))
    await first.getByLabel('退回补正').check()
    await press(first, '提交初审意见')
    await says(first, '请至少写明一处问题和原因')
    await first.getByLabel('同意').check()
    await press(first, '提交初审意见')
    await says(first, '初审意见已提交', '现在是复核环节')
    await go(second, `/office/claims/${claim.id}`)
    await press(second, '领取办理（复核）')
    await go(first, `/office/reviews?stage=second`)
    await says(first, '林复核 办理中')
    await second.getByLabel('同意').check()
    await press(second, '提交复核意见')
    await says(second, '已复核', '已生效', '¥660.00')
  })

  test('R33 sent back with line and field, and the claimant reads it', async () => {
    const mended = await submittedClaim(site.db, org, [4])
    await go(first, `/office/claims/${mended.id}`)
    await press(first, '领取办理（初审）')
    await first.getByLabel('退回补正').check()
    await first.getByLabel('原因').first().selectOption('hours-mismatch')
    await first.getByLabel('有问题的项目').first().selectOption('hours')
    await first.getByLabel('怎样改').first().fill('第三次课没有签到记录')
    await press(first, '提交初审意见')
    await says(first, '等待单位补正', '第三次课没有签到记录')
    await go(firm, `/enterprise/claims/${mended.id}`)
    await says(firm, '申领课时与签到记录不一致', '第三次课没有签到记录')
  })
})

describe('C24 publicity and objection', () => {
  test('R37 published masked, proved by the person, objected to without a name', async () => {
    for (const [page, stage] of [
      [first, '初审'],
      [second, '复核'],
    ] as const) {
      await go(page, `/office/claims/${objected.id}`)
      await press(page, `领取办理（${stage}）`)
      await page.getByLabel('同意').check()
      await press(page, `提交${stage}意见`)
    }
    await go(editor, '/office/publicity')
    await says(editor, '暂按 5 个工作日', claim.number)
    await press(editor, '公示选中的申领')
    await says(editor, '已公示', '名单总值')
    const root = await editor.locator('.copyable').innerText()
    expect(root).toMatch(/^[0-9a-f]{64}$/)
    await go(public_, '/publicity')
    await follow(public_, '职业培训补贴公示')
    await says(public_, '张*明', '440105********')
    await public_.getByText('名单怎样防篡改').click()
    await looksRight(public_)
    await says(public_, '名单总值', root)
    expect(await main(public_)).not.toContain(claim.lines[1]?.person.number)
    await follow(public_, '核对我的这一行')
    await public_.getByLabel('姓名或单位全称').fill('张小明')
    await public_.getByLabel('证件号码或统一社会信用代码').fill(claim.lines[1]?.person.number ?? '')
    await press(public_, '核对')
    await says(public_, '在名单中，内容没有被改动', '¥300.00')
    const receipt = await public_.locator('.copyable').innerText()
    await go(public_, '/publicity/receipt')
    await public_.getByLabel('凭证').fill(receipt)
    await press(public_, '验凭证')
    await says(public_, '凭证是真的')
    await public_.getByLabel('凭证').fill(receipt.replace('30000', '90000'))
    await press(public_, '验凭证')
    await says(public_, '凭证没有通过')
  })

  test('C24 the objection holds the claim; decided, the receipt tells, the letter can be had', async () => {
    const row = await site.db
      .selectFrom('publicity.rows')
      .select('id')
      .where('claim_id', '=', objected.id)
      .where('kind', '=', 'person')
      .executeTakeFirstOrThrow()
    await go(public_, `/publicity/rows/${row.id}/objection`)
    await press(public_, '提出异议')
    await says(public_, '请选择异议理由')
    await public_.getByLabel('没有参加培训').check()
    await public_.getByLabel('情况').fill('这个人八月份一直在外地，没有来上课。')
    await press(public_, '提出异议')
    const receipt = await public_.locator('.copyable').innerText()
    await go(editor, '/office/objections')
    await follow(editor, /^YY-/)
    await says(editor, '一直在外地')
    await editor.getByLabel('不成立').check()
    await editor.getByLabel('答复').fill('经核查签到记录并回访本人，确已参加培训。')
    await press(editor, '办结异议')
    await says(editor, '异议已办结', '下载答复函')
    const letter = await editor.request.get(
      `${site.address}${await editor.getByRole('link', { name: /答复函/ }).getAttribute('href')}`,
    )
    expect([letter.status(), (await letter.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
    await go(public_, '/publicity/objection')
    await public_.getByLabel('回执码').fill(receipt)
    await press(public_, '查结果')
    await says(public_, '异议不成立', '确已参加培训')
  })
})

describe('HZ4-M16 approval and payment', () => {
  test('C24 after the last public day the leader approves, as far as the budget reaches', async () => {
    site.setTime(day(9))
    await lists['publicity.close']?.(site.ctx(), {})
    await go(public_, '/publicity')
    await follow(public_, '职业培训补贴公示')
    await says(public_, '名单不再显示')
    expect(await main(public_)).not.toContain('张*明')
    await go(leader, '/office/reviews')
    await says(leader, '审批：2 件待办')
    for (const one of [claim, objected]) {
      await go(leader, `/office/claims/${one.id}`)
      await leader.getByLabel('同意').check()
      await press(leader, '提交审批意见')
      await says(leader, '已审批')
    }
  })

  test('HZ4-M16 batch, confirmation by another, file, bank return, paid', async () => {
    await go(clerk, '/office/payments')
    await says(clerk, claim.number, objected.number)
    await press(clerk, '编成付款批次')
    await says(clerk, '等待财政确认', '编制批次的人不能自己确认')
    const batch = new URL(clerk.url()).pathname
    await go(finance, batch)
    await finance.getByLabel('确认付款').check()
    await press(finance, '提交')
    await says(finance, '已确认，待银行付款')
    await go(clerk, batch)
    const [download] = await Promise.all([
      clerk.waitForEvent('download'),
      clerk.getByRole('button', { name: '下载付款文件' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^ZF-2021-\d{4}\.csv$/)

    const orders = await site.db
      .selectFrom('subsidy.payment_orders')
      .select(['number', 'amount_fen', 'claim_id'])
      .execute()
    const cells = orders.map((order) =>
      order.claim_id === claim.id
        ? [order.number, (order.amount_fen / 100).toFixed(2), '成功', `GZB-${order.number}`, '', '']
        : [order.number, (order.amount_fen / 100).toFixed(2), '失败', '', '账号不存在', ''],
    )
    const file = {
      name: '回盘.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(
        writeCsv(
          bankReturn.map((c) => c.header),
          [...cells, ['ZF-X', '1.00', '成功', 'R', '', '']],
        ),
      ),
    }
    await go(clerk, '/office/payments')
    await clerk.getByLabel('回盘文件').setInputFiles(file)
    await press(clerk, '上传并试导入')
    await says(clerk, '可入账 2 行，有问题 1 行', '没有这个订单号')
    await says(clerk, '由财政确认岗位的另一人对照银行回单核对后入账')
    await go(finance, new URL(clerk.url()).pathname)
    await press(finance, '入账 2 笔')
    await says(finance, '正在入账')
    const { id } = await site.db.selectFrom('subsidy.bank_returns').select('id').executeTakeFirstOrThrow()
    await returns['subsidy.applyReturn']?.(site.ctx(), { returnId: id })
    await go(clerk, '/office/payments')
    await clerk.getByLabel('回盘文件').setInputFiles(file)
    await press(clerk, '上传并试导入')
    await says(clerk, '没有重复入账')
    expect(await ledgerFaults(site.db)).toEqual([])
  })

  test('HZ4-M16 the claimant reads what was taken off and why; a bounced payment says what to do', async () => {
    await go(firm, `/enterprise/claims/${claim.id}/slip`)
    await says(firm, '¥900.00', '−¥240.00', '¥660.00', '8月10日已离职', '已付')
    await go(firm, `/enterprise/claims/${objected.id}/slip`)
    await says(firm, '银行退回了付款，请更正收款账户', '账号不存在')
    const other = await claimant(site.db)
    const { cookie } = await signInAs(site.db, site.url, {
      roles: [{ role: 'enterprise-hr', organisationId: other.id }],
    })
    const stranger = await visitor(phone, cookie)
    expect((await stranger.goto(`${site.address}/enterprise/claims/${claim.id}/slip`))?.status()).toBe(404)
  })

  test('HZ4-M16 everybody sees what became of the money, and can take the table', async () => {
    await go(public_, '/funds')
    await says(public_, '职业技能提升行动专账资金', '¥660.00', '企业适岗培训', '2021年9月')
    const table = await public_.request.get(`${site.address}/funds/table.csv`)
    expect(await table.text()).toContain('660.00')
  })
})

describe('HZ4-M16 recovery', () => {
  test('HZ4-M16 finding, hearing, decision by another, demand with letter, money in', async () => {
    await go(clerk, `/office/claims/${claim.id}`)
    await follow(clerk, '办理追回')
    await clerk.getByLabel('原因').selectOption('overpaid')
    await clerk.getByLabel('查明的事实').fill('经审计比对，该学员9月1日已在别处参保。')
    await press(clerk, '立案')
    await says(clerk, '请至少填写一人的追回金额')
    await clerk
      .getByLabel(/追回金额（元）/)
      .first()
      .fill('300')
    await press(clerk, '立案')
    await says(clerk, '已立案')
    const path = new URL(clerk.url()).pathname
    await clerk.getByLabel('当事人陈述').fill('单位认可，愿意退回。')
    await press(clerk, '记录陈述')
    await go(leader, path)
    await leader.getByLabel('决定理由').fill('事实清楚，证据充分，应当追回。')
    await leader.getByLabel('法律依据').fill('海府办〔2020〕4号（十六）')
    await press(leader, '决定追回')
    await go(clerk, path)
    await press(clerk, '发出追缴通知')
    await says(clerk, '追缴中', '尚欠')
    const href = await clerk.getByRole('link', { name: /追缴通知书/ }).getAttribute('href')
    expect((await firm.request.get(`${site.address}${href}`)).status()).toBe(200)
    expect((await public_.request.get(`${site.address}${href}`, { maxRedirects: 0 })).status()).toBe(302)
    await says(clerk, '由财政确认岗位对照银行回单记收款')
    await go(finance, path)
    await finance.getByLabel('收到的金额').fill('300.01')
    await finance.getByLabel('缴款书或银行流水号').fill('JK-2021-001')
    await press(finance, '记收款')
    await says(finance, '金额超过尚未收回的金额')
    await finance.getByLabel('收到的金额').fill('300')
    await press(finance, '记收款')
    await says(finance, '已全部收回')
    await go(clerk, '/office/ledger')
    await says(clerk, '账实相符', '已收回')
    expect(await ledgerFaults(site.db)).toEqual([])
  })
})
