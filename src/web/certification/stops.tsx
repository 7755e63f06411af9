import type { Stop } from '#modules/certification/assessor.queries.ts'
import { signalText, stopCauses } from '#modules/certification/watch.rules.ts'
import { paths } from '../paths.ts'
import { Actions, Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { TextArea } from '../ui/fields.tsx'
import type { Failed } from '../ui/form.tsx'
import { instantText } from '../ui/format.ts'
import { IntentForm } from '../ui/intent-form.tsx'
import { Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { stopStates, stopTones } from './desk.ts'

/** What stood out, and the two steps by which it is lifted. */
export function Stops(props: {
  stops: readonly Stop[]
  area: string
  may: { manage: boolean; approve: boolean }
  me: string
  failed: Failed | undefined
}) {
  const { stops, area, may, me, failed } = props
  return (
    <Section
      title="异常和暂停"
      description="异常解除以前，该机构的下一批次不能提交和受理。解除要由一人提出理由、另一人决定。"
    >
      <DataTable
        caption="异常和暂停"
        rows={stops}
        rowKey={(row) => row.id}
        columns={[
          { key: 'cause', header: '异常', cell: (row) => stopCauses[row.cause] },
          { key: 'facts', header: '情况', cell: (row) => signalText(row.cause, row.facts) },
          {
            key: 'batch',
            header: '批次',
            keep: true,
            cell: (row) => <a href={paths.assessmentBatch(area, row.batchId)}>{row.batch}</a>,
          },
          { key: 'at', header: '发现', keep: true, cell: (row) => instantText(row.raisedAt) },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) => <StatusTag tone={stopTones[row.state]}>{stopStates[row.state]}</StatusTag>,
          },
          {
            key: 'reason',
            header: '理由和决定',
            cell: (row) =>
              [
                row.reason && `${row.proposedByName}：${row.reason}`,
                row.decidedNote && `${row.decidedByName}：${row.decidedNote}`,
              ]
                .filter(Boolean)
                .join('；') || '—',
          },
        ]}
        empty={<EmptyState icon="check" title="没有异常" />}
      />
      {stops.map((row) =>
        row.state === 'standing' && may.manage ? (
          <IntentForm key={row.id} intent="lift" failed={failed} about={{ stopId: row.id }}>
            <TextArea name="lift-reason" label={`解除“${stopCauses[row.cause]}”的理由（${row.batch}）`} rows={3} />
            <Button kind="plain">提出解除</Button>
          </IntentForm>
        ) : row.state === 'lift-proposed' && may.approve && row.proposedBy !== me ? (
          <IntentForm key={row.id} intent="decide-lift" failed={failed} about={{ stopId: row.id }}>
            <TextArea name="decide-lift-note" label={`核实情况：${stopCauses[row.cause]}（${row.batch}）`} rows={3} />
            <Actions>
              <Button name="decide-lift-outcome" value="lift">
                同意解除
              </Button>
              <Button kind="plain" name="decide-lift-outcome" value="keep">
                不解除
              </Button>
            </Actions>
          </IntentForm>
        ) : null,
      )}
    </Section>
  )
}
