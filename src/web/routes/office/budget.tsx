import { redirect } from 'react-router'
import { decideBudget, proposeBudget } from '#modules/subsidy/budget.commands.ts'
import { budgetChanges } from '#modules/subsidy/budget.queries.ts'
import { budgetKinds, budgetStates } from '#modules/subsidy/budget.schema.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { attempt, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { fundName, wordsAt } from '../../subsidy/words.ts'
import { Actions, Button, DisabledButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/budget.ts'

export const meta = () => title('预算')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const changes = await budgetChanges(ctx.db)
  return {
    changes: changes.map((row) => ({
      ...row,
      fund: fundName(ctx.plan, row.fundSource),
      own: row.proposedBy === ctx.actor.id,
    })),
    funds: ctx.plan.fundSources.map((fund) => ({ value: fund.id, label: fund.label })),
    year: String(yearOf(dayOf(ctx.now))),
    may: { propose: ctx.actor.can('payment.batch'), decide: ctx.actor.can('payment.confirm') },
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const form = await request.formData()
  const [intent, changeId] = String(form.get('intent') ?? '').split(':')
  const deciding = intent === 'approve' || intent === 'reject'
  const work = deciding
    ? decideBudget(ctx, { ...formObject(form), changeId, decision: intent })
    : proposeBudget(ctx, formObject(form))
  const tried = await attempt<unknown>(work, form, wordsAt('budget', ctx))
  return tried.ok ? redirect(done(paths.budget(), deciding ? 'budget-decided' : 'budget-proposed')) : tried.answer
}

const tones = { proposed: 'wait', 'in-force': 'good', rejected: 'neutral' } as const

export default function Budget({ loaderData: { changes, funds, year, may }, actionData }: Route.ComponentProps) {
  const deciding = /^(approve|reject):/.test(String(actionData?.values.intent ?? ''))
  const open = changes.filter((row) => row.state === 'proposed')
  return (
    <>
      <PageHeader
        title="预算"
        crumbs={[{ label: '对账', href: paths.ledger() }]}
        lead="预算由资金经办提出，财政另一人确认后生效；没有可用预算，任何补贴都批不出去。"
      />
      <div className="stack">
        <Section title="待确认">
          <Form failed={deciding ? actionData : undefined}>
            <DataTable
              caption="等待财政确认"
              rows={open}
              rowKey={(row) => row.id}
              columns={[
                { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
                { key: 'fund', header: '资金来源', cell: (row) => `${row.fund}（${row.year}年）` },
                { key: 'kind', header: '事项', cell: (row) => budgetKinds[row.kind] },
                { key: 'amount', header: '金额', end: true, keep: true, cell: (row) => <Money fen={row.amountFen} /> },
                { key: 'document', header: '依据', cell: (row) => row.documentNo },
                { key: 'by', header: '提出', cell: (row) => `${row.proposedByName}，${instantText(row.proposedAt)}` },
                {
                  key: 'act',
                  header: '确认',
                  cell: (row) =>
                    may.decide && !row.own ? (
                      <Actions>
                        <Button kind="plain" name="intent" value={`approve:${row.id}`}>
                          同意
                        </Button>
                        <Button kind="quiet" name="intent" value={`reject:${row.id}`}>
                          不同意
                        </Button>
                      </Actions>
                    ) : (
                      <DisabledButton reason={row.own ? '提出人不能自己确认。' : '由财政确认岗位确认。'}>
                        同意
                      </DisabledButton>
                    ),
                },
              ]}
              empty={<EmptyState icon="check" title="没有等待确认的预算" />}
            />
          </Form>
        </Section>
        <Section title="提出">
          {may.propose ? (
            <Form
              failed={deciding ? undefined : actionData}
              labels={{ kind: '事项', fundSource: '资金来源', year: '预算年度', amount: '金额', documentNo: '依据' }}
            >
              <RadioGroup
                name="kind"
                label="事项"
                value="budget"
                options={[
                  { value: 'budget', label: budgetKinds.budget, hint: '调减的，金额前加“-”；最多减到可用预算为零。' },
                  { value: 'reuse', label: budgetKinds.reuse, hint: '追回的款项可以重新用于补贴。' },
                ]}
              />
              <SelectField name="fundSource" label="资金来源" options={funds} />
              <TextField name="year" label="预算年度" value={year} inputMode="numeric" width="short" unit="年" />
              <TextField
                name="amount"
                label="金额"
                inputMode="decimal"
                unit="元"
                hint="最多两位小数，如 1,200,000.00"
              />
              <TextField name="documentNo" label="依据的文号或名称" width="full" maxLength={200} />
              <Button>提出，等财政确认</Button>
            </Form>
          ) : (
            <DisabledButton reason="由资金经办岗位提出。">提出预算</DisabledButton>
          )}
        </Section>
        <Section title="记录">
          <DataTable
            caption="全部预算变动"
            rows={changes.filter((row) => row.state !== 'proposed')}
            rowKey={(row) => row.id}
            columns={[
              { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
              { key: 'fund', header: '资金来源', cell: (row) => `${row.fund}（${row.year}年）` },
              { key: 'kind', header: '事项', cell: (row) => budgetKinds[row.kind] },
              { key: 'amount', header: '金额', end: true, keep: true, cell: (row) => <Money fen={row.amountFen} /> },
              { key: 'document', header: '依据', cell: (row) => row.documentNo },
              { key: 'who', header: '提出和确认', cell: (row) => `${row.proposedByName}；${row.decidedByName ?? ''}` },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) => <StatusTag tone={tones[row.state]}>{budgetStates[row.state]}</StatusTag>,
              },
            ]}
            empty={
              <EmptyState icon="document" title="还没有预算">
                提出并经财政确认后列在这里。
              </EmptyState>
            }
          />
        </Section>
      </div>
    </>
  )
}
