import { attemptHistory, type Report } from '#modules/packages/history.queries.ts'
import { endReasons } from '#modules/packages/launch.schema.ts'
import { packageKinds } from '#modules/packages/package.schema.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/package-attempt.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.attempt.unitTitle ?? '课件学习证据')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'audit.read')
  return { attempt: await attemptHistory(ctx.db, isId(params.id)).catch(fail(request)) }
}

export default function PackageAttempt({ loaderData: { attempt } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={attempt.unitTitle}
        caption={`${packageKinds[attempt.kind]}　${attempt.course}`}
        crumbs={[{ label: '课件学习证据', href: paths.packageAttempts() }]}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '第几次学习', value: `第 ${attempt.number} 次` },
            { label: '开始', value: instantText(attempt.beganAt) },
            {
              label: '课件上报的时间',
              value: `${attempt.reportedSeconds} 秒`,
              note: '每次打开只取最后一次上报，不累加。',
            },
            { label: '服务器计时', value: `${attempt.serverSeconds} 秒` },
          ]}
        />
        {attempt.launches.map((launch) => (
          <Section key={launch.launchId} title={`第 ${launch.number} 次打开`}>
            <p>
              {instantText(launch.from)} — {instantText(launch.to)}，
              {launch.endReason ? endReasons[launch.endReason] : '还没有结束'}；上报 {launch.reportedSeconds}{' '}
              秒，服务器计 {launch.serverSeconds} 秒。
            </p>
            <DataTable
              caption="上报记录"
              rows={launch.reports}
              rowKey={(row) => String(row.seq)}
              columns={[
                { key: 'seq', header: '序号', end: true, cell: (row) => row.seq },
                { key: 'at', header: '收到', keep: true, cell: (row) => instantText(new Date(row.at)) },
                { key: 'set', header: '设置的数据', cell: (row) => <Changes report={row} /> },
                { key: 'told', header: '累计秒数', end: true, cell: (row) => row.reportedSeconds },
                { key: 'mark', header: '说明', cell: (row) => marks(row) },
              ]}
              empty={
                <EmptyState icon="book" title="没有上报">
                  课件打开后没有上报任何数据。
                </EmptyState>
              }
            />
          </Section>
        ))}
      </div>
    </>
  )
}

const shown = 120
const short = (text: string) => (text.length > shown ? `${text.slice(0, shown)}（共 ${text.length} 字）` : text)

function Changes({ report }: { report: Report }) {
  if (report.changes.length === 0) return <>没有新数据（在线心跳）</>
  return (
    <ul>
      {report.changes.map(([name, value], i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is the record
        <li key={i}>
          <code>{name}</code> = {short(value) || '（空）'}
        </li>
      ))}
    </ul>
  )
}

const marks = ({ final, late, refused }: Report) =>
  [
    final ? '正常结束' : '',
    late ? '晚到：已在别处打开' : '',
    refused.length > 0 ? `拒收 ${refused.map(([name, , error]) => `${name}（${error}）`).join('、')}` : '',
  ]
    .filter(Boolean)
    .join('；') || '—'
