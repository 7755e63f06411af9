import { publicResults } from '#modules/certification/batch.queries.ts'
import { batchStates } from '#modules/certification/batch.schema.ts'
import { seatNumber } from '#modules/certification/mark.rules.ts'
import { batchTones } from '../../certification/desk.ts'
import { current, fail } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/results.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.batch.title ?? '认定结果公示')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  return publicResults(ctx, isId(params.id)).catch(fail(request))
}

export default function Results({ loaderData: { batch, rows, assessed, passed, open } }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader
        title={`${batch.title}结果公示`}
        caption={batch.number}
        crumbs={[{ label: '等级认定机构', href: paths.assessors() }]}
        tag={<StatusTag tone={batchTones[batch.state]}>{batchStates[batch.state]}</StatusTag>}
        actions={
          open ? (
            <LinkButton href={paths.assessmentObjection(batch.id, 0)}>对整个批次有异议</LinkButton>
          ) : (
            <LinkButton href={paths.reportProblem(`认定批次 ${batch.number}`)}>举报与投诉</LinkButton>
          )
        }
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '机构', value: batch.organisation },
            { label: '职业和等级', value: `${batch.occupation}　${batch.levelLabel}` },
            { label: '考点', value: batch.site, note: batch.siteAddress },
            { label: '考试日期', value: batch.firstOn && batch.lastOn ? dates(batch.firstOn, batch.lastOn) : '—' },
            { label: '结果', value: `参加 ${assessed} 人，合格 ${passed} 人` },
            {
              label: '公示期',
              value:
                batch.publicisedOn && batch.publicityEndsOn
                  ? `${dayText(batch.publicisedOn)}至${dayText(batch.publicityEndsOn)}`
                  : '—',
            },
          ]}
        />
        <DataTable
          caption="公示名单"
          captionNote="姓名和号码按规定遮盖；公示期满后名单撤下，人数保留"
          rows={rows}
          rowKey={(row) => String(row.seq)}
          columns={[
            { key: 'seq', header: '考号', keep: true, cell: (row) => seatNumber(row.seq) },
            { key: 'name', header: '姓名', cell: (row) => row.name },
            { key: 'document', header: '证件号码', keep: true, cell: (row) => row.document },
            {
              key: 'passed',
              header: '结果',
              keep: true,
              cell: (row) => (
                <StatusTag tone={row.passed ? 'good' : 'neutral'}>{row.passed ? '合格' : '不合格'}</StatusTag>
              ),
            },
            {
              key: 'object',
              header: '异议',
              cell: (row) => (
                <a
                  href={paths.assessmentObjection(batch.id, row.seq)}
                  aria-label={`提异议：考号 ${seatNumber(row.seq)}`}
                >
                  提异议
                </a>
              ),
            },
          ]}
          empty={
            <EmptyState icon="speaker" title={open ? '名单还没有生成' : '公示期已满，名单已撤下'}>
              本人可以凭证书编号查验。
            </EmptyState>
          }
        />
      </div>
    </PageBody>
  )
}

const dates = (first: string, last: string) => (first === last ? dayText(first) : `${dayText(first)}至${dayText(last)}`)
