import { redirect } from 'react-router'
import { courseWork, declarationOf } from '#modules/library/course.queries.ts'
import { differences } from '#modules/library/course.rules.ts'
import { itemKinds, type RightsBasis, rightsBases } from '#modules/library/course.schema.ts'
import { questionsOf } from '#modules/library/question.queries.ts'
import { giveReview, putBackReview, takeReview } from '#modules/library/round.commands.ts'
import { roundPage } from '#modules/library/round.queries.ts'
import { roundKinds, scoreWords } from '#modules/library/round.schema.ts'
import { richText } from '#platform/rich-text.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { ContentTable } from '../../library/content-table.tsx'
import { decisionReasons, libraryWords } from '../../library/desk.ts'
import { writtenContent, writtenQuestions } from '../../library/review-content.ts'
import { Rounds } from '../../library/rounds.tsx'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { CheckboxGroup } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { SelectField, TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/library-round.ts'

export const meta = () => title('课程评审')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'library.read')
  const round = await roundPage(ctx, isId(params.id)).catch(fail(request))
  const all = await courseWork(ctx, round.courseId)
  const number = all.versions.find(({ id }) => id === round.versionId)?.number ?? 1
  const course = await courseWork(ctx, round.courseId, number)
  const before = number > 1 ? await courseWork(ctx, round.courseId, number - 1).catch(() => null) : null
  const declaration = await declarationOf(ctx.db, round.versionId)
  return {
    round: { id: round.id, kind: round.kind, state: round.state, openedAt: round.openedAt },
    standard: round.standardText,
    course: {
      id: course.id,
      title: course.title,
      number: course.number,
      organisation: course.organisation,
      summary: richText(course.summary),
    },
    shown: course.shown,
    items: course.items,
    written: writtenContent(course.items),
    questions: writtenQuestions(await questionsOf(ctx.db, round.courseId)),
    changes: before
      ? differences(
          { plannedClassHours: before.shown.plannedClassHours, items: before.items },
          { plannedClassHours: course.shown.plannedClassHours, items: course.items },
        )
      : null,
    declaration: declaration && {
      basis: rightsBases[declaration.basis as RightsBasis],
      note: declaration.rightsNote,
      by: declaration.signedName,
      at: declaration.signedAt,
    },
    own: round.own ? { given: round.own.givenAt !== null } : null,
    taken: round.taken,
    mayReview: ctx.actor.can('library.review'),
    decided:
      round.state === 'decided'
        ? [
            {
              ...{ id: round.id, kind: round.kind, state: round.state, openedAt: round.openedAt },
              ...{ outcome: round.outcome, score: round.score, decidedAt: round.decidedAt },
              reasons: decisionReasons(round.reason, round.standardText),
              criteria: round.standardText.criteria.map(({ id, title: name }) => ({ id, title: name })),
              said: round.reviews.map(({ seat, total, opinion, remarks, scores }) => ({
                seat,
                total,
                opinion,
                remarks,
                scores,
              })),
            },
          ]
        : [],
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'library.review')
  const roundId = isId(params.id)
  const form = await request.formData()
  const values = { ...formObject(form), roundId }
  const steps: Record<string, [() => Promise<unknown>, string]> = {
    take: [() => takeReview(ctx, values), 'review-taken'],
    give: [() => giveReview(ctx, values), 'review-given'],
    'put-back': [() => putBackReview(ctx, values), 'decided'],
  }
  const step = steps[String(form.get('intent'))]
  if (!step) throw new Response(null, { status: 400 })
  const tried = await attempt(step[0](), form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.libraryRound(roundId), step[1])) : tried.answer
}

export default function LibraryRound({ loaderData, actionData }: Route.ComponentProps) {
  const { round, course, shown, items, written, questions, changes, declaration, own, decided } = loaderData
  return (
    <>
      <PageHeader
        title={course.title}
        caption={`${course.number ?? ''}　${roundKinds[round.kind]}，第 ${shown.number} 版`}
        crumbs={[{ label: '课程入库', href: paths.libraryDesk() }]}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '提供单位', value: course.organisation },
            { label: '提交时间', value: instantText(round.openedAt) },
            { label: '申报课时', value: `${shown.plannedClassHours} 课时` },
            ...(declaration
              ? [
                  {
                    label: '权利声明',
                    value: declaration.basis,
                    note: `${declaration.note ? `${declaration.note}；` : ''}${declaration.by} 于 ${instantText(declaration.at)} 签署`,
                  },
                ]
              : []),
          ]}
        />
        {course.summary && (
          <Section title="简介">
            <Written html={course.summary} />
          </Section>
        )}
        {changes && (
          <Section title="与上一版相比">
            <ul className="list-disc ps-5">
              {changes.length === 0 ? <li>内容没有变化。</li> : changes.map((change) => <li key={change}>{change}</li>)}
            </ul>
          </Section>
        )}
        <Section title="章节内容">
          <ContentTable items={items} open={(id) => fileOf(items, id)} />
          {written.map((one) => (
            <More key={one.id} label={`读一读：${one.title}（${itemKinds[one.kind]}）`}>
              {one.html && <Written html={one.html} />}
              {one.drawn && <p>{one.drawn}。</p>}
            </More>
          ))}
          {questions.length > 0 && (
            <More label={`题库和答案，共 ${questions.length} 题`}>
              <DataTable
                caption="题库和答案"
                rows={questions}
                rowKey={({ id }) => id}
                columns={[
                  { key: 'prompt', header: '题目', keep: true, cell: (row) => <Question row={row} /> },
                  { key: 'pool', header: '分组', cell: (row) => row.pool },
                  { key: 'kind', header: '题型', cell: (row) => row.kind },
                  { key: 'answer', header: '答案', cell: (row) => row.answer },
                  { key: 'points', header: '分值', end: true, cell: (row) => row.points },
                ]}
                empty={null}
              />
            </More>
          )}
        </Section>
        {decided.length > 0 ? <Rounds rounds={decided} /> : <Desk data={loaderData} failed={actionData} />}
        {own?.given && decided.length === 0 && (
          <Notice tone="good" title="您的评审意见已提交">
            <p>另一名评审人提交后得出结论。</p>
          </Notice>
        )}
      </div>
    </>
  )
}

function Written({ html }: { html: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: made by richText, which lets no HTML through
  return <div className="prose-zh" dangerouslySetInnerHTML={{ __html: html }} />
}

function Question({ row }: { row: { prompt: string; options: string[] } }) {
  return (
    <>
      {row.prompt}
      {row.options.length > 0 && (
        <ul>
          {row.options.map((option) => (
            <li key={option}>{option}</li>
          ))}
        </ul>
      )}
    </>
  )
}

type Openable = { id: string; mediaId: string | null; mediaState: string | null; packageId: string | null }
const fileOf = (items: readonly Openable[], id: string) => {
  const item = items.find((one) => one.id === id)
  if (item?.packageId) return paths.officePackage(item.packageId)
  return item?.mediaId && item.mediaState === 'ready' ? paths.libraryMedia(item.mediaId) : null
}

type Data = Route.ComponentProps['loaderData']
type Failed = Route.ComponentProps['actionData']

function Desk({ data: { own, taken, mayReview, standard, round }, failed }: { data: Data; failed: Failed }) {
  if (round.state === 'called-back') return <Notice title="提交已撤回，不用评审" />
  if (own?.given) return null
  if (!own) {
    const why = !mayReview ? '由课程评审人办理。' : taken >= 2 ? '这一轮已有两名评审人。' : null
    return why ? (
      <DisabledButton reason={why}>领取评审</DisabledButton>
    ) : (
      <Form failed={failed}>
        <Button name="intent" value="take">
          领取评审
        </Button>
      </Form>
    )
  }
  const giving = failed?.values.intent !== 'put-back' ? failed : undefined
  const labels = Object.fromEntries([
    ...standard.criteria.flatMap(({ id, title: name }) => [
      [`scores.${id}`, name],
      [`remarks.${id}`, `${name}的意见`],
    ]),
    ['opinion', '总的意见'],
    ['vetoes', '一票否决'],
  ])
  return (
    <Section title="评审" description="提交前看不到另一名评审人的意见；提交后不能再改。">
      <Form failed={giving} labels={labels}>
        <input type="hidden" name="intent" value="give" />
        {standard.criteria.map((one) => (
          <div key={one.id}>
            <SelectField
              name={`scores.${one.id}`}
              label={`${one.title}（${one.weight}%）`}
              hint={one.statement}
              options={scoreWords.map((label, value) => ({ value: String(value), label }))}
            />
            <TextArea
              name={`remarks.${one.id}`}
              label="意见"
              optional
              rows={2}
              maxLength={1000}
              hint="打 2 分及以下的必须写明。"
            />
          </div>
        ))}
        <CheckboxGroup
          name="vetoes"
          label="一票否决（有才勾选）"
          optional
          options={standard.vetoes.map(({ id, title: label, statement }) => ({ value: id, label, hint: statement }))}
        />
        <TextArea
          name="opinion"
          label="总的意见"
          rows={4}
          maxLength={4000}
          hint="课程提供单位会看到，但看不到是谁写的。"
        />
        <Button>提交评审意见</Button>
      </Form>
      <More label="不能评审，退还" open={failed?.values.intent === 'put-back'}>
        <Form failed={failed?.values.intent === 'put-back' ? failed : undefined} labels={{ reason: '理由' }}>
          <input type="hidden" name="intent" value="put-back" />
          <TextArea name="reason" label="理由" rows={2} maxLength={500} />
          <Button kind="plain">退还评审</Button>
        </Form>
      </More>
    </Section>
  )
}
