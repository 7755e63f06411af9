import { loadPlanOccupations } from '#modules/occupations/catalogue.commands.ts'
import { addBankAccount, verifyBankAccount } from '#modules/people/bank-account.commands.ts'
import { addLicence } from '#modules/people/licence.commands.ts'
import { registerOrganisation } from '#modules/people/organisation.commands.ts'
import { usccCheck } from '#modules/people/organisation.rules.ts'
import type { DatasetKind } from '#modules/subsidy/control.schema.ts'
import { importDataset, loadDataset } from '#modules/subsidy/dataset.commands.ts'
import { datasetDictionary } from '#modules/subsidy/dataset.schema.ts'
import { user } from '#platform/testing.ts'
import { writeCsv } from '#platform/workbook.ts'
import { budget } from '../../fixtures/desks.ts'
import { setFigure } from '../../fixtures/taught.ts'
import { someDocument, somePhone } from '../../setup/accounts.ts'
import type { TestSite } from '../../setup/site.ts'

/** The enterprise whose own staff are trained. */
export const enterprise = {
  name: '广州海珠味道餐饮有限公司',
  uscc: `91440105MA5900001${usccCheck('91440105MA5900001')}`,
}

export type Learner = { name: string; document: string; phone: string }
const learner = (name: string, born: string): Learner => ({ name, document: someDocument(born), phone: somePhone() })

/**
 * Three mornings and afternoons of 180 minutes: 540 minutes, 12 class hours. What becomes of each:
 * phone – checks in by phone every time: 540 minutes, 12 class hours, 360 yuan;
 * hand – no phone: the teacher's word twice, once marked by hand with a reason: 540 minutes, 12 class hours, 360 yuan;
 * early – leaves the last lesson an hour early: 480 minutes, 10 class hours (30 minutes are no class hour), 300 yuan;
 * away – misses the last lesson: 360 of 540 minutes are 66 %, below 80 %: no pass;
 * weak – there all the time, 54.4 points of 60: no pass.
 */
export const learners = {
  phone: learner('陈小明', '19900103'),
  hand: learner('李秀英', '19720508'),
  early: learner('黄志强', '19880922'),
  away: learner('周美玲', '19951111'),
  weak: learner('吴建国', '19790317'),
}
export const trainer = { name: '梁师傅', document: someDocument('19700707') }
export const account = '6222021234567890123'

export const money = { phone: 36_000, hand: 36_000, early: 30_000 }
export const totalFen = 102_000

export type Setting = { organisationId: string }

/** What stands before the journey begins: the organisation, its permit and its verified account, the figure, the budget. */
export async function setTheStage(site: TestSite): Promise<Setting> {
  const intake = user('设置：受理', [{ role: 'hr-intake' }])
  await loadPlanOccupations(site.ctx(), {})
  const { organisationId } = await registerOrganisation(site.ctx(intake), {
    ...enterprise,
    type: 'enterprise',
    address: '海珠区新港中路1号',
    subdistrict: '440105002',
    industry: '餐饮',
    contactName: '何人事',
    contactPhone: '13900000001',
    registeredOn: '2018-01-02',
  })
  await addLicence(site.ctx(intake), {
    organisationId,
    number: '自有职工培训备案001',
    kind: 'own-staff',
    occupations: [],
    validFrom: '2019-01-01',
    validTo: '2025-12-31',
    issuer: '区人社局',
  })
  const owner = user('设置：单位', [{ role: 'enterprise-hr', organisationId }])
  const { bankAccountId } = await addBankAccount(site.ctx(owner), {
    organisationId,
    holder: enterprise.name,
    bank: '广州银行',
    branch: '海珠支行',
    account,
  })
  await verifyBankAccount(site.ctx(intake), { bankAccountId, basis: '银行回单' })
  await setFigure(site.db, 'R05.months', 6)
  await budget(site.db, 5_000_000)
  return { organisationId }
}

/**
 * What other offices know of the days of class: the staff are insured by the enterprise, and nobody of them stands on a
 * list. Every list names somebody else, so that "not found" was looked for in something.
 */
export async function sendDatasets(site: TestSite): Promise<void> {
  const ctx = site.ctx(user('设置：数据', [{ role: 'hr-intake' }]))
  const stranger = someDocument('19500101')
  const insured = Object.values(learners).map((one) => ['居民身份证', one.document, enterprise.uscc, '2020-01-01', ''])
  const files: Partial<Record<DatasetKind, string[][]>> = {
    'social-insurance': insured,
    deceased: [['居民身份证', stranger, '2021-09-02']],
    pension: [['居民身份证', stranger, '2010-01-01', '']],
    'payroll-staff': [['居民身份证', stranger, '2010-01-01', '']],
    'full-time-student': [['居民身份证', stranger, '2010-01-01', '']],
    'dishonest-organisations': [[`91440105MA5900002${usccCheck('91440105MA5900002')}`, '2021-01-01', '']],
  }
  for (const [kind, rows] of Object.entries(files) as [DatasetKind, string[][]][]) {
    const { datasetId } = await importDataset(ctx, {
      kind,
      providerBody: '数据提供单位',
      reference: `交接单-${kind}`,
      asOf: '2021-09-26',
      coversFrom: '2021-01-01',
      coversTo: '2021-09-26',
      fileName: `${kind}.csv`,
      bytes: new TextEncoder().encode(
        writeCsv(
          datasetDictionary[kind].map((column) => column.header),
          rows,
        ),
      ),
    })
    const { state } = await loadDataset(ctx, { datasetId })
    if (state !== 'imported') throw new Error(`${kind}: ${state}`)
  }
}
