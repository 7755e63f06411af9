import { findingOutcomes } from '#modules/exchange/exchange.schema.ts'
import type { Silent } from '#modules/exchange/finding.queries.ts'
import { paths } from '../paths.ts'
import { Actions, Button } from '../ui/button.tsx'
import { RadioGroup } from '../ui/choices.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { TextArea, TextField } from '../ui/fields.tsx'
import type { Failed } from '../ui/form.tsx'
import { dayText, instantText } from '../ui/format.ts'
import { IntentForm } from '../ui/intent-form.tsx'
import { Notice } from '../ui/notice.tsx'
import { More } from '../ui/section.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import { span } from './parts.tsx'

type Props = {
  silent: readonly Silent[]
  workdays: number | null
  undecided: string
  manage: boolean
  me: string
  failed: Failed | undefined
}

/** Firms that have not confirmed, with the evidence and what two officers may do: intents `find` and `decide-finding`. */
export function SilentFirms({ silent, workdays, undecided, manage, me, failed }: Props) {
  if (silent.length === 0) return <EmptyState icon="check" title="没有等待确认的单位" />
  return (
    <>
      {workdays === null && (
        <Notice tone="info" title={`确认期限：${undecided}`}>
          <p>没有期限时，由经办人逐件写明理由，另一人复核。</p>
        </Notice>
      )}
      {silent.map((one) => (
        <article className="panel stack" key={one.bookingId}>
          <h3>{`${one.organisation}：${one.subject}`}</h3>
          <SummaryList
            rows={[
              { label: '时段', value: `${one.host}，${span(one)}` },
              {
                label: '对方已确认',
                value: `${one.hostMinutes}分钟，${one.hostPersons}人（${instantText(one.saidAt)}）`,
              },
              { label: '预约', value: `${one.seats}人` },
              { label: '扫码签到', value: `${one.signedIn}人` },
              {
                label: '纸质签到表',
                value:
                  one.sheets.length === 0
                    ? '没有'
                    : one.sheets.map((sheet, at) => (
                        <span key={sheet.id}>
                          {at > 0 && '　'}
                          <a href={paths.sharingSheet(sheet.id)}>{`第${at + 1}份（${sheet.persons}人）`}</a>
                        </span>
                      )),
              },
              { label: '确认期限', value: one.dueOn ? `到${dayText(one.dueOn)}` : undecided },
            ]}
          />
          <Handling one={one} workdays={workdays} manage={manage} me={me} failed={failed} />
        </article>
      ))}
    </>
  )
}

function Handling({ one, workdays, manage, me, failed }: Omit<Props, 'silent' | 'undecided'> & { one: Silent }) {
  const { finding } = one
  if (finding?.state === 'proposed') {
    return (
      <>
        <SummaryList
          rows={[
            {
              label: '处理意见',
              value: `${findingOutcomes[finding.outcome]}${finding.minutes === null ? '' : `：${finding.minutes}分钟，${finding.persons}人`}（${finding.proposedByName}）`,
            },
            { label: '证据', value: finding.evidence },
            ...(finding.handReason ? [{ label: '现在办理的原因', value: finding.handReason }] : []),
          ]}
        />
        {manage && finding.proposedBy !== me ? (
          <IntentForm intent="decide-finding" failed={failed} about={{ findingId: finding.id }}>
            <TextField name="decide-finding-note" label="复核意见" optional maxLength={500} width="full" />
            <Actions>
              <Button kind="plain" name="decide-finding-outcome" value="approve">
                同意
              </Button>
              <Button kind="quiet" name="decide-finding-outcome" value="decline">
                不同意
              </Button>
            </Actions>
          </IntentForm>
        ) : (
          <p>等另一人复核。</p>
        )}
      </>
    )
  }
  if (!manage) return null
  if (one.waiting) return <p>期限未过，先等参加单位确认。</p>
  return (
    <>
      {finding?.state === 'declined' && <p>{`上一次意见未通过（${finding.decidedByName}）：${finding.note}`}</p>}
      <More label="提出处理意见" open={failed?.values?.intent === 'find' && failed.values.bookingId === one.bookingId}>
        <IntentForm intent="find" failed={failed} about={{ bookingId: one.bookingId }}>
          <RadioGroup
            name="find-outcome"
            label="怎样处理"
            options={Object.entries(findingOutcomes).map(([value, label]) => ({ value, label }))}
          />
          <TextField
            name="find-minutes"
            label="实际分钟"
            unit="分钟"
            inputMode="numeric"
            width="short"
            optional
            hint="按证据确认的填写；不会多于对方确认的"
          />
          <TextField name="find-persons" label="到场人数" unit="人" inputMode="numeric" width="short" optional />
          <TextArea name="find-evidence" label="证据" rows={3} hint="看了什么、联系了谁、结果怎样" />
          {workdays === null && (
            <TextArea name="find-handReason" label="现在办理的原因" rows={2} hint="没有确认期限，请写明理由" />
          )}
          <Button kind="plain">提出，交另一人复核</Button>
        </IntentForm>
      </More>
    </>
  )
}
