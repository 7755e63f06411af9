import { data, redirect } from 'react-router'
import { examParts } from '#modules/certification/assessor.schema.ts'
import { batchPage } from '#modules/certification/batch.queries.ts'
import { batchStates } from '#modules/certification/batch.schema.ts'
import { confirmMarks, enterMarks, takeClassMarks } from '#modules/certification/mark.commands.ts'
import { previewMarks } from '#modules/certification/mark.queries.ts'
import { invalid } from '#platform/errors.ts'
import { batchTones, certificationWords } from '../../certification/desk.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { areaAt } from '../../training/desk.ts'
import { Actions, Button, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { FileField } from '../../ui/choices.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TextField } from '../../ui/fields.tsx'
import { IntentForm } from '../../ui/intent-form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/marks.ts'

export const meta = () => title('认定成绩')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'score.enter')
  const { batch, candidates } = await batchPage(ctx, isId(params.id)).catch(fail(request))
  const listed = candidates.filter((one) => one.state === 'listed')
  const by = listed.flatMap((one) => Object.values(one.marks).map((mark) => mark.by))
  return {
    area: areaAt(request),
    batch,
    listed,
    missing: listed.length * batch.parts.length - by.length,
    own: by.includes(ctx.actor.hand.id),
    confirms: ctx.actor.can('score.approve', { organisationId: batch.organisationId }),
    open: batch.state === 'accepted' || batch.state === 'scoring',
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'score.enter')
  const batchId = isId(params.id)
  const form = await request.formData()
  const words = certificationWords(ctx)
  const intent = form.get('intent')
  if (intent === 'preview') {
    const file = form.get('file')
    const read = async () => {
      if (!(file instanceof File) || file.size === 0) throw invalid({ file: ['请选择填好的成绩表'] })
      return previewMarks(ctx, batchId, { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
    }
    const tried = await attempt(read(), form, words)
    return tried.ok ? data({ preview: tried.value }, tried.value.faults.length > 0 ? 422 : 200) : tried.answer
  }
  const work =
    intent === 'confirm'
      ? confirmMarks(ctx, { batchId, version: form.get('version') })
      : intent === 'class'
        ? takeClassMarks(ctx, { batchId })
        : enterMarks(ctx, {
            batchId,
            version: form.get('version'),
            source: intent === 'import' ? 'import' : 'form',
            cells: intent === 'import' ? parsed(form.get('cells')) : typed(form),
          })
  const tried = await attempt<unknown>(work, form, words)
  const area = areaAt(request)
  if (!tried.ok) return tried.answer
  return intent === 'confirm'
    ? redirect(done(paths.assessmentBatch(area, batchId), 'marks-confirmed'))
    : redirect(done(paths.assessmentMarks(area, batchId), 'marks-entered'))
}

const typed = (form: FormData) =>
  Object.fromEntries(
    [...form].flatMap(([name, value]) => (name.startsWith('cells.') ? [[name.slice(6), String(value)]] : [])),
  )
function parsed(json: unknown): unknown {
  try {
    return JSON.parse(String(json))
  } catch {
    return undefined
  }
}

export default function Marks({ loaderData, actionData }: Route.ComponentProps) {
  const { area, batch, listed, missing, own, confirms, open } = loaderData
  const preview = actionData && 'preview' in actionData ? actionData.preview : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  const text = (tenths: number | null | undefined) =>
    tenths === undefined ? '' : tenths === null ? '缺考' : String(tenths / 10)
  return (
    <>
      <PageHeader
        title="认定成绩"
        caption={`${batch.title}　${batch.number}`}
        crumbs={[{ label: batch.title, href: paths.assessmentBatch(area, batch.id) }]}
        tag={<StatusTag tone={batchTones[batch.state]}>{batchStates[batch.state]}</StatusTag>}
      />
      {!open ? (
        <EmptyState icon="lock" title="现在不能录入成绩">
          受理以后、成绩确认以前录入。
        </EmptyState>
      ) : (
        <div className="stack">
          {preview && <Preview preview={preview} />}
          {batch.classId && (
            <Section title="带入班级成绩" description="关联班级的结业考核结果确认以后，成绩原样带入，不用再录。">
              <IntentForm intent="class" failed={failed}>
                <Button kind="plain">带入班级成绩</Button>
              </IntentForm>
            </Section>
          )}
          <Section title="导入成绩表" description="先核对、后录入：上传后告诉您哪几格有错，确认以后才写入。">
            <IntentForm intent="preview" failed={failed} upload>
              <p>
                请用<a href={paths.assessmentSheet(area, batch.id)}>本批次的模板</a>，考生已经填好，只填成绩。
              </p>
              <FileField name="file" label="填好的成绩表" accept=".xlsx,.csv" limit="可用 .xlsx 或 .csv，不超过 5 MB" />
              <Button kind="plain">上传并核对</Button>
            </IntentForm>
          </Section>
          <Section title="成绩表" description={missing > 0 ? `还差 ${missing} 个成绩。` : '成绩已经齐全。'}>
            <IntentForm intent="enter" failed={failed} about={{ version: batch.version }}>
              {listed.map((one) => (
                <fieldset className="field" key={one.id}>
                  <legend>
                    {String(one.seq).padStart(4, '0')}　{one.name}
                  </legend>
                  <div className="two-columns">
                    {batch.parts.map((part) => (
                      <TextField
                        key={part}
                        name={`cells.${one.id}.${part}`}
                        label={examParts[part]}
                        width="short"
                        optional
                        value={text(one.marks[part]?.tenths)}
                      />
                    ))}
                  </div>
                </fieldset>
              ))}
              <Button kind="plain">保存成绩</Button>
            </IntentForm>
          </Section>
          <Section title="确认" description="由没有录入过本批次成绩的另一人确认；确认后按规则判定结果。">
            {own || !confirms || missing > 0 ? (
              <DisabledButton
                reason={
                  missing > 0 ? '成绩还没有齐全。' : own ? '您录入过成绩，要由另一人确认。' : '由本机构负责人确认。'
                }
              >
                确认成绩
              </DisabledButton>
            ) : (
              <IntentForm intent="confirm" failed={failed} about={{ version: batch.version }}>
                <Button>确认成绩</Button>
              </IntentForm>
            )}
          </Section>
        </div>
      )}
    </>
  )
}

type PreviewData = Extract<Exclude<Route.ComponentProps['actionData'], undefined>, { preview: unknown }>['preview']

function Preview({ preview }: { preview: PreviewData }) {
  const count = Object.keys(preview.cells).length
  type Fault = PreviewData['faults'][number]
  const columns: Column<Fault>[] = [
    { key: 'row', header: '行', cell: (fault) => `第 ${fault.row} 行` },
    { key: 'column', header: '列', cell: (fault) => fault.column },
    { key: 'value', header: '填写的内容', cell: (fault) => fault.value || '—' },
    { key: 'message', header: '错误', cell: (fault) => fault.message },
    { key: 'remedy', header: '改法', cell: (fault) => fault.remedy },
  ]
  return (
    <Section title={`核对结果：${preview.fileName}`}>
      <SummaryList
        rows={[
          { label: '可以录入', value: `${preview.persons} 人，${count} 个成绩` },
          { label: '文件里没有的考生', value: `${preview.absent} 人` },
        ]}
      />
      {preview.faults.length > 0 && (
        <DataTable
          caption={`需要更正的地方，共 ${preview.faults.length} 处`}
          rows={preview.faults}
          rowKey={(fault) => `${fault.row}-${fault.column}-${fault.rule}`}
          columns={columns}
          empty={null}
        />
      )}
      {count > 0 ? (
        <IntentForm intent="import" failed={undefined} about={{ version: preview.version }}>
          <input type="hidden" name="cells" value={JSON.stringify(preview.cells)} />
          <Actions>
            <Button>录入这 {count} 个成绩</Button>
            <LinkButton href="?" kind="quiet">
              放弃
            </LinkButton>
          </Actions>
        </IntentForm>
      ) : (
        <Notice tone="warn" title="没有可以录入的成绩">
          请按上面的改法更正后重新上传。
        </Notice>
      )}
    </Section>
  )
}
