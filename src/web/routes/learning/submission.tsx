import { redirect } from 'react-router'
import { gradeAssignment } from '#modules/learning/assignment.commands.ts'
import { submissionPage } from '#modules/learning/replay.queries.ts'
import { richText } from '#platform/rich-text.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { learningWords } from '../../learning/words.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { areaAt } from '../../training/desk.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { LongText, Section } from '../../ui/section.tsx'
import type { Route } from './+types/submission.ts'

export const meta = () => title('批改作业')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'organisation.read')
  const row = await submissionPage(ctx, isId(params.id)).catch(fail(request))
  return {
    area: areaAt(request),
    row,
    task: row.task && richText(row.task),
    mayMark: ctx.actor.can('score.enter', { organisationId: row.organisationId }),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'score.enter')
  const form = await request.formData()
  const input = { ...Object.fromEntries(form), submissionId: isId(params.id) }
  const tried = await attempt(gradeAssignment(ctx, input), form, learningWords(ctx))
  return tried.ok ? redirect(done(paths.submission(areaAt(request), input.submissionId), 'graded')) : tried.answer
}

export default function Submission({ loaderData: { area, row, task, mayMark }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={`${row.name}的作业：${row.itemTitle}`}
        caption={`${row.courseTitle}　第 ${row.number} 次　${instantText(row.at)}`}
        crumbs={[{ label: '线上学员和作业', href: paths.learners(area) }]}
      />
      <div className="stack">
        {task && (
          <Section title="题目">
            {/* biome-ignore lint/security/noDangerouslySetInnerHtml: Markdown without HTML, made by rich-text.ts */}
            <div className="prose-zh" dangerouslySetInnerHTML={{ __html: task }} />
          </Section>
        )}
        <Section title="学员的作业">
          <LongText>{row.text}</LongText>
        </Section>
        {row.passed !== null ? (
          <Notice tone={row.passed ? 'good' : 'warn'} title={row.passed ? '通过' : '未通过'}>
            <LongText>{row.remark ?? ''}</LongText>
            <p className="small soft">{row.byName}</p>
          </Notice>
        ) : mayMark ? (
          <Form failed={actionData} labels={{ passed: '结果', remark: '评语' }}>
            <RadioGroup
              name="passed"
              label="结果"
              options={[
                { value: 'yes', label: '通过' },
                { value: 'no', label: '未通过，可以再交' },
              ]}
            />
            <TextArea name="remark" label="评语" hint="学员看得到。" rows={4} maxLength={2000} />
            <Button>批改</Button>
          </Form>
        ) : (
          <DisabledButton reason="只有教师和教务可以批改。">批改</DisabledButton>
        )}
      </div>
    </>
  )
}
