import { assessorList, stopsOf } from '#modules/certification/assessor.queries.ts'
import { assessorScheme, filingStates } from '#modules/certification/assessor.schema.ts'
import { batchesAtDesk } from '#modules/certification/batch.queries.ts'
import { batchStates } from '#modules/certification/batch.schema.ts'
import { levelCounts } from '#modules/certification/certificate.queries.ts'
import { batchTones, filingTones } from '../../certification/desk.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { levelLabel } from '../../training/desk.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FigureCard, Figures } from '../../ui/figure-card.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/office.ts'

export const meta = () => title('等级认定机构和批次')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const [assessors, batches, counts, stops] = await Promise.all([
    assessorList(ctx.db, assessorScheme),
    batchesAtDesk(ctx.db),
    levelCounts(ctx.db),
    stopsOf(ctx.db),
  ])
  return {
    assessors,
    batches: batches.map((one) => ({ ...one, levelLabel: levelLabel(ctx.plan, one.level, one.levelScheme) })),
    standing: stops.filter((one) => one.state !== 'lifted').length,
    assessed: counts.reduce((sum, one) => sum + one.assessed, 0),
    certificates: counts.reduce((sum, one) => sum + one.certificates, 0),
  }
}

export default function Office({
  loaderData: { assessors, batches, standing, assessed, certificates },
}: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="等级认定机构和批次" />
      <div className="stack">
        <Figures>
          <FigureCard label="登记的机构" value={String(assessors.length)} unit="家" />
          <FigureCard label="参加认定" value={String(assessed)} unit="人次" note="成绩已由两人确认" />
          <FigureCard label="有效证书" value={String(certificates)} unit="张" />
          <FigureCard label="没有解除的异常" value={String(standing)} unit="项" />
        </Figures>
        <Section title="机构">
          <DataTable
            caption="机构"
            rows={assessors}
            rowKey={(row) => row.organisationId}
            columns={[
              {
                key: 'name',
                header: '机构',
                cell: (row) => <a href={paths.officeAssessor(row.organisationId)}>{row.organisation}</a>,
              },
              { key: 'title', header: '区登记', keep: true, cell: (row) => row.designation },
              {
                key: 'state',
                header: '机构编码',
                keep: true,
                cell: (row) =>
                  row.state ? <StatusTag tone={filingTones[row.state]}>{filingStates[row.state]}</StatusTag> : '未登记',
              },
              { key: 'batches', header: '批次', end: true, cell: (row) => row.batches },
              {
                key: 'stops',
                header: '异常',
                keep: true,
                cell: (row) => (row.stops > 0 ? <StatusTag tone="bad">{`${row.stops} 项`}</StatusTag> : '无'),
              },
            ]}
            empty={
              <EmptyState icon="building" title="还没有登记的机构">
                机构先在“认定和聘任”办结登记。
              </EmptyState>
            }
          />
        </Section>
        <Section title="批次">
          <DataTable
            caption="批次"
            rows={batches}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'title',
                header: '名称',
                cell: (row) => <a href={paths.assessmentBatch('office', row.id)}>{row.title}</a>,
              },
              { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
              { key: 'who', header: '机构', cell: (row) => row.organisation },
              { key: 'level', header: '职业和等级', cell: (row) => `${row.occupation} ${row.levelLabel}` },
              { key: 'on', header: '首场', keep: true, cell: (row) => (row.firstOn ? dayText(row.firstOn) : '—') },
              { key: 'listed', header: '考生', end: true, cell: (row) => row.listed },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) => <StatusTag tone={batchTones[row.state]}>{batchStates[row.state]}</StatusTag>,
              },
            ]}
            empty={<EmptyState title="还没有提交的批次" />}
          />
        </Section>
      </div>
    </>
  )
}
