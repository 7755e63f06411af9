import type { JudgeLine } from '#modules/competition/judge.queries.ts'
import { dutyLabels } from '#modules/competition/mark.schema.ts'
import { Button } from '../ui/button.tsx'
import { RadioGroup } from '../ui/choices.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { SelectField, TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { More } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'

export const chosen = (draw: number | null) => (draw === null ? '主办单位指定' : `第${draw}次抽取`)

type Pool = readonly { id: string; name: string; employer: string; speciality: string }[]

/** Who judges; with a pool, the forms to seat a further one and to take one out. */
export function Judges({
  judges,
  pool,
  drawing = false,
  failed,
}: {
  judges: readonly JudgeLine[]
  pool: Pool
  /** Entries are closed, so conflicts are known. */
  drawing?: boolean
  failed?: Failed | undefined
}) {
  const intent = failed?.values?.intent
  const free = judges.filter((one) => one.state === 'seated' && one.sheets === 0)
  return (
    <>
      <DataTable
        caption="裁判"
        rows={judges}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', header: '姓名', cell: (row) => row.name },
          { key: 'duty', header: '职责', keep: true, cell: (row) => dutyLabels[row.duty] },
          { key: 'employer', header: '工作单位', cell: (row) => row.employer },
          { key: 'speciality', header: '专业', cell: (row) => row.speciality },
          { key: 'how', header: '产生方式', cell: (row) => chosen(row.draw) },
          { key: 'sheets', header: '已评', end: true, cell: (row) => row.sheets },
          {
            key: 'state',
            header: '状态',
            cell: (row) =>
              row.state === 'seated' ? (
                <StatusTag tone="good">在任</StatusTag>
              ) : (
                <>
                  <StatusTag>已退出</StatusTag> {row.reason}
                </>
              ),
          },
        ]}
        empty={
          <EmptyState icon="people" title="还没有裁判">
            要有一名裁判长，连同裁判员至少三名。
          </EmptyState>
        }
      />
      {drawing && pool.length > 0 && (
        <Form failed={intent === 'draw-judges' ? failed : undefined} labels={{ 'draw-judges-count': '抽取人数' }}>
          <TextField
            name="draw-judges-count"
            label="从专家库抽取裁判员"
            unit="名"
            inputMode="numeric"
            width="short"
            hint="按公告时固定的种子排序，与选手有关系的跳过；顺序和种子在竞赛页面公布"
          />
          <Button kind="plain" name="intent" value="draw-judges">
            抽取
          </Button>
        </Form>
      )}
      {pool.length > 0 && (
        <More label="指定裁判" open={intent === 'seat' || judges.length < 3}>
          <Form
            failed={intent === 'seat' ? failed : undefined}
            labels={{ 'seat-expertId': '裁判', 'seat-duty': '职责' }}
          >
            <SelectField
              name="seat-expertId"
              label="裁判"
              options={pool.map((one) => ({
                value: one.id,
                label: `${one.name}（${one.employer}，${one.speciality}）`,
              }))}
            />
            <RadioGroup
              name="seat-duty"
              label="职责"
              options={Object.entries(dutyLabels).map(([value, label]) => ({ value, label }))}
            />
            <Button kind="plain" name="intent" value="seat">
              增加
            </Button>
          </Form>
        </More>
      )}
      {pool.length > 0 && free.length > 0 && (
        <More label="裁判退出" open={intent === 'leave'}>
          <Form
            failed={intent === 'leave' ? failed : undefined}
            labels={{ 'leave-judgeId': '退出的裁判', 'leave-note': '理由' }}
          >
            <SelectField
              name="leave-judgeId"
              label="退出的裁判"
              options={free.map((one) => ({ value: one.id, label: one.name }))}
            />
            <TextArea name="leave-note" label="理由" rows={2} maxLength={1000} />
            <Button kind="quiet" name="intent" value="leave">
              退出
            </Button>
          </Form>
        </More>
      )}
    </>
  )
}
