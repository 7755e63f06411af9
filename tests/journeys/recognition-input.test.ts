import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startApplication, startOwnApplication } from '#modules/recognition/application.commands.ts'
import { testPlan } from '#platform/testing.ts'
import type { Scheme, SchemeField } from '#policy/plan.types.ts'
import { firm, openCall } from '../fixtures/recognition.ts'
import { someDocument } from '../setup/accounts.ts'
import { launchBrowser } from '../setup/browser.ts'
import { looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { main, press, visitorsOf } from '../setup/visitors.ts'

/** Every box of every title's form with what does not belong there: its own words beside it, and nothing typed is lost. */
let site: TestSite
let browser: Browser
beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})
const { pageOf } = visitorsOf(
  () => site,
  () => browser,
)

type Plain = Omit<Exclude<SchemeField, { kind: 'table' }>, 'when'>
type Box = { name: string; field: Plain; inTable: boolean }
type Mischief = 'nothing' | 'wrong kind' | 'too much' | 'another script' | 'markup'

const markup = '"><script>window.hit=1</script><img src=x onerror="window.hit=1">'
const foreign = 'བོད་ཡིག Ж ع １２３'

/** What is put into a box; null leaves it empty. */
function typed(field: Plain, mischief: Mischief): string | null {
  if (mischief === 'nothing') return null
  if (mischief === 'markup') return markup
  const longest = field.max ?? (field.kind === 'long' ? 3000 : 120)
  switch (field.kind) {
    case 'number':
      return { 'wrong kind': '十二', 'too much': '9'.repeat(13), 'another script': '١٢' }[mischief]
    case 'day':
      return { 'wrong kind': '2021-02-30', 'too much': '2021-01-01'.repeat(13), 'another script': '٢٠٢١-٠١-٠٤' }[
        mischief
      ]
    case 'choice':
      return 'nonsense'
    case 'yes':
      return 'perhaps'
    default:
      return { 'wrong kind': '示例', 'too much': '长'.repeat(longest + 1), 'another script': foreign }[mischief]
  }
}

/** Whether that must be refused: words are words in any script and with any signs; everything else has its own shape. */
function wrong(field: Plain, mischief: Mischief): boolean {
  if (mischief === 'nothing') return field.required
  const words = field.kind === 'text' || field.kind === 'long'
  if (words && mischief === 'markup') return [...markup].length > (field.max ?? (field.kind === 'long' ? 3000 : 120))
  return words ? mischief === 'too much' : true
}

/** The boxes that the form asks for when every choice that others depend on is made. */
function boxesOf(scheme: Scheme): { boxes: Box[]; opens: Map<string, string> } {
  const opens = new Map(scheme.fields.flatMap((one) => (one.when ? [[one.when.field, one.when.is[0] ?? '']] : [])))
  const boxes = scheme.fields
    .filter((field) => !opens.has(field.id))
    .flatMap((field): Box[] =>
      field.kind === 'table'
        ? field.columns.map((column) => ({ name: `f.${field.id}.0.${column.id}`, field: column, inTable: true }))
        : [{ name: `f.${field.id}`, field, inTable: false }],
    )
  return { boxes, opens }
}

/** Puts the values into the boxes as a hand-made request would: no limit of the page holds it back. */
async function post(page: Page, values: Record<string, string>): Promise<void> {
  await page.evaluate((given) => {
    for (const [name, value] of Object.entries(given)) {
      const box = document.querySelector<HTMLInputElement>(`[name="${name}"]`)
      if (!box) throw new Error(`no box ${name}`)
      box.removeAttribute('maxlength')
      if (box.tagName === 'SELECT') box.append(new Option(value, value))
      else if (box.type === 'checkbox') box.checked = true
      else if (box.type === 'date') box.type = 'text'
      box.value = value
    }
  }, values)
  await press(page, '提交申请')
}

type Seen = Record<string, { error: string; value: string; tag: string }>
const seen = (page: Page): Promise<Seen> =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLInputElement>('[name^="f."], [name^="person."]')].map((box) => [
        box.name,
        {
          error: document.getElementById(`${box.id}-error`)?.textContent ?? '',
          // a calendar box drops what is no day from its value, but has been given it
          value: box.tagName === 'INPUT' ? (box.getAttribute('value') ?? '') : box.value,
          tag: `${box.tagName} ${box.type}`,
        },
      ]),
    ),
  )

const orgType = (scheme: Scheme) =>
  (scheme.applicants.orgTypes[0] ?? 'enterprise').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

let index = 2000
/** A draft of its own for each title, before somebody who may write it. */
async function draftOf(scheme: Scheme): Promise<{ page: Page; path: string }> {
  const made = await openDraftOf(scheme)
  // the page keeps drafts by script; here the form stands alone, as for somebody without
  await made.page.route(/\/assets\/.*\.js/, (asked) => asked.abort())
  return made
}

async function openDraftOf(scheme: Scheme): Promise<{ page: Page; path: string }> {
  const callId = await openCall((actor) => site.ctx(actor), scheme.code)
  const path = scheme.paths[0]?.id
  if (scheme.applicants.by === 'person') {
    const { page, account } = await pageOf({ name: '何申报' })
    const { applicationId } = await startOwnApplication(site.ctx(account.actor), { callId, path })
    return { page, path: `/my/titles/applications/${applicationId}` }
  }
  index += 1
  const type = orgType(scheme)
  const organisationId = await firm(site.db, index, type)
  const role = type === 'enterprise' ? 'enterprise-hr' : 'provider-admin'
  const { page, account } = await pageOf({ name: '方申报', roles: [{ role, organisationId }] })
  const { applicationId } = await startApplication(site.ctx(account.actor), { callId, organisationId, path })
  const area = type === 'enterprise' ? 'enterprise' : 'provider'
  return { page, path: `/${area}/titles/applications/${applicationId}` }
}

const all = testPlan().schemes.map((scheme) => [scheme.code, scheme] as const)

describe('A01 what is typed wrong', () => {
  test.each(all)('A01 %s: every box says what is wrong with it and keeps what was typed', async (_code, scheme) => {
    const { page, path } = await draftOf(scheme)
    const { boxes, opens } = boxesOf(scheme)
    const asksPerson = scheme.holder === 'person' && scheme.applicants.by === 'organisation'
    for (const mischief of ['nothing', 'wrong kind', 'too much', 'another script', 'markup'] as const) {
      await page.goto(site.address + path)
      const values: Record<string, string> = Object.fromEntries([...opens].map(([id, value]) => [`f.${id}`, value]))
      for (const { name, field } of boxes) {
        const value = typed(field, mischief)
        if (value !== null) values[name] = value
      }
      if (asksPerson) Object.assign(values, badPerson(mischief))
      await post(page, values)
      const after = await seen(page)
      const where = `${scheme.code}, ${mischief}`
      for (const { name, field, inTable } of boxes) {
        const box = after[name]
        // an empty row of a table is no row; the table itself says when one is needed
        const expected = mischief === 'nothing' && inTable ? false : wrong(field, mischief)
        if (expected) expect(box?.error, `${where}: ${name}`).toContain(field.label)
        else expect(box?.error, `${where}: ${name}`).toBe('')
        const value = typed(field, mischief)
        if (value !== null && !box?.tag.startsWith('SELECT') && field.kind !== 'yes')
          expect(box?.value, `${where}: ${name} is kept`).toBe(value)
      }
      if (mischief === 'nothing')
        for (const field of scheme.fields)
          if (field.kind === 'table' && field.required) expect(await main(page)).toContain(`请填写${field.label}`)
      if (asksPerson) expect(after['person.documentNumber']?.error, where).not.toBe('')
      expect(await page.evaluate(() => 'hit' in window), `${where}: markup does not run`).toBe(false)
      await looksRight(page)
    }
    await page.context().close()
  })

  test.each(all.filter(([, scheme]) => scheme.materials.some((one) => one.origin === 'upload' && one.required)))(
    'A01 %s: the papers that are missing are named, and the form stays as it is',
    async (_code, scheme) => {
      const { page, path } = await draftOf(scheme)
      await page.goto(site.address + path)
      const wanted = new Map(
        scheme.eligibility.flatMap(({ test: rule }) =>
          rule.kind === 'one-of' ? [[rule.field, rule.values[0] ?? '']] : [],
        ),
      )
      const right = (field: Plain) =>
        wanted.get(field.id) ??
        {
          text: '示例',
          long: '示例说明',
          number: '3',
          day: '2021-01-04',
          yes: 'yes',
          choice: field.options?.[0]?.value ?? '',
        }[field.kind]
      const values: Record<string, string> = { consent: 'yes' }
      for (const field of scheme.fields) {
        if (field.kind !== 'table') values[`f.${field.id}`] = right(field)
        else for (const column of field.columns) values[`f.${field.id}.0.${column.id}`] = right(column)
      }
      if (scheme.holder === 'person' && scheme.applicants.by === 'organisation')
        Object.assign(values, { 'person.name': '陈示例', 'person.documentNumber': someDocument('19800202') })
      await post(page, values)
      const said = await main(page)
      for (const one of scheme.materials)
        if (one.origin === 'upload' && one.required && !one.when) expect(said, scheme.code).toContain(one.label)
      expect(said).toMatch(/还缺材料|不符合申报条件/)
      await page.context().close()
    },
  )
})

function badPerson(mischief: Mischief): Record<string, string> {
  if (mischief === 'nothing') return {}
  if (mischief === 'markup') return { 'person.name': markup, 'person.documentNumber': markup.slice(0, 50) }
  if (mischief === 'too much') return { 'person.name': '长'.repeat(121), 'person.documentNumber': '4'.repeat(61) }
  if (mischief === 'another script') return { 'person.name': 'ཚེ་རིང', 'person.documentNumber': '٤٤٠١٠٥' }
  return { 'person.name': '陈示例', 'person.documentNumber': '440105198502290017' }
}
