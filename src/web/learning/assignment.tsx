import { Button } from '../ui/button.tsx'
import { TextArea } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { instantText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { LongText, Panel } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'

type Handed = { id: string; number: number; text: string; at: Date; passed: boolean | null; remark: string | null }

/** What was handed in and what the teacher said to it; and a form when another may follow. */
export function Assignment({ handed, failed }: { handed: readonly Handed[]; failed: Failed | undefined }) {
  const last = handed[0]
  return (
    <>
      {handed.map((one) => (
        <Panel key={one.id}>
          <div className="stack">
            <h2>
              第 {one.number} 次交的作业{' '}
              <StatusTag tone={one.passed === null ? 'wait' : one.passed ? 'good' : 'bad'}>
                {one.passed === null ? '等待批改' : one.passed ? '通过' : '未通过'}
              </StatusTag>
            </h2>
            <p className="small soft">{instantText(one.at)}</p>
            <LongText>{one.text}</LongText>
            {one.remark && (
              <Notice title="教师评语">
                <LongText>{one.remark}</LongText>
              </Notice>
            )}
          </div>
        </Panel>
      ))}
      {(!last || last.passed === false) && (
        <Form failed={failed} labels={{ text: '作业' }}>
          <input type="hidden" name="intent" value="assignment" />
          <TextArea name="text" label="我的作业" rows={10} maxLength={20000} />
          <Button>交作业</Button>
        </Form>
      )}
    </>
  )
}
