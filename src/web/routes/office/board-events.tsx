import { labelOf } from '#modules/reports/board.queries.ts'
import { dimensions, EventFilter } from '#modules/reports/board.schema.ts'
import { bases, basisList, reversalText } from '#modules/reports/count.schema.ts'
import { type EventRow, indicatorEvents } from '#modules/reports/event.queries.ts'
import { indicatorOf } from '#policy/clauses.ts'
import { fail, signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/board-events.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`${loaderData?.name ?? ''}的逐条记录`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'board.read-internal')
  const filter = EventFilter.parse(Object.fromEntries(new URL(request.url).searchParams))
  const page = await indicatorEvents(ctx, params.indicator, filter).catch(fail(request))
  const { cursor, ...values } = filter
  const { dimension, key } = filter
  return {
    ...page,
    indicator: params.indicator,
    name: indicatorOf(ctx.plan, params.indicator)?.title ?? '',
    values: Object.fromEntries(
      ['basis', 'month', 'dimension', 'key', 'classId', 'since', 'asOf'].map((name) => [
        name,
        values[name as keyof typeof values] ?? '',
      ]),
    ) as Record<string, string>,
    part: dimension ? `${dimensions[dimension]}：${labelOf(ctx, dimension, key ?? '')}` : null,
    first: cursor ? paths.boardEvents(params.indicator, values) : null,
    after: page.next && paths.boardEvents(params.indicator, { ...values, cursor: page.next }),
    groups: Object.fromEntries(ctx.plan.groups.map((group) => [group.id, group.label])),
  }
}

export default function BoardEvents({ loaderData }: Route.ComponentProps) {
  const { rows, indicator, name, values, part, first, after, groups } = loaderData
  const sum = rows.reduce((all, row) => all + row.n, 0)
  return (
    <>
      <PageHeader
        title="逐条记录"
        caption={name}
        crumbs={[
          { label: '进度看板', href: paths.board() },
          { label: name, href: paths.boardIndicator(indicator) },
        ]}
        lead={part ?? '新的在前。冲减是一条负的记录，写明原因，原来的记录不删不改。'}
      />
      <div className="stack">
        <FilterBar label="筛选记录" action={paths.boardEvents(indicator)} values={values}>
          <SelectField
            name="basis"
            label="计数口径"
            placeholder="全部"
            options={basisList.map((value) => ({ value, label: bases[value].label }))}
          />
          <TextField name="month" label="月份" hint="如 2021-06" width="short" />
          {(['dimension', 'key', 'classId', 'since', 'asOf'] as const).map(
            (hidden) => values[hidden] && <input key={hidden} type="hidden" name={hidden} value={values[hidden]} />,
          )}
        </FilterBar>
        <DataTable
          caption="记录"
          captionNote={`本页合计 ${sum} 人次`}
          rows={rows}
          rowKey={(row) => String(row.id)}
          columns={[
            { key: 'id', header: '记录', keep: true, cell: (row) => <a href={paths.eventTrail(row.id)}>{row.id}</a> },
            { key: 'on', header: '计入日期', keep: true, cell: (row) => dayText(row.countedOn) },
            { key: 'n', header: '人次', end: true, cell: (row) => (row.n > 0 ? '+1' : '−1') },
            { key: 'basis', header: '口径', cell: (row) => bases[row.basis].label },
            { key: 'person', header: '学员', cell: (row) => who(row, groups) },
            { key: 'class', header: '班级', cell: (row) => `${row.classNumber}　${row.classTitle}` },
            { key: 'organisation', header: '机构', cell: (row) => row.organisation },
            {
              key: 'money',
              header: '补贴',
              end: true,
              cell: (row) => (row.amountFen === 0 ? '' : <Money fen={row.amountFen} />),
            },
            { key: 'state', header: '状态', cell: (row) => <State row={row} /> },
            { key: 'at', header: '记入时间', cell: (row) => instantText(row.recordedAt) },
          ]}
          empty={<EmptyState title="没有符合条件的记录">可以清除条件再看。</EmptyState>}
        />
        {(first || after) && <Pagination previous={first} next={after} shown={rows.length} />}
      </div>
    </>
  )
}

function who(row: EventRow, groups: Record<string, string>) {
  if (row.person === null) return <span className="soft">不在您的职责内</span>
  return row.groups.length > 0 ? `${row.person}（${row.groups.map((id) => groups[id] ?? id).join('、')}）` : row.person
}

function State({ row }: { row: EventRow }) {
  if (row.negates !== null) {
    return (
      <>
        <StatusTag tone="warn">冲减</StatusTag> {reversalText(row.reason)}，原记录{' '}
        <a href={paths.eventTrail(row.negates)}>{row.negates}</a>
      </>
    )
  }
  return row.reversedBy === null ? (
    <StatusTag tone="good">有效</StatusTag>
  ) : (
    <>
      <StatusTag tone="neutral">已冲减</StatusTag> 见 <a href={paths.eventTrail(row.reversedBy)}>{row.reversedBy}</a>
    </>
  )
}
