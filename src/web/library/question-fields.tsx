import { questionKinds } from '#modules/library/question.schema.ts'
import { RadioGroup } from '../ui/choices.tsx'
import { TextArea, TextField } from '../ui/fields.tsx'

export const questionLabels = {
  pool: '题库分组',
  kind: '题型',
  prompt: '题目',
  options: '选项',
  answer: '答案',
  points: '分值',
  explanation: '解析',
  file: '文件',
}
export type QuestionValues = {
  pool: string
  kind: string
  prompt: string
  options: string
  answer: string
  points: string
  explanation: string
}

export function QuestionFields({ values }: { values?: QuestionValues }) {
  return (
    <>
      <TextField
        name="pool"
        label="题库分组"
        hint="考试按分组抽题，例如：第一章。"
        value={values?.pool ?? ''}
        maxLength={60}
      />
      <RadioGroup
        name="kind"
        label="题型"
        options={Object.entries(questionKinds).map(([value, label]) => ({ value, label }))}
        value={values?.kind ?? 'single'}
      />
      <TextArea name="prompt" label="题目" rows={3} maxLength={2000} value={values?.prompt ?? ''} />
      <TextArea
        name="options"
        label="选项"
        optional
        hint="单选、多选每行写一个选项；其他题型不用填。"
        rows={4}
        value={values?.options ?? ''}
      />
      <TextField
        name="answer"
        label="答案"
        hint="单选写 A，多选写 AC，判断写对或错，填空有几种写法的用 | 分开，数字可写误差如 100±5。"
        value={values?.answer ?? ''}
        maxLength={500}
      />
      <TextField name="points" label="分值" inputMode="decimal" width="short" value={values?.points ?? '2'} />
      <TextArea name="explanation" label="解析" optional rows={2} maxLength={2000} value={values?.explanation ?? ''} />
    </>
  )
}
