import type { DocumentLine, EventLine } from '#modules/competition/event.queries.ts'
import { Actions, Button } from '../ui/button.tsx'
import { CheckboxGroup } from '../ui/choices.tsx'
import { TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { dayText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { More, Section } from '../ui/section.tsx'

type Data = {
  event: EventLine
  documents: readonly DocumentLine[]
  reasons: readonly { code: string; text: string; mend: string; outcome: string }[]
  me: string
  may: { manage: boolean; decide: boolean; publicise: boolean }
}

/** What the bureau does next with a competition; each hand sees its own. */
export function DeskSteps({ data, failed }: { data: Data; failed: Failed | undefined }) {
  const { event, documents, may, me } = data
  const intent = String(failed?.values?.intent ?? '')
  const of = (...names: string[]) => (names.includes(intent) ? failed : undefined)
  const proposed = documents.find((one) => one.state === 'proposed')
  const cancellable = ['accepted', 'announced', 'checking', 'running', 'scored'].includes(event.state)
  return (
    <>
      {event.state === 'filed' && may.manage && (
        <Form failed={of('take')}>
          <Button name="intent" value="take">
            受理
          </Button>
        </Form>
      )}
      {event.state === 'review' &&
        (event.takenBy === me ? (
          <Review data={data} of={of} intent={intent} />
        ) : (
          <Notice title={`由${event.takenByName}办理`} />
        ))}
      {event.state === 'accepted' && proposed && may.manage && (
        <Section title="批准技术文件" description="内容见下面“技术文件”。批准后主办单位可以发布公告。">
          <Form failed={of('decide-document')} labels={{ 'decide-document-note': '意见' }}>
            <input type="hidden" name="documentId" value={proposed.id} />
            <input type="hidden" name="intent" value="decide-document" />
            <TextArea name="decide-document-note" label="意见" rows={2} maxLength={1000} optional />
            <Actions>
              <Button name="outcome" value="approved">
                批准
              </Button>
              <Button kind="plain" name="outcome" value="declined">
                不批准，请修改
              </Button>
            </Actions>
          </Form>
        </Section>
      )}
      {event.state === 'scored' && may.publicise && (
        <Section
          title="公示成绩"
          description={`申诉到${dayText(event.protestsUntil ?? '')}为止。期满、申诉和更正都办结后公示。`}
        >
          <Form failed={of('publicise')} labels={{ 'publicise-title': '公示标题' }}>
            <TextField
              name="publicise-title"
              label="公示标题"
              width="full"
              maxLength={120}
              value={`${event.title}成绩公示`}
            />
            <Button name="intent" value="publicise">
              开始公示
            </Button>
          </Form>
        </Section>
      )}
      {event.state === 'cleared' && may.decide && (
        <Form failed={of('award')}>
          <Notice title="公示结束，没有未办结的异议">
            <p>颁奖后按名次生成获奖证书，公布代号的种子。参与过备案和公示的人不能颁奖。</p>
          </Notice>
          <Button name="intent" value="award">
            颁奖
          </Button>
        </Form>
      )}
      {event.state === 'awarded' && may.manage && (
        <Form failed={of('archive')}>
          <Button kind="plain" name="intent" value="archive">
            归档
          </Button>
        </Form>
      )}
      {event.state === 'archived' && (
        <Notice tone="good" title="已归档">
          <p>案卷摘要（SHA-256）：{event.archiveDigest}</p>
        </Notice>
      )}
      {cancellable && may.decide && (
        <More label="取消这场竞赛" open={intent === 'cancel'}>
          <Form failed={of('cancel')} labels={{ 'cancel-note': '理由' }}>
            <TextArea name="cancel-note" label="理由" rows={2} maxLength={1000} hint="会写进办理经过，不能撤回" />
            <Button kind="danger" name="intent" value="cancel">
              取消竞赛
            </Button>
          </Form>
        </More>
      )}
    </>
  )
}

function Review(props: { data: Data; of: (...names: string[]) => Failed | undefined; intent: string }) {
  const { data, of, intent } = props
  const options = (outcome: string) =>
    data.reasons
      .filter((one) => one.outcome === outcome)
      .map(({ code, text, mend }) => ({ value: code, label: text, hint: mend }))
  return (
    <Section title="备案审查" description="看主办资格、竞赛方案和收费；准予备案后主办单位编写技术文件。">
      <Form failed={of('accept')}>
        <Button name="intent" value="accept">
          准予备案
        </Button>
      </Form>
      {(
        [
          ['return', '退回补正', '退回补正'],
          ['reject', '不予备案', '不予备案'],
        ] as const
      ).map(([name, label, button]) => (
        <More key={name} label={label} open={intent === name}>
          <Form failed={of(name)} labels={{ [`${name}-reasonCodes`]: '理由', [`${name}-note`]: '说明' }}>
            <CheckboxGroup name={`${name}-reasonCodes`} label="理由" options={options(name)} />
            <TextArea name={`${name}-note`} label="说明" rows={2} maxLength={1000} optional />
            <Button kind={name === 'reject' ? 'danger' : 'plain'} name="intent" value={name}>
              {button}
            </Button>
          </Form>
        </More>
      ))}
    </Section>
  )
}
