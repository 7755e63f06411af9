import { claimFields, leaseMinutes, stages } from '#modules/subsidy/review.schema.ts'
import { paths } from '../paths.ts'
import { Actions, Button, DisabledButton } from '../ui/button.tsx'
import { RadioGroup } from '../ui/choices.tsx'
import { type Option, SelectField, TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { More } from '../ui/section.tsx'
import type { Todo } from './review-desk.ts'

type Props = {
  todo: Todo
  claim: { id: string; round: number }
  lines: readonly { id: string; person: string }[]
  reasons: readonly Option[]
  failed: Failed | undefined
}

/** What can be done with the file now; when nothing can, why. */
export function Decide(props: Props) {
  const { todo, failed } = props
  if (todo.take && todo.stage) {
    return (
      <Form failed={failed}>
        <p>领取后别人能看到您在办理；{leaseMinutes} 分钟没有操作自动释放。</p>
        <Button name="intent" value={`take-${todo.stage}`}>
          领取办理（{stages[todo.stage]}）
        </Button>
      </Form>
    )
  }
  if (todo.revoke) return <Revoke {...props} />
  if (!todo.decide || !todo.stage) return <DisabledButton reason={todo.why}>办理</DisabledButton>
  return <Opinion {...props} stage={todo.stage} />
}

const labels = { decision: '意见', findings: '问题', note: '说明', reasonCode: '原因', round: '申领' }
const fields = Object.entries(claimFields).map(([value, label]) => ({ value, label }))

function Opinion({ claim, lines, reasons, failed, stage }: Props & { stage: keyof typeof stages }) {
  return (
    <>
      <Form failed={failed} labels={labels}>
        <input type="hidden" name="intent" value={`opinion-${stage}`} />
        <input type="hidden" name="round" value={claim.round} />
        <RadioGroup
          name="decision"
          label={`${stages[stage]}意见`}
          options={[
            {
              value: 'agree',
              label: '同意',
              hint: stage === 'approve' ? '从项目的资金来源中扣出预算，进入付款。' : '提交时会再运行一次核查。',
            },
            { value: 'return', label: '退回补正', hint: '时限停止计算，单位补正后继续。请在下面写明问题。' },
            { value: 'reject', label: '不予补贴', hint: '课时和额度释放，不能再恢复。请在下面写明原因。' },
          ]}
        />
        {[0, 1, 2].map((row) => (
          <More
            key={row}
            label={row === 0 ? '问题一（退回或不予补贴时必填）' : `问题${row === 1 ? '二' : '三'}`}
            open={row === 0}
          >
            <SelectField name={`findings.${row}.reasonCode`} label="原因" optional options={reasons} />
            <SelectField
              name={`findings.${row}.field`}
              label="有问题的项目"
              optional
              placeholder="整件申领"
              options={fields.filter((one) => one.value !== '')}
            />
            <SelectField
              name={`findings.${row}.lineId`}
              label="人员"
              optional
              placeholder="不针对某一人"
              options={lines.map((line) => ({ value: line.id, label: line.person }))}
            />
            <TextField name={`findings.${row}.note`} label="怎样改" optional width="full" maxLength={1000} />
          </More>
        ))}
        <TextArea name="note" label="说明" optional rows={3} maxLength={2000} />
        <Button>提交{stages[stage]}意见</Button>
      </Form>
      {stage !== 'approve' && (
        <Form action={paths.claimReview(claim.id)}>
          <Button kind="quiet" name="intent" value="put-back">
            放回待办
          </Button>
        </Form>
      )}
    </>
  )
}

function Revoke({ reasons, failed }: Props) {
  return (
    <More label="撤销批准" open={failed !== undefined}>
      <Form failed={failed} labels={{ reasonCode: '原因', note: '理由' }}>
        <p>还没有编入付款批次时可以撤销：预算退回可用，申领按“不予补贴”办结，不能恢复。</p>
        <SelectField name="reasonCode" label="原因" options={reasons} />
        <TextArea name="note" label="理由" hint="至少10个字，单位能看到。" rows={3} maxLength={2000} />
        <Actions>
          <Button kind="danger" name="intent" value="revoke">
            撤销批准
          </Button>
        </Actions>
      </Form>
    </More>
  )
}
