import type { Fault } from '#modules/packages/archive.schema.ts'
import { ruleNames } from '#modules/packages/archive.schema.ts'
import type { Unit } from '#modules/packages/package.schema.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import type { ContentsLine } from './package-contents.ts'

const unitKinds: Record<Unit['kind'], string> = {
  sco: '会上报进度的课件',
  asset: '网页或文件，不上报',
  au: 'cmi5 单元',
  video: '视频',
}

export function PackageContents({ lines, open }: { lines: ContentsLine[]; open?: (id: string) => string }) {
  return (
    <DataTable
      caption={`目录，${lines.filter(({ unit }) => unit).length} 个单元`}
      rows={lines}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'title',
          header: '标题',
          cell: ({ title, depth, unit, id }) => (
            <span style={{ paddingInlineStart: `${Math.min(depth, 6)}em` }}>
              {unit && open ? <a href={open(id)}>{title}</a> : unit ? title : <b>{title}</b>}
            </span>
          ),
        },
        { key: 'kind', header: '类型', cell: ({ unit }) => (unit ? unitKinds[unit.kind] : '章节') },
        {
          key: 'file',
          header: '打开的文件',
          cell: ({ unit }) => (unit ? <span className="break-all">{unit.href}</span> : '—'),
        },
      ]}
      empty={
        <EmptyState icon="book" title="没有可以打开的单元">
          试题包的题目在下面。
        </EmptyState>
      }
    />
  )
}

export function PackageQuestions({
  questions,
}: {
  questions: { key: string; kind: string; prompt: string; answer: string }[]
}) {
  return (
    <DataTable
      caption={`将导入 ${questions.length} 题`}
      rows={questions}
      rowKey={({ key, prompt }) => `${key} ${prompt}`}
      columns={[
        { key: 'prompt', header: '题目', cell: ({ prompt }) => prompt },
        { key: 'kind', header: '题型', keep: true, cell: ({ kind }) => kind },
        { key: 'answer', header: '答案', cell: ({ answer }) => answer },
      ]}
      empty={null}
    />
  )
}

/** Everything that was found wrong, or is worth knowing: which file, which rule, and how to mend it. */
export function PackageFaults({ faults }: { faults: Fault[] }) {
  const errors = faults.filter(({ weight }) => weight === 'error')
  const warnings = faults.filter(({ weight }) => weight === 'warning')
  return (
    <>
      {errors.length > 0 && (
        <>
          <Notice tone="bad" title={`有 ${errors.length} 处必须改正，课件包没有导入`}>
            <p>请按下表逐条改好，重新打包后再上传。这个包里的文件一个也没有展开。</p>
          </Notice>
          <FaultTable caption="必须改正" faults={errors} />
        </>
      )}
      {warnings.length > 0 && <FaultTable caption="需要知道" faults={warnings} />}
    </>
  )
}

function FaultTable({ caption, faults }: { caption: string; faults: Fault[] }) {
  return (
    <DataTable
      caption={caption}
      captionNote={`${faults.length} 处`}
      rows={faults}
      rowKey={({ file, line, rule, message }) => `${file} ${line} ${rule} ${message}`}
      columns={[
        {
          key: 'file',
          header: '位置',
          cell: ({ file, line }) => (
            <span className="break-all">
              {file || '整个压缩包'}
              {line !== null && `，第 ${line} 行`}
            </span>
          ),
        },
        { key: 'rule', header: '规则', keep: true, cell: ({ rule }) => ruleNames[rule] ?? rule },
        { key: 'message', header: '问题', cell: ({ message }) => message },
        { key: 'remedy', header: '怎么改', cell: ({ remedy }) => remedy },
      ]}
      empty={null}
    />
  )
}
