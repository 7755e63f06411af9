import { publicCard } from '#modules/recognition/card.queries.ts'
import { titleWords } from '#modules/recognition/designation.rules.ts'
import { designationStates } from '#modules/recognition/designation.schema.ts'
import { clauseLabel } from '#policy/clauses.ts'
import { dayOf } from '#shared/dates.ts'
import { isDay } from '#shared/units.ts'
import { current, fail } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { siteOrigin } from '../../origin.ts'
import { paths } from '../../paths.ts'
import { designationTones } from '../../recognition/desk.ts'
import { title } from '../../site.ts'
import { DateField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { dayText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Qr } from '../../ui/qr.tsx'
import { qrPath } from '../../ui/qr-svg.ts'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/holder.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.whose ?? '称号')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const asked = new URL(request.url).searchParams.get('on') ?? ''
  const on = isDay(asked) ? asked : undefined
  const {
    holder,
    scheme,
    held,
    terms,
    shown,
    on: day,
  } = await publicCard(ctx, params.number.slice(0, 60), on).catch(fail(request))
  return {
    holder,
    held,
    shown,
    // a card's name stands masked in the register; whoever agreed is called by it
    whose: shown?.find((one) => one.shows === 'name')?.value ?? holder.name,
    day,
    today: dayOf(ctx.now),
    name: scheme.name,
    whole: titleWords(scheme, holder.grade),
    path: scheme.paths.find((one) => one.id === holder.path)?.label ?? '',
    cause:
      scheme.exits.find((one) => one.id === holder.endCause)?.label ??
      (holder.endCause === 'term-over' ? '管理期满' : ''),
    terms,
    clause: { id: scheme.clause, label: clauseLabel(ctx.plan, scheme.clause) },
    undecided: ctx.plan.undecidedText,
    qr: qrPath(`${siteOrigin(request)}${paths.titleHolder(holder.number)}`),
  }
}

export default function Holder({ loaderData }: Route.ComponentProps) {
  const { holder, held, shown, whose, day, today, name, whole, path, cause, terms, clause, undecided, qr } = loaderData
  return (
    <PageBody>
      <PageHeader
        title={whose}
        caption={`${name}　${holder.number}`}
        crumbs={[
          { label: '认定和聘任', href: paths.titles() },
          ...(shown ? [] : [{ label: '称号名册', href: paths.titleRegister() }]),
        ]}
        tag={<StatusTag tone={designationTones[holder.state]}>{designationStates[holder.state]}</StatusTag>}
      />
      <div className="stack">
        <Notice tone={held ? 'good' : 'warn'} live title={`${dayText(day)}${held ? '持有' : '不持有'}“${name}”`}>
          <p>{day === today ? '以本页查询当天的登记为准。' : '按这一天的登记查询。'}</p>
        </Notice>
        <SummaryList
          rows={[
            { label: '称号', value: whole },
            { label: '编号', value: holder.number },
            ...(shown ?? []),
            ...(holder.organisation && holder.organisation !== holder.name
              ? [{ label: '单位', value: holder.organisation }]
              : []),
            { label: '认定日期', value: dayText(holder.designatedOn) },
            { label: '认定方式', value: path },
            ...(holder.docNo ? [{ label: '文号', value: holder.docNo }] : []),
            {
              label: '管理期',
              value: terms
                .map((one) => `${dayText(one.from)}起，${one.to ? `${dayText(one.to)}止` : `届满日期${undecided}`}`)
                .join('；'),
            },
            ...(holder.endedOn
              ? [{ label: designationStates[holder.state], value: dayText(holder.endedOn), note: cause }]
              : []),
            { label: '依据', value: <a href={paths.clause(clause.id)}>{clause.label}</a> },
          ]}
        />
        {shown && (
          <p className="hint">
            除编号和状态外，本页只展示持证人同意展示的内容。
            {!shown.some((one) => one.shows === 'name') && '持证人没有同意展示姓名。'}请当面核对持证人出示的证件。
          </p>
        )}
        <FilterBar
          label="查某一天是否持有"
          action={paths.titleHolder(holder.number)}
          values={{ on: day === today ? '' : day }}
        >
          <DateField name="on" label="查哪一天" />
        </FilterBar>
        <Qr code={qr} label={`扫码查验 ${holder.number}`} />
      </div>
    </PageBody>
  )
}
