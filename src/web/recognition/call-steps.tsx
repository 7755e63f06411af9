import type { ApplicationLine } from '#modules/recognition/application.queries.ts'
import type { CallRow } from '#modules/recognition/call.queries.ts'
import { Button, DisabledButton } from '../ui/button.tsx'
import { CheckboxGroup } from '../ui/choices.tsx'
import { TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { More, Section } from '../ui/section.tsx'

type Data = {
  call: Pick<CallRow, 'state' | 'title'>
  scheme: { scored: boolean; name: string }
  rows: readonly ApplicationLine[]
  may: { manage: boolean; publish: boolean; own: boolean; publicise: boolean }
}

/** What can be done with a call now: publish, draw the experts, choose, put before the public. */
export function CallSteps({ data, failed }: { data: Data; failed: Failed | undefined }) {
  const { call, rows, may, scheme } = data
  const intent = String(failed?.values?.intent ?? '')
  const of = (name: string) => (intent === name ? failed : undefined)
  const waiting = (state: string) => rows.filter((row) => row.state === state)
  const listed = waiting('shortlist')
  return (
    <>
      {call.state === 'draft' && (
        <Section title="发布" description="发布后开始申报；名额按今天的参数固定，抽取专家的种子也在这时定下。">
          {may.publish && !may.own ? (
            <Form failed={of('publish')}>
              <Button name="intent" value="publish">
                发布通知
              </Button>
            </Form>
          ) : (
            <DisabledButton reason={may.own ? '起草人不能自己发布，请由局领导发布。' : '由局领导发布。'}>
              发布通知
            </DisabledButton>
          )}
        </Section>
      )}
      {may.manage && waiting('expert-review').length > 0 && scheme.scored && (
        <Section
          title="抽取专家"
          description={`等待评审 ${waiting('expert-review').length} 件。与申报人有关系的自动回避。`}
        >
          <Form failed={of('draw')}>
            <Button name="intent" value="draw" kind="plain">
              抽取评审组
            </Button>
          </Form>
        </Section>
      )}
      {may.manage && listed.length > 0 && (
        <Section title="确定拟认定名单" description="没有勾选的，列为未入选并告知申请人。">
          <Form failed={of('shortlist')} labels={{ applicationIds: '拟认定', reason: '理由' }}>
            <input type="hidden" name="intent" value="shortlist" />
            <CheckboxGroup
              name="applicationIds"
              label="拟认定"
              options={listed.map((row) => ({
                value: row.id,
                label: `${row.name}（${row.organisation || '本人'}）`,
                hint:
                  row.score === null
                    ? '不经评审'
                    : `得分 ${row.score.toFixed(2)}，最高最低相差 ${(row.spread ?? 0).toFixed(2)}`,
              }))}
            />
            <TextArea name="reason" label="理由" optional rows={3} hint="没有按得分次序的必须写明" maxLength={2000} />
            <Button>确定名单</Button>
          </Form>
        </Section>
      )}
      {waiting('shortlisted').length > 0 && (
        <Section title="公示" description={`拟认定 ${waiting('shortlisted').length} 个，公示后名单固定。`}>
          {may.publicise ? (
            <Form failed={of('publicise')} labels={{ title: '公示标题' }}>
              <input type="hidden" name="intent" value="publicise" />
              <TextField
                name="title"
                label="公示标题"
                width="full"
                value={`${scheme.name}拟认定名单公示`}
                maxLength={120}
              />
              <Button>开始公示</Button>
            </Form>
          ) : (
            <DisabledButton reason="由公示与宣传人员办理。">开始公示</DisabledButton>
          )}
        </Section>
      )}
      {may.manage && (call.state === 'published' || call.state === 'draft') && (
        <More label={call.state === 'draft' ? '作废这份草稿' : '提前截止'} open={intent === 'close'}>
          <Form failed={of('close')}>
            <Button name="intent" value="close" kind="plain">
              {call.state === 'draft' ? '作废' : '截止申报'}
            </Button>
          </Form>
        </More>
      )}
    </>
  )
}
