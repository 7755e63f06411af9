import { data, redirect } from 'react-router'
import { withdrawStatistic } from '#modules/reports/statistic.commands.ts'
import { statistics } from '#modules/reports/statistic.queries.ts'
import { reasonText } from '#modules/reports/statistic.schema.ts'
import { indicatorOf } from '#policy/clauses.ts'
import { attempt, signedIn, wordsOf } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { count, valueText } from '../../plan/words.ts'
import { title } from '../../site.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/statistic-withdraw.ts'

export const meta = () => title('撤回数据')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'statistic.import')
  const found = (await statistics(ctx.db)).find((row) => String(row.id) === params.id && row.withdrawnAt === null)
  if (!found) throw data(null, 404)
  const indicator = indicatorOf(ctx.plan, found.indicator)
  return { found, name: indicator?.title ?? found.indicator, unit: indicator?.unit ?? '' }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'statistic.import')
  const form = await request.formData()
  const tried = await attempt(
    withdrawStatistic(ctx, { id: params.id, reason: form.get('reason') ?? '' }),
    form,
    (refusal) => wordsOf(ctx.plan, reasonText, refusal),
  )
  return tried.ok ? redirect(done(paths.statistics(), 'statistic-withdrawn')) : tried.answer
}

export default function WithdrawStatistic({ loaderData: { found, name, unit }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="撤回数据" crumbs={[{ label: '外部数据', href: paths.statistics() }]} />
      <Confirm
        failed={actionData}
        final
        rows={[
          { label: '指标', value: name },
          {
            label: '数值',
            value: valueText(found.value, unit),
            note: found.denominator === null ? undefined : `${count(found.numerator)} ÷ ${count(found.denominator)}`,
          },
          { label: '数据日期', value: dayText(found.asOf) },
          { label: '出处', value: `${found.sourceBody}：${found.source}` },
        ]}
        consequence="看板和公开页改用它之前的一条数据；没有的，显示“暂无数据”。撤回的数据和理由仍然保留。"
        submit="撤回"
        back={paths.statistics()}
      >
        <TextArea name="reason" label="撤回理由" rows={3} maxLength={300} />
      </Confirm>
    </>
  )
}
