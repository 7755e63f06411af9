import type { Change } from '#modules/standards/redline.rules.ts'
import { functionText } from '#modules/standards/standard.rules.ts'
import { type Body, reasonText, type VersionState } from '#modules/standards/standard.schema.ts'
import type { Ctx } from '#platform/command.ts'
import type { Refusal } from '#policy/decision.ts'
import { wordsOf } from '../ctx.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { LongText, More, Section } from '../ui/section.tsx'
import type { Tone } from '../ui/tone.ts'

export const standardWords = (ctx: Pick<Ctx, 'plan'>) => (refusal: Refusal) => wordsOf(ctx.plan, reasonText, refusal)

export const versionTones = {
  proposed: 'wait',
  declined: 'bad',
  drafting: 'info',
  commenting: 'info',
  answering: 'info',
  reviewing: 'wait',
  published: 'good',
  superseded: 'neutral',
  abolished: 'bad',
} as const satisfies Record<VersionState, Tone>

export type Level = { code: string; label: string }
export { functionText }

/** The text as readers see it: profile, basics, requirements, weights. */
export function BodyView({ body, levels }: { body: Body; levels: readonly Level[] }) {
  const label = (code: string) => levels.find((one) => one.code === code)?.label ?? code
  if (body.functions.length === 0) return <EmptyState title="正文还没有写" />
  return (
    <>
      <Section title="一、职业概况">
        <LongText>{body.profile}</LongText>
      </Section>
      <Section title="二、基本要求">
        <LongText>{body.basics}</LongText>
      </Section>
      <Section title="三、工作要求">
        <div className="stack">
          {body.functions.map((one) => (
            <DataTable
              key={one.id}
              caption={one.name}
              rows={one.contents}
              rowKey={(row) => row.name}
              columns={[
                { key: 'name', header: '工作内容', cell: (row) => row.name },
                { key: 'skills', header: '技能要求', cell: (row) => row.skills },
                { key: 'knowledge', header: '相关知识', cell: (row) => row.knowledge },
              ]}
              empty={<EmptyState title={`${one.name}还没有工作内容`} />}
            />
          ))}
        </div>
      </Section>
      <Section title="四、权重表" description="每个等级合计为 100%。">
        <DataTable
          caption="权重表"
          rows={body.levels}
          rowKey={(row) => row.code}
          columns={[
            { key: 'level', header: '等级', cell: (row) => label(row.code) },
            ...body.functions.map((one) => ({
              key: one.id,
              header: one.name,
              end: true,
              cell: (row: Body['levels'][number]) => `${row.weights[one.id] ?? 0}%`,
            })),
            { key: 'hours', header: '参考学时', end: true, cell: (row) => row.hours ?? '—' },
            { key: 'conditions', header: '申报条件', cell: (row) => row.conditions || '—' },
          ]}
          empty={<EmptyState title="还没有写" />}
        />
      </Section>
    </>
  )
}

/** What came, what went, what only stands elsewhere or is only called otherwise; the words say so, marks repeat it. */
export function Redline({ changes }: { changes: readonly Change[] }) {
  const apart = changes.filter((one) => one.kind !== 'same')
  return (
    <More label={`与上一版的不同（${apart.length} 处）`}>
      {apart.length === 0 ? (
        <p>与上一版相同。</p>
      ) : (
        <ul className="list-disc ps-5">
          {apart.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two equal lines may both have changed
            <li key={at}>
              <Told change={one} />
            </li>
          ))}
        </ul>
      )}
    </More>
  )
}

const plain = (text: string) => (text.startsWith('# ') ? `职业功能“${text.slice(2)}”` : text)

function Told({ change }: { change: Change }) {
  if (change.kind === 'moved') {
    return `移动位置：${plain(change.text)}${change.with > 0 ? `，连同${change.with}项工作内容` : ''}`
  }
  if (change.kind === 'renamed') {
    return (
      <>
        改名：<del>{plain(change.was)}</del> 改为 <ins>{plain(change.text)}</ins>
      </>
    )
  }
  return change.kind === 'added' ? (
    <>
      新增：<ins>{plain(change.text)}</ins>
    </>
  ) : (
    <>
      删去：<del>{plain(change.text)}</del>
    </>
  )
}
