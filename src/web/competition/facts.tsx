import type { DocumentLine, EventLine, PlaceLine } from '#modules/competition/event.queries.ts'
import type { Terms } from '#modules/competition/event.schema.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import { DataTable } from '../ui/data-table.tsx'
import { dayText } from '../ui/format.ts'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { LongText, More } from '../ui/section.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import { groupLabel, ratioText, tieText } from './desk.ts'

const span = (from: string | null, to: string | null) => (from && to ? `${dayText(from)}至${dayText(to)}` : null)

/** Who holds it, when, where, for whom. */
export function EventFacts({ event, type }: { event: EventLine; type: CompetitionType }) {
  return (
    <SummaryList
      rows={[
        { label: '主办单位', value: event.host },
        { label: '承办、协办和分工', value: event.partners || null },
        { label: '竞赛类型', value: type.name },
        { label: '竞赛目的', value: event.purpose ? <LongText>{event.purpose}</LongText> : null },
        { label: '报名时间', value: span(event.entriesFrom, event.entriesTo) },
        { label: '比赛时间', value: span(event.heldFrom, event.heldTo) },
        { label: '比赛地点', value: event.venue || null },
        { label: '向选手收费', value: event.feeFen === 0 ? '不收费' : <Money fen={event.feeFen} /> },
      ]}
    />
  )
}

/** Groups with their places. */
export function Places({
  event,
  type,
  places,
}: {
  event: EventLine
  type: CompetitionType
  places: readonly PlaceLine[]
}) {
  const rows = event.groups.map(({ id, places: most }) => ({
    id,
    most,
    taken: places.find((one) => one.groupId === id)?.taken ?? 0,
  }))
  return (
    <DataTable
      caption="组别和名额"
      tight
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'group', header: '组别', cell: (row) => groupLabel(type, row.id) },
        { key: 'most', header: '名额', end: true, cell: (row) => row.most },
        { key: 'taken', header: '已报', end: true, cell: (row) => row.taken },
        { key: 'left', header: '还剩', end: true, cell: (row) => Math.max(row.most - row.taken, 0) },
      ]}
      empty={<Notice title="还没有填组别和名额" />}
    />
  )
}

/** What nobody has laid down for the district: it refuses nobody. */
export function TypeUndecided({ type, text }: { type: CompetitionType; text: string }) {
  if (type.undecided.length === 0) return null
  return (
    <Notice tone="warn" title={text}>
      <p>{type.undecided.join('；')}。明确以前，不作为限制报名或者参赛的理由；本次竞赛的数值以批准的技术文件为准。</p>
    </Notice>
  )
}

const rows = (terms: Terms) => [
  { label: '合格分', value: `${terms.passMark} 分` },
  {
    label: '每组晋级下一轮',
    value: terms.advanceMost === null ? '合格的都晋级' : `${terms.advanceMost} 名，末位同分的都晋级`,
  },
  { label: '两名裁判允许相差', value: `${terms.tolerance} 分，超过的由第三名裁判评` },
  { label: '获奖比例', value: `不超过参赛选手的 ${terms.prizeShare}%` },
  { label: '优胜奖', value: terms.meritShare === null ? '不设' : `名次在前 ${terms.meritShare}%、没有获得等次奖的` },
  { label: '申诉期限', value: `成绩汇总后 ${terms.protestDays} 个工作日` },
]

/** The approved technical document: what is marked, and by which numbers. */
export function TechnicalDocument({ document, type }: { document: DocumentLine; type: CompetitionType }) {
  return (
    <div className="stack">
      <SummaryList
        rows={[
          ...rows(document.terms),
          { label: '总分', value: type.rounds.map((one) => `${one.label} ${one.weight}%`).join('，') },
          { label: '奖项', value: ratioText(type) },
          { label: '同分先后', value: tieText(type) },
        ]}
      />
      <DataTable
        caption="评分模块"
        rows={type.modules}
        rowKey={(row) => row.id}
        columns={[
          { key: 'title', header: '模块', cell: (row) => row.title },
          { key: 'weight', header: '权重', end: true, cell: (row) => `${row.weight}%` },
          { key: 'statement', header: '评分要点', cell: (row) => row.statement },
        ]}
        empty={null}
      />
      <More label="技术文件正文">
        <LongText>{document.body}</LongText>
      </More>
    </div>
  )
}
