import { findLists } from '#modules/publicity/search.queries.ts'
import { planBoard } from '#modules/reports/board.queries.ts'
import { bases } from '#modules/reports/count.schema.ts'
import { fundUse } from '#modules/subsidy/funds.queries.ts'
import { CatalogueFilter, catalogue } from '#modules/training/catalogue.queries.ts'
import { yuan } from '#shared/units.ts'
import { current } from '../ctx.ts'
import { SiteSearch } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { site, title } from '../site.ts'
import { fundName } from '../subsidy/words.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { FigureCard, Figures } from '../ui/figure-card.tsx'
import { dayText } from '../ui/format.ts'
import { Section } from '../ui/section.tsx'
import { LinkList, type LinkRow, ServiceTile, Tiles } from '../ui/tile.tsx'
import type { Route } from './+types/home.ts'

export const meta = () => title()

export type HomeFigure = { id: string; label: string; value: number; target: number; unit: string; note: string }
export type HomeData = {
  document: string
  docNo: string
  hot: LinkRow[]
  figures: HomeFigure[]
  classes: LinkRow[]
  publicity: LinkRow[]
  funds: LinkRow[]
}

const shownFigures = 4

/** What the front page shows: figures that are on record, classes that begin next, lists that are public now. */
export async function loader({ context }: Route.LoaderArgs): Promise<HomeData> {
  const { ctx } = context.get(current)
  const [board, classes, lists, funds] = await Promise.all([
    planBoard(ctx),
    catalogue(ctx, CatalogueFilter.parse({})),
    findLists(ctx, '', 6),
    fundUse(ctx.db),
  ])
  return {
    document: ctx.plan.title,
    docNo: ctx.plan.docNo,
    hot: [...new Set(classes.rows.flatMap((row) => row.occupationTitle ?? []))]
      .slice(0, 5)
      .map((label) => ({ href: paths.search(label), label })),
    figures: board.rows
      .flatMap(({ indicator, value, basis }) =>
        value === null
          ? []
          : [
              {
                id: indicator.id,
                label: indicator.title,
                value,
                target: indicator.target,
                unit: indicator.unit,
                note: [
                  `目标 ${indicator.target.toLocaleString('zh-CN')} ${indicator.unit}，${indicator.deadlineText}`,
                  ...(basis ? [`${bases[basis].label}计`] : []),
                ].join('；'),
              },
            ],
      )
      .slice(0, shownFigures),
    classes: classes.rows.slice(0, 6).map((row) => ({
      href: paths.class(row.id),
      label: row.title,
      meta: `${dayText(row.startsOn)}开班，余 ${Math.max(row.capacity - row.taken, 0)} 个名额`,
    })),
    publicity: lists
      .filter(({ state }) => state === 'open')
      .map((list) => ({ href: paths.notice(list.id), label: list.title, meta: `公示至${dayText(list.closesOn)}` })),
    funds: funds
      .filter((fund) => fund.paidFen > 0)
      .slice(0, 4)
      .map((fund) => ({
        href: paths.funds(),
        label: `${fund.year}年　${fundName(ctx.plan, fund.fundSource)}`,
        meta: `已拨付 ¥${yuan(fund.paidFen)}，已收回 ¥${yuan(fund.returnedFen)}`,
      })),
  }
}

export default function Home({ loaderData }: Route.ComponentProps) {
  return (
    <>
      <div className="hero">
        <div className="page">
          <h1>学技能、领补贴，一处办</h1>
          <p>找班、报名、记学时、考证书、领补贴，每一课时和每一分钱都能查到出处。</p>
          <SiteSearch id="home-q" />
          {loaderData.hot.length > 0 && (
            <nav className="hot" aria-label="正在招生的职业">
              <span>正在招生</span>
              {loaderData.hot.map((item) => (
                <a key={item.href} href={item.href}>
                  {item.label}
                </a>
              ))}
            </nav>
          )}
        </div>
      </div>
      <div className="page portal-main stack">
        <Audiences />
        <KeyFigures figures={loaderData.figures} />
        <div className="two-columns">
          <Section title="正在报名" more={{ href: paths.classes(), label: '全部班次' }}>
            {loaderData.classes.length > 0 ? (
              <LinkList items={loaderData.classes} />
            ) : (
              <EmptyState icon="calendar" title="眼下没有正在报名的班">
                新班开放报名后会列在这里。
              </EmptyState>
            )}
          </Section>
          <Section title="公示" more={{ href: paths.publicity(), label: '全部公示' }}>
            {loaderData.publicity.length > 0 ? (
              <LinkList items={loaderData.publicity} />
            ) : (
              <EmptyState icon="speaker" title="眼下没有在公示期内的名单">
                公示期内任何人都可以提出异议。
              </EmptyState>
            )}
          </Section>
        </div>
        {loaderData.funds.length > 0 && (
          <Section title="资金使用" more={{ href: paths.funds(), label: '全部资金和每月明细' }}>
            <LinkList items={loaderData.funds} />
          </Section>
        )}
        <Trust document={loaderData.document} docNo={loaderData.docNo} />
      </div>
    </>
  )
}

function Audiences() {
  return (
    <Section title="我要办事">
      <Tiles>
        <ServiceTile
          href={paths.classes()}
          icon="person"
          title="我是劳动者"
          text="找班报名，看学时和证书，查自己还能领几次补贴。"
        />
        <ServiceTile
          href={paths.enterprise()}
          icon="building"
          title="我是用人单位"
          text="办适岗培训、新型学徒制，备案、开班、申领一条线。"
        />
        <ServiceTile
          href={paths.provider()}
          icon="school"
          title="我是培训机构或院校"
          text="申请开班，记考勤，录成绩，交申报材料前先自查。"
        />
        <ServiceTile
          href={paths.calculator()}
          icon="calculator"
          title="算一算补贴"
          text="答几个问题，当场知道能领多少、依据哪一条。"
        />
        <ServiceTile
          href={paths.verifyCertificate()}
          icon="certificate"
          title="查证书真假"
          text="输编号或扫码，谁都能查，不用登录。"
        />
        <ServiceTile
          href={paths.reportProblem()}
          icon="flag"
          title="举报与投诉"
          text="虚假开班、收费包过、克扣学时，都可以举报。"
        />
      </Tiles>
    </Section>
  )
}

function KeyFigures({ figures }: { figures: HomeFigure[] }) {
  if (figures.length === 0) return null
  return (
    <Section title="行动计划进度" more={{ href: paths.figures(), label: '全部指标和口径' }}>
      <Figures>
        {figures.map((figure) => (
          <FigureCard
            key={figure.id}
            label={figure.label}
            value={figure.value.toLocaleString('zh-CN')}
            unit={figure.unit}
            note={figure.note}
            target={{ value: figure.value, max: figure.target }}
            href={paths.figure(figure.id)}
          />
        ))}
      </Figures>
    </Section>
  )
}

function Trust({ document, docNo }: { document: string; docNo: string }) {
  return (
    <Section title="办事依据">
      <LinkList
        items={[
          {
            href: paths.policies(),
            label: `《${document}》原文和逐条执行情况`,
            meta: docNo,
          },
          { href: paths.providers(), label: '已备案的培训和评价机构名单', meta: '报名前先核对' },
          { href: `${paths.policies()}#money`, label: '补贴标准、名额和办理时限', meta: `${site.sponsorShort}公布` },
        ]}
      />
    </Section>
  )
}
