import type { CaseFile, SessionHours } from '#modules/subsidy/casefile.queries.ts'
import type { LineView } from '#modules/subsidy/claim.queries.ts'
import type { DeskFile, Excluded, Opinion } from '#modules/subsidy/review.queries.ts'
import { callMethods, callOutcomes, claimFields, reviewDecisions, stages } from '#modules/subsidy/review.schema.ts'
import { paths } from '../paths.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { dayText, instantText } from '../ui/format.ts'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'

type Names = Record<string, string>
const nameOf = (lines: readonly LineView[], id: string | null) => lines.find((line) => line.id === id)?.person ?? ''

/** Who is to go, or has gone, and why. */
export function Exclusions({
  exclusions,
  lines,
  reasonNames,
}: {
  exclusions: Excluded[]
  lines: LineView[]
  reasonNames: Names
}) {
  if (exclusions.length === 0) return null
  return (
    <Section title="剔除的人员">
      <DataTable
        caption="剔除只影响本人，其他人照常办理"
        rows={exclusions}
        rowKey={(row) => row.lineId}
        columns={[
          { key: 'person', header: '学员', keep: true, cell: (row) => nameOf(lines, row.lineId) },
          {
            key: 'why',
            header: '原因',
            cell: (row) => `${reasonNames[row.reasonCode] ?? row.reasonCode}：${row.note}`,
          },
          {
            key: 'clause',
            header: '条款',
            keep: true,
            cell: (row) => <a href={paths.clause(row.clause)}>{row.clause}</a>,
          },
          { key: 'amount', header: '减少', end: true, cell: (row) => <Money fen={-row.amountFen} /> },
          { key: 'by', header: '提出', cell: (row) => `${row.byName}，${instantText(row.at)}` },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) =>
              row.appliedAt ? <StatusTag tone="good">已生效</StatusTag> : <StatusTag tone="wait">拟剔除</StatusTag>,
          },
        ]}
        empty={null}
      />
    </Section>
  )
}

const callTones = {
  confirmed: 'good',
  denied: 'bad',
  differs: 'warn',
  unreachable: 'neutral',
  declined: 'neutral',
} as const

/** Who was drawn for a call back, and what they said. */
export function Calls({ claimId, desk, lines }: { claimId: string; desk: DeskFile; lines: LineView[] }) {
  const drawn = desk.sampled.map((id) => ({ id, calls: desk.calls.filter((call) => call.lineId === id) }))
  const others = desk.calls.filter((call) => !desk.sampled.includes(call.lineId))
  const rows = [...drawn, ...others.map((call) => ({ id: call.lineId, calls: [call] }))]
  return (
    <Section title="抽查回访" description="按申领编号抽取，谁来抽结果都一样。点姓名记录回访结果。">
      <DataTable
        caption={`抽中 ${drawn.length} 人`}
        rows={rows}
        rowKey={(row) => `${row.id}-${row.calls[0]?.id ?? 'none'}`}
        columns={[
          {
            key: 'person',
            header: '学员',
            keep: true,
            cell: (row) => <a href={paths.reviewLine(claimId, row.id)}>{nameOf(lines, row.id)}</a>,
          },
          { key: 'drawn', header: '抽中', keep: true, cell: (row) => (desk.sampled.includes(row.id) ? '是' : '加访') },
          {
            key: 'result',
            header: '结果',
            cell: (row) => {
              const last = row.calls.at(-1)
              return last ? (
                <StatusTag tone={callTones[last.outcome]}>{callOutcomes[last.outcome]}</StatusTag>
              ) : (
                <StatusTag tone="wait">待回访</StatusTag>
              )
            },
          },
          {
            key: 'when',
            header: '回访',
            cell: (row) => {
              const last = row.calls.at(-1)
              return last ? `${callMethods[last.method]}，${last.byName}，${instantText(last.at)}` : '—'
            },
          },
        ]}
        empty={
          <EmptyState icon="people" title="没有抽中的人员">
            抽查比例由参数设定。
          </EmptyState>
        }
      />
    </Section>
  )
}

/** One row a session, one column a person: minutes and grade. */
export function HoursGrid({ sessions, lines }: { sessions: SessionHours[]; lines: LineView[] }) {
  return (
    <DataTable
      caption="逐次课时，单位分钟"
      wide
      rows={sessions}
      rowKey={(row) => `${row.sessionId ?? row.on}`}
      columns={[
        { key: 'session', header: '课次', cell: (row) => `${dayText(row.on)} ${row.title}` },
        { key: 'trainer', header: '教师', keep: true, cell: (row) => row.trainer },
        ...lines.map((line) => ({
          key: line.id,
          header: line.person,
          end: true,
          keep: true,
          cell: (row: SessionHours) => {
            const found = row.minutes[line.enrolmentId]
            return found ? `${found.minutes}（${found.grade}）` : '—'
          },
        })),
      ]}
      empty={<EmptyState icon="clock" title="没有课时记录" />}
    />
  )
}

/** What the class had to have before it opened, and what the institution may teach. */
export function Dossier({
  dossier,
  licences,
  materials,
}: Pick<CaseFile, 'dossier' | 'licences'> & { materials: Names }) {
  const missing = dossier.filter((one) => !one.done)
  return (
    <Section title="开班材料和资质">
      {missing.length > 0 && (
        <Notice
          tone="warn"
          title={`有 ${missing.length} 项材料不齐：${missing.map((one) => materials[one.id] ?? one.id).join('、')}`}
        />
      )}
      <DataTable
        caption="办学资质和备案"
        rows={licences}
        rowKey={(row) => row.id}
        columns={[
          { key: 'number', header: '编号', cell: (row) => row.number },
          { key: 'issuer', header: '发证机关', cell: (row) => row.issuer },
          {
            key: 'valid',
            header: '有效期',
            keep: true,
            cell: (row) => `${dayText(row.validFrom)}至${row.validTo ? dayText(row.validTo) : '长期'}`,
          },
          { key: 'scope', header: '范围', cell: (row) => row.occupationNames.join('、') || '不限职业' },
        ]}
        empty={
          <EmptyState icon="building" title="没有登记资质">
            本单位职工培训可以没有办学许可，按备案办理。
          </EmptyState>
        }
      />
    </Section>
  )
}

/** Every opinion given so far, with what it found. */
export function Opinions({
  opinions,
  lines,
  reasonNames,
}: {
  opinions: Opinion[]
  lines: LineView[]
  reasonNames: Names
}) {
  return (
    <Section title="审核意见">
      <DataTable
        caption="先后顺序"
        rows={opinions}
        rowKey={(row) => row.id}
        columns={[
          { key: 'stage', header: '环节', keep: true, cell: (row) => `第 ${row.round} 次 ${stages[row.stage]}` },
          {
            key: 'decision',
            header: '意见',
            keep: true,
            cell: (row) => (
              <StatusTag tone={row.decision === 'agree' ? 'good' : row.decision === 'return' ? 'wait' : 'bad'}>
                {reviewDecisions[row.decision]}
              </StatusTag>
            ),
          },
          {
            key: 'amount',
            header: '同意金额',
            end: true,
            cell: (row) => (row.decision === 'agree' ? <Money fen={row.amountFen} /> : '—'),
          },
          {
            key: 'what',
            header: '问题和说明',
            cell: (row) => (
              <>
                {row.findings.length > 0 && (
                  <ul className="list-disc ps-5">
                    {row.findings.map((finding) => (
                      <li key={`${finding.reasonCode}-${finding.lineId}-${finding.field}-${finding.note}`}>
                        {[
                          nameOf(lines, finding.lineId),
                          claimFields[finding.field as keyof typeof claimFields] ?? '',
                          reasonNames[finding.reasonCode] ?? finding.reasonCode,
                          finding.note,
                        ]
                          .filter(Boolean)
                          .join('：')}
                      </li>
                    ))}
                  </ul>
                )}
                {row.note || (row.findings.length === 0 ? '无' : '')}
              </>
            ),
          },
          { key: 'by', header: '办理人', cell: (row) => `${row.reviewerName}，${instantText(row.at)}` },
        ]}
        empty={<EmptyState icon="document" title="还没有审核意见" />}
      />
    </Section>
  )
}
