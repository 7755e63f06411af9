import { claimStates } from '#modules/subsidy/claim.schema.ts'
import { queueCounts, reviewQueue } from '#modules/subsidy/review.queries.ts'
import { type Stage, stages } from '#modules/subsidy/review.schema.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { ClockTag } from '../../subsidy/clock-tag.tsx'
import { claimTones } from '../../subsidy/desk.ts'
import { RunTag } from '../../subsidy/parts.tsx'
import { programmeName } from '../../subsidy/words.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { Route } from './+types/reviews.ts'

export const meta = () => title('补贴审核')

const own = { first: 'claim.first-review', second: 'claim.second-review', approve: 'claim.approve' } as const

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const asked = new URL(request.url).searchParams
  const given = asked.get('stage') ?? ''
  const mine = (Object.keys(own) as Stage[]).find((one) => ctx.actor.can(own[one]))
  const stage = (given in stages ? given : (mine ?? 'first')) as Stage
  const desk = (['mine', 'free'] as const).find((one) => one === asked.get('desk'))
  const filter = { desk, programme: asked.get('programme') || undefined, text: asked.get('text') || undefined }
  const cursor = asked.get('cursor') ?? undefined
  const page = await reviewQueue(ctx, { stage, ...filter, cursor })
  return {
    stage,
    counts: await queueCounts(ctx),
    rows: page.rows.map((row) => ({ ...row, name: programmeName(ctx.plan, row.programme) })),
    values: { desk: desk ?? '', programme: filter.programme ?? '', text: filter.text ?? '' },
    programmes: ctx.plan.programmes.map((one) => ({ value: one.code, label: one.name })),
    first: cursor ? paths.reviews({ stage, ...filter }) : null,
    next: page.next && paths.reviews({ stage, ...filter, cursor: page.next }),
  }
}

export default function Reviews({ loaderData }: Route.ComponentProps) {
  const { stage, counts, rows, values, programmes, first, next } = loaderData
  const { waiting, overdue, mine } = counts[stage]
  return (
    <>
      <PageHeader
        title="补贴审核"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
        lead={`${stages[stage]}：${waiting} 件待办，其中 ${overdue} 件已超期，${mine} 件在我手上。先到期的在前。`}
      />
      <div className="stack">
        <Tabs
          label="审核环节"
          current={paths.reviews({ stage })}
          tabs={(Object.keys(stages) as Stage[]).map((one) => ({
            href: paths.reviews({ stage: one }),
            label: stages[one],
            count: counts[one].waiting,
          }))}
        />
        <FilterBar label="筛选待办" action={paths.reviews()} values={values}>
          <input type="hidden" name="stage" value={stage} />
          <SelectField
            name="desk"
            label="在谁手上"
            optional
            placeholder="全部"
            options={[
              { value: 'mine', label: '我领取的' },
              { value: 'free', label: '没有人领取的' },
            ]}
          />
          <SelectField name="programme" label="补贴项目" optional placeholder="全部" options={programmes} />
          <TextField name="text" label="单位或编号" optional type="search" />
        </FilterBar>
        <DataTable
          caption={`${stages[stage]}待办`}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'number',
              header: '编号',
              keep: true,
              cell: (row) => <a href={paths.claimReview(row.id)}>{row.number}</a>,
            },
            {
              key: 'organisation',
              header: '申领单位',
              cell: (row) => (
                <>
                  {row.organisation}
                  <br />
                  <span className="small soft">
                    {row.name}，第 {row.round} 次提交，{instantText(row.submittedAt)}
                  </span>
                </>
              ),
            },
            { key: 'persons', header: '人数', end: true, cell: (row) => row.persons },
            { key: 'amount', header: '金额', end: true, keep: true, cell: (row) => <Money fen={row.amountFen} /> },
            {
              key: 'controls',
              header: '核查',
              keep: true,
              cell: (row) =>
                row.blocking === null ? (
                  <StatusTag>未核查</StatusTag>
                ) : (
                  <RunTag blocking={row.blocking} warnings={row.warnings ?? 0} />
                ),
            },
            { key: 'clock', header: '时限', keep: true, cell: (row) => <ClockTag clock={row.clock} /> },
            {
              key: 'desk',
              header: '状态',
              keep: true,
              cell: (row) => (
                <>
                  <StatusTag tone={claimTones[row.state]}>{claimStates[row.state]}</StatusTag>
                  {row.takenByName && (
                    <>
                      <br />
                      <span className="small soft">{row.takenByName} 办理中</span>
                    </>
                  )}
                </>
              ),
            },
          ]}
          empty={
            <EmptyState icon="check" title="没有符合条件的待办">
              单位提交申领后进入初审；初审同意后进入复核；公示期满且没有未办结的异议后进入审批。
            </EmptyState>
          }
        />
        {(first || next) && <Pagination previous={first} next={next} shown={rows.length} />}
      </div>
    </>
  )
}
