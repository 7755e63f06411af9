import { redirect } from 'react-router'
import { enrolExpert, pauseExpert } from '#modules/recognition/expert.commands.ts'
import { expertAccounts, expertList } from '#modules/recognition/panel.queries.ts'
import { expertStates } from '#modules/recognition/panel.schema.ts'
import { attempt, signedIn } from '../../../ctx.ts'
import { done, paths } from '../../../paths.ts'
import { recognitionWords } from '../../../recognition/desk.ts'
import { title } from '../../../site.ts'
import { Button } from '../../../ui/button.tsx'
import { DataTable } from '../../../ui/data-table.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../../ui/fields.tsx'
import { Form } from '../../../ui/form.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { More, Section } from '../../../ui/section.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import type { Route } from './+types/experts.ts'

export const meta = () => title('评审专家')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.manage')
  return { experts: await expertList(ctx.db), accounts: await expertAccounts(ctx.db) }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.manage')
  const form = await request.formData()
  const given = Object.fromEntries(form)
  const work = given.intent === 'pause' ? pauseExpert(ctx, given) : enrolExpert(ctx, given)
  const tried = await attempt<unknown>(work, form, recognitionWords(ctx))
  return tried.ok ? redirect(done(paths.titleExperts(), 'saved')) : tried.answer
}

export default function Experts({ loaderData: { experts, accounts }, actionData }: Route.ComponentProps) {
  const intent = actionData?.values.intent
  return (
    <>
      <PageHeader
        title="评审专家"
        lead="专家由安全管理员授予“认定评审专家”岗位后，在这里入库；抽取时按工作单位和申报的关系自动回避。"
      />
      <div className="stack">
        <DataTable
          caption="专家库"
          rows={experts}
          rowKey={(row) => row.id}
          columns={[
            { key: 'name', header: '专家', cell: (row) => row.name },
            { key: 'employer', header: '工作单位', cell: (row) => row.employer },
            { key: 'speciality', header: '专业领域', cell: (row) => row.speciality },
            { key: 'ties', header: '申报的关系', end: true, cell: (row) => `${row.ties} 项` },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => (
                <StatusTag tone={row.state === 'active' ? 'good' : 'neutral'}>
                  {expertStates[row.state as keyof typeof expertStates]}
                </StatusTag>
              ),
            },
          ]}
          empty={
            <EmptyState icon="people" title="专家库是空的">
              先授予岗位，再在下面入库。
            </EmptyState>
          }
        />
        <Section title="专家入库">
          {accounts.length === 0 ? (
            <p>没有等待入库的账号。请安全管理员在“授权”中授予“认定评审专家”。</p>
          ) : (
            <Form
              failed={intent === 'enrol' ? actionData : undefined}
              labels={{ userId: '账号', employer: '工作单位', uscc: '统一社会信用代码', speciality: '专业领域' }}
            >
              <input type="hidden" name="intent" value="enrol" />
              <SelectField
                name="userId"
                label="账号"
                options={accounts.map((one) => ({ value: one.id, label: one.name }))}
              />
              <TextField name="employer" label="工作单位" maxLength={120} />
              <TextField
                name="uscc"
                label="工作单位的统一社会信用代码"
                optional
                hint="单位在平台登记的要填，抽取时据此回避"
                maxLength={40}
              />
              <TextField name="speciality" label="专业领域" maxLength={200} />
              <Button>入库</Button>
            </Form>
          )}
        </Section>
        {experts.length > 0 && (
          <More label="暂停或恢复专家" open={intent === 'pause'}>
            <Form failed={intent === 'pause' ? actionData : undefined} labels={{ expertId: '专家', state: '状态' }}>
              <input type="hidden" name="intent" value="pause" />
              <SelectField
                name="expertId"
                label="专家"
                options={experts.map((one) => ({ value: one.id, label: one.name }))}
              />
              <SelectField
                name="state"
                label="改为"
                options={Object.entries(expertStates).map(([value, label]) => ({ value, label }))}
              />
              <Button kind="plain">保存</Button>
            </Form>
          </More>
        )}
      </div>
    </>
  )
}
