import type { AwardLine } from '#modules/competition/entry.queries.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import { paths } from '../paths.ts'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { SelectField, TextArea } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { More } from '../ui/section.tsx'
import { groupLabel, prizeLabel } from './desk.ts'

type Data = {
  type: CompetitionType
  awards: readonly AwardLine[]
  upward: readonly { entryId: string; target: string }[]
  may: { manage: boolean }
}

/** Winners with their certificates, and to where they were recommended. */
export function Awards({ data: { type, awards, upward, may }, failed }: { data: Data; failed: Failed | undefined }) {
  const own = failed?.values?.intent === 'upward' ? failed : undefined
  const entries = [...new Map(awards.map((one) => [one.entryId, one])).values()]
  const where = (id: string) =>
    upward
      .filter((one) => one.entryId === id)
      .map((one) => type.upward.find((each) => each.id === one.target)?.label ?? one.target)
      .join('；')
  return (
    <>
      <DataTable
        caption="获奖名单"
        rows={awards}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', header: '获奖人', cell: (row) => row.name },
          { key: 'unit', header: '单位', cell: (row) => `${row.unit}${row.team ? `，${row.team}` : ''}` },
          { key: 'group', header: '组别', cell: (row) => groupLabel(type, row.groupId) },
          { key: 'prize', header: '奖项', keep: true, cell: (row) => prizeLabel(type, row.prize) },
          {
            key: 'number',
            header: '证书',
            keep: true,
            cell: (row) => <a href={paths.awardCertificate(row.id)}>{row.number}</a>,
          },
          { key: 'upward', header: '推荐', cell: (row) => where(row.entryId) || '—' },
        ]}
        empty={null}
      />
      {may.manage && (
        <More label="向上推荐" open={own !== undefined}>
          <Form
            failed={own}
            labels={{ 'upward-entryId': '选手或团队', 'upward-target': '推荐到', 'upward-note': '说明' }}
          >
            <SelectField
              name="upward-entryId"
              label="选手或团队"
              options={entries.map((one) => ({
                value: one.entryId,
                label: `${one.team || one.name}（${prizeLabel(type, one.prize)}）`,
              }))}
            />
            <SelectField
              name="upward-target"
              label="推荐到"
              options={type.upward.map((one) => ({ value: one.id, label: one.label }))}
            />
            <TextArea name="upward-note" label="说明" rows={2} maxLength={1000} optional />
            <Button kind="plain" name="intent" value="upward">
              登记推荐
            </Button>
          </Form>
        </More>
      )}
    </>
  )
}
