import type { ChangeLine } from '#modules/competition/board.queries.ts'
import type { EntryLine } from '#modules/competition/entry.queries.ts'
import { changeKinds, changeStates } from '#modules/competition/mark.schema.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import { Actions, Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { SelectField, TextArea } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { instantText } from '../ui/format.ts'
import { More } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'

const tones = { proposed: 'wait', approved: 'good', declined: 'neutral' } as const

export function moduleTitle(type: CompetitionType, id: string): string {
  return id === 'theory' ? '理论成绩' : (type.modules.find((one) => one.id === id)?.title ?? id)
}

type Props = {
  changes: readonly ChangeLine[]
  type: CompetitionType
  me: string
  mendable: boolean
  failed?: Failed | undefined
}

/** Every change with both marks, its reason and its two people; a proposed one can be decided here by somebody else. */
export function Changes({ changes, type, me, mendable, failed }: Props) {
  const intent = failed?.values?.intent
  const open = changes.filter((one) => one.state === 'proposed')
  return (
    <>
      <DataTable
        caption="更正和取消资格"
        rows={changes}
        rowKey={(row) => row.id}
        columns={[
          { key: 'number', header: '参赛编号', keep: true, cell: (row) => row.entryNumber },
          {
            key: 'what',
            header: '内容',
            cell: (row) =>
              row.kind === 'disqualify'
                ? changeKinds.disqualify
                : `${row.round}，${moduleTitle(type, row.module)}：${row.oldMark?.toFixed(2)} → ${row.newMark?.toFixed(2)}`,
          },
          { key: 'reason', header: '理由', cell: (row) => row.reason },
          { key: 'by', header: '提出', cell: (row) => `${row.proposedBy}，${instantText(row.proposedAt)}` },
          {
            key: 'state',
            header: '决定',
            cell: (row) => (
              <>
                <StatusTag tone={tones[row.state]}>{changeStates[row.state]}</StatusTag> {row.decidedBy}
              </>
            ),
          },
        ]}
        empty={<EmptyState title="没有更正">成绩有误的，在轮次页面提出更正。</EmptyState>}
      />
      {mendable &&
        open.map((one) =>
          one.proposedById === me ? (
            <p key={one.id}>
              {one.entryNumber} 的{changeKinds[one.kind]}由您提出，请由另一人决定。
            </p>
          ) : (
            <Form
              key={one.id}
              failed={intent === 'decide-change' && failed?.values?.changeId === one.id ? failed : undefined}
            >
              <input type="hidden" name="changeId" value={one.id} />
              <input type="hidden" name="intent" value="decide-change" />
              <p>
                决定 {one.entryNumber} 的{changeKinds[one.kind]}：{one.reason}
              </p>
              <Actions>
                <Button kind="plain" name="outcome" value="approved">
                  同意
                </Button>
                <Button kind="quiet" name="outcome" value="declined">
                  不同意
                </Button>
              </Actions>
            </Form>
          ),
        )}
    </>
  )
}

export function Disqualify({ entries, failed }: { entries: readonly EntryLine[]; failed: Failed | undefined }) {
  const own = failed?.values?.intent === 'disqualify' ? failed : undefined
  return (
    <More label="提出取消资格" open={own !== undefined}>
      <Form failed={own} labels={{ 'disqualify-entryId': '选手', 'disqualify-reason': '理由' }}>
        <SelectField
          name="disqualify-entryId"
          label="选手"
          options={entries
            .filter((one) => one.state === 'eligible')
            .map((one) => ({ value: one.id, label: `${one.number} ${one.name}` }))}
        />
        <TextArea name="disqualify-reason" label="理由" rows={2} maxLength={1000} />
        <Button kind="quiet" name="intent" value="disqualify">
          提出，由另一人决定
        </Button>
      </Form>
    </More>
  )
}
