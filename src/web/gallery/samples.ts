import type { SampleRow } from './work.tsx'

const bodies = [
  '海珠职业培训学校',
  '琶洲人工智能学院',
  '广州市海珠区某某某某职业技能培训与人力资源服务综合发展有限公司',
  '江南西家政服务中心',
]
const names = [
  '中式烹调师（四级）第 3 期',
  '家政服务员（母婴护理）第 12 期',
  '人工智能训练师（三级）',
  '企业新型学徒制 2021 年度班',
]

/** Invented rows, always the same, for looking at tables and measuring pages. */
export function sampleRows(count: number): SampleRow[] {
  return Array.from({ length: count }, (_, i) => ({
    number: `SB2021-${String(1204 - i).padStart(6, '0')}`,
    name: names[i % names.length] ?? '',
    body: bodies[i % bodies.length] ?? '',
    count: 20 + ((i * 7) % 31),
    fen: 2_000_000 + i * 123_450,
    on: `2021-06-${String(30 - (i % 30)).padStart(2, '0')}`,
    state: i,
  }))
}
