import { Actions, Button, LinkButton } from '../ui/button.tsx'
import { Checkbox, CheckboxGroup, FileField, RadioGroup } from '../ui/choices.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { DateField, SelectField, TextArea, TextField } from '../ui/fields.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { Money } from '../ui/money.tsx'
import { Pagination } from '../ui/pagination.tsx'
import { Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { DayText } from '../ui/time.tsx'
import type { Tone } from '../ui/tone.ts'

export type SampleRow = {
  number: string
  name: string
  body: string
  count: number
  fen: number
  on: string
  state: number
}

const states: [string, Tone][] = [
  ['初审中', 'info'],
  ['已发放', 'good'],
  ['待补正', 'wait'],
  ['即将超期', 'warn'],
  ['不予受理', 'bad'],
]

const columns: Column<SampleRow>[] = [
  {
    key: 'number',
    header: '申报编号',
    cell: (row) => <a href={`#${row.number}`}>{row.number}</a>,
    sortKey: 'number',
    keep: true,
  },
  { key: 'name', header: '班级', cell: (row) => row.name },
  { key: 'body', header: '申报单位', cell: (row) => row.body },
  { key: 'count', header: '人数', cell: (row) => row.count, end: true },
  { key: 'fen', header: '金额', cell: (row) => <Money fen={row.fen} />, end: true, sortKey: 'fen' },
  { key: 'on', header: '提交日期', cell: (row) => <DayText day={row.on} />, sortKey: 'on', keep: true },
  {
    key: 'state',
    header: '状态',
    keep: true,
    cell: (row) => {
      const [label, tone] = states[row.state % states.length] ?? ['草稿', 'neutral']
      return <StatusTag tone={tone}>{label}</StatusTag>
    },
  },
]

export function TableSample({ rows }: { rows: SampleRow[] }) {
  return (
    <DataTable
      caption="申报"
      captionNote={`${rows.length} 件，按提交日期排列`}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.number}
      sort={{ by: 'on', direction: 'desc', href: (by, direction) => `?sort=${by}.${direction}#table` }}
      empty={<EmptyState title="没有符合条件的申报" action={{ href: '?', label: '清除筛选' }} />}
      foot={[
        '合计',
        '',
        '',
        rows.reduce((sum, row) => sum + row.count, 0),
        <Money key="m" fen={rows.reduce((sum, row) => sum + row.fen, 0)} />,
        '',
        '',
      ]}
    />
  )
}

export function Tables({ rows }: { rows: SampleRow[] }) {
  return (
    <Section title="表格" id="table" description="桌面上紧凑，手机上每行变成一张卡片；可排序的列标题是链接。">
      <div className="mb-4">
        <FilterBar label="筛选申报" action="?" values={{ q: '中式烹调', state: '' }}>
          <TextField name="q" label="关键字" optional width="full" />
          <SelectField
            name="state"
            label="状态"
            placeholder="全部"
            optional
            options={[{ value: 'review', label: '初审中' }]}
          />
        </FilterBar>
      </div>
      <TableSample rows={rows} />
      <Pagination shown={rows.length} total={1284} previous="?before=1" next="?after=20" />
    </Section>
  )
}

const failed: Failed = {
  fault: {
    kind: 'invalid',
    fields: {
      planned: ['请填 20 到 60 之间的整数'],
      starts_on: ['开班日期要在受理后第 5 个工作日以后，最早 2021年7月9日'],
      mode: ['请选择授课方式'],
      agreed: ['请先阅读并同意'],
    },
  },
  values: { title: '中式烹调师（四级）第 3 期', planned: '200', occupation: 'cook', groups: ['unemployed'] },
}

export function Forms() {
  return (
    <Section title="表单" description="下面是一次没通过的提交：上方汇总，逐项标出，填过的都在。">
      <Form failed={failed} labels={{ planned: '计划人数', starts_on: '开班日期', mode: '授课方式', agreed: '承诺' }}>
        <TextField name="title" label="班级名称" width="full" />
        <TextField name="planned" label="计划人数" hint="每班 20–60 人" inputMode="numeric" width="short" unit="人" />
        <DateField name="starts_on" label="开班日期" />
        <SelectField
          name="occupation"
          label="职业（工种）"
          options={[
            { value: 'cook', label: '中式烹调师　4-03-02-01' },
            { value: 'home', label: '家政服务员　4-10-01-06' },
          ]}
        />
        <RadioGroup
          name="mode"
          label="授课方式"
          options={[
            { value: 'site', label: '线下', hint: '教室地址须与备案一致' },
            { value: 'mixed', label: '线上线下结合', hint: '线上学时不超过总学时的一半' },
          ]}
        />
        <CheckboxGroup
          name="groups"
          label="面向人群"
          optional
          options={[
            { value: 'unemployed', label: '登记失业人员' },
            { value: 'rural', label: '农村转移就业劳动者' },
            { value: 'disabled', label: '残疾人' },
          ]}
        />
        <FileField name="plan" label="教学计划" accept=".pdf" limit="PDF，不超过 10 MB。" />
        <TextArea name="note" label="说明" optional hint="不要填写身份证号、银行卡号。" rows={3} />
        <Checkbox name="agreed" label="我承诺所填内容属实，并接受现场和线上检查。" />
        <Actions>
          <Button>提交备案</Button>
          <LinkButton href="#save">先存草稿</LinkButton>
        </Actions>
      </Form>
    </Section>
  )
}
