import { data, redirect } from 'react-router'
import { enterScores } from '#modules/assessment/score.commands.ts'
import { previewSheet } from '#modules/assessment/sheet.queries.ts'
import { invalid, missing } from '#platform/errors.ts'
import { assessmentWords, deskOf, frameOf } from '../../assessment/desk.ts'
import { AssessmentFrame } from '../../assessment/frame.tsx'
import { attempt } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { FileField } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/import.ts'

export const meta = () => title('导入成绩')

export async function loader(args: Route.LoaderArgs) {
  const { area, desk } = await deskOf(args)
  return { frame: frameOf(area, desk), open: desk.scorable && desk.may.enter, planned: desk.assessment !== null }
}

/** First a dry run that writes nothing; then what was shown is entered as it was shown. */
export async function action(args: Route.ActionArgs) {
  const { ctx, area, desk } = await deskOf(args)
  const { assessment } = desk
  const form = await args.request.formData()
  const cells = form.get('cells')
  if (typeof cells === 'string') {
    const input = {
      assessmentId: assessment?.id,
      version: form.get('version'),
      source: 'import',
      cells: parseCells(cells),
    }
    const tried = await attempt(enterScores(ctx, input), undefined, assessmentWords(ctx))
    return tried.ok ? redirect(done(paths.assessment(area, desk.cls.id, 'scores'), 'saved')) : tried.answer
  }
  const file = form.get('file')
  const preview = async () => {
    if (!assessment) throw missing('assessment')
    if (!(file instanceof File) || file.size === 0) throw invalid({ file: ['请选择填好的成绩表'] })
    const bytes = new Uint8Array(await file.arrayBuffer())
    return { ...(await previewSheet(ctx, assessment, { name: file.name, bytes })), version: assessment.sheetVersion }
  }
  const tried = await attempt(preview(), undefined, assessmentWords(ctx))
  if (!tried.ok) return tried.answer
  return data({ preview: tried.value }, tried.value.faults.length > 0 ? 422 : 200)
}

function parseCells(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

export default function Import({ loaderData, actionData }: Route.ComponentProps) {
  const { frame, open, planned } = loaderData
  const preview = actionData && 'preview' in actionData ? actionData.preview : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  if (!open) {
    return (
      <AssessmentFrame frame={frame} tab="import">
        <EmptyState icon="upload" title={planned ? '现在不能录入成绩' : '还没有安排考核'}>
          {planned ? '考核日期到了、成绩确认以前，由有录入权限的人员导入。' : '安排好考核以后才能录入成绩。'}
        </EmptyState>
      </AssessmentFrame>
    )
  }
  return (
    <AssessmentFrame frame={frame} tab="import">
      {preview && <Preview preview={preview} />}
      <Section title="上传成绩表" description="先核对、后录入：上传后告诉您哪几格有错，确认以后才写入。">
        <Form failed={failed} labels={{ file: '成绩表' }} upload>
          <p>
            请用<a href={paths.sheetTemplate(frame.area, frame.cls.id)}>本班的模板</a>，学员已经填好，只填成绩两列。
          </p>
          <FileField name="file" label="填好的成绩表" accept=".xlsx,.csv" limit="可用 .xlsx 或 .csv，不超过 5 MB" />
          <Button kind={preview ? 'plain' : 'primary'}>上传并核对</Button>
        </Form>
      </Section>
    </AssessmentFrame>
  )
}

type PreviewData = Extract<Exclude<Route.ComponentProps['actionData'], undefined>, { preview: unknown }>['preview']

function Preview({ preview }: { preview: PreviewData }) {
  const count = Object.keys(preview.cells).length
  const bad = new Set(preview.faults.map((fault) => fault.row)).size
  return (
    <Section title={`核对结果：${preview.fileName}`}>
      <SummaryList
        rows={[
          { label: '可以录入', value: `${preview.persons} 人，${count} 个成绩` },
          { label: '有错的行', value: `${bad} 行`, note: bad > 0 ? '这些行不会写入，改好后再上传即可。' : undefined },
          { label: '文件里没有的学员', value: `${preview.absentFromFile} 人` },
        ]}
      />
      {preview.faults.length > 0 && (
        <DataTable
          caption={`需要更正的地方，共 ${preview.faults.length} 处`}
          rows={preview.faults}
          rowKey={(fault) => `${fault.row}-${fault.column}-${fault.rule}`}
          columns={[
            { key: 'row', header: '行', cell: (fault) => `第 ${fault.row} 行` },
            { key: 'column', header: '列', cell: (fault) => fault.column },
            { key: 'value', header: '填写的内容', cell: (fault) => fault.value || '—' },
            { key: 'message', header: '错误', cell: (fault) => fault.message },
            { key: 'remedy', header: '改法', cell: (fault) => fault.remedy },
          ]}
          empty={null}
        />
      )}
      {count > 0 ? (
        <Form>
          <input type="hidden" name="version" value={preview.version} />
          <input type="hidden" name="cells" value={JSON.stringify(preview.cells)} />
          <Actions>
            <Button>录入这 {count} 个成绩</Button>
            <LinkButton href="?" kind="quiet">
              放弃
            </LinkButton>
          </Actions>
        </Form>
      ) : (
        <Notice tone="warn" title="没有可以录入的成绩">
          请按上面的改法更正后重新上传。
        </Notice>
      )}
    </Section>
  )
}
