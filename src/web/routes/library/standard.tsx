import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import { current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { dayText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import type { Route } from './+types/standard.ts'

export const meta = () => title('课程入库标准')

const shownFigures = [
  'LIB.reviewDays',
  'LIB.trialDays',
  'LIB.recheckMonths',
  'LIB.rateAfterPercent',
  'LIB.complaintMax',
  'LIB.complaintDays',
  'LIB.ratingLeast',
]
const units: Record<string, string> = {
  score: '分',
  workdays: '个工作日',
  days: '天',
  months: '个月',
  percent: '%',
  persons: '人',
  count: '',
  'class-hours': '课时',
}

export async function loader({ context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const today = dayOf(ctx.now)
  const at = await figuresFor(ctx)
  const undecided = ctx.plan.undecidedText
  const value = (id: string) => {
    const found = at(id, today)
    const unit = ctx.plan.figures.find((figure) => figure.id === id)?.unit ?? ''
    return { id, label: found.label, text: found.value === null ? undecided : `${found.value}${units[unit] ?? ''}` }
  }
  const standards = ctx.plan.admissionStandards
  const now = standards.findLast((one) => one.from <= today && (one.to === null || today <= one.to))
  return {
    standard: now ?? null,
    earlier: standards.filter((one) => one !== now).map(({ edition, from, to }) => ({ edition, from, to })),
    pass: now ? [value(now.passMarkFigure), value(now.floorFigure)] : [],
    figures: shownFigures.map(value),
    hours: ctx.plan.programmes.map(({ code, name }) => ({ name, ...value(`LIB.hours.${code}`) })),
    undecided,
  }
}

export default function Standard({
  loaderData: { standard, earlier, pass, figures, hours, undecided },
}: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader
        title="课程入库标准"
        crumbs={[{ label: '线上课程', href: paths.library() }]}
        lead="什么样的课程能进资源库、谁来评、什么时候退出。"
      />
      {standard ? (
        <div className="stack">
          <Notice title={`第 ${standard.edition} 版，自${dayText(standard.from)}起`}>
            <p>{standard.note}</p>
            <p>来源标注“INF”的，是平台依据公开做法拟定、由区人社局设定的标准，不是计划原文。</p>
          </Notice>
          <Section title="评分项" description="每项 0 到 5 分，按权重合成 100 分。">
            <DataTable
              caption={`共 ${standard.criteria.length} 项，权重合计 100%`}
              rows={standard.criteria}
              rowKey={(row) => row.id}
              columns={[
                { key: 'title', header: '标准', keep: true, cell: (row) => row.title },
                { key: 'statement', header: '看什么', cell: (row) => row.statement },
                { key: 'weight', header: '权重', end: true, keep: true, cell: (row) => `${row.weight}%` },
                { key: 'source', header: '来源', cell: (row) => row.source },
              ]}
              empty={null}
            />
          </Section>
          <Section title="一票否决" description="有一名评审人认定的退回，两名都认定的不予入库。">
            <ul className="list-disc ps-5">
              {standard.vetoes.map((veto) => (
                <li key={veto.id}>
                  <b>{veto.title}</b>：{veto.statement}
                </li>
              ))}
            </ul>
          </Section>
          <Section title="怎么决定">
            <p>两名来自不同单位的评审人各自独立打分，提交前看不到对方的意见；结论按下面的数自动得出。</p>
            <Figures rows={[...pass, ...figures]} />
          </Section>
          <Section
            title="课时计入补贴培训"
            description="一个培训项目最多接受一门课程多少课时；每门课程的计入课时另行批准公布。"
          >
            <Figures rows={hours.map(({ id, name, text }) => ({ id, label: name, text }))} />
          </Section>
          {earlier.length > 0 && (
            <Section title="其他版本">
              <ul className="list-disc ps-5">
                {earlier.map((one) => (
                  <li key={one.edition}>
                    {one.edition}：{dayText(one.from)}起{one.to && `，到${dayText(one.to)}`}
                  </li>
                ))}
              </ul>
            </Section>
          )}
        </div>
      ) : (
        <Notice tone="warn" title={undecided} />
      )}
    </PageBody>
  )
}

function Figures({ rows }: { rows: { id: string; label: string; text: string }[] }) {
  return (
    <DataTable
      caption="参数"
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'label', header: '参数', keep: true, cell: (row) => row.label },
        { key: 'text', header: '现在的值', keep: true, cell: (row) => row.text },
      ]}
      empty={null}
    />
  )
}
