import { data, redirect } from 'react-router'
import { proposeSetting } from '#modules/settings/setting.commands.ts'
import { settingHistory } from '#modules/settings/setting.queries.ts'
import {
  reasonText,
  type SettingKind,
  settingKinds,
  settingStates,
  unitTexts,
} from '#modules/settings/setting.schema.ts'
import { choicesFor, figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, signedIn, wordsOf } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { FigureTable, spanText } from '../../plan/figure-table.tsx'
import { Reach } from '../../plan/reach.tsx'
import { reach, settingName, settingValue } from '../../plan/setting-view.ts'
import { shownFigure } from '../../plan/words.ts'
import { title } from '../../site.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { Checkbox, RadioGroup } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DateField, TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/setting.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.name)

const kindOf = (kind: string): SettingKind => {
  if (kind in settingKinds) return kind as SettingKind
  throw data(null, 404)
}

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'board.read-internal')
  const { plan } = ctx
  const kind = kindOf(params.kind)
  const figure = kind === 'figure' ? plan.figures.find((one) => one.id === params.key) : undefined
  const decision = kind === 'decision' ? plan.decisions.find((one) => one.id === params.key) : undefined
  if (!figure && !decision) throw data(null, 404)
  const today = dayOf(ctx.now)
  const [history, figureOn, choiceOn] = await Promise.all([
    settingHistory(ctx, kind, params.key),
    figuresFor(ctx),
    choicesFor(ctx),
  ])
  return {
    kind,
    key: params.key,
    name: settingName(plan, kind, params.key),
    figure: figure ? shownFigure(plan, figureOn(figure.id, today)) : null,
    unit: figure ? unitTexts[figure.unit].label : '',
    decision: decision ? { ...decision, now: choiceOn(decision.id, today) } : null,
    reach: reach(plan, kind, params.key),
    history: history.map((row) => ({ ...row, shown: settingValue(plan, row) })),
    undecided: plan.undecidedText,
    today,
    may: ctx.actor.can('setting.propose'),
    waiting: history.find((row) => row.state === 'proposed')?.id ?? null,
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'setting.propose')
  const form = await request.formData()
  const input = { ...Object.fromEntries(form), kind: params.kind, key: params.key }
  const tried = await attempt(proposeSetting(ctx, input), form, (refusal) => wordsOf(ctx.plan, reasonText, refusal))
  return tried.ok ? redirect(done(paths.proposal(tried.value.id), 'setting-proposed')) : tried.answer
}

export default function Setting({ loaderData, actionData }: Route.ComponentProps) {
  const { kind, name, figure, decision, history, undecided, waiting } = loaderData
  return (
    <>
      <PageHeader
        title={name}
        caption={`${settingKinds[kind]} ${loaderData.key}`}
        crumbs={[{ label: '参数与待定事项', href: paths.settings() }]}
        lead={decision?.reason}
      />
      <div className="stack">
        {figure && <FigureTable caption="现在" figures={[figure]} />}
        {decision && (
          <SummaryList
            rows={[
              {
                label: '现在的口径',
                value: decision.now.label ?? '明确前不办理',
                note: decision.now.decided ? `依据：${decision.now.source}` : undecided,
              },
              { label: '页面上怎么显示', value: decision.shows },
            ]}
          />
        )}
        <Reach {...loaderData.reach} />
        <Section title="提出新的设置" description="提出后要由另一位有批准权限的人批准，才生效。">
          {waiting ? (
            <p>
              已有一项设置在等批准：<a href={paths.proposal(waiting)}>去看</a>
            </p>
          ) : loaderData.may ? (
            <Propose loaderData={loaderData} actionData={actionData} />
          ) : (
            <DisabledButton reason="由规则管理员提出，局领导批准。您可以查看，不能提出。">提出</DisabledButton>
          )}
        </Section>
        <DataTable
          caption="提出过的设置"
          captionNote="新的在前"
          rows={history}
          rowKey={(row) => row.id}
          columns={[
            { key: 'value', header: '值', cell: (row) => <a href={paths.proposal(row.id)}>{row.shown}</a> },
            { key: 'span', header: '适用日期', cell: (row) => spanText(row.from, row.to) },
            { key: 'source', header: '依据', cell: (row) => row.source },
            { key: 'by', header: '提出', cell: (row) => `${row.proposedByName}　${instantText(row.proposedAt)}` },
            {
              key: 'state',
              header: '结果',
              keep: true,
              cell: (row) => (
                <StatusTag tone={row.state === 'in-force' ? 'good' : row.state === 'proposed' ? 'wait' : 'bad'}>
                  {settingStates[row.state]}
                </StatusTag>
              ),
            },
          ]}
          empty={<EmptyState title="还没有人提出过">现在用的是计划文件夹里的值。</EmptyState>}
        />
      </div>
    </>
  )
}

function Propose({
  loaderData,
  actionData,
}: {
  loaderData: Route.ComponentProps['loaderData']
  actionData: Route.ComponentProps['actionData']
}) {
  const { decision, unit, today, undecided } = loaderData
  return (
    <Form failed={actionData} labels={{ value: '值', from: '开始日期', to: '结束日期', source: '依据' }}>
      {decision ? (
        <RadioGroup
          name="value"
          label="答案"
          options={decision.options.map((option) => ({ value: option.code, label: option.label }))}
        />
      ) : (
        <>
          <TextField name="value" label="值" unit={unit} inputMode="decimal" width="short" />
          <Checkbox
            name="undecided"
            label={`撤销现值，改为“${undecided}”`}
            optional
            hint="选了这一项，上面的值不用填。"
          />
        </>
      )}
      <DateField name="from" label="开始日期" value={today} />
      <DateField name="to" label="结束日期" optional hint="不填表示一直有效，直到另有设置" />
      <TextArea name="source" label="依据" rows={3} maxLength={500} hint="文号或会议决定，公开页上会显示。" />
      <Button>提出</Button>
    </Form>
  )
}
