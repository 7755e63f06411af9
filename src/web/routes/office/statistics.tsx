import { redirect } from 'react-router'
import { importStatistic } from '#modules/reports/statistic.commands.ts'
import { statistics } from '#modules/reports/statistic.queries.ts'
import { importedIndicators } from '#modules/reports/statistic.rules.ts'
import { importedKinds, reasonText } from '#modules/reports/statistic.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, signedIn, wordsOf } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { valueText } from '../../plan/words.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DateField, SelectField, TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/statistics.ts'

export const meta = () => title('外部数据')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'statistic.import')
  const indicators = importedIndicators(ctx.plan)
  return {
    rows: await statistics(ctx.db),
    names: Object.fromEntries(indicators.map((k) => [k.id, k.title])),
    units: Object.fromEntries(indicators.map((k) => [k.id, k.unit])),
    options: indicators.map((k) => ({
      value: k.id,
      label: `${k.id} ${k.title}（${k.unit}）`,
    })),
    chosen: new URL(request.url).searchParams.get('indicator') ?? '',
    today: dayOf(ctx.now),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'statistic.import')
  const form = await request.formData()
  const tried = await attempt(importStatistic(ctx, Object.fromEntries(form)), form, (refusal) =>
    wordsOf(ctx.plan, reasonText, refusal),
  )
  return tried.ok ? redirect(done(paths.statistics(), 'statistic-imported')) : tried.answer
}

export default function Statistics({ loaderData, actionData }: Route.ComponentProps) {
  const { rows, names, units, options, chosen, today } = loaderData
  return (
    <>
      <PageHeader
        title="外部数据"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
        lead="平台自己数不出来的指标，只用有出处、有日期、有口径的数。没有的就空着，不估。"
      />
      <div className="stack">
        <Section title="录入一条">
          <Form
            failed={actionData}
            labels={{
              indicator: '指标',
              numerator: '数目或分子',
              denominator: '分母',
              asOf: '数据截止日期',
              method: '口径和算法',
              sourceBody: '提供单位',
              source: '文件名称或文号',
            }}
          >
            <SelectField name="indicator" label="指标" options={options} value={chosen} />
            <TextField
              name="numerator"
              label="数目或分子"
              hint="计数指标填数目；比例指标填分子，如技能劳动者人数"
              inputMode="numeric"
              width="short"
            />
            <TextField
              name="denominator"
              label="分母"
              optional
              hint="只有比例指标要填，如就业人员总量"
              inputMode="numeric"
              width="short"
            />
            <DateField name="asOf" label="数据截止日期" max={today} />
            <TextField name="sourceBody" label="提供单位" hint="如区统计局、区人社局" />
            <TextField name="source" label="文件名称或文号" width="full" maxLength={300} />
            <TextArea name="method" label="口径和算法" rows={3} maxLength={1000} hint="原文件怎么统计的，照实写。" />
            <Button>录入</Button>
          </Form>
        </Section>
        <DataTable
          caption="已录入的数据"
          captionNote="录入后不能改；有误的撤回后重录，撤回的仍留在这里"
          rows={rows}
          rowKey={(row) => String(row.id)}
          columns={[
            {
              key: 'indicator',
              header: '指标',
              cell: (row) => <a href={paths.boardIndicator(row.indicator)}>{names[row.indicator] ?? row.indicator}</a>,
            },
            {
              key: 'value',
              header: '数值',
              end: true,
              cell: (row) => valueText(row.value, units[row.indicator] ?? ''),
            },
            { key: 'asOf', header: '数据日期', keep: true, cell: (row) => dayText(row.asOf) },
            { key: 'source', header: '出处', cell: (row) => `${row.sourceBody}：${row.source}` },
            { key: 'by', header: '录入', cell: (row) => `${row.importedByName}　${instantText(row.importedAt)}` },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) =>
                row.withdrawnAt ? (
                  <StatusTag tone="bad">已撤回</StatusTag>
                ) : (
                  <a href={paths.withdrawStatistic(row.id)} aria-label={`撤回${names[row.indicator]} ${row.asOf}`}>
                    撤回
                  </a>
                ),
            },
          ]}
          empty={
            <EmptyState icon="upload" title="还没有录入过数据">
              录入后会显示在看板和公开页上。
            </EmptyState>
          }
        />
        <Section title="各类指标为什么要从外面取数">
          <ul className="plain-list">
            {Object.values(importedKinds).map((text) => (
              <li key={text}>{text}。</li>
            ))}
          </ul>
        </Section>
      </div>
    </>
  )
}
