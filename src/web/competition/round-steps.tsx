import type { EventLine } from '#modules/competition/event.queries.ts'
import type { RoundEntry, RoundLine } from '#modules/competition/round.queries.ts'
import { paths } from '../paths.ts'
import { Button } from '../ui/button.tsx'
import { FileField } from '../ui/choices.tsx'
import { SelectField, TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { More, Section } from '../ui/section.tsx'

type Data = {
  event: EventLine
  round: RoundLine
  parts: { id: string; title: string }[]
  imports: readonly object[]
  entries: readonly RoundEntry[]
  hosts: boolean
  runs: boolean
}

/** Marks in, who did not come, the round closed by another; and a change where a mark is wrong. */
export function RoundSteps({ data, failed }: { data: Data; failed: Failed | undefined }) {
  const { event, round, imports, hosts, runs } = data
  const intent = failed?.values?.intent
  const of = (...names: string[]) => (names.includes(String(intent)) ? failed : undefined)
  if (!runs) return null
  const marking = event.state === 'running' && round.state === 'marking'
  const mendable = event.state === 'running' || event.state === 'scored'
  return (
    <>
      {marking && round.kind === 'theory' && imports.length === 0 && hosts && <Theory round={round} of={of} />}
      {marking && round.kind === 'practical' && (
        <Notice title="裁判在“我的执裁”里按代号评分">
          <p>每个模块两名裁判各自评分；相差超过技术文件规定的，由第三名裁判评。</p>
        </Notice>
      )}
      {marking && (
        <Section
          title="核对结束"
          description="全部成绩到齐后结束这一轮，公布姓名并确定晋级。导入成绩的人不能自己结束。"
        >
          <Form failed={of('close-round')}>
            <Button
              kind={round.kind === 'theory' && imports.length === 0 ? 'plain' : 'primary'}
              name="intent"
              value="close-round"
            >
              结束这一轮
            </Button>
          </Form>
          <More label="登记缺考" open={intent === 'absent'}>
            <Form failed={of('absent')} labels={{ 'absent-code': '代号' }}>
              <TextField
                name="absent-code"
                label="代号"
                width="short"
                maxLength={20}
                hint="例如 B003；已有成绩的不能登记"
              />
              <Button kind="plain" name="intent" value="absent">
                登记缺考
              </Button>
            </Form>
          </More>
        </Section>
      )}
      {mendable && round.state !== 'waiting' && (
        <More label="提出更正成绩" open={intent === 'change'}>
          <Change data={data} failed={of('change')} />
        </More>
      )}
    </>
  )
}

function Theory({ round, of }: { round: RoundLine; of: (...names: string[]) => Failed | undefined }) {
  return (
    <Section title="录入理论成绩">
      <Form failed={of('import')} labels={{ file: '成绩文件' }} upload>
        <p>
          <a href={paths.markTemplate(round.id)}>下载成绩表（XLSX）</a>，填好分数再上传。没有到场填“缺考”。
        </p>
        <FileField name="file" label="成绩文件" accept=".xlsx,.csv" limit="XLSX 或 CSV，最多 10000 行" />
        <Button name="intent" value="import">
          导入成绩
        </Button>
      </Form>
      <More label="用平台考试的成绩" open={of('link-exam', 'take-exam') !== undefined}>
        <Form failed={of('link-exam')} labels={{ 'link-exam-classNumber': '班级编号' }}>
          <TextField
            name="link-exam-classNumber"
            label="班级编号"
            maxLength={40}
            hint="选手在本单位这个班的课程里考试；每人取第一次交卷的成绩，折成百分制"
          />
          <Button kind="plain" name="intent" value="link-exam">
            {round.classId ? '换一个班' : '指定班级'}
          </Button>
        </Form>
        {round.classId && (
          <Form failed={of('take-exam')}>
            <p>班级已指定。考试结束后取成绩，取完不能再取。</p>
            <Button kind="plain" name="intent" value="take-exam">
              取考试成绩
            </Button>
          </Form>
        )}
      </More>
    </Section>
  )
}

function Change({ data, failed }: { data: Data; failed: Failed | undefined }) {
  return (
    <Form
      failed={failed}
      labels={{
        ...{ 'change-entryNumber': '参赛编号', 'change-module': '项目', 'change-mark': '更正后的分数' },
        'change-reason': '理由',
      }}
    >
      <TextField name="change-entryNumber" label="参赛编号" maxLength={40} />
      <SelectField
        name="change-module"
        label="项目"
        options={data.parts.map((one) => ({ value: one.id, label: one.title }))}
      />
      <TextField name="change-mark" label="更正后的分数" unit="分" inputMode="decimal" width="short" maxLength={8} />
      <TextArea
        name="change-reason"
        label="理由"
        rows={2}
        maxLength={1000}
        hint="原来的分数和理由都保留，公众看得到“成绩有更正”"
      />
      <Button kind="plain" name="intent" value="change">
        提出，由另一人决定
      </Button>
    </Form>
  )
}
