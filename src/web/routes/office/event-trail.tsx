import { data } from 'react-router'
import { bases, reversalText } from '#modules/reports/count.schema.ts'
import { type EventTrail, eventTrail } from '#modules/reports/trail.queries.ts'
import { commandText } from '../../command-words.ts'
import { fail, signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { RuleLink } from '../../plan/figure-table.tsx'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList, type SummaryRow } from '../../ui/summary-list.tsx'
import type { Route } from './+types/event-trail.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`计数记录 ${loaderData?.trail.id ?? ''}`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'board.read-internal')
  if (!/^\d{1,15}$/.test(params.id)) throw data(null, 404)
  const trail = await eventTrail(ctx, Number(params.id)).catch(fail(request))
  const { plan } = ctx
  return {
    trail,
    subdistrict: plan.subdistricts.find((one) => one.code === trail.klass.subdistrict)?.name ?? trail.klass.subdistrict,
    groups: trail.groups.map((id) => plan.groups.find((group) => group.id === id)?.label ?? id),
    funds: Object.fromEntries(plan.fundSources.map((fund) => [fund.id, fund.label])),
    mayAudit: ctx.actor.can('audit.read'),
    /** The files themselves are open to those who work with them; the others see what is written here. */
    mayOpen: ctx.actor.can('casework.read'),
  }
}

export default function EventTrailPage({ loaderData }: Route.ComponentProps) {
  const { trail, subdistrict, groups, funds, mayAudit, mayOpen } = loaderData
  const { klass } = trail
  return (
    <>
      <PageHeader
        title={`从数字到条款：计数记录 ${trail.id}`}
        caption={bases[trail.basis].label}
        crumbs={[
          { label: '进度看板', href: paths.board() },
          ...trail.indicators.slice(0, 1).map((k) => ({ label: k.title, href: paths.boardIndicator(k.id) })),
        ]}
        tag={<Standing trail={trail} />}
      />
      <ol className="chain">
        <li>
          <h2>数字</h2>
          <SummaryList rows={countRows(trail)} />
        </li>
        <li>
          <h2>班级</h2>
          <SummaryList
            rows={[
              {
                label: '班级',
                value: `${klass.number}　${klass.title}`,
                ...(mayOpen && { action: { href: paths.orgClass('office', klass.id), label: '打开班级' } }),
              },
              { label: '机构', value: klass.organisation },
              { label: '备案的培训计划', value: klass.planNumber ?? undefined },
              { label: '培训地点', value: subdistrict },
              ...(trail.occupation
                ? [
                    {
                      label: '职业',
                      value: `${trail.occupation.title}（${trail.occupation.edition}版 ${trail.occupation.code}）`,
                    },
                  ]
                : []),
            ]}
          />
        </li>
        <li>
          <h2>学员和课时</h2>
          {trail.person ? <Person trail={trail} groups={groups} mayOpen={mayOpen} /> : <NotYours />}
        </li>
        {trail.basis === 'subsidyPaid' && (
          <li>
            <h2>补贴</h2>
            {trail.line ? <Line trail={trail} funds={funds} mayOpen={mayOpen} /> : <NotYours />}
          </li>
        )}
        <li>
          <h2>规则和条款</h2>
          <Grounds trail={trail} />
        </li>
        <li>
          <h2>谁办的</h2>
          <Audit trail={trail} mayAudit={mayAudit} />
        </li>
      </ol>
    </>
  )
}

function Standing({ trail }: { trail: EventTrail }) {
  if (trail.negates !== null) return <StatusTag tone="warn">冲减</StatusTag>
  return trail.reversedBy ? <StatusTag tone="neutral">已冲减</StatusTag> : <StatusTag tone="good">有效</StatusTag>
}

function countRows(trail: EventTrail): SummaryRow[] {
  return [
    {
      label: '计入的指标',
      value: (
        <>
          {trail.indicators.map((k) => (
            <p key={k.id}>
              <a href={paths.boardIndicator(k.id)}>{k.title}</a>
            </p>
          ))}
          {trail.indicators.length === 0 && '没有指标计它'}
        </>
      ),
      note: '同时计入几项的，各项之间不能相加。',
    },
    { label: '计入日期', value: dayText(trail.countedOn), note: `${instantText(trail.recordedAt)} 记入` },
    { label: '第几次计入', value: `第 ${trail.round} 次`, note: '同一人同一班，冲减后才能再计。' },
    ...(trail.negates !== null
      ? [
          {
            label: '冲减原因',
            value: reversalText(trail.reason),
            note: <a href={paths.eventTrail(trail.negates)}>原记录 {trail.negates}</a>,
          },
        ]
      : []),
    ...(trail.reversedBy
      ? [
          {
            label: '已被冲减',
            value: `${dayText(trail.reversedBy.on)}，${reversalText(trail.reversedBy.reason)}`,
            note: <a href={paths.eventTrail(trail.reversedBy.id)}>冲减记录 {trail.reversedBy.id}</a>,
          },
        ]
      : []),
  ]
}

const NotYours = () => (
  <Notice>
    <p>这名学员不在您的职责内，所以不显示姓名、课时和金额。</p>
  </Notice>
)

function Person({ trail, groups, mayOpen }: { trail: EventTrail; groups: string[]; mayOpen: boolean }) {
  const { person } = trail
  const minutes = trail.hours.reduce((sum, one) => sum + one.minutes, 0)
  return (
    <div className="stack">
      <SummaryList
        rows={[
          {
            label: '学员',
            value: `${person?.name}　${person?.document}`,
            ...(mayOpen &&
              person && {
                action: {
                  href: paths.learnerHours('office', trail.klass.id, person.enrolmentId),
                  label: '打开课时台账',
                },
              }),
          },
          { label: '当日核实的群体', value: groups.length > 0 ? groups.join('、') : '无' },
          {
            label: '结业结果',
            value: trail.result ? (trail.result.passed ? '合格' : '不合格') : '尚无结果',
            note: trail.result && `${instantText(trail.result.decidedAt)} 确认，第 ${trail.result.revision} 版`,
          },
          { label: '证书', value: trail.certificate?.number ?? '没有证书' },
        ]}
      />
      <DataTable
        caption="学时台账"
        captionNote={`合计 ${minutes} 分钟`}
        rows={trail.hours}
        rowKey={(row) => String(row.id)}
        columns={[
          { key: 'on', header: '日期', cell: (row) => dayText(row.onDay) },
          { key: 'session', header: '课', cell: (row) => row.session ?? '—' },
          { key: 'minutes', header: '分钟', end: true, cell: (row) => row.minutes },
          { key: 'grade', header: '证据等级', cell: (row) => row.grade },
          { key: 'spent', header: '已申领分钟', end: true, cell: (row) => row.spentMinutes },
        ]}
        empty={<EmptyState title="还没有学时">按报名计的人次，在开课前没有学时。</EmptyState>}
      />
    </div>
  )
}

function Line(props: { trail: EventTrail; funds: Record<string, string>; mayOpen: boolean }) {
  const { trail, funds, mayOpen } = props
  const { line } = trail
  if (!line) return null
  return (
    <SummaryList
      rows={[
        {
          label: '申领编号',
          value: line.claimNumber,
          ...(mayOpen && { action: { href: paths.reviewLine(line.claimId, line.id), label: '打开这一行' } }),
        },
        {
          label: '算法',
          value: (
            <>
              {line.classHours} 课时 × <Money fen={line.unitFen} />
              {line.capFen !== null && (
                <>
                  ，上限 <Money fen={line.capFen} />
                </>
              )}
              {' = '}
              <Money fen={line.amountFen} />
            </>
          ),
        },
        {
          label: '资金',
          value: (
            <>
              {line.funds.map((fund) => (
                <p key={`${fund.fundSource} ${fund.year}`}>
                  {funds[fund.fundSource] ?? fund.fundSource}（{fund.year}年） <Money fen={fund.amountFen} />
                </p>
              ))}
            </>
          ),
        },
      ]}
    />
  )
}

function Grounds({ trail }: { trail: EventTrail }) {
  return (
    <SummaryList
      rows={[
        { label: '培训项目', value: trail.programme?.name, note: trail.programme?.legalLine },
        ...trail.rules.map((rule) => ({
          label: `规则 ${rule.id}`,
          value: <RuleLink id={rule.id} title={rule.title} />,
          note: rule.statement,
        })),
        ...trail.clauses.map(({ clause, label }) => ({
          label: `条款 ${clause.id}`,
          value: <a href={paths.clause(clause.id)}>{label}</a>,
          note: clause.summary,
        })),
      ]}
    />
  )
}

function Audit({ trail, mayAudit }: { trail: EventTrail; mayAudit: boolean }) {
  return (
    <DataTable
      caption="操作留痕"
      captionNote="这个班和这笔申领最近的 30 条"
      rows={trail.audit}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'at',
          header: '时间',
          keep: true,
          cell: (row) =>
            mayAudit ? <a href={paths.auditEntry(row.id)}>{instantText(row.at)}</a> : instantText(row.at),
        },
        { key: 'who', header: '经办', cell: (row) => row.actor_name },
        { key: 'what', header: '操作', cell: (row) => commandText(row.command) },
        { key: 'seq', header: '链上序号', end: true, cell: (row) => row.seq ?? '待入链' },
      ]}
      empty={<EmptyState title="没有留痕" />}
    />
  )
}
