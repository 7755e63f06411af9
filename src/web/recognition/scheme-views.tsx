import { applicationStates } from '#modules/recognition/application.schema.ts'
import type { DryRun } from '#modules/recognition/dry-run.queries.ts'
import type { ChangeLine, PlacedFault } from '#modules/recognition/scheme-part.queries.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { paths } from '../paths.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { Section } from '../ui/section.tsx'
import { stageWords } from './desk.ts'
import { SchemeFacts, Undecided } from './parts.tsx'
import { SchemeFields } from './scheme-fields.tsx'

/** Everything that is wrong with a text: where, and why, in words its author understands. */
export function SchemeFaults({ code, faults }: { code: string; faults: readonly PlacedFault[] }) {
  if (faults.length === 0)
    return (
      <Notice tone="good" title="检查通过">
        <p>文件完整，与计划的条款、参数、指标、单位都对得上。</p>
      </Notice>
    )
  return (
    <Section title="检查结果" description="按下面的位置逐条改好再保存；有错误的草稿可以保存，不能发布。">
      <DataTable
        caption="检查结果"
        captionNote={`${faults.length} 处`}
        rows={faults.map((one, at) => ({ ...one, at }))}
        rowKey={(row) => String(row.at)}
        columns={[
          { key: 'place', header: '位置', cell: ({ spot }) => <FaultPlace code={code} spot={spot} /> },
          { key: 'reason', header: '原因', cell: (row) => row.reason },
          {
            key: 'path',
            header: '在文件里',
            cell: (row) => (
              <span className="code">
                {row.file} {row.path}
              </span>
            ),
          },
        ]}
        empty={null}
      />
    </Section>
  )
}

/** The place in words, leading to the form that mends it; what no form holds is mended in the file itself. */
function FaultPlace({ code, spot }: { code: string; spot: PlacedFault['spot'] }) {
  const { part, of, at, words } = spot
  const href =
    part === null
      ? paths.titleScheme(code, 'raw')
      : paths.titleSchemePart(code, part, { of: of ?? undefined, at: at ?? undefined })
  return <a href={href}>{words}</a>
}

/** What is wrong in the part that is open. */
export function FaultsHere({ faults }: { faults: readonly PlacedFault[] }) {
  if (faults.length === 0) return null
  return (
    <Notice tone="warn" title={`这里有 ${faults.length} 处要改`}>
      <ul className="list-disc ps-5">
        {faults.map((one) => (
          <li key={`${one.path} ${one.reason}`}>
            {one.spot.words}：{one.reason}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

/** The applicant's page as it will be: nothing in it can be typed. */
export function SchemePreview({ scheme }: { scheme: Scheme }) {
  return (
    <div className="stack">
      <p>{scheme.summary}</p>
      <Undecided scheme={scheme} />
      <SchemeFacts scheme={scheme} words={stageWords} />
      <Section title="填报页" description="申报人看到的样子；这里不能填写。">
        <fieldset className="form" disabled>
          <legend>{scheme.name}</legend>
          <SchemeFields fields={scheme.fields} answers={{}} />
        </fieldset>
        <p>{scheme.commitment}</p>
      </Section>
      {scheme.scoring && (
        <Section title="评分表">
          <DataTable
            caption="评分表"
            rows={scheme.scoring.dimensions}
            rowKey={(row) => row.id}
            columns={[
              { key: 'title', header: '项目', cell: (row) => row.title },
              { key: 'statement', header: '内容', cell: (row) => row.statement },
              { key: 'weight', header: '权重', end: true, keep: true, cell: (row) => `${row.weight}%` },
            ]}
            empty={null}
          />
        </Section>
      )}
      {scheme.checklist.length > 0 && (
        <Section title="现场核查表">
          <ul className="list-disc ps-5">
            {scheme.checklist.map((one) => (
              <li key={one.id}>{one.label}</li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  )
}

const kinds = { added: '增加', removed: '删去', changed: '修改' } as const

export function SchemeChanges({ changes }: { changes: readonly ChangeLine[] }) {
  return (
    <DataTable
      caption="与现行文件比较"
      captionNote={`${changes.length} 处`}
      rows={changes}
      rowKey={(row) => row.path}
      columns={[
        { key: 'path', header: '位置', cell: (row) => row.words },
        { key: 'kind', header: '变化', keep: true, cell: (row) => kinds[row.kind] },
        { key: 'before', header: '现行', cell: (row) => row.before || '—' },
        { key: 'after', header: '草稿', cell: (row) => row.after || '—' },
      ]}
      empty={<EmptyState title="没有变化">草稿与现行文件相同。</EmptyState>}
    />
  )
}

export function DryRunResult({ result }: { result: DryRun }) {
  return (
    <Section
      title="试算"
      description="把已提交过的申请按草稿重新核对一遍，只列出结果会变的；不改动任何申请，办理中的仍按各自通知的版本。"
    >
      <Notice title={`核对了 ${result.looked} 件，其中 ${result.changed} 件的结果会变`}>
        <p>{result.looked === 500 ? '只核对最近提交的 500 件。' : '全部已提交过的申请都核对了。'}</p>
      </Notice>
      {result.lines.length > 0 && (
        <DataTable
          caption="结果会变的申请"
          rows={result.lines}
          rowKey={(row) => row.id || row.name}
          columns={[
            {
              key: 'number',
              header: '编号',
              keep: true,
              cell: (row) => (row.id ? <a href={paths.officeTitle(row.id)}>{row.number}</a> : '—'),
            },
            { key: 'name', header: '人选或单位', cell: (row) => row.name },
            {
              key: 'state',
              header: '当时结果',
              keep: true,
              cell: (row) => (row.id ? applicationStates[row.state] : '—'),
            },
            {
              key: 'changes',
              header: '按草稿',
              cell: (row) => (
                <ul>
                  {row.changes.map((one) => (
                    <li key={one}>{one}</li>
                  ))}
                </ul>
              ),
            },
          ]}
          empty={null}
        />
      )}
    </Section>
  )
}
