import { snapshotById, verifySnapshot } from '#modules/reports/report.queries.ts'
import { checksOf, periodOf } from '#modules/reports/report.rules.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { Checks, ReportTables } from '../../plan/report-view.tsx'
import { site, title } from '../../site.ts'
import { dayText, instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, LongText, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/report-frozen.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.label)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'report.read')
  const snapshot = await snapshotById(ctx.db, isId(params.id)).catch(fail(request))
  return {
    snapshot,
    label: periodOf(snapshot.kind, snapshot.from)?.label ?? '',
    verified: await verifySnapshot(ctx, snapshot),
    checks: checksOf(snapshot.cells),
    undecided: ctx.plan.undecidedText,
  }
}

export default function ReportFrozen({ loaderData }: Route.ComponentProps) {
  const { snapshot, label, verified, checks, undecided } = loaderData
  const { cells } = snapshot
  return (
    <article className="report-paper">
      <PageHeader
        title={label}
        caption={`${cells.plan.docNo}《${cells.plan.title}》`}
        crumbs={[
          { label: '季报和年报', href: paths.reports() },
          { label: '这一期', href: paths.report(snapshot.kind, snapshot.from) },
        ]}
        tag={<StatusTag tone="good">{`归档第 ${snapshot.revision} 稿`}</StatusTag>}
        lead={`${dayText(snapshot.from)}至${dayText(snapshot.to)}。可以直接打印。`}
      />
      <div className="stack">
        <ReportTables cells={cells} undecided={undecided} />
        <Section title="存在问题">
          {snapshot.problems ? <LongText>{snapshot.problems}</LongText> : <p className="soft">没有填写。</p>}
        </Section>
        <Section title="下一步工作">
          {snapshot.nextSteps ? <LongText>{snapshot.nextSteps}</LongText> : <p className="soft">没有填写。</p>}
        </Section>
        <Checks checks={checks} />
        <Section title="归档凭据">
          <div className="stack">
            {verified.hashHolds && verified.comesOut ? (
              <Notice tone="good" title="与归档时一致">
                <p>内容摘要相符；按归档时所知的记录重算，每一格都相同。</p>
              </Notice>
            ) : (
              <Notice tone="bad" title={verified.hashHolds ? '按当时所知重算，有不同' : '内容与摘要不符'}>
                <ul className="plain-list">
                  {verified.differences.slice(0, 20).map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </Notice>
            )}
            <SummaryList
              rows={[
                { label: '内容摘要（SHA-256）', value: <Copyable>{snapshot.hash}</Copyable> },
                {
                  label: '留痕链',
                  value: snapshot.chainHash ? <Copyable>{snapshot.chainHash}</Copyable> : '归档时链上还没有记录',
                  note: `归档时已入链 ${snapshot.chainSeq} 条；以后任何一条被改动，离线核验都会发现`,
                },
                { label: '计数记录', value: `到第 ${snapshot.throughEvent} 条为止` },
                ...(snapshot.reason ? [{ label: '更正理由', value: snapshot.reason }] : []),
              ]}
            />
          </div>
        </Section>
        <p className="report-sign">
          {site.sponsor}
          <br />
          归档人：{snapshot.madeByName}　{instantText(snapshot.madeAt)}
        </p>
      </div>
    </article>
  )
}
