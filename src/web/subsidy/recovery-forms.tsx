import type { RecoveryFile } from '#modules/subsidy/recovery.queries.ts'
import { yuan } from '#shared/units.ts'
import { Button, DisabledButton } from '../ui/button.tsx'
import { RadioGroup } from '../ui/choices.tsx'
import { DateField, SelectField, TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { Money } from '../ui/money.tsx'
import { More } from '../ui/section.tsx'

type Props = {
  file: RecoveryFile
  may: { open: boolean; decide: boolean; lead: boolean; receive: boolean; close: boolean; offset: boolean }
  awards: readonly { id: string; number: string; amountFen: number }[]
  today: string
  leftFen: number
  failed: Failed | undefined
}

const labels = {
  heardOn: '日期',
  statement: '陈述',
  reason: '理由',
  legalBasis: '法律依据',
  amount: '金额',
  onDay: '日期',
  reference: '凭据',
  instalments: '分期',
  claimId: '申领',
  outcome: '结果',
  lines: '金额',
}

/** The next steps of a recovery, each in its own form; a step that is not the actor's says whose it is. */
export function RecoveryActions(props: Props) {
  const { file, may } = props
  const failedAt = (intent: string) => (props.failed?.values?.intent === intent ? props.failed : undefined)
  switch (file.state) {
    case 'opened':
      return (
        <>
          {may.open ? (
            <Hear failed={failedAt('hear')} today={props.today} />
          ) : (
            <DisabledButton reason="由资金经办听取陈述。">记录陈述</DisabledButton>
          )}
          {may.lead && <Drop failed={failedAt('drop')} />}
        </>
      )
    case 'heard':
      return may.decide ? (
        <>
          <Decide file={file} failed={failedAt('decide')} />
          <Drop failed={failedAt('drop')} />
        </>
      ) : (
        <DisabledButton reason={may.lead ? '立案人不能自己作出决定。' : '由局领导决定。'}>作出决定</DisabledButton>
      )
    case 'decided':
      return may.open ? (
        <Form failed={failedAt('demand')} labels={labels}>
          <p>发出后开始计算缴款期限，账上由“已拨付”转为“应收追回”，全额追回的人次从统计中冲减。</p>
          <Button name="intent" value="demand">
            发出追缴通知
          </Button>
        </Form>
      ) : (
        <DisabledButton reason="由资金经办发出。">发出追缴通知</DisabledButton>
      )
    case 'demanded':
      return <Collect {...props} failedAt={failedAt} />
    default:
      return <p>已办结。</p>
  }
}

function Hear({ failed, today }: { failed: Failed | undefined; today: string }) {
  return (
    <Form failed={failed} labels={labels}>
      <DateField name="heardOn" label="听取陈述的日期" value={today} max={today} />
      <TextArea name="statement" label="当事人陈述" hint="当事人放弃陈述的，也请写明。" rows={4} maxLength={4000} />
      <Button name="intent" value="hear">
        记录陈述
      </Button>
    </Form>
  )
}

function Decide({ file, failed }: { file: RecoveryFile; failed: Failed | undefined }) {
  return (
    <Form failed={failed} labels={labels}>
      <TextArea name="reason" label="决定理由" rows={4} maxLength={4000} />
      <TextField
        name="legalBasis"
        label="法律依据"
        width="full"
        maxLength={1000}
        hint="写明条款。计划依据（十六）会自动写进通知书。"
      />
      <More label="调低某人的金额（不改的留空）">
        {file.lines.map((line) => (
          <TextField
            key={line.lineId}
            name={`amounts.${line.lineId}`}
            label={`${line.name}：立案 ${yuan(line.amountFen)} 元，改为`}
            optional
            inputMode="decimal"
            unit="元"
            width="short"
          />
        ))}
      </More>
      <Button name="intent" value="decide">
        决定追回
      </Button>
    </Form>
  )
}

function Drop({ failed }: { failed: Failed | undefined }) {
  return (
    <More label="不予追回" open={failed !== undefined}>
      <Form failed={failed} labels={labels}>
        <TextArea name="reason" label="理由" rows={3} maxLength={4000} />
        <Button kind="plain" name="intent" value="drop">
          不予追回，办结
        </Button>
      </Form>
    </More>
  )
}

function Collect({
  file,
  may,
  awards,
  today,
  leftFen,
  failedAt,
}: Props & { failedAt: (intent: string) => Failed | undefined }) {
  const due = file.dueOn !== null && file.dueOn < today
  return (
    <>
      <p>
        尚欠 <Money fen={leftFen} />。
      </p>
      {may.receive ? (
        <Form failed={failedAt('receive')} labels={labels}>
          <TextField name="amount" label="收到的金额" inputMode="decimal" unit="元" />
          <DateField name="onDay" label="到账日期" value={today} max={today} />
          <TextField name="reference" label="缴款书或银行流水号" hint="同一号码只记一次。" maxLength={200} />
          <Button name="intent" value="receive">
            记收款
          </Button>
        </Form>
      ) : (
        <DisabledButton reason="由财政确认岗位对照银行回单记收款。">记收款</DisabledButton>
      )}
      <More label="用以后的补贴抵扣" open={failedAt('notice') !== undefined || failedAt('offset') !== undefined}>
        <Offset file={file} may={may} awards={awards} due={due} failedAt={failedAt} />
      </More>
      {may.lead && (
        <More label="分期缴款" open={failedAt('instalments') !== undefined}>
          <Instalments failed={failedAt('instalments')} leftFen={leftFen} />
        </More>
      )}
      {may.close && (
        <More label="核销或移送" open={failedAt('close') !== undefined}>
          <Form failed={failedAt('close')} labels={labels}>
            <RadioGroup
              name="outcome"
              label={`尚欠的 ${yuan(leftFen)} 元`}
              options={[
                { value: 'written-off', label: '核销', hint: '经批准不再追收。' },
                { value: 'transferred', label: '移送', hint: '移送司法或其他机关处理。' },
              ]}
            />
            <TextField name="reference" label="批准文号或移送文书号" maxLength={200} />
            <Button kind="danger" name="intent" value="close">
              办结
            </Button>
          </Form>
        </More>
      )}
    </>
  )
}

type OffsetProps = Pick<Props, 'file' | 'may' | 'awards'> & {
  due: boolean
  failedAt: (intent: string) => Failed | undefined
}

function Offset({ file, may, awards, due, failedAt }: OffsetProps) {
  if (!file.offsetNoticeOn) {
    if (!may.open) return <DisabledButton reason="由资金经办发出抵扣通知。">发出抵扣通知</DisabledButton>
    if (!due)
      return (
        <DisabledButton reason={`缴款期限（${file.dueOn ?? ''}）过后仍未缴清的，才能通知抵扣。`}>
          发出抵扣通知
        </DisabledButton>
      )
    return (
      <Form failed={failedAt('notice')} labels={labels}>
        <p>通知当事人：以后的补贴将先抵扣欠款。第二天起可以抵扣。</p>
        <Button kind="plain" name="intent" value="notice">
          发出抵扣通知
        </Button>
      </Form>
    )
  }
  if (awards.length === 0) return <p>该单位现在没有已审批、未编批次的申领可以抵扣。</p>
  if (!may.offset) return <DisabledButton reason="由资金经办抵扣。">抵扣</DisabledButton>
  return (
    <Form failed={failedAt('offset')} labels={labels}>
      <SelectField
        name="claimId"
        label="用哪件申领抵扣"
        options={awards.map((award) => ({
          value: award.id,
          label: `${award.number}，应付 ${yuan(award.amountFen)} 元`,
        }))}
      />
      <TextField name="amount" label="抵扣金额" inputMode="decimal" unit="元" />
      <Button kind="plain" name="intent" value="offset">
        抵扣
      </Button>
    </Form>
  )
}

function Instalments({ failed, leftFen }: { failed: Failed | undefined; leftFen: number }) {
  return (
    <Form failed={failed} labels={labels}>
      <p>各期合计要等于尚欠的 {yuan(leftFen)} 元；新的计划代替旧的。</p>
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <div className="actions-row" key={row}>
          <DateField name={`instalments.${row}.dueOn`} label={`第 ${row + 1} 期日期`} optional={row > 1} />
          <TextField
            name={`instalments.${row}.amount`}
            label="金额"
            inputMode="decimal"
            unit="元"
            width="short"
            optional={row > 1}
          />
        </div>
      ))}
      <Button kind="plain" name="intent" value="instalments">
        定下分期
      </Button>
    </Form>
  )
}
