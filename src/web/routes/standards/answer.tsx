import { data } from 'react-router'
import { commentByReceipt } from '#modules/standards/standard.queries.ts'
import { outcomes, versionStates } from '#modules/standards/standard.schema.ts'
import { current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { LongText, Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/answer.ts'

export const meta = () => title('查意见答复')

/** Posted, not asked for by address: the code must not stay in histories and logs. */
export async function action({ request, context }: Route.ActionArgs) {
  const typed = String((await request.formData()).get('receipt') ?? '')
  const found = await commentByReceipt(context.get(current).ctx, typed)
  if (found) return { found }
  const fields = { receipt: ['没有这个回执码。请核对12位字母和数字'] }
  return data({ failed: { fault: { kind: 'invalid' as const, fields }, values: { receipt: typed } } }, 422)
}

export default function CommentAnswer({ actionData }: Route.ComponentProps) {
  const found = actionData && 'found' in actionData ? actionData.found : null
  return (
    <PageBody>
      <PageHeader title="查意见答复" crumbs={[{ label: '技能标准', href: paths.standards() }]} />
      {found ? (
        <Section
          title={`${found.title}（第${found.seq}版）`}
          more={{ href: paths.standard(found.versionId), label: '看标准' }}
        >
          <SummaryList
            rows={[
              { label: '编号', value: found.number },
              { label: '标准现在', value: versionStates[found.state] },
              { label: '对哪一部分', value: found.part },
              { label: '提交时间', value: instantText(new Date(found.at)) },
              {
                label: '答复',
                value: found.outcome
                  ? outcomes[found.outcome]
                  : found.commentsTo
                    ? `还没有答复。征求意见到${dayText(found.commentsTo)}为止，期满后逐条答复`
                    : '还没有答复',
              },
              ...(found.reason ? [{ label: '理由', value: <LongText>{found.reason}</LongText> }] : []),
            ]}
          />
        </Section>
      ) : (
        <Form
          failed={actionData && 'failed' in actionData ? actionData.failed : undefined}
          labels={{ receipt: '回执码' }}
        >
          <TextField name="receipt" label="回执码" hint="提交意见时显示的12位字母和数字，不分大小写。" maxLength={30} />
          <Button>查答复</Button>
        </Form>
      )}
    </PageBody>
  )
}
