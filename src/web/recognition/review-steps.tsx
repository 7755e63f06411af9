import type { ApplicationLine } from '#modules/recognition/application.queries.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { paths } from '../paths.ts'
import { Actions, Button, DisabledButton, LinkButton } from '../ui/button.tsx'
import { CheckboxGroup } from '../ui/choices.tsx'
import { TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { dayText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { More, Section } from '../ui/section.tsx'
import { SummaryList } from '../ui/summary-list.tsx'

type Visit = {
  id: string
  visitedOn: string
  checks: Record<string, 'yes' | 'no' | 'none'>
  finding: string
  note: string
  recordedBy: string
  recordedByName: string
  confirmedByName: string
  confirmedAt: Date | null
  companion: string
  files: readonly { id: string; kind: string }[]
}
type Data = {
  line: ApplicationLine
  scheme: Scheme
  visits: readonly Visit[]
  reasons: readonly { code: string; text: string; mend: string; outcome: string }[]
  me: string
  today: string
  may: { manage: boolean; decide: boolean; recommend: boolean; holds: boolean; tookPart: boolean }
}
type Props = { data: Data; failed: Failed | undefined }

/** What the one who is looking can do with the application now. */
export function ReviewSteps({ data, failed }: Props) {
  const { line, may } = data
  const intent = String(failed?.values?.intent ?? '')
  const of = (name: string) => (intent === name ? failed : undefined)
  if (line.state === 'submitted' && may.manage) {
    return (
      <Form failed={of('take')}>
        <Button name="intent" value="take">
          受理
        </Button>
      </Form>
    )
  }
  if (line.state === 'formal-review' && may.manage) return <Formal data={data} failed={failed} />
  if (line.state === 'recommendation' && may.recommend) return <Recommendation data={data} failed={failed} />
  if (line.state === 'site-visit' && may.manage) return <SiteVisit data={data} failed={failed} />
  if (line.state === 'shortlist' && may.manage) {
    return (
      <Notice title="等待确定名单">
        <p>
          到<a href={paths.officeTitleCall(line.callId)}>通知页</a>一并确定。
        </p>
      </Notice>
    )
  }
  if (line.state === 'cleared') {
    if (!may.decide) return <DisabledButton reason="公示没有异议，由局领导认定。">认定</DisabledButton>
    if (may.tookPart) return <DisabledButton reason="您参与过审查，请由没有参与的领导办理。">认定</DisabledButton>
    return (
      <Section title="认定" description="认定时名额由数据库核对，满额不能再认定。">
        <Form failed={of('designate')} labels={{ docNo: '文号' }}>
          <TextField name="docNo" label="文号" optional hint="如 海人社〔2021〕9号" maxLength={60} />
          <Button name="intent" value="designate">
            认定
          </Button>
        </Form>
      </Section>
    )
  }
  return null
}

function Formal({ data, failed }: Props) {
  const { may, reasons } = data
  const intent = String(failed?.values?.intent ?? '')
  const of = (name: string) => (intent === name ? failed : undefined)
  if (!may.holds) return <DisabledButton reason="由受理的人员办理。">形式审查</DisabledButton>
  const options = (outcome: string) =>
    reasons
      .filter((one) => one.outcome === outcome)
      .map((one) => ({ value: one.code, label: one.text, hint: one.mend }))
  return (
    <Section title="形式审查">
      <Form failed={of('pass')} labels={{ 'pass-note': '意见' }}>
        <input type="hidden" name="intent" value="pass" />
        <TextArea name="pass-note" label="意见" optional rows={2} maxLength={2000} />
        <Button>通过，进入下一环节</Button>
      </Form>
      <More label="退回补正" open={intent === 'return'}>
        <Form failed={of('return')} labels={{ 'return-reasonCodes': '理由', 'return-note': '说明' }}>
          <input type="hidden" name="intent" value="return" />
          <CheckboxGroup name="return-reasonCodes" label="理由" options={options('return')} />
          <TextArea name="return-note" label="说明" optional rows={3} hint="写明补什么、改哪里" maxLength={2000} />
          <Button kind="plain">退回补正</Button>
        </Form>
      </More>
      <More label="不予认定" open={intent === 'refuse'}>
        <Form failed={of('refuse')} labels={{ 'refuse-reasonCodes': '理由', 'refuse-note': '说明' }}>
          <input type="hidden" name="intent" value="refuse" />
          <CheckboxGroup name="refuse-reasonCodes" label="理由" options={options('reject')} />
          <TextArea name="refuse-note" label="说明" optional rows={3} maxLength={2000} />
          <Button kind="danger">不予认定</Button>
        </Form>
      </More>
    </Section>
  )
}

function Recommendation({ data, failed }: Props) {
  return (
    <Section title={data.scheme.recommendation?.label ?? '推荐意见'}>
      <Form failed={failed} labels={{ note: '意见' }}>
        <TextArea name="note" label="意见" optional rows={3} maxLength={2000} />
        <Actions>
          <Button name="intent" value="recommend">
            同意推荐
          </Button>
          <Button name="intent" value="decline" kind="plain">
            不予推荐
          </Button>
        </Actions>
      </Form>
    </Section>
  )
}

function SiteVisit({ data, failed }: Props) {
  const { line, visits, me } = data
  const open = visits.find((one) => one.confirmedAt === null)
  if (open) {
    return open.recordedBy === me ? (
      <Notice title="核查记录已填好">
        <p>请由一同核查的另一人登录确认。</p>
      </Notice>
    ) : (
      <Section title="确认现场核查" description={`${open.recordedByName}填写；请确认与您看到的一致。`}>
        <Form failed={failed}>
          <input type="hidden" name="visitId" value={open.id} />
          <Button name="intent" value="confirm-visit">
            确认核查记录
          </Button>
        </Form>
      </Section>
    )
  }
  return (
    <Section title="现场核查" description="两人以上到现场；一人填写，另一人确认。可以在手机上填，没有网络也能填。">
      <LinkButton href={paths.titleVisit(line.id)} kind="primary">
        填写核查表
      </LinkButton>
    </Section>
  )
}

const pictures: Record<string, string> = {
  photo: '现场照片',
  signature: '填写人签名',
  'companion-signature': '一同核查人签名',
}

/** What was found on the spot. */
export function Visits({ data }: { data: Pick<Data, 'visits' | 'scheme'> }) {
  const words = { yes: '符合', no: '不符合', none: '不适用' } as const
  return data.visits.map((visit) => (
    <Section key={visit.id} title={`现场核查（${dayText(visit.visitedOn)}）`}>
      <SummaryList
        rows={[
          ...data.scheme.checklist.map((one) => ({ label: one.label, value: words[visit.checks[one.id] ?? 'none'] })),
          { label: '情况', value: visit.note },
          { label: '结论', value: visit.finding === 'pass' ? '通过' : '不通过' },
          ...(visit.files.length > 0
            ? [
                {
                  label: '照片和签名',
                  value: visit.files.map((one, at) => (
                    <div key={one.id}>
                      <a href={paths.visitFile(one.id)}>
                        {pictures[one.kind] ?? one.kind}
                        {one.kind === 'photo' ? at + 1 : ''}
                      </a>
                    </div>
                  )),
                },
              ]
            : []),
          ...(visit.companion ? [{ label: '一同核查', value: visit.companion }] : []),
          { label: '核查人', value: [visit.recordedByName, visit.confirmedByName || '等待另一人确认'].join('、') },
        ]}
      />
    </Section>
  ))
}
