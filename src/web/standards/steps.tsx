import type { CommentLine, Version } from '#modules/standards/standard.queries.ts'
import { outcomes, type Verdict, verdicts } from '#modules/standards/standard.schema.ts'
import { Actions, Button, DisabledButton } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { SelectField, TextArea, TextField } from '../ui/fields.tsx'
import type { Failed } from '../ui/form.tsx'
import { dayText, instantText } from '../ui/format.ts'
import { IntentForm } from '../ui/intent-form.tsx'
import { LongText, More, Section } from '../ui/section.tsx'
import { functionText, type Level } from './parts.tsx'

type Data = {
  version: Version
  comments: readonly CommentLine[]
  opinions: readonly { id: string; expert: string; unit: string; verdict: Verdict; words: string }[]
  levels: readonly Level[]
  commentDays: number | null
  experts: number | null
  undecided: string
  own: boolean
  me: string
  may: { manage: boolean; approve: boolean }
}
type Props = { data: Data; failed: Failed | undefined }
const options = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }))

/** What the drafters can do now. */
export function OwnSteps({ data, failed }: Props) {
  const { version, commentDays, undecided } = data
  if (version.state === 'drafting') {
    return (
      <Section title="办理" description="正文写好、保存以后，公开征求意见。">
        <IntentForm intent="open" failed={failed}>
          <TextField
            name="open-workdays"
            label="征求意见工作日"
            unit="天"
            inputMode="numeric"
            width="short"
            value={String(commentDays ?? 10)}
            hint={commentDays === null ? `征求意见期${undecided}，由起草单位决定` : `不少于 ${commentDays} 个工作日`}
          />
          <Button kind="plain">公开征求意见</Button>
        </IntentForm>
      </Section>
    )
  }
  if (version.state === 'commenting') {
    return (
      <Section title="办理">
        <p>正在征求意见，到{version.commentsTo ? dayText(version.commentsTo) : ''}为止。期满后逐条答复。</p>
      </Section>
    )
  }
  if (version.state === 'answering') {
    return (
      <Section title="办理">
        {version.unanswered > 0 ? (
          <DisabledButton reason={`还有 ${version.unanswered} 条意见没有答复。`}>提交审定</DisabledButton>
        ) : (
          <IntentForm intent="submit" failed={failed}>
            <Button>提交审定</Button>
          </IntentForm>
        )}
      </Section>
    )
  }
  if (version.state === 'published') {
    return (
      <Section title="办理">
        <More label="修订" open={failed?.values?.intent === 'revise'}>
          <IntentForm intent="revise" failed={failed} about={{ standardId: version.standardId }}>
            <TextArea name="revise-purpose" label="修订理由" rows={3} />
            <Button kind="plain">申请修订</Button>
          </IntentForm>
        </More>
      </Section>
    )
  }
  return null
}

/** What the bureau can do now. */
export function DeskSteps({ data, failed }: Props) {
  const { version, may, me, experts, undecided, opinions } = data
  if (version.state === 'proposed' && may.approve && version.writtenBy !== me) {
    return (
      <Section title="立项审批">
        <IntentForm intent="decide" failed={failed}>
          <TextArea name="decide-note" label="意见" rows={2} optional />
          <Actions>
            <Button name="decide-decision" value="approve">
              同意立项
            </Button>
            <Button kind="plain" name="decide-decision" value="reject">
              不予立项
            </Button>
          </Actions>
        </IntentForm>
      </Section>
    )
  }
  if (version.state === 'reviewing') {
    return (
      <Section
        title="审定"
        description={`专家意见 ${opinions.length} 份；审定专家人数${experts === null ? undecided : `不少于 ${experts} 人`}。`}
      >
        {may.manage && (
          <IntentForm intent="opinion" failed={failed}>
            <TextField name="opinion-expert" label="专家姓名" maxLength={60} />
            <TextField name="opinion-unit" label="专家单位" maxLength={120} />
            <SelectField name="opinion-verdict" label="审定意见" options={options(verdicts)} />
            <TextArea name="opinion-words" label="意见" rows={3} />
            <Button kind="plain">登记专家意见</Button>
          </IntentForm>
        )}
        {may.approve && (
          <IntentForm intent="review" failed={failed}>
            <TextArea name="review-note" label="意见" rows={2} optional />
            <Actions>
              <Button name="review-outcome" value="publish">
                发布
              </Button>
              <Button kind="plain" name="review-outcome" value="redo">
                退回修改
              </Button>
            </Actions>
          </IntentForm>
        )}
      </Section>
    )
  }
  if (version.state === 'published' && may.approve) {
    return (
      <More label="废止" open={failed?.values?.intent === 'abolish'}>
        <IntentForm intent="abolish" failed={failed}>
          <TextArea name="abolish-note" label="废止理由" rows={2} />
          <Button kind="danger">废止</Button>
        </IntentForm>
      </More>
    )
  }
  return null
}

export function Comments({ data, failed }: Props) {
  const { comments, version, own } = data
  if (comments.length === 0) return null
  const open = own && version.state === 'answering' ? comments.filter((one) => one.outcome === null) : []
  return (
    <Section title="公众意见">
      <DataTable
        caption="公众意见"
        rows={comments}
        rowKey={(row) => row.id}
        columns={[
          { key: 'part', header: '对哪一部分', cell: (row) => row.part },
          { key: 'text', header: '意见', cell: (row) => <LongText>{row.text}</LongText> },
          { key: 'at', header: '时间', keep: true, cell: (row) => instantText(row.at) },
          {
            key: 'answer',
            header: '答复',
            cell: (row) =>
              row.outcome ? `${outcomes[row.outcome]}：${row.reason}（${row.answeredByName}）` : '未答复',
          },
        ]}
        empty={<EmptyState title="没有意见" />}
      />
      {open.map((one, at) => (
        <IntentForm key={one.id} intent="answer" failed={failed} about={{ commentId: one.id }}>
          <SelectField name="answer-outcome" label={`答复第 ${at + 1} 条（${one.part}）`} options={options(outcomes)} />
          <TextArea name="answer-reason" label={`第 ${at + 1} 条的理由`} rows={2} />
          <Button kind="plain">答复</Button>
        </IntentForm>
      ))}
    </Section>
  )
}

export function Opinions({ data: { opinions } }: { data: Data }) {
  if (opinions.length === 0) return null
  return (
    <Section title="专家审定意见">
      <DataTable
        caption="专家审定意见"
        rows={opinions}
        rowKey={(row) => row.id}
        columns={[
          { key: 'expert', header: '专家', cell: (row) => `${row.expert}（${row.unit}）` },
          { key: 'verdict', header: '意见', keep: true, cell: (row) => verdicts[row.verdict] },
          { key: 'words', header: '说明', cell: (row) => row.words },
        ]}
        empty={null}
      />
    </Section>
  )
}

/** The draft as a form: functions as lines, then weights a level. */
export function Draft({ data, failed }: Props) {
  const { version, levels } = data
  const { body } = version
  const of = (code: string) => body.levels.find((one) => one.code === code)
  return (
    <Section title="正文" description="先写工作要求并保存，再填各等级的权重。">
      <IntentForm intent="draft" failed={failed} about={{ 'draft-edit': version.edit }}>
        <TextArea name="draft-profile" label="一、职业概况" rows={5} value={body.profile} optional />
        <TextArea name="draft-basics" label="二、基本要求" rows={5} value={body.basics} optional />
        <TextArea
          name="draft-functions"
          label="三、工作要求"
          rows={10}
          value={functionText(body.functions)}
          hint="“# 名称”开始一项职业功能；下面一行一项工作内容，写成“工作内容｜技能要求｜相关知识”"
        />
        {body.functions.length > 0 &&
          levels.map((level) => (
            <fieldset className="field" key={level.code}>
              <legend>四、权重表：{level.label}</legend>
              <input type="hidden" name="level-code" value={level.code} />
              <p className="hint">不设这一等级的，权重都不填。合计应为 100。</p>
              {body.functions.map((one) => (
                <TextField
                  key={one.id}
                  name={`weight.${level.code}.${one.id}`}
                  label={`${one.name}（${level.label}）`}
                  unit="%"
                  inputMode="numeric"
                  width="short"
                  optional
                  value={String(of(level.code)?.weights[one.id] ?? '')}
                />
              ))}
              <TextField
                name={`hours.${level.code}`}
                label={`参考学时（${level.label}）`}
                inputMode="numeric"
                width="short"
                optional
                value={String(of(level.code)?.hours ?? '')}
              />
              <TextArea
                name={`conditions.${level.code}`}
                label={`申报条件（${level.label}）`}
                rows={2}
                optional
                value={of(level.code)?.conditions ?? ''}
              />
            </fieldset>
          ))}
        <Button>保存</Button>
      </IntentForm>
    </Section>
  )
}
