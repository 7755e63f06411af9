import type { BatchState } from '#modules/certification/batch.schema.ts'
import { paths } from '../paths.ts'
import { Actions, Button, DisabledButton, LinkButton } from '../ui/button.tsx'
import { TextArea, TextField } from '../ui/fields.tsx'
import type { Failed } from '../ui/form.tsx'
import { IntentForm } from '../ui/intent-form.tsx'
import { More, Section } from '../ui/section.tsx'

type Data = {
  area: string
  batch: {
    id: string
    state: BatchState
    version: number
    filedBy: string | null
    heldBy: string | null
    passed: number
  }
  may: { plan: boolean; enter: boolean; confirm: boolean; issue: boolean; manage: boolean; approve: boolean }
  stopped: boolean
  publicityDays: number | null
  undecided: string
}
type Props = { data: Data; failed: Failed | undefined }

/** What can be done with the batch now, by whoever looks at it. */
export function Steps({ data, failed }: Props) {
  const steps = data.area === 'office' ? deskSteps(data, failed) : ownSteps(data, failed)
  return steps ? <Section title="办理">{steps}</Section> : null
}

function ownSteps({ area, batch, may, stopped, publicityDays, undecided }: Data, failed: Failed | undefined) {
  const { state } = batch
  if ((state === 'draft' || state === 'returned') && may.plan) {
    return (
      <>
        {stopped ? (
          <DisabledButton reason="本机构有异常没有解除，由区人社局两人核实解除后才能提交。">提交计划</DisabledButton>
        ) : (
          <IntentForm intent="file" failed={failed}>
            <Button>提交计划</Button>
          </IntentForm>
        )}
        <Cancel failed={failed} />
      </>
    )
  }
  if (state === 'filed') return <p>已提交，等待区人社局受理。</p>
  if (state === 'accepted' || state === 'scoring') {
    return (
      <>
        <Actions>
          <LinkButton href={paths.assessmentMarks(area, batch.id)} kind="primary">
            {state === 'scoring' ? '成绩录入和确认' : '录入成绩'}
          </LinkButton>
        </Actions>
        {state === 'accepted' && may.plan && <Cancel failed={failed} />}
      </>
    )
  }
  if (state === 'scored' && may.confirm) {
    return (
      <>
        <IntentForm intent="publicise" failed={failed}>
          <TextField
            name="publicise-workdays"
            label="公示工作日"
            unit="天"
            inputMode="numeric"
            width="short"
            value={String(publicityDays ?? 5)}
            hint={publicityDays === null ? `公示期${undecided}，由本机构决定` : `不少于 ${publicityDays} 个工作日`}
          />
          <Button>公示结果</Button>
        </IntentForm>
        <More label="成绩有误，重新打开" open={failed?.values?.intent === 'reopen'}>
          <IntentForm intent="reopen" failed={failed}>
            <TextArea
              name="reopen-reason"
              label="理由"
              rows={3}
              hint="原来的成绩保留；重新打开后由两人重新录入和确认"
            />
            <Button kind="danger">重新打开成绩</Button>
          </IntentForm>
        </More>
      </>
    )
  }
  if (state === 'publicised') return <p>正在公示，期满没有暂停的转入待发证。</p>
  if (state === 'held') return <p>公示被暂停，等待区人社局核实。</p>
  if (state === 'cleared' && may.issue) {
    return (
      <IntentForm intent="issue" failed={failed}>
        <p>合格 {batch.passed} 人。证书编号为 22 位，签发以后公众可以查验，只能由区人社局撤销。</p>
        <Button>签发证书</Button>
      </IntentForm>
    )
  }
  return null
}

const Cancel = ({ failed }: { failed: Failed | undefined }) => (
  <More label="取消批次" open={failed?.values?.intent === 'cancel'}>
    <IntentForm intent="cancel" failed={failed}>
      <TextArea name="cancel-note" label="原因" rows={2} />
      <Button kind="danger">取消批次</Button>
    </IntentForm>
  </More>
)

function deskSteps({ batch, may, stopped }: Data, failed: Failed | undefined) {
  if (batch.state === 'filed' && may.manage) {
    return (
      <>
        {stopped ? (
          <DisabledButton reason="该机构有异常没有解除，不能受理。">受理</DisabledButton>
        ) : (
          <IntentForm intent="accept" failed={failed}>
            <Button>受理</Button>
          </IntentForm>
        )}
        <More label="退回" open={failed?.values?.intent === 'return'}>
          <IntentForm intent="return" failed={failed}>
            <TextArea name="return-note" label="退回原因" rows={3} />
            <Button kind="plain">退回机构</Button>
          </IntentForm>
        </More>
      </>
    )
  }
  if (batch.state === 'publicised' && may.manage) {
    return (
      <IntentForm intent="hold" failed={failed}>
        <TextArea
          name="hold-note"
          label="暂停原因"
          rows={3}
          hint="收到举报或者发现问题的，先暂停，由另一人核实后恢复或退回重评"
        />
        <Button kind="danger">暂停公示</Button>
      </IntentForm>
    )
  }
  if (batch.state === 'held' && may.approve) {
    return (
      <IntentForm intent="release" failed={failed}>
        <TextArea name="release-note" label="核实情况" rows={3} />
        <Actions>
          <Button name="release-outcome" value="release">
            恢复公示
          </Button>
          <Button kind="danger" name="release-outcome" value="redo">
            退回重评
          </Button>
        </Actions>
      </IntentForm>
    )
  }
  return null
}
