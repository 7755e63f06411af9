import { checkReceipt } from '#modules/publicity/list.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { current } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { Button } from '../ui/button.tsx'
import { TextArea } from '../ui/fields.tsx'
import { Form } from '../ui/form.tsx'
import { dayText } from '../ui/format.ts'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import type { Route } from './+types/publicity-receipt.ts'

export const meta = () => title('验名单凭证')

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = context.get(current)
  const text = String((await request.formData()).get('receipt') ?? '')
  return { answer: await checkReceipt(ctx.db, text, dayOf(ctx.now)) }
}

const wrong = {
  unreadable: '这不是完整的凭证。请把取得时的整段文字一起贴上。',
  'no-list': '没有这个编号的名单。',
  altered: '凭证与公布的名单总值不符：凭证或名单被改动过。请保存好凭证，联系区人社局。',
}

export default function PublicityReceipt({ actionData }: Route.ComponentProps) {
  const answer = actionData?.answer
  return (
    <PageBody>
      <PageHeader
        title="验名单凭证"
        lead="贴上核对时取得的凭证，看它是不是真在那张名单里、内容有没有改过。"
        crumbs={[
          { label: '首页', href: paths.home() },
          { label: '补贴公示', href: paths.publicity() },
        ]}
      />
      <div className="stack">
        {answer?.ok === false && (
          <Notice tone="bad" live title="凭证没有通过">
            <p>{wrong[answer.reason]}</p>
          </Notice>
        )}
        {answer?.ok && (
          <>
            <Notice tone="good" live title="凭证是真的，内容没有改动" />
            <SummaryList
              rows={[
                { label: '名单', value: `${answer.list.number}　${answer.list.title}` },
                { label: '公示期', value: `${dayText(answer.list.openedOn)}至${dayText(answer.list.closesOn)}` },
                { label: '序号', value: `第 ${answer.row.position} 行` },
                { label: '单位', value: answer.row.unit },
                { label: '姓名', value: answer.row.person || '（单位行）' },
                { label: '金额', value: <Money fen={answer.row.amountFen} /> },
              ]}
            />
          </>
        )}
        <Form labels={{ receipt: '凭证' }}>
          <TextArea name="receipt" label="凭证" rows={8} hint="以“{”开头、以“}”结尾的整段文字。" />
          <Button kind={answer ? 'plain' : 'primary'}>验凭证</Button>
        </Form>
      </div>
    </PageBody>
  )
}
