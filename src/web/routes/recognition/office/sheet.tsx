import { redirect } from 'react-router'
import { giveSheet } from '#modules/recognition/panel.commands.ts'
import { blindApplication } from '#modules/recognition/panel.queries.ts'
import { attempt, fail, signedIn } from '../../../ctx.ts'
import { formObject } from '../../../form-object.ts'
import { isId } from '../../../params.ts'
import { done, paths } from '../../../paths.ts'
import { AnswerList } from '../../../recognition/answers.tsx'
import { recognitionWords } from '../../../recognition/desk.ts'
import { title } from '../../../site.ts'
import { Button } from '../../../ui/button.tsx'
import { TextArea, TextField } from '../../../ui/fields.tsx'
import { Form } from '../../../ui/form.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Section } from '../../../ui/section.tsx'
import type { Route } from './+types/sheet.ts'

export const meta = () => title('打分')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.score')
  return await blindApplication(ctx, isId(params.id)).catch(fail(request))
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.score')
  const form = await request.formData()
  const work = giveSheet(ctx, { ...formObject(form), applicationId: isId(params.id) })
  const tried = await attempt(work, form, recognitionWords(ctx))
  return tried.ok ? redirect(done(paths.titleScoringPanel(tried.value.panelId), 'review-given')) : tried.answer
}

export default function Sheet({
  loaderData: { panel, code, fields, answers, papers, records, scoring, total, state },
  actionData,
}: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={`申请 ${code}`}
        crumbs={[
          { label: '我的评审', href: paths.titleScoring() },
          { label: panel.callTitle, href: paths.titleScoringPanel(panel.panelId) },
        ]}
      />
      <div className="stack">
        <Section title="填报内容" description="姓名、单位和能看出是谁的内容不显示。">
          <AnswerList fields={fields} answers={answers} />
        </Section>
        <Section title="材料" description="隐去姓名和单位的件；看过的有记录。">
          {papers.length === 0 ? (
            <p>没有可以看的材料。</p>
          ) : (
            <ul className="list-disc ps-5">
              {papers.map((one) => (
                <li key={one.id}>
                  <a href={paths.titleMaterial(one.id)}>
                    {one.label}（{one.name}）
                  </a>
                </li>
              ))}
            </ul>
          )}
        </Section>
        {records.length > 0 && (
          <Section title="平台记录" description="平台自己的记录，不用核对；竞赛名称不显示。">
            <ul className="list-disc ps-5">
              {records.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </Section>
        )}
        {total !== null ? (
          <Notice tone="good" title={`您打的总分：${total.toFixed(2)}`}>
            <p>已经提交，不能更改。</p>
          </Notice>
        ) : state !== 'expert-review' || !scoring ? (
          <Notice title="这件申请已经不在评审环节" />
        ) : (
          <Section title="打分" description="每项 0 到 100 分，总分按权重计算。提交后不能更改。">
            <Form
              failed={actionData}
              labels={{
                ...Object.fromEntries(scoring.dimensions.map((one) => [`scores.${one.id}`, ''])),
                opinion: '评审意见',
              }}
            >
              {scoring.dimensions.map((one) => (
                <TextField
                  key={one.id}
                  name={`scores.${one.id}`}
                  label={`${one.title}（${one.weight}%）`}
                  hint={one.statement}
                  unit="分"
                  inputMode="decimal"
                  width="short"
                />
              ))}
              <TextArea name="opinion" label="评审意见" rows={4} maxLength={2000} />
              <Button>提交评分</Button>
            </Form>
          </Section>
        )}
      </div>
    </>
  )
}
