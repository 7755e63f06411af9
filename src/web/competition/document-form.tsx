import type { DocumentLine, EventLine } from '#modules/competition/event.queries.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import { Button } from '../ui/button.tsx'
import { TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { More } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { TechnicalDocument } from './facts.tsx'

const states = { proposed: '等待批准', approved: '已批准', declined: '未批准' } as const
const tones = { proposed: 'wait', approved: 'good', declined: 'bad' } as const

type Data = { event: EventLine; type: CompetitionType; documents: readonly DocumentLine[] }

/** Every draft of the technical document, the newest first; and a further one while it may still be written. */
export function Documents({ data, failed, writes }: { data: Data; failed: Failed | undefined; writes: boolean }) {
  const { event, type, documents } = data
  const open = documents.some((one) => one.state === 'proposed')
  const own = failed?.values?.intent === 'document' ? failed : undefined
  return (
    <>
      {documents.length === 0 && !writes && <Notice title="还没有技术文件" />}
      {documents.map((one) => (
        <More
          key={one.id}
          label={`第 ${one.number} 稿（${one.id === event.documentId ? '现行' : states[one.state]}）`}
          open={one.id === event.documentId || one.state === 'proposed'}
        >
          <p>
            <StatusTag tone={tones[one.state]}>{states[one.state]}</StatusTag> {one.writtenBy}编写
            {one.decidedBy && `，${one.decidedBy}办理`}
            {one.note && `：${one.note}`}
          </p>
          <TechnicalDocument document={one} type={type} />
        </More>
      ))}
      {writes && !open && (
        <More
          label={documents.length === 0 ? '编写技术文件' : '编写新的一稿'}
          open={documents.length === 0 || own !== undefined}
        >
          <DocumentForm failed={own} before={documents[0]} />
        </More>
      )}
    </>
  )
}

function DocumentForm({ failed, before }: { failed: Failed | undefined; before: DocumentLine | undefined }) {
  const terms = before?.terms
  const text = (value: number | null | undefined) => (value === null || value === undefined ? '' : String(value))
  return (
    <Form
      failed={failed}
      labels={{
        ...{ 'document-body': '正文', 'document-terms.passMark': '', 'document-terms.tolerance': '' },
        ...{ 'document-terms.prizeShare': '', 'document-terms.protestDays': '' },
      }}
    >
      <TextArea
        name="document-body"
        label="正文"
        rows={8}
        maxLength={20_000}
        value={before?.body ?? ''}
        hint="命题标准、考核内容、场地设备、评分细则、安全要求"
      />
      <TextField
        {...{ name: 'document-terms.passMark', label: '合格分', unit: '分', inputMode: 'decimal', width: 'short' }}
        value={text(terms?.passMark)}
        hint="低于合格分的不晋级、不计名次"
      />
      <TextField
        {...{
          name: 'document-terms.advanceMost',
          label: '每组晋级下一轮',
          unit: '名',
          inputMode: 'numeric',
          width: 'short',
        }}
        optional
        value={text(terms?.advanceMost)}
        hint="留空：合格的都晋级"
      />
      <TextField
        {...{
          name: 'document-terms.tolerance',
          label: '两名裁判允许相差',
          unit: '分',
          inputMode: 'decimal',
          width: 'short',
        }}
        value={text(terms?.tolerance)}
        hint="超过的由第三名裁判评"
      />
      <TextField
        {...{ name: 'document-terms.prizeShare', label: '获奖比例', unit: '%', inputMode: 'decimal', width: 'short' }}
        value={text(terms?.prizeShare)}
        hint="一、二、三等奖合计占参赛选手的比例"
      />
      <TextField
        {...{ name: 'document-terms.meritShare', label: '优胜奖到前', unit: '%', inputMode: 'decimal', width: 'short' }}
        optional
        value={text(terms?.meritShare)}
        hint="留空：不设优胜奖"
      />
      <TextField
        {...{
          name: 'document-terms.protestDays',
          label: '申诉期限',
          unit: '个工作日',
          inputMode: 'numeric',
          width: 'short',
        }}
        value={text(terms?.protestDays)}
      />
      <Button kind="plain" name="intent" value="document">
        提交技术文件
      </Button>
    </Form>
  )
}
