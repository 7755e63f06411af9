import { listPage } from '#modules/competition/publication.queries.ts'
import { current, fail } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { dayText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, More } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/list.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.list.title ?? '成绩公示')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  return { list: await listPage(ctx, isId(params.id)).catch(fail(request)) }
}

export default function ResultList({ loaderData: { list } }: Route.ComponentProps) {
  const held = list.eventState === 'objection-held'
  return (
    <PageBody>
      <PageHeader
        title={list.title}
        caption={list.number}
        crumbs={[
          { label: '技能竞赛', href: paths.competitions() },
          { label: list.eventTitle, href: paths.competition(list.eventId) },
        ]}
        tag={
          <StatusTag tone={held ? 'warn' : list.running ? 'info' : 'neutral'}>
            {list.state === 'void' ? '已作废' : held ? '异议处理中' : list.running ? '公示中' : '已结束'}
          </StatusTag>
        }
      />
      <div className="stack">
        {list.state === 'void' && (
          <Notice tone="warn" title="这份名单已作废">
            <p>公示期间的异议成立，成绩更正后重新公示。</p>
          </Notice>
        )}
        <SummaryList
          rows={[
            {
              label: '公示时间',
              value: `${dayText(list.openedOn)}至${dayText(list.closesOn)}（${list.workdays} 个工作日）`,
            },
            { label: '公示人', value: list.openedBy },
          ]}
        />
        <DataTable
          caption="公示名单"
          rows={list.rows}
          rowKey={(row) => row.id}
          columns={[
            { key: 'at', header: '序号', keep: true, cell: (row) => row.position },
            { key: 'person', header: '选手', cell: (row) => row.content.person },
            { key: 'unit', header: '单位', cell: (row) => row.content.unit },
            { key: 'what', header: '成绩', cell: (row) => row.content.subsidy },
            {
              key: 'objection',
              header: '异议',
              keep: true,
              cell: (row) => (list.running ? <a href={paths.resultObjection(row.id)}>提出异议</a> : '—'),
            },
          ]}
          empty={<Notice title="名单是空的" />}
        />
        <More label="核对这份名单没有改动过">
          <SummaryList
            rows={[
              { label: '名单摘要（SHA-256）', value: <Copyable>{list.digest}</Copyable> },
              { label: '名单根值', value: <Copyable>{list.root}</Copyable> },
            ]}
          />
        </More>
      </div>
    </PageBody>
  )
}
