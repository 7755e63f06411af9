import { openProposals, settingsToday } from '#modules/settings/setting.queries.ts'
import { settingKinds } from '#modules/settings/setting.schema.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { spanText } from '../../plan/figure-table.tsx'
import { settingName, settingValue } from '../../plan/setting-view.ts'
import { shownFigure } from '../../plan/words.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/settings.ts'

export const meta = () => title('参数与待定事项')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'board.read-internal')
  const { plan } = ctx
  const [proposals, today] = await Promise.all([openProposals(ctx), settingsToday(ctx)])
  return {
    proposals: proposals.map((row) => ({
      ...row,
      name: settingName(plan, row.kind, row.key),
      shown: settingValue(plan, row),
    })),
    figures: today.figures.map((figure) => shownFigure(plan, figure)),
    decisions: today.decisions,
    undecided: plan.undecidedText,
  }
}

export default function Settings({ loaderData }: Route.ComponentProps) {
  const { proposals, figures, decisions, undecided } = loaderData
  return (
    <>
      <PageHeader
        title="参数与待定事项"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
        lead="一人提出、另一人批准，自写明的日期起生效；以前日期的值不变，全部留痕。"
      />
      <div className="stack">
        <DataTable
          caption="等待批准"
          rows={proposals}
          rowKey={(row) => row.id}
          columns={[
            { key: 'name', header: '事项', cell: (row) => <a href={paths.proposal(row.id)}>{row.name}</a> },
            { key: 'kind', header: '类别', cell: (row) => settingKinds[row.kind] },
            { key: 'value', header: '提出的值', cell: (row) => row.shown },
            { key: 'span', header: '适用日期', cell: (row) => spanText(row.from, row.to) },
            { key: 'by', header: '提出人', cell: (row) => `${row.proposedByName}　${instantText(row.proposedAt)}` },
          ]}
          empty={<EmptyState icon="check" title="没有等待批准的设置" />}
        />
        <DataTable
          caption="待定事项"
          captionNote="计划没有写明、需要区人社局定下来的"
          rows={decisions}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'question',
              header: '问题',
              cell: (row) => (
                <a href={paths.setting('decision', row.id)}>
                  {row.id}　{row.question}
                </a>
              ),
            },
            { key: 'answer', header: '现在的口径', cell: (row) => row.label ?? '明确前不办理' },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) =>
                row.decided ? (
                  <StatusTag tone="good">已明确</StatusTag>
                ) : (
                  <StatusTag tone="wait">{undecided}</StatusTag>
                ),
            },
          ]}
          empty={<EmptyState title="没有待定事项" />}
        />
        <DataTable
          caption="参数"
          captionNote="今天的值"
          rows={figures}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'label',
              header: '参数',
              cell: (row) => <a href={paths.setting('figure', row.id)}>{row.label}</a>,
            },
            { key: 'value', header: '值', cell: (row) => row.value },
            { key: 'span', header: '适用日期', cell: (row) => spanText(row.from, row.to) },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) =>
                row.decided ? (
                  <StatusTag tone="good">{row.origin === 'bureau' ? '区人社局设定' : '文件规定'}</StatusTag>
                ) : (
                  <StatusTag tone="wait">{undecided}</StatusTag>
                ),
            },
          ]}
          empty={<EmptyState title="没有参数" />}
        />
      </div>
    </>
  )
}
