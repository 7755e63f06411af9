import { assessorsInForce, scopesOn, sitesOf } from '#modules/certification/assessor.queries.ts'
import { assessorKinds, examParts } from '#modules/certification/assessor.schema.ts'
import { batchesInPublic } from '#modules/certification/batch.queries.ts'
import { batchStates } from '#modules/certification/batch.schema.ts'
import { levelCounts } from '#modules/certification/certificate.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { batchTones } from '../../certification/desk.ts'
import { current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { levelLabel } from '../../training/desk.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/assessors.ts'

export const meta = () => title('职业技能等级认定机构')

export async function loader({ context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const today = dayOf(ctx.now)
  const [assessors, scopes, batches, counts] = await Promise.all([
    assessorsInForce(ctx.db),
    scopesOn(ctx.db, today),
    batchesInPublic(ctx.db),
    levelCounts(ctx.db),
  ])
  const sites = await Promise.all(assessors.map((one) => sitesOf(ctx.db, one.organisationId)))
  const label = (scheme: string, level: string) => levelLabel(ctx.plan, level, scheme)
  const holds = new Set(assessors.map((one) => one.organisationId))
  const names = new Map(assessors.map((one) => [one.organisationId, one.organisation]))
  return {
    today,
    assessors: assessors.map((one, at) => ({
      id: one.organisationId,
      name: one.organisation,
      kind: assessorKinds[one.kind],
      filingNo: one.filingNo,
      designation: one.designation,
      sites: (sites[at] ?? [])
        .filter((site) => site.state === 'in-force')
        .map((site) => `${site.name}（${site.address}）`),
    })),
    scopes: scopes
      .filter((one) => holds.has(one.organisationId))
      .map((one) => ({
        ...{ id: one.id, title: one.title, code: `${one.edition}年版 ${one.code}`, parts: one.parts, to: one.to },
        organisation: names.get(one.organisationId) ?? '',
        level: label(one.levelScheme, one.level),
      })),
    batches: batches.map((one) => ({ ...one, levelLabel: label(one.levelScheme, one.level) })),
    counts: counts.map((one) => ({ ...one, levelLabel: label(one.levelScheme, one.level) })),
  }
}

export default function Assessors({ loaderData: { today, assessors, scopes, batches, counts } }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader
        title="职业技能等级认定机构"
        lead={`${dayText(today)}有效的机构、认定范围和考点。不在名单里、超出范围的，都不能在本区发职业技能等级证书。`}
        crumbs={[{ label: '首页', href: paths.home() }]}
      />
      <div className="stack">
        <Section title="机构和考点">
          <DataTable
            caption="机构和考点"
            rows={assessors}
            rowKey={(row) => row.id}
            columns={[
              { key: 'name', header: '机构', cell: (row) => row.name },
              { key: 'kind', header: '类别', cell: (row) => row.kind },
              { key: 'no', header: '省级备案编号', cell: (row) => row.filingNo },
              {
                key: 'title',
                header: '区登记',
                keep: true,
                cell: (row) => <a href={paths.titleHolder(row.designation)}>{row.designation}</a>,
              },
              { key: 'sites', header: '考点', cell: (row) => row.sites.join('；') || '—' },
            ]}
            empty={
              <EmptyState icon="building" title="还没有登记的机构">
                登记并核准后列在这里。
              </EmptyState>
            }
          />
        </Section>
        <Section title="认定范围">
          <DataTable
            caption="认定范围"
            rows={scopes}
            rowKey={(row) => row.id}
            columns={[
              { key: 'title', header: '职业（工种）', cell: (row) => `${row.title}（${row.code}）` },
              { key: 'level', header: '等级', keep: true, cell: (row) => row.level },
              { key: 'parts', header: '考核', cell: (row) => row.parts.map((one) => examParts[one]).join('、') },
              { key: 'who', header: '机构', cell: (row) => row.organisation },
              { key: 'to', header: '有效期至', keep: true, cell: (row) => (row.to ? dayText(row.to) : '长期') },
            ]}
            empty={<EmptyState title="今天没有有效的认定范围" />}
          />
        </Section>
        <Section title="结果公示">
          <DataTable
            caption="结果公示"
            rows={batches}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'title',
                header: '批次',
                cell: (row) => <a href={paths.assessmentResults(row.id)}>{row.title}</a>,
              },
              { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
              { key: 'level', header: '等级', keep: true, cell: (row) => row.levelLabel },
              { key: 'who', header: '机构', cell: (row) => row.organisation },
              {
                key: 'until',
                header: '公示至',
                keep: true,
                cell: (row) => (row.publicityEndsOn ? dayText(row.publicityEndsOn) : '—'),
              },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) => <StatusTag tone={batchTones[row.state]}>{batchStates[row.state]}</StatusTag>,
              },
            ]}
            empty={<EmptyState icon="speaker" title="没有公示过的批次" />}
          />
        </Section>
        <Section title="认定人数" description="成绩已由两人确认的考生，按职业和等级统计；证书为现在有效的张数。">
          <DataTable
            tight
            caption="认定人数"
            rows={counts}
            rowKey={(row) => `${row.edition}:${row.code}:${row.level}`}
            columns={[
              { key: 'title', header: '职业', cell: (row) => `${row.title} ${row.levelLabel}` },
              { key: 'assessed', header: '参加', end: true, cell: (row) => row.assessed },
              { key: 'passed', header: '合格', end: true, cell: (row) => row.passed },
              { key: 'certificates', header: '证书', end: true, cell: (row) => row.certificates },
            ]}
            empty={<EmptyState icon="chart" title="还没有认定过" />}
          />
        </Section>
        <Notice title="怎样查证书">
          <p>
            22 位编号和姓名在<a href={paths.verifyCertificate()}>查证书</a>核对。全国查询以人社部联网查询系统为准。
            “包过”“免考”都是骗局，请<a href={paths.reportProblem('职业技能等级认定')}>举报</a>。
          </p>
        </Notice>
      </div>
    </PageBody>
  )
}
