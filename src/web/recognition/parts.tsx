import type { MaterialLine, PlatformRecord } from '#modules/recognition/application.queries.ts'
import { clockLabels, moveLabels } from '#modules/recognition/application.schema.ts'
import type { DepartmentCheck } from '#modules/recognition/check.queries.ts'
import type { Finding } from '#modules/recognition/eligibility.rules.ts'
import type { CaseClock, CaseMove } from '#modules/training/case.queries.ts'
import { paths } from '../paths.ts'
import { DataTable } from '../ui/data-table.tsx'
import { bytesText, dayText, instantText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { More, Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import type { Tone } from '../ui/tone.ts'

const verdicts = { pass: '符合', fail: '不符合', undecided: '待审查' } as const
const verdictTones = { pass: 'good', fail: 'bad', undecided: 'wait' } as const satisfies Record<string, Tone>

/** Each eligibility rule with what it came to and the clause it rests on. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <DataTable
      caption="申报条件核对"
      rows={findings}
      rowKey={(row) => row.id}
      columns={[
        { key: 'statement', header: '条件', cell: (row) => row.statement },
        {
          key: 'verdict',
          header: '核对结果',
          cell: (row) => <StatusTag tone={verdictTones[row.verdict]}>{verdicts[row.verdict]}</StatusTag>,
        },
        { key: 'note', header: '说明', cell: (row) => row.note || '—' },
        { key: 'clause', header: '依据', keep: true, cell: (row) => <a href={clauseHref(row.clause)}>{row.clause}</a> },
      ]}
      empty={null}
    />
  )
}

export const clauseHref = (id: string): string => (id.includes('-') ? paths.clause(id) : paths.rule(id))

const checkTones = { unchecked: 'wait', clear: 'good', found: 'bad' } as const satisfies Record<string, Tone>
const origins: Record<string, string> = { platform: '由平台提供，提交后列出', department: '由部门提供' }

/** Papers that are there, by kind. */
export function Materials(props: {
  materials: readonly MaterialLine[]
  kinds: readonly { id: string; label: string; note: string; origin: string; required: boolean }[]
  records?: readonly PlatformRecord[]
  /** What other departments' data say, for the desk. */
  checks?: readonly DepartmentCheck[]
}) {
  return (
    <DataTable
      caption="材料"
      rows={props.kinds}
      rowKey={(row) => row.id}
      columns={[
        { key: 'label', header: '材料', cell: (row) => row.label },
        { key: 'note', header: '要求', cell: (row) => `${row.note}${row.required ? '' : '（选交）'}` },
        {
          key: 'files',
          header: '文件',
          cell: (row) => {
            const known = props.records?.filter((one) => one.kind === row.id) ?? []
            if (row.origin === 'platform' && known.length > 0) {
              return known.map((one) => (
                <div key={one.number}>
                  <a href={paths.awardCheck(one.number)}>{one.number}</a>：{one.text}
                </div>
              ))
            }
            const check = props.checks?.find((one) => one.material === row.id)
            if (check) return <StatusTag tone={checkTones[check.verdict]}>{check.words}</StatusTag>
            if (row.origin !== 'upload') return origins[row.origin] ?? ''
            const own = props.materials.filter((one) => one.kind === row.id)
            if (own.length === 0) return row.required ? '还没有上传' : '没有'
            return own.map((one) => (
              <div key={one.id}>
                <a href={paths.titleMaterial(one.id)}>{one.name}</a>（{bytesText(one.sizeBytes)}）
              </div>
            ))
          },
        },
      ]}
      empty={null}
    />
  )
}

/** The clocks that run or stand still, in one line each. */
export function Clocks({ clocks }: { clocks: readonly CaseClock[] }) {
  const open = clocks.filter((one) => one.endedOn === null)
  return open.map((one) => (
    <Notice key={one.kind} tone={one.state === 'overdue' ? 'bad' : 'info'} title={clockLabels[one.kind] ?? one.kind}>
      <p>
        {one.due === null
          ? '已暂停计时，补正交回后继续。'
          : one.state === 'overdue'
            ? `已超期 ${-one.left} 个工作日，应在${dayText(one.due)}前办结。`
            : `还剩 ${one.left} 个工作日，${dayText(one.due)}前办结。`}
      </p>
    </Notice>
  ))
}

export function History(props: {
  moves: readonly CaseMove[]
  reasons: Record<string, string>
  labels?: Record<string, string>
}) {
  const labels = { ...moveLabels, ...props.labels }
  if (props.moves.length === 0) return null
  return (
    <More label={`办理经过（${props.moves.length} 步）`}>
      <DataTable
        caption="办理经过"
        rows={props.moves.toReversed()}
        rowKey={(row) => `${row.move}-${new Date(row.at).toISOString()}-${row.to}`}
        columns={[
          { key: 'at', header: '时间', keep: true, cell: (row) => instantText(row.at) },
          { key: 'move', header: '办理', cell: (row) => labels[row.move] ?? row.move },
          { key: 'who', header: '经办', cell: (row) => row.actorName },
          {
            key: 'why',
            header: '理由和意见',
            cell: (row) =>
              [...row.reasonCodes.map((code) => props.reasons[code] ?? code), row.note].filter(Boolean).join('；') ||
              '—',
          },
        ]}
        empty={null}
      />
    </More>
  )
}

/** What the desk said when it returned or refused. */
export function LastReasons(props: {
  title: string
  move: CaseMove | undefined
  reasons: readonly { code: string; text: string; mend: string; clause: string }[]
  letter: string
}) {
  const { move } = props
  if (!move) return null
  const said = props.reasons.filter((one) => move.reasonCodes.includes(one.code))
  return (
    <Notice tone="warn" title={props.title}>
      <ul className="list-disc ps-5">
        {said.map((one) => (
          <li key={one.code}>
            {one.text}。{one.mend}。（<a href={clauseHref(one.clause)}>{one.clause}</a>）
          </li>
        ))}
        {move.note && <li>{move.note}</li>}
      </ul>
      <p>
        <a href={props.letter}>下载书面通知（PDF）</a>
      </p>
    </Notice>
  )
}

export function Undecided({ scheme }: { scheme: { undecided: readonly string[] } }) {
  if (scheme.undecided.length === 0) return null
  return (
    <Notice tone="warn" title="区人社局尚未明确">
      <p>{scheme.undecided.join('；')}。明确以前，这些条件不作为退回或者不予认定的理由。</p>
    </Notice>
  )
}

export function SchemeFacts(props: {
  scheme: {
    paths: readonly { id: string; label: string; note: string; stages: readonly string[] }[]
    eligibility: readonly { id: string; statement: string; clause: string }[]
    materials: readonly { id: string; label: string; note: string; origin: string; required: boolean }[]
  }
  words: Record<string, string>
}) {
  const { scheme } = props
  return (
    <>
      <Section title="申报条件">
        <ul className="list-disc ps-5">
          {scheme.eligibility.map((one) => (
            <li key={one.id}>
              {one.statement}（<a href={clauseHref(one.clause)}>{one.clause}</a>）
            </li>
          ))}
        </ul>
      </Section>
      <Section title="办理环节">
        <ul className="list-disc ps-5">
          {scheme.paths.map((path) => (
            <li key={path.id}>
              <b>{path.label}</b>：{path.stages.map((stage) => props.words[stage] ?? stage).join(' → ')}。{path.note}
            </li>
          ))}
        </ul>
      </Section>
      <Section title="材料清单">
        <DataTable
          caption="材料清单"
          rows={scheme.materials}
          rowKey={(row) => row.id}
          columns={[
            { key: 'label', header: '材料', cell: (row) => row.label },
            { key: 'note', header: '要求', cell: (row) => row.note },
            {
              key: 'origin',
              header: '怎样取得',
              keep: true,
              cell: (row) => origins[row.origin] ?? (row.required ? '申报单位上传' : '申报单位上传（选交）'),
            },
          ]}
          empty={null}
        />
      </Section>
    </>
  )
}
