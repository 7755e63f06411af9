import type { Board } from '#modules/competition/board.queries.ts'
import type { Standing } from '#modules/competition/entry.queries.ts'
import { roundStates } from '#modules/competition/mark.schema.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { groupLabel, prizeLabel } from './desk.ts'

/** Marks of a round as they come in: codes while it is marked, names when it is closed. */
export function RoundBoard({ board, type }: { board: Board; type: CompetitionType }) {
  const { round, parts, rows, done } = board
  const closed = round.state === 'closed'
  return (
    <Section
      title={round.title}
      description={
        closed
          ? `已结束，${round.closedBy}核对。`
          : `正在评分：${rows.length} 个代号中 ${done} 个已评完。评分期间只显示代号，结束后公布姓名。`
      }
    >
      <DataTable
        wide={parts.length > 1}
        caption={`${round.title}成绩`}
        captionNote={closed ? '按成绩从高到低' : '按代号'}
        rows={rows}
        rowKey={(row) => row.code}
        columns={[
          { key: 'code', header: '代号', keep: true, cell: (row) => row.code },
          ...(closed
            ? [
                { key: 'name', header: '选手', cell: (row: Board['rows'][number]) => row.name },
                { key: 'unit', header: '单位', cell: (row: Board['rows'][number]) => row.unit },
              ]
            : []),
          { key: 'group', header: '组别', keep: true, cell: (row) => groupLabel(type, row.groupId) },
          ...parts.map((part) => ({
            key: part.id,
            header: parts.length > 1 ? `${part.title}（${part.weight}%）` : part.title,
            end: true,
            cell: (row: Board['rows'][number]) =>
              row.absent ? '缺考' : row.marks[part.id] === undefined ? '待评' : (row.marks[part.id] ?? 0).toFixed(2),
          })),
          ...(closed && parts.length > 1
            ? [
                {
                  key: 'mark',
                  header: '本轮成绩',
                  end: true,
                  cell: (row: Board['rows'][number]) => (row.absent ? '缺考' : (row.mark ?? 0).toFixed(2)),
                },
              ]
            : []),
          {
            key: 'state',
            header: '结果',
            keep: true,
            cell: (row) =>
              row.changed ? (
                <StatusTag tone="warn">成绩有更正</StatusTag>
              ) : !closed ? (
                roundStates[round.state]
              ) : row.advanced ? (
                <StatusTag tone="good">{round.seq === type.rounds.length ? '合格' : '晋级'}</StatusTag>
              ) : (
                <StatusTag>{row.absent ? '缺考' : '未晋级'}</StatusTag>
              ),
          },
        ]}
        empty={null}
      />
    </Section>
  )
}

/** Places and prizes of every group. */
export function Standings({ standings, type }: { standings: readonly Standing[]; type: CompetitionType }) {
  const groups = [...Map.groupBy(standings, (one) => one.groupId)]
  if (groups.length === 0)
    return (
      <EmptyState icon="star" title="还没有名次">
        全部轮次结束后在这里公布。
      </EmptyState>
    )
  return groups.map(([group, own]) => (
    <DataTable
      key={group}
      caption={`${groupLabel(type, group)}名次`}
      rows={own}
      rowKey={(row) => row.entryId}
      columns={[
        {
          key: 'place',
          header: '名次',
          keep: true,
          cell: (row) => (row.place === null ? '不计名次' : `第 ${row.place} 名`),
        },
        { key: 'name', header: '选手', cell: (row) => row.name },
        { key: 'unit', header: '单位', cell: (row) => row.unit },
        { key: 'total', header: '总分', end: true, cell: (row) => row.total.toFixed(2) },
        { key: 'tie', header: '同分先后', cell: (row) => row.tie || '—' },
        {
          key: 'prize',
          header: '奖项',
          keep: true,
          cell: (row) => (row.prize ? <StatusTag tone="good">{prizeLabel(type, row.prize)}</StatusTag> : '—'),
        },
      ]}
      empty={null}
    />
  ))
}
