import { data } from 'react-router'
import { applicationStates } from '#modules/recognition/application.schema.ts'
import { nameOf } from '#modules/recognition/call.queries.ts'
import { openExits } from '#modules/recognition/designation.queries.ts'
import { exitKinds } from '#modules/recognition/designation.schema.ts'
import { DeskFilter, deskQueue, type View } from '#modules/recognition/desk.queries.ts'
import type { Fault } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { signedIn } from '../../../ctx.ts'
import { paths } from '../../../paths.ts'
import { applicationTones } from '../../../recognition/desk.ts'
import { title } from '../../../site.ts'
import { DataTable } from '../../../ui/data-table.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../../ui/fields.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { dayText } from '../../../ui/format.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Pagination } from '../../../ui/pagination.tsx'
import { Section } from '../../../ui/section.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import type { Route } from './+types/desk.ts'

export const meta = () => title('认定办件')

const viewWords: Record<View, string> = { open: '待办', returned: '等待补正', public: '名单和公示', done: '已办结' }

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const { actor } = ctx
  if (!actor.can('recognition.read') && !actor.can('recognition.recommend')) {
    throw data({ fault: { kind: 'forbidden', permission: 'recognition.read' } satisfies Fault }, 403)
  }
  const filter = DeskFilter.parse(Object.fromEntries(new URL(request.url).searchParams))
  const { view, scheme, q } = filter
  const { rows, next } = await deskQueue(ctx, filter)
  return {
    view,
    today: dayOf(ctx.now),
    rows: rows.map((row) => ({ ...row, title: nameOf(ctx, row.scheme) })),
    values: { q: q ?? '', scheme: scheme ?? '' },
    next: next ? paths.titleDesk({ view, scheme, q, cursor: next }) : null,
    exits: actor.can('recognition.decide') && view === 'open' ? await openExits(ctx.db) : [],
    names: Object.fromEntries(ctx.plan.schemes.map(({ code, name }) => [code, name])),
  }
}

export default function Desk({ loaderData: { view, rows, today, exits, names, values, next } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="认定办件" />
      <div className="stack">
        <Tabs
          label="办件"
          current={paths.titleDesk({ view })}
          tabs={(Object.keys(viewWords) as View[]).map((one) => ({
            href: paths.titleDesk({ view: one }),
            label: viewWords[one],
          }))}
        />
        {exits.length > 0 && (
          <Section title="等待决定的警告、撤销和退出">
            <DataTable
              caption="等待决定"
              rows={exits}
              rowKey={(row) => row.id}
              columns={[
                {
                  key: 'name',
                  header: '持有人',
                  cell: (row) => <a href={paths.officeHolder(row.designationId)}>{row.name}</a>,
                },
                { key: 'title', header: '称号', cell: (row) => names[row.scheme] ?? row.scheme },
                { key: 'kind', header: '提议', keep: true, cell: (row) => exitKinds[row.kind] },
                { key: 'note', header: '情况', cell: (row) => row.note },
              ]}
              empty={null}
            />
          </Section>
        )}
        <FilterBar label="查办件" action={paths.titleDesk({ view })} values={values}>
          <TextField name="q" label="人选、单位或编号" maxLength={60} />
          <SelectField
            name="scheme"
            label="项目"
            options={Object.entries(names).map(([value, label]) => ({ value, label }))}
            placeholder="全部"
          />
        </FilterBar>
        <DataTable
          caption={viewWords[view]}
          captionNote="期限近的在前"
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'number',
              header: '编号',
              keep: true,
              cell: (row) => <a href={paths.officeTitle(row.id)}>{row.number}</a>,
            },
            { key: 'title', header: '项目', cell: (row) => row.title },
            { key: 'name', header: '人选或单位', cell: (row) => row.name },
            { key: 'unit', header: '申报单位', cell: (row) => row.organisation || '本人' },
            {
              key: 'state',
              header: '环节',
              keep: true,
              cell: (row) => <StatusTag tone={applicationTones[row.state]}>{applicationStates[row.state]}</StatusTag>,
            },
            {
              key: 'due',
              header: '期限',
              keep: true,
              cell: (row) =>
                row.dueOn === null ? (
                  '—'
                ) : row.dueOn < today ? (
                  <StatusTag tone="bad">{`已超期（${dayText(row.dueOn)}）`}</StatusTag>
                ) : (
                  dayText(row.dueOn)
                ),
            },
          ]}
          empty={
            <EmptyState icon="list" title="没有这一类办件">
              申请提交后会列在这里。
            </EmptyState>
          }
        />
        {next && <Pagination next={next} shown={rows.length} />}
      </div>
    </>
  )
}
