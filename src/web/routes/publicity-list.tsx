import { publicList } from '#modules/publicity/list.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { current, fail } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { isId } from '../params.ts'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { TextField } from '../ui/fields.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { dayText } from '../ui/format.ts'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pagination } from '../ui/pagination.tsx'
import { Copyable, More } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import type { Route } from './+types/publicity-list.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.list.title ?? '补贴公示')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const asked = new URL(request.url).searchParams
  const unit = asked.get('unit') ?? ''
  const cursor = asked.get('cursor') ?? undefined
  const list = await publicList(ctx.db, isId(params.id), dayOf(ctx.now), { unit, cursor }).catch(fail(request))
  return { list, unit, first: Boolean(cursor), undecided: ctx.plan.undecidedText }
}

export default function PublicityList({ loaderData }: Route.ComponentProps) {
  const { list, unit, first, undecided } = loaderData
  return (
    <PageBody>
      <PageHeader
        title={list.title}
        caption={list.number}
        tag={<StatusTag tone={list.public ? 'wait' : 'neutral'}>{list.public ? '公示中' : '公示已结束'}</StatusTag>}
        crumbs={[
          { label: '首页', href: paths.home() },
          { label: '补贴公示', href: paths.publicity() },
        ]}
      />
      <div className="stack">
        <SummaryList
          rows={[
            {
              label: '公示期',
              value: `${dayText(list.openedOn)}至${dayText(list.closesOn, true)}，${list.workdays} 个工作日`,
              note: list.decided ? undefined : `${undecided}，暂按省级办事指南`,
            },
            { label: '申领', value: `${list.claims} 件，${list.rows - list.claims} 人` },
            { label: '金额', value: <Money fen={list.totalFen} /> },
          ]}
        />
        {list.public ? (
          <Rows list={list} unit={unit} first={first} />
        ) : (
          <Notice tone="info" title="公示期已结束，名单不再显示">
            <p>
              手里有名单凭证的，仍可以<a href={paths.receiptCheck()}>验凭证</a>。发现问题的，随时可以
              <a href={paths.reportProblem(list.number)}>举报与投诉</a>。
            </p>
          </Notice>
        )}
        <More label="名单怎样防篡改">
          <p>
            名单在公示开始时就固定下来。每一行按“随机盐、身份、内容”算出摘要，各行摘要两两合并得到一个总值；改动任何一行、增减任何一行，总值都会变。盐不公布，别人不能凭遮盖的号码反推证件号码。
          </p>
          <SummaryList
            rows={[
              { label: '名单总值', value: <Copyable>{list.root}</Copyable> },
              { label: '名单文件 SHA-256', value: <Copyable>{list.digest}</Copyable> },
            ]}
          />
          {list.public && (
            <p>
              <a href={paths.noticeFile(list.id)}>下载名单文件（JSON）</a>，用 sha256sum 可以核对。
            </p>
          )}
        </More>
      </div>
    </PageBody>
  )
}

function Rows({
  list,
  unit,
  first,
}: {
  list: Route.ComponentProps['loaderData']['list']
  unit: string
  first: boolean
}) {
  const { rows, next } = list.page
  return (
    <>
      <p>
        这一行是您吗？<a href={paths.noticeCheck(list.id)}>核对我的这一行</a>
        ，可以取得凭证。认为哪一行不对，点该行的“提出异议”。
      </p>
      <FilterBar label="筛选名单" action={paths.notice(list.id)} values={{ unit }}>
        <TextField name="unit" label="单位名称" optional type="search" />
      </FilterBar>
      <DataTable
        caption="公示名单"
        captionNote="证件号码已部分遮盖，不显示电话、住址和银行账号"
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          { key: 'position', header: '序号', keep: true, cell: (row) => row.position },
          { key: 'unit', header: '单位', cell: (row) => (row.kind === 'unit' ? <b>{row.unit}</b> : row.unit) },
          { key: 'person', header: '姓名', cell: (row) => (row.kind === 'unit' ? `共 ${row.persons} 人` : row.person) },
          { key: 'document', header: '证件号码', keep: true, cell: (row) => row.document },
          { key: 'subsidy', header: '补贴', cell: (row) => row.subsidy },
          { key: 'money', header: '金额', end: true, cell: (row) => <Money fen={row.amountFen} /> },
          {
            key: 'object',
            header: '异议',
            keep: true,
            cell: (row) => (
              <a href={paths.noticeObjection(row.id)} aria-label={`对第 ${row.position} 行提出异议`}>
                提出异议
              </a>
            ),
          },
        ]}
        empty={
          <EmptyState icon="search" title="没有符合条件的单位">
            请改写单位名称，或清除条件。
          </EmptyState>
        }
      />
      {(first || next) && (
        <Pagination
          previous={first ? paths.notice(list.id, { unit: unit || undefined }) : null}
          next={next && paths.notice(list.id, { unit: unit || undefined, cursor: next })}
          shown={rows.length}
          total={list.rows}
        />
      )}
    </>
  )
}
