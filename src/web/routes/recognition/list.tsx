import { publicationPage } from '#modules/recognition/publication.queries.ts'
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

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.list.title ?? '公示')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  return {
    list: await publicationPage(ctx, isId(params.id)).catch(fail(request)),
    contact: ctx.plan.contact,
    undecided: ctx.plan.undecidedText,
  }
}

export default function List({ loaderData: { list, contact, undecided } }: Route.ComponentProps) {
  const shown = (state: string) => state === 'publicised' || state === 'objection-held'
  return (
    <PageBody>
      <PageHeader
        title={list.title}
        caption={list.number}
        crumbs={[{ label: '认定和聘任', href: paths.titles() }]}
        tag={list.running ? <StatusTag tone="info">公示中</StatusTag> : <StatusTag>公示已结束</StatusTag>}
      />
      <div className="stack">
        <p>
          公示时间：{dayText(list.openedOn)}至{dayText(list.closesOn)}（{list.workdays} 个工作日
          {!list.decided && `；公示期${undecided}，暂按此办理`}
          ）。对名单有异议的，请在公示期内提出，可以不留姓名；也可以打电话 {contact.phone}。
        </p>
        <DataTable
          caption="公示名单"
          rows={list.rows}
          rowKey={(row) => row.id}
          columns={[
            { key: 'position', header: '序号', cell: (row) => row.position },
            { key: 'person', header: '名称', cell: (row) => row.content.person || row.content.unit },
            { key: 'unit', header: '单位', cell: (row) => row.content.unit || '—' },
            { key: 'title', header: '拟认定', cell: (row) => row.content.subsidy },
            {
              key: 'state',
              header: '异议',
              cell: (row) =>
                row.state === 'objection-held' ? (
                  <StatusTag tone="warn">异议处理中</StatusTag>
                ) : list.running && shown(row.state) ? (
                  <a href={paths.titleObjection(row.id)}>提出异议</a>
                ) : row.state === 'rejected' ? (
                  <StatusTag tone="bad">不予认定</StatusTag>
                ) : row.state === 'designated' ? (
                  <StatusTag tone="good">已认定</StatusTag>
                ) : (
                  '—'
                ),
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
