import type { Condition, ExamPart } from '#modules/certification/assessor.schema.ts'
import { examParts } from '#modules/certification/assessor.schema.ts'
import type { Candidate } from '#modules/certification/batch.queries.ts'
import { paths } from '../paths.ts'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { type Option, SelectField, TextField } from '../ui/fields.tsx'
import type { Failed } from '../ui/form.tsx'
import { IntentForm } from '../ui/intent-form.tsx'
import { More, Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'

type Props = {
  candidates: readonly Candidate[]
  parts: readonly ExamPart[]
  conditions: readonly Condition[]
  capacity: number
  editable: boolean
  marked: boolean
  withClass: boolean
  options: Option[]
  failed: Failed | undefined
}

const mark = (tenths: number | null | undefined) =>
  tenths === undefined ? '—' : tenths === null ? '缺考' : String(tenths / 10)

/** Everybody on the list; while the plan is open also the forms to add and strike. */
export function CandidatePart(props: Props) {
  const { candidates, parts, conditions, capacity, editable, marked, withClass, options, failed } = props
  const listed = candidates.filter((one) => one.state === 'listed')
  const words = new Map(conditions.map((one) => [one.id, one.text]))
  const columns: Column<Candidate>[] = [
    { key: 'seq', header: '考号', keep: true, cell: (row) => String(row.seq).padStart(4, '0') },
    { key: 'name', header: '考生', cell: (row) => `${row.name}（${row.document}）` },
    ...(marked
      ? [
          ...parts.map(
            (part): Column<Candidate> => ({
              key: part,
              header: examParts[part],
              end: true,
              cell: (row) => mark(row.marks[part]?.tenths),
            }),
          ),
          { key: 'passed', header: '结果', keep: true, cell: passedTag } satisfies Column<Candidate>,
          {
            key: 'certificate',
            header: '证书',
            cell: (row: Candidate) =>
              row.certificateId ? <a href={paths.levelCertificate(row.certificateId)}>{row.certificate}</a> : '—',
          } satisfies Column<Candidate>,
        ]
      : [
          {
            key: 'condition',
            header: '申报条件',
            cell: (row: Candidate) => `${words.get(row.condition) ?? row.condition}（从业${row.years}年）`,
          } satisfies Column<Candidate>,
          { key: 'evidence', header: '所查证明', cell: (row: Candidate) => row.evidence } satisfies Column<Candidate>,
        ]),
    ...(editable
      ? [
          {
            key: 'strike',
            header: '办理',
            cell: (row: Candidate) => (
              <IntentForm intent="strike" failed={failed} about={{ candidateId: row.id }}>
                <input type="hidden" name="strike-note" value="编制计划时移出" />
                <Button kind="quiet">移出</Button>
              </IntentForm>
            ),
          } satisfies Column<Candidate>,
        ]
      : []),
  ]
  return (
    <Section title="考生" description={`已登记 ${listed.length} 人，座位够 ${capacity} 人。`}>
      <DataTable
        caption="考生"
        rows={listed}
        rowKey={(row) => row.id}
        columns={columns}
        empty={
          <EmptyState icon="people" title="还没有考生">
            {editable ? '先安排场次，再登记考生。' : '名单是空的。'}
          </EmptyState>
        }
      />
      {editable && (
        <>
          <More label="登记一名考生" open={failed?.values?.intent === 'candidate'}>
            <IntentForm intent="candidate" failed={failed}>
              <TextField name="candidate-name" label="姓名" maxLength={120} />
              <TextField name="candidate-documentNumber" label="身份证号码" maxLength={30} />
              <SelectField name="candidate-condition" label="申报条件" options={options} />
              <TextField name="candidate-years" label="从事本职业年数" unit="年" inputMode="numeric" width="short" />
              <TextField
                name="candidate-evidence"
                label="所查证明"
                hint="查了什么材料，如社保记录、工作证明、毕业证"
                maxLength={300}
                width="full"
              />
              <Button kind="plain">登记</Button>
            </IntentForm>
          </More>
          {withClass && (
            <More label="登记班级全部学员" open={failed?.values?.intent === 'class'}>
              <IntentForm intent="class" failed={failed}>
                <SelectField name="class-condition" label="申报条件" options={options} />
                <TextField name="class-years" label="从事本职业年数" unit="年" inputMode="numeric" width="short" />
                <TextField name="class-evidence" label="所查证明" maxLength={300} width="full" />
                <Button kind="plain">全部登记</Button>
              </IntentForm>
            </More>
          )}
        </>
      )}
    </Section>
  )
}

function passedTag(row: Candidate) {
  if (row.passed === null) return '未判定'
  return <StatusTag tone={row.passed ? 'good' : 'neutral'}>{row.passed ? '合格' : '不合格'}</StatusTag>
}
