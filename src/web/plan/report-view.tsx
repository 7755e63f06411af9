import { countedThings, countedUnits } from '#modules/reports/competition.schema.ts'
import { bases, basisList } from '#modules/reports/count.schema.ts'
import type { Check, ReportCells, ReportPart, ReportRow } from '#modules/reports/report.schema.ts'
import { works } from '#modules/reports/work.schema.ts'
import { paths } from '../paths.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { dayText } from '../ui/format.ts'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { More, Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { count, valueText, workText } from './words.ts'

const none = <EmptyState title="没有这一类内容" />

const title: Column<ReportRow> = {
  key: 'title',
  header: '指标',
  cell: (row) => (
    <>
      {row.title}
      <span className="soft">　{row.indicator}</span>
    </>
  ),
}
const percent: Column<ReportRow> = {
  key: 'percent',
  header: '完成率',
  end: true,
  cell: (row) => (row.percent === null ? '暂无数据' : `${row.percent}%`),
}
const target: Column<ReportRow> = {
  key: 'target',
  header: '目标',
  end: true,
  cell: (row) => valueText(row.target, row.unit),
}

/** The tables of a report: this period, all periods, of-which rows, numbers given, money by fund. */
export function ReportTables({ cells, undecided }: { cells: ReportCells; undecided: string }) {
  const counted = cells.rows.filter((row) => row.counts !== null)
  const given = cells.rows.filter((row) => row.counts === null)
  return (
    <div className="stack">
      <DataTable
        wide
        caption="培训人次和人数"
        captionNote={`自${dayText(cells.seriesFrom)}累计；每格为“本期 / 累计”`}
        rows={counted}
        rowKey={(row) => row.indicator}
        columns={[
          title,
          target,
          ...basisList.map(
            (basis): Column<ReportRow> => ({
              key: basis,
              header: bases[basis].label,
              end: true,
              cell: ({ counts }) => {
                const cell = counts?.[basis]
                return cell ? `${count(cell.within)} / ${count(cell.total)}` : ''
              },
            }),
          ),
          percent,
          {
            key: 'questions',
            header: '口径',
            cell: (row) =>
              row.basis
                ? `完成率${bases[row.basis].label}${row.questions.length > 0 ? `；${row.questions.join('、')}${undecided}` : ''}`
                : '',
          },
        ]}
        empty={none}
      />
      <Parts rows={counted} />
      <DataTable
        caption="采用外部数据的指标"
        captionNote="只列有出处和日期的数据"
        rows={given}
        rowKey={(row) => row.indicator}
        columns={[
          title,
          target,
          {
            key: 'value',
            header: '现值',
            end: true,
            cell: (row) => valueText(row.holders ?? row.statistic?.value ?? null, row.unit),
          },
          percent,
          {
            key: 'source',
            header: '日期和出处',
            cell: ({ statistic: s, holders }) =>
              holders !== undefined
                ? '平台认定登记'
                : s
                  ? `${dayText(s.asOf)}　${s.sourceBody}：${s.source}`
                  : '还没有取得数据',
          },
        ]}
        empty={none}
      />
      {cells.competitions && (
        <DataTable
          tight
          caption="技能竞赛"
          captionNote="计划没有写明数量目标，只列实际数；取消的已冲减"
          rows={cells.competitions}
          rowKey={(row) => row.what}
          columns={[
            { key: 'what', header: '事项', cell: (row) => countedThings[row.what] },
            {
              key: 'within',
              header: '本期',
              end: true,
              cell: (row) => `${count(row.within)} ${countedUnits[row.what]}`,
            },
            { key: 'total', header: '累计', end: true, cell: (row) => `${count(row.total)} ${countedUnits[row.what]}` },
          ]}
          empty={none}
        />
      )}
      {cells.works && (
        <DataTable
          tight
          caption="标准、认定、导师和开放培训"
          captionNote="计划没有写明数量目标，只列实际数；撤销和冲减的已减去"
          rows={cells.works}
          rowKey={(row) => row.what}
          columns={[
            {
              key: 'what',
              header: '事项',
              cell: (row) => (
                <a href={paths.reportWork(row.what, { from: cells.from, to: cells.to })}>{works[row.what].label}</a>
              ),
            },
            {
              key: 'clause',
              header: '条款',
              cell: (row) => <a href={paths.clause(works[row.what].clause)}>{works[row.what].clause}</a>,
            },
            { key: 'within', header: '本期', end: true, cell: (row) => workText(row.what, row.within) },
            { key: 'total', header: '累计', end: true, cell: (row) => workText(row.what, row.total) },
          ]}
          empty={none}
        />
      )}
      <DataTable
        caption="补贴资金"
        captionNote="按银行实际支付；追回的另列，不冲减已付数"
        rows={cells.funds}
        rowKey={(row) => row.fundSource}
        columns={[
          { key: 'label', header: '资金来源', cell: (row) => row.label },
          { key: 'within', header: '本期支付', end: true, cell: (row) => <Money fen={row.paidWithinFen} /> },
          { key: 'total', header: '累计支付', end: true, cell: (row) => <Money fen={row.paidTotalFen} /> },
          { key: 'returned', header: '累计收回', end: true, cell: (row) => <Money fen={row.returnedTotalFen} /> },
        ]}
        empty={none}
      />
    </div>
  )
}

type PartRow = ReportPart & { title: string; whole: number }

function Parts({ rows }: { rows: readonly ReportRow[] }) {
  const parts = rows.flatMap((row) =>
    row.ofWhich
      .filter((part) => part.total !== 0 || part.within !== 0)
      .map(
        (part): PartRow => ({ ...part, title: row.title, whole: row.basis ? (row.counts?.[row.basis].total ?? 0) : 0 }),
      ),
  )
  if (parts.length === 0) return null
  return (
    <DataTable
      tight
      caption="其中"
      captionNote="同一次培训可以列入几行，各行不能相加"
      rows={parts}
      rowKey={(row) => `${row.title} ${row.dimension} ${row.key}`}
      columns={[
        { key: 'label', header: '其中', cell: (row) => `${row.title}：${row.label}` },
        { key: 'within', header: '本期', end: true, cell: (row) => count(row.within) },
        { key: 'total', header: '累计', end: true, cell: (row) => count(row.total) },
        { key: 'whole', header: '全部累计', end: true, cell: (row) => count(row.whole) },
      ]}
      empty={none}
    />
  )
}

const codes: Record<Check['code'], string> = {
  'adds-up': '期前 + 本期 = 累计',
  'part-within-whole': '其中不大于合计',
  'previous-report': '与上期归档衔接',
}

/** Every sum that must come out; what fails stands first and open. */
export function Checks({ checks }: { checks: readonly Check[] }) {
  const failed = checks.filter((check) => !check.ok)
  const rows = [...failed, ...checks.filter((check) => check.ok)].map((check, at) => ({ ...check, at }))
  return (
    <Section title="数据校验">
      <div className="stack">
        {failed.length === 0 ? (
          <Notice tone="good" title={`${checks.length} 项校验全部通过`} />
        ) : (
          <Notice tone="bad" title={`${failed.length} 项校验没有通过，不能归档`} />
        )}
        <More label="看每一项" open={failed.length > 0}>
          <DataTable
            caption="校验"
            rows={rows}
            rowKey={(row) => String(row.at)}
            columns={[
              { key: 'indicator', header: '指标', cell: (row) => row.indicator },
              { key: 'code', header: '校验', cell: (row) => codes[row.code] },
              { key: 'text', header: '算式', cell: (row) => row.text },
              {
                key: 'ok',
                header: '结果',
                keep: true,
                cell: (row) => <StatusTag tone={row.ok ? 'good' : 'bad'}>{row.ok ? '通过' : '不通过'}</StatusTag>,
              },
            ]}
            empty={none}
          />
        </More>
      </div>
    </Section>
  )
}
