import { applyImport, discardImport, startImport } from '#modules/training/import.commands.ts'
import { person } from './people.ts'
import { type Learner, some } from './pools.ts'
import { csv } from './story-groups.ts'
import { draftClass, peopleOf } from './teach.ts'
import { at, type Story, type World } from './world.ts'

const header = [
  '姓名',
  '证件类型',
  '证件号码',
  '手机号',
  '居住街道',
  '户籍地',
  '用工形式',
  '人员类别',
  '岗位或工种',
  '备注',
]
const rowOf = (one: Learner, change: Partial<Record<string, string>> = {}): string[] => {
  const cells: Record<string, string> = {
    姓名: one.name,
    证件类型: '居民身份证',
    证件号码: one.documentNumber,
    手机号: one.phone,
    居住街道: '凤阳街道',
    户籍地: '广东省广州市海珠区',
    用工形式: '劳动合同',
    岗位或工种: '客服',
    ...change,
  }
  return header.map((column) => cells[column] ?? '')
}

/** A good roster, one with the faults people make, one given up, one that is no table at all. */
export const rostersStory: Story = async function* (w) {
  yield at('2021-09-07', '13:20')
  const { classId } = await draftClass(w, {
    key: 'commerce',
    planId: w.planOf('commerce'),
    title: '跨境电商英语班',
    days: ['2021-10-25', '2021-10-26'],
    capacity: 40,
    people: [],
  })
  const bring = async (fileName: string, bytes: Uint8Array) =>
    (await startImport(w.as(peopleOf('commerce').academic), { classId, fileName, bytes })).importId
  yield at('2021-09-07', '13:40')
  await bring('花名册（扫描件）.xlsx', Buffer.from('这不是表格文件'))
  yield at('2021-09-07', '14:00')
  const old = await bring(
    '花名册旧版.csv',
    csv(
      header,
      some('commerce', 2).map((one) => rowOf(one)),
    ),
  )
  yield at('2021-09-07', '14:10')
  await discardImport(w.as(peopleOf('commerce').academic), { importId: old })
  yield at('2021-09-08', '09:10')
  const good = await bring(
    '跨境电商班花名册.csv',
    csv(
      header,
      some('commerce', 12, 3).map((one) => rowOf(one)),
    ),
  )
  yield at('2021-09-08', '09:25')
  await applyImport(w.as(peopleOf('commerce').academic), { importId: good })
  yield at('2021-09-14', '16:40')
  await bring('跨境电商班补充名单.csv', csv(header, faulty()))
}

/** Wrong check character, digits lost by the spreadsheet, a phone too short, twice the same person, no name. */
function faulty(): string[][] {
  const [a, b, c, d, e, f] = Array.from({ length: 6 }, (_, i) => person(400 + i)) as [
    Learner,
    Learner,
    Learner,
    Learner,
    Learner,
    Learner,
  ]
  const wrong = a.documentNumber.slice(0, 17) + (a.documentNumber.endsWith('1') ? '2' : '1')
  return [
    rowOf(a, { 证件号码: wrong }),
    rowOf(b, { 证件号码: '4.40105E+17' }),
    rowOf(c, { 手机号: c.phone.slice(0, 10) }),
    rowOf(d),
    rowOf(d),
    rowOf(e, { 姓名: '' }),
    rowOf(f, { 用工形式: '朋友介绍' }),
    rowOf(person(406)),
    rowOf(person(407)),
  ]
}

export const faultyRows = (w: World) =>
  w.db.selectFrom('training.imports').select(['state', 'accepted', 'rejected']).execute()
