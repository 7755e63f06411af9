import { importGroup, revokeGroup, verifyGroup } from '#modules/people/group.commands.ts'
import { type DatasetKind, datasetKinds } from '#modules/subsidy/control.schema.ts'
import { importDataset, withdrawDataset } from '#modules/subsidy/dataset.commands.ts'
import { writeCsv } from '#platform/workbook.ts'
import type { UndertakerKey } from './cast.ts'
import { person } from './people.ts'
import { grouped, type Learner, learners, some } from './pools.ts'
import { creditCodeOf } from './story-offices.ts'
import { at, type Story, type World } from './world.ts'

const officers: Record<string, string> = { veterans: '许退役', disabled: '叶残联', registeredUnemployed: '苏就业' }
const proofs: Record<string, string> = {
  veterans: '退役军人优待证',
  disabled: '残疾人证',
  registeredUnemployed: '失业登记凭证',
}

/** Departments confirm who belongs to a key group, one by one and by list; one confirmation is taken back. */
export const groupsStory: Story = async function* (w) {
  yield at('2021-02-03', '09:30')
  const members = grouped()
  for (const [nth, one] of members.entries()) {
    const { name, documentKind, documentNumber, group = '' } = one
    await verifyGroup(w.as(officers[group] ?? ''), {
      groupCode: group,
      name,
      documentKind,
      documentNumber,
      evidence: `${proofs[group]}（演示）第${nth + 1}号`,
      from: '2020-06-01',
      to: group === 'registeredUnemployed' ? '2022-05-31' : '',
    })
  }
  yield at('2021-03-01', '10:00')
  const listed = [person(41), person(42), person(43)]
  await importGroup(w.as('许退役'), {
    groupCode: 'veterans',
    source: '演示名单：2021年2月登记的退役军人',
    fileName: '退役军人名单（演示）.csv',
    bytes: csv(
      ['姓名', '证件类型', '证件号码', '认定依据', '起始日期', '截止日期'],
      listed.map((one, nth) => [
        one.name,
        '居民身份证',
        nth === 2
          ? `${one.documentNumber.slice(0, 17)}${one.documentNumber.endsWith('5') ? '6' : '5'}`
          : one.documentNumber,
        `退役证明第${nth + 1}号`,
        '2020-12-01',
        '',
      ]),
    ),
  })
  yield at('2021-05-20', '11:10')
  const { documentKind, documentNumber, name } = person(44)
  const mistaken = await verifyGroup(w.as('叶残联'), {
    groupCode: 'disabled',
    name,
    documentKind,
    documentNumber,
    evidence: '残疾人证（演示）第999号',
    from: '2021-05-01',
  })
  yield at('2021-05-21', '09:00')
  await revokeGroup(w.as('叶残联'), { membershipId: mistaken.membershipId, reason: '录入时选错人员，现更正' })
}

export const csv = (header: string[], rows: string[][]): Uint8Array => Buffer.from(writeCsv(header, rows))

type Data = { kind: DatasetKind; body: string; from: string; to: string; header: string[]; rows: string[][] }

async function bring(w: World, data: Data): Promise<string> {
  const { datasetId } = await importDataset(w.as('李受理'), {
    kind: data.kind,
    providerBody: data.body,
    reference: `演示函〔${data.to.slice(0, 4)}〕${datasetKinds[data.kind]}`,
    asOf: data.to,
    coversFrom: data.from,
    coversTo: data.to,
    fileName: `${data.kind}-${data.to}.csv`,
    bytes: csv(data.header, data.rows),
  })
  return datasetId
}

const employers = ['ai', 'commerce', 'restaurant'] as const satisfies readonly UndertakerKey[]

/** Everybody an enterprise insures; the last of the e-commerce company's row left in summer. */
function insured(from: string): string[][] {
  const rows = employers.flatMap((key) => some(key, 20).map((one) => ({ key, one })))
  const everybody: { key: UndertakerKey; one: Learner }[] = [...rows, { key: 'ai', one: learners.employee }]
  const seen = new Set<string>()
  return everybody.flatMap(({ key, one }) => {
    if (seen.has(one.documentNumber)) return []
    seen.add(one.documentNumber)
    const left = key === 'commerce' && one.documentNumber === leaver().documentNumber ? '2021-08-31' : ''
    return [['居民身份证', one.documentNumber, creditCodeOf(key), from, left]]
  })
}
/** Left the e-commerce company after the class and before the claim: a warning for the reviewer (C22). */
const leaver = (): Learner => some('commerce', 1, 12)[0] as Learner
/** On the pension list since July: found at the review (C03). */
export const pensioner = (): Learner => some('digital', 1, 18)[0] as Learner
/** On the list by mistake: let pass by two people until the list is put right (C25). */
export const mistaken = (): Learner => some('digital', 1, 11)[0] as Learner

const insurance = (from: string, to: string): Data => ({
  kind: 'social-insurance',
  body: '市社保基金管理中心（演示）',
  from,
  to,
  header: ['证件类型', '证件号码', '统一社会信用代码', '参保起始日期', '参保截止日期'],
  rows: insured(from),
})

/** What other offices sent. Pay-roll and school registers are still awaited, so those controls cannot answer. */
export const datasetsStory: Story = async function* (w) {
  for (const [on, from, to] of [
    ['2021-03-25', '2020-12-01', '2021-03-24'],
    ['2021-06-24', '2021-03-25', '2021-06-23'],
    ['2021-08-26', '2021-06-24', '2021-08-25'],
    ['2021-09-11', '2021-08-26', '2021-09-10'],
  ] as const) {
    yield at(on, '08:50')
    await bring(w, insurance(from, to))
    await bring(w, {
      kind: 'deceased',
      body: 'civilAffairsBureau',
      from,
      to,
      header: ['证件类型', '证件号码', '死亡日期'],
      rows: [['居民身份证', person(45).documentNumber, to]],
    })
    await bring(w, {
      kind: 'dishonest-organisations',
      body: 'marketBureau',
      from,
      to,
      header: ['统一社会信用代码', '列入日期', '移出日期'],
      rows: [[creditCodeOf('nobody'), from, '']],
    })
  }
}

/** A list of the wrong year, a file without its columns, and the pension list that finds somebody. */
export const otherDatasetsStory: Story = async function* (w) {
  yield at('2021-09-02', '09:20')
  const wrong = await bring(w, {
    kind: 'full-time-student',
    body: 'educationBureau',
    from: '2020-09-01',
    to: '2021-08-31',
    header: ['证件类型', '证件号码', '入学日期', '离校日期'],
    rows: [['居民身份证', person(46).documentNumber, '2020-09-01', '']],
  })
  await bring(w, {
    kind: 'paid-elsewhere',
    body: '省职业技能提升行动专账系统（演示）',
    from: '2020-12-01',
    to: '2021-08-31',
    header: ['证件', '项目'],
    rows: [['读不出的文件', '缺少必填的列']],
  })
  yield at('2021-09-03', '10:00')
  await withdrawDataset(w.as('李受理'), { datasetId: wrong, reason: '名单是上一学年的，等教育部门重新提供' })
  yield at('2021-09-06', '08:40')
  await bring(w, {
    kind: 'pension',
    body: '市社保基金管理中心（演示）',
    from: '2020-12-01',
    to: '2021-09-05',
    header: ['证件类型', '证件号码', '开始领取日期', '停止领取日期'],
    rows: [
      ['居民身份证', pensioner().documentNumber, '2021-07-01', ''],
      ['居民身份证', mistaken().documentNumber, '2021-07-01', ''],
      ['居民身份证', person(47).documentNumber, '2019-03-01', ''],
    ],
  })
}
