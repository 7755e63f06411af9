import { makeReport } from '#modules/feedback/report.commands.ts'
import { reportKinds } from '#modules/feedback/report.schema.ts'
import { attempt, current } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { site, title } from '../site.ts'
import { Button } from '../ui/button.tsx'
import { RadioGroup } from '../ui/choices.tsx'
import { TextArea, TextField } from '../ui/fields.tsx'
import { Form } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Copyable } from '../ui/section.tsx'
import type { Route } from './+types/report-problem.ts'

export const meta = () => title('举报与投诉')

export const loader = ({ request }: Route.LoaderArgs) => ({
  about: (new URL(request.url).searchParams.get('about') ?? '').slice(0, 120),
})

/** The code is shown once, in the answer to the post itself: an address that carries it would stay in histories. */
export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = context.get(current)
  const form = await request.formData()
  const tried = await attempt(makeReport(ctx, Object.fromEntries(form)), form)
  return tried.ok ? { made: { number: tried.value.number, receipt: tried.value.receipt } } : tried.answer
}

const kinds = Object.entries(reportKinds).map(([value, label]) => ({ value, label }))

export default function ReportProblem({ loaderData, actionData }: Route.ComponentProps) {
  if (actionData && 'made' in actionData) return <Receipt {...actionData.made} />
  return (
    <PageBody>
      <PageHeader
        title="举报与投诉"
        lead="免费培训收钱、虚假开班、替人签到、证书有假，都可以告诉我们。可以不写姓名。"
        crumbs={[{ label: '首页', href: paths.home() }]}
      />
      <div className="stack">
        <p>
          举报过的，可以凭回执码<a href={paths.reportAnswer()}>查答复</a>。急事请打{' '}
          <a href={`tel:${site.phone}`}>{site.phoneShown}</a>。
        </p>
        <Form failed={actionData} labels={{ kind: '问题', about: '对象', text: '情况', contact: '联系方式' }}>
          <RadioGroup name="kind" label="是哪一类问题" options={kinds} />
          <TextField
            name="about"
            label="是哪个班、哪个机构或哪张证书"
            hint="写名称或编号都可以。"
            value={loaderData.about}
            width="full"
            maxLength={120}
          />
          <TextArea
            name="text"
            label="情况"
            hint="什么时间、在哪里、发生了什么。请不要写身份证号和银行卡号。"
            rows={7}
            maxLength={2000}
          />
          <TextField
            name="contact"
            label="联系方式"
            optional
            hint="手机号或其他方式，加密保存，只给办理人看。不留也能凭回执码查答复。"
            maxLength={60}
          />
          <Button>提交</Button>
        </Form>
      </div>
    </PageBody>
  )
}

function Receipt({ number, receipt }: { number: string; receipt: string }) {
  return (
    <PageBody>
      <PageHeader title="已收到" crumbs={[{ label: '首页', href: paths.home() }]} />
      <div className="stack">
        <Notice tone="good" live title={`编号 ${number}`}>
          <p>回执码只显示这一次，请抄下来或截图：</p>
          <p className="sum">
            <Copyable>{receipt}</Copyable>
          </p>
          <p>
            凭它可以<a href={paths.reportAnswer()}>查办理进度和答复</a>。忘了回执码，任何人都查不到这件举报是谁提交的。
          </p>
        </Notice>
      </div>
    </PageBody>
  )
}
