import { Button } from '../ui/button.tsx'
import { RadioGroup } from '../ui/choices.tsx'
import { TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { dayText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { Copyable } from '../ui/section.tsx'

/** Objecting to a row of a public list; once done, the receipt, which is told this one time. */
export function Lodge(props: {
  told: { number: string; receipt: string } | null
  failed: Failed | undefined
  reasons: Readonly<Record<string, string>>
  answerHref: string
}) {
  const { told, failed, reasons, answerHref } = props
  return told ? (
    <Notice tone="good" live title={`异议已收到，编号 ${told.number}`}>
      <p>
        回执码：<Copyable>{told.receipt}</Copyable>
      </p>
      <p>
        回执码只显示这一次，请记下来。凭它在<a href={answerHref}>查异议答复</a>看办理结果。
      </p>
    </Notice>
  ) : (
    <Form failed={failed} labels={{ reason: '异议理由', text: '情况', contact: '联系方式' }}>
      <RadioGroup
        name="reason"
        label="异议理由"
        options={Object.entries(reasons).map(([value, label]) => ({ value, label }))}
      />
      <TextArea name="text" label="情况" hint="请写明时间、地点和可以核实的线索；内容加密保存" maxLength={2000} />
      <TextField name="contact" label="联系方式" optional hint="不留也可以，答复凭回执码查" maxLength={60} />
      <Button>提交异议</Button>
    </Form>
  )
}

type Answer<S extends string> = { number: string; state: S; dueOn: string; reply: string | null }

/** What became of an objection, for whoever has the receipt. */
export function Reply<S extends string>(props: {
  answer: Answer<S> | null
  states: Readonly<Record<S, string>>
  failed: Failed | undefined
}) {
  const { answer, states, failed } = props
  return (
    <div className="stack">
      {answer && (
        <Notice
          tone={answer.state === 'open' ? 'info' : 'good'}
          live
          title={`${answer.number}：${states[answer.state]}`}
        >
          <p>{answer.state === 'open' ? `应在${dayText(answer.dueOn)}前答复。` : answer.reply}</p>
        </Notice>
      )}
      <Form failed={failed} labels={{ receipt: '回执码' }}>
        <TextField name="receipt" label="回执码" hint="12 位字母和数字，横线可以不填" maxLength={40} />
        <Button>查询</Button>
      </Form>
    </div>
  )
}

/** Deciding an objection; `upheld` says what follows when it is right. */
export function Decide({ failed, upheld }: { failed: Failed | undefined; upheld: string }) {
  return (
    <Form failed={failed} labels={{ outcome: '结论', reply: '答复' }}>
      <RadioGroup
        name="outcome"
        label="结论"
        options={[
          { value: 'dismissed', label: '异议不成立', hint: '没有其他异议的，恢复公示' },
          { value: 'upheld', label: '异议成立', hint: upheld },
        ]}
      />
      <TextArea
        name="reply"
        label="答复"
        hint="异议人凭回执码看到；不要写举报人和被举报人的个人信息"
        rows={5}
        maxLength={2000}
      />
      <Button>办结异议</Button>
    </Form>
  )
}
