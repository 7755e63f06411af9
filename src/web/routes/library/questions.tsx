import { data, redirect } from 'react-router'
import { courseWork } from '#modules/library/course.queries.ts'
import { workable } from '#modules/library/course.rules.ts'
import { addQuestion, importQuestions, type QuestionImport } from '#modules/library/question.commands.ts'
import { questionsOf } from '#modules/library/question.queries.ts'
import { answerText } from '#modules/library/question.rules.ts'
import { questionKinds } from '#modules/library/question.schema.ts'
import { attempt, fail } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { libraryWords } from '../../library/desk.ts'
import { QuestionFields, questionLabels } from '../../library/question-fields.tsx'
import { QuestionPictures } from '../../library/question-pictures.tsx'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { FileField } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More } from '../../ui/section.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/questions.ts'

export const meta = () => title('题库')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const course = await courseWork(ctx, isId(args.params.courseId)).catch(fail(args.request))
  const rows = await questionsOf(ctx.db, course.id)
  return {
    area,
    course: { id: course.id, title: course.title },
    open: workable.includes(course.state),
    rows: rows.map((row) => ({ ...row, answerShown: answerText(row) })),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const courseId = isId(args.params.courseId)
  const form = await args.request.formData()
  const back = done(paths.questions(area, courseId), 'questions-added')
  if (form.get('intent') === 'import') {
    const upload = await uploadOf(form, 'file')
    const work = importQuestions(ctx, { courseId, fileName: upload?.name ?? '', bytes: upload?.bytes })
    const tried = await attempt(work, form, libraryWords(ctx))
    if (!tried.ok) return tried.answer
    return tried.value.faults.length > 0 ? data({ imported: tried.value }, 422) : redirect(back)
  }
  const tried = await attempt(addQuestion(ctx, { ...formObject(form), courseId }), form, libraryWords(ctx))
  return tried.ok ? redirect(back) : tried.answer
}

export default function Questions({ loaderData: { area, course, rows, open }, actionData }: Route.ComponentProps) {
  const imported = actionData && 'imported' in actionData ? actionData.imported : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  const importing = failed?.values.intent === 'import'
  return (
    <>
      <PageHeader
        title="题库"
        crumbs={[
          { label: '线上课程', href: paths.courses(area) },
          { label: course.title, href: paths.course(area, course.id) },
        ]}
        lead="考试从这里随机抽题。改题会停用旧题、另立新题，做过旧题的成绩不受影响。"
      />
      <div className="stack">
        {imported && <Faults imported={imported} />}
        {open && (
          <More label="从表格导入题目" open={importing || imported !== null}>
            <Form failed={importing ? failed : undefined} labels={questionLabels} upload>
              <input type="hidden" name="intent" value="import" />
              <FileField
                name="file"
                label="题目表格"
                accept=".xlsx,.csv"
                limit="Excel（.xlsx）或 CSV，不超过 10 MB；有错的一行都不会导入。"
              />
              <p>
                <LinkButton href={paths.questionTemplate()} download>
                  下载模板
                </LinkButton>
              </p>
              <Button kind="plain">导入</Button>
            </Form>
          </More>
        )}
        {open && (
          <More label="逐题添加" open={failed !== undefined && !importing}>
            <Form failed={importing ? undefined : failed} labels={questionLabels}>
              <QuestionFields />
              <Button kind="plain">添加这道题</Button>
            </Form>
          </More>
        )}
        <DataTable
          caption={`在用 ${rows.length} 题`}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            { key: 'pool', header: '分组', cell: (row) => row.pool },
            {
              key: 'prompt',
              header: '题目',
              keep: true,
              cell: (row) => (
                <>
                  {open ? <a href={paths.question(area, course.id, row.id)}>{row.prompt}</a> : row.prompt}
                  <QuestionPictures of={row.pictures} words />
                </>
              ),
            },
            { key: 'kind', header: '题型', cell: (row) => questionKinds[row.kind] },
            { key: 'answer', header: '答案', cell: (row) => row.answerShown },
            { key: 'points', header: '分值', end: true, cell: (row) => Number(row.points) },
          ]}
          empty={
            <EmptyState icon="list" title="题库是空的">
              可以从表格一次导入，也可以逐题添加。
            </EmptyState>
          }
        />
      </div>
    </>
  )
}

function Faults({ imported }: { imported: QuestionImport }) {
  return (
    <>
      <Notice tone="bad" live title={`有 ${imported.faults.length} 处要改，一题也没有导入`}>
        <p>请在原表里改好下面各处，再上传一次。</p>
      </Notice>
      <DataTable
        caption="要改的地方"
        rows={imported.faults}
        rowKey={(row) => `${row.row} ${row.column} ${row.message}`}
        columns={[
          { key: 'row', header: '行', end: true, cell: (row) => row.row },
          { key: 'column', header: '列', keep: true, cell: (row) => row.column },
          { key: 'message', header: '怎么改', cell: (row) => row.message },
        ]}
        empty={null}
      />
    </>
  )
}
