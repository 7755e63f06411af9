import { redirect } from 'react-router'
import { openList } from '#modules/publicity/list.commands.ts'
import { claimsToPublish, publicLists } from '#modules/publicity/list.queries.ts'
import { figuresFor } from '#platform/figures.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { programmeName, wordsAt } from '../../subsidy/words.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/publicity.ts'

export const meta = () => title('公示')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const today = dayOf(ctx.now)
  const figure = (await figuresFor(ctx))('R33.publicity', today)
  const waiting = await claimsToPublish(ctx.db)
  const { open, ended } = await publicLists(ctx.db, today)
  return {
    waiting: waiting.map((row) => ({ ...row, name: programmeName(ctx.plan, row.programme) })),
    lists: [...open, ...ended],
    days: figure.value,
    decided: figure.decided,
    undecided: ctx.plan.undecidedText,
    closesOn: figure.value === null ? null : addWorkdays(today, figure.value).day,
    may: ctx.actor.can('publicity.run'),
    proposal: `职业培训补贴公示（${today.slice(0, 4)}年${Number(today.slice(5, 7))}月）`,
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'publicity.run')
  const form = await request.formData()
  const tried = await attempt(openList(ctx, formObject(form)), form, wordsAt('publicity', ctx))
  return tried.ok ? redirect(done(paths.officeNotice(tried.value.id), 'list-opened')) : tried.answer
}

export default function PublicityDesk({ loaderData, actionData }: Route.ComponentProps) {
  const { waiting, lists, days, decided, undecided, closesOn, may } = loaderData
  return (
    <>
      <PageHeader
        title="公示"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
        lead="复核同意的申领在这里编成名单公示。名单一公示就固定，不能再改。"
      />
      <div className="stack">
        {days === null ? (
          <Notice tone="warn" title={`公示期天数：${undecided}`}>
            <p>
              请规则管理员在“参数与待定事项”中提出，局领导批准后才能公示。依据见<a href={paths.rule('R33')}>办理时限</a>
              。
            </p>
          </Notice>
        ) : (
          !decided && (
            <Notice tone="info" title={`公示期天数：${undecided}`}>
              <p>
                暂按 {days} 个工作日，依据见<a href={paths.rule('R33')}>办理时限</a>
                ；由规则管理员提出、局领导批准后明确。
              </p>
            </Notice>
          )
        )}
        <Section title="待公示">
          <Form failed={actionData} labels={{ claimIds: '申领', title: '标题' }}>
            <DataTable
              caption="复核同意、等待公示的申领，审批时限近的在前"
              rows={waiting}
              rowKey={(row) => row.id}
              columns={[
                {
                  key: 'number',
                  header: '编号',
                  keep: true,
                  cell: (row) => <a href={paths.claimReview(row.id)}>{row.number}</a>,
                },
                {
                  key: 'pick',
                  header: '选择',
                  cell: (row) => (
                    <input
                      className="checkbox"
                      type="checkbox"
                      name="claimIds"
                      value={row.id}
                      defaultChecked
                      aria-label={`公示 ${row.number} ${row.organisation}`}
                    />
                  ),
                },
                { key: 'organisation', header: '申领单位', cell: (row) => row.organisation },
                { key: 'programme', header: '项目', cell: (row) => row.name },
                { key: 'persons', header: '人数', end: true, cell: (row) => row.persons },
                { key: 'amount', header: '金额', end: true, cell: (row) => <Money fen={row.amountFen} /> },
                {
                  key: 'due',
                  header: '审批期限',
                  keep: true,
                  cell: (row) => (row.dueOn ? dayText(row.dueOn) : '暂停计时'),
                },
              ]}
              empty={
                <EmptyState icon="check" title="没有等待公示的申领">
                  复核同意后会列在这里。
                </EmptyState>
              }
            />
            {waiting.length > 0 &&
              (may && days !== null && closesOn ? (
                <>
                  <TextField name="title" label="公示标题" value={loaderData.proposal} width="full" maxLength={120} />
                  <p>
                    现在公示，公示到 {dayText(closesOn, true)}（{days} 个工作日）。
                  </p>
                  <Button>公示选中的申领</Button>
                </>
              ) : (
                <DisabledButton reason={may ? '公示期天数还没有明确。' : '由公示与宣传岗位公示。'}>
                  公示选中的申领
                </DisabledButton>
              ))}
          </Form>
        </Section>
        <Section title="名单">
          <DataTable
            caption="最近的名单"
            rows={lists}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'number',
                header: '编号',
                keep: true,
                cell: (row) => <a href={paths.officeNotice(row.id)}>{row.number}</a>,
              },
              { key: 'title', header: '标题', cell: (row) => row.title },
              { key: 'period', header: '公示期', keep: true, cell: (row) => `${row.openedOn} 至 ${row.closesOn}` },
              { key: 'claims', header: '申领', end: true, cell: (row) => row.claims },
              { key: 'amount', header: '金额', end: true, cell: (row) => <Money fen={row.totalFen} /> },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) => (
                  <StatusTag tone={row.public ? 'wait' : 'neutral'}>{row.public ? '公示中' : '已结束'}</StatusTag>
                ),
              },
            ]}
            empty={<EmptyState icon="document" title="还没有公示过" />}
          />
        </Section>
      </div>
    </>
  )
}
