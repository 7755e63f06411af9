import type { ReferralLine } from '#modules/recognition/referral.queries.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { paths } from '../paths.ts'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { SelectField, TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { instantText } from '../ui/format.ts'
import { More, Section } from '../ui/section.tsx'
import { SummaryList } from '../ui/summary-list.tsx'

type Data = {
  holder: { endedOn: string | null }
  scheme: Pick<Scheme, 'benefits'>
  referrals: readonly ReferralLine[]
  bodies: Record<string, string>
  undecided: string
  may: { manage: boolean }
}

/** What the title opens, who decides it, and to whom the holder was referred. */
export function Benefits({ data, failed }: { data: Data; failed: Failed | undefined }) {
  const { scheme, referrals, bodies, undecided, may, holder } = data
  if (scheme.benefits.length === 0) return null
  const open = scheme.benefits.filter((one) => one.body !== null)
  const mine = failed?.values?.intent === 'refer' ? failed : undefined
  return (
    <Section title="可以享受的服务" description="由各主管部门按现行规定办理；本平台出具转介函并记录。">
      <SummaryList
        rows={scheme.benefits.map((one) => ({
          label: one.label,
          value: one.body ? (bodies[one.body] ?? one.body) : undecided,
          note: one.note,
        }))}
      />
      {referrals.length > 0 && (
        <DataTable
          caption="转介记录"
          rows={referrals}
          rowKey={(row) => row.id}
          columns={[
            { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
            { key: 'benefit', header: '服务', cell: (row) => row.benefit },
            { key: 'body', header: '转介单位', cell: (row) => bodies[row.body] ?? row.body },
            { key: 'by', header: '经办', cell: (row) => `${row.by}，${instantText(row.at)}` },
            {
              key: 'letter',
              header: '转介函',
              cell: (row) => (
                <>
                  <a href={paths.titleReferral(row.id)}>PDF</a>　<a href={paths.titleReferral(row.id, 'docx')}>DOCX</a>
                </>
              ),
            },
          ]}
          empty={null}
        />
      )}
      {may.manage && holder.endedOn === null && open.length > 0 && (
        <More label="转介到主管部门" open={mine !== undefined}>
          <Form failed={mine} labels={{ 'refer-benefit': '服务', 'refer-docNo': '文号', 'refer-note': '说明' }}>
            <input type="hidden" name="intent" value="refer" />
            <SelectField
              name="refer-benefit"
              label="服务"
              options={open.map((one) => ({
                value: one.label,
                label: `${one.label}（${bodies[one.body ?? ''] ?? one.body}）`,
              }))}
            />
            <TextField name="refer-docNo" label="文号" optional hint="如 海人社函〔2021〕9号" maxLength={60} />
            <TextArea name="refer-note" label="说明" optional rows={2} maxLength={1000} />
            <Button kind="plain">出具转介函</Button>
          </Form>
        </More>
      )}
    </Section>
  )
}
