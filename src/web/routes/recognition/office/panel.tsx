import { redirect } from 'react-router'
import { closePanel } from '#modules/recognition/panel.commands.ts'
import { panelPage } from '#modules/recognition/panel.queries.ts'
import { passedWords } from '#modules/recognition/panel.rules.ts'
import { attempt, fail, signedIn } from '../../../ctx.ts'
import { isId } from '../../../params.ts'
import { done, paths } from '../../../paths.ts'
import { recognitionWords } from '../../../recognition/desk.ts'
import { title } from '../../../site.ts'
import { Button, DisabledButton } from '../../../ui/button.tsx'
import { DataTable } from '../../../ui/data-table.tsx'
import { TextArea } from '../../../ui/fields.tsx'
import { Form } from '../../../ui/form.tsx'
import { instantText } from '../../../ui/format.ts'
import { Notice } from '../../../ui/notice.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Copyable, LongText, More, Section } from '../../../ui/section.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import { SummaryList } from '../../../ui/summary-list.tsx'
import type { Route } from './+types/panel.ts'

export const meta = () => title('评审组')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const panel = await panelPage(ctx, isId(params.id)).catch(fail(request))
  return { panel, manages: ctx.actor.can('recognition.manage') }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const panelId = isId(params.id)
  const form = await request.formData()
  const tried = await attempt(closePanel(ctx, { ...Object.fromEntries(form), panelId }), form, recognitionWords(ctx))
  return tried.ok ? redirect(done(paths.titlePanel(panelId), 'title-panel-closed')) : tried.answer
}

export default function Panel({ loaderData: { panel, manages }, actionData }: Route.ComponentProps) {
  const closed = panel.state === 'closed'
  const seated = panel.seats.filter((one) => one.state === 'drawn')
  const mark = (applicationId: string, expertId: string) =>
    panel.sheets.find((one) => one.applicationId === applicationId && one.expertId === expertId)
  const due = seated.reduce((sum, one) => sum + panel.applications.length - one.given, 0)
  return (
    <>
      <PageHeader
        title={`第 ${panel.number} 评审组`}
        caption={panel.callTitle}
        crumbs={[
          { label: '申报通知', href: paths.titleCalls() },
          { label: panel.callTitle, href: paths.officeTitleCall(panel.callId) },
        ]}
        tag={<StatusTag tone={closed ? 'good' : 'info'}>{closed ? '已结束' : '正在评审'}</StatusTag>}
      />
      <div className="stack">
        <Section title="专家">
          <DataTable
            caption="专家"
            rows={panel.seats}
            rowKey={(row) => row.expertId}
            columns={[
              { key: 'name', header: '专家', cell: (row) => row.name },
              { key: 'employer', header: '工作单位', cell: (row) => row.employer },
              {
                key: 'state',
                header: '状态',
                cell: (row) =>
                  row.state === 'recused'
                    ? `已回避：${row.reason}`
                    : `已打分 ${row.given}／${panel.applications.length}`,
              },
              {
                key: 'severity',
                header: '与平均分相差',
                end: true,
                cell: (row) =>
                  row.severity === null ? '评审结束后显示' : `${row.severity > 0 ? '+' : ''}${row.severity.toFixed(2)}`,
              },
            ]}
            empty={null}
          />
        </Section>
        {closed ? (
          <Section title="得分" description="带“去掉”的是按规则去掉的最高分和最低分。">
            <DataTable
              caption="得分"
              wide
              rows={panel.applications}
              rowKey={(row) => row.id}
              columns={[
                {
                  key: 'code',
                  header: '代号',
                  keep: true,
                  cell: (row) => <a href={paths.officeTitle(row.id)}>{row.blindCode}</a>,
                },
                { key: 'name', header: '人选或单位', cell: (row) => row.name },
                ...seated.map((expert) => ({
                  key: expert.expertId,
                  header: expert.name,
                  end: true,
                  cell: (row: (typeof panel.applications)[number]) => {
                    const found = mark(row.id, expert.expertId)
                    return found ? `${found.total.toFixed(2)}${found.dropped ? '（去掉）' : ''}` : '—'
                  },
                })),
                { key: 'score', header: '得分', end: true, cell: (row) => <b>{(row.score ?? 0).toFixed(2)}</b> },
                { key: 'spread', header: '最高最低相差', end: true, cell: (row) => (row.spread ?? 0).toFixed(2) },
              ]}
              empty={null}
            />
            <SummaryList rows={[{ label: '评审纪要', value: <LongText>{panel.minutes}</LongText> }]} />
          </Section>
        ) : (
          <Section title="结束评审">
            {due > 0 ? (
              <DisabledButton reason={`还有 ${due} 份评分没有交。全部交齐以前，谁也看不到分数。`}>
                结束评审
              </DisabledButton>
            ) : manages ? (
              <Form failed={actionData} labels={{ minutes: '评审纪要' }}>
                <TextArea name="minutes" label="评审纪要" rows={4} maxLength={4000} />
                <Button>结束评审，计算得分</Button>
              </Form>
            ) : (
              <Notice title="评分已交齐，由受理人员结束评审" />
            )}
          </Section>
        )}
        <Section
          title="抽取过程"
          description="把专家按“SHA-256(种子:专家编号)”从小到大排列，跳过应当回避的，取前几名。"
        >
          <SummaryList
            rows={[
              { label: '发布通知时公开的承诺值', value: <Copyable>{panel.commitment ?? ''}</Copyable> },
              { label: '本组种子', value: <Copyable>{panel.seed}</Copyable> },
              { label: '抽取', value: `${panel.drawnBy}，${instantText(panel.drawnAt)}` },
            ]}
          />
          <More label={`全部 ${panel.pool.length} 名专家的次序`}>
            <DataTable
              caption="专家次序"
              rows={panel.pool}
              rowKey={(row) => row.id}
              columns={[
                { key: 'name', header: '专家', cell: (row) => row.name },
                { key: 'id', header: '专家编号', cell: (row) => <Copyable>{row.id}</Copyable> },
                { key: 'key', header: '排序值', cell: (row) => <Copyable>{row.key}</Copyable> },
                { key: 'passed', header: '回避', cell: (row) => (row.passed ? passedWords[row.passed] : '—') },
              ]}
              empty={null}
            />
          </More>
        </Section>
      </div>
    </>
  )
}
