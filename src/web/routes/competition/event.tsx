import { openedSeed } from '#modules/competition/board.queries.ts'
import { standingsOf } from '#modules/competition/entry.queries.ts'
import { documentsOf, earlySteps, eventPage, placesOf } from '#modules/competition/event.queries.ts'
import { eventStates } from '#modules/competition/event.schema.ts'
import { judgeDraws, judgeList } from '#modules/competition/judge.queries.ts'
import { judgeDrawFaults } from '#modules/competition/judge.rules.ts'
import { dutyLabels } from '#modules/competition/mark.schema.ts'
import { resultLists } from '#modules/competition/publication.queries.ts'
import { sha256 } from '#platform/digest.ts'
import { dayOf } from '#shared/dates.ts'
import { Standings } from '../../competition/boards.tsx'
import { eventTones } from '../../competition/desk.ts'
import { EventFacts, Places, TechnicalDocument, TypeUndecided } from '../../competition/facts.tsx'
import { JudgeDraws } from '../../competition/judge-draws.tsx'
import { chosen } from '../../competition/judges.tsx'
import { current, fail } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { dayText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/event.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.event.title ?? '技能竞赛')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const { event, type } = await eventPage(ctx, isId(params.id), 'public').catch(fail(request))
  const today = dayOf(ctx.now)
  const documents = await documentsOf(ctx.db, event.id)
  const seed = await openedSeed(ctx, event.id)
  const draws = await judgeDraws(ctx.db, event.id)
  const settled = ['scored', 'publicised', 'objection-held', 'cleared', 'awarded', 'archived'].includes(event.state)
  return {
    event,
    type,
    places: await placesOf(ctx.db, event.id),
    document: documents.find((one) => one.id === event.documentId) ?? null,
    judges: (await judgeList(ctx.db, event.id))
      .filter((one) => one.state === 'seated')
      .map(({ id, name, employer, duty, draw }) => ({ id, name, employer, duty, draw })),
    draws,
    faults: seed && draws.length > 0 ? judgeDrawFaults(sha256, seed, draws) : null,
    early: await earlySteps(ctx.db, event.id),
    standings: settled ? await standingsOf(ctx.db, event.id) : null,
    lists: (await resultLists(ctx, event.id)).filter((one) => one.state !== 'void'),
    seed,
    open: event.state === 'announced' && (event.entriesFrom ?? '') <= today && today <= (event.entriesTo ?? ''),
    undecided: ctx.plan.undecidedText,
  }
}

const earlyWords: Record<string, string> = { 'close-entries': '报名提前截止', begin: '比赛提前开始' }

export default function Event({ loaderData }: Route.ComponentProps) {
  const { event, type, places, document, judges, standings, lists, seed, open, undecided, draws, faults, early } =
    loaderData
  const marked = !['announced', 'checking', 'cancelled'].includes(event.state)
  return (
    <PageBody>
      <PageHeader
        title={event.title}
        caption={event.number}
        crumbs={[{ label: '技能竞赛', href: paths.competitions() }]}
        tag={<StatusTag tone={eventTones[event.state]}>{eventStates[event.state]}</StatusTag>}
      />
      <div className="stack">
        <Actions>
          {open && (
            <LinkButton href={paths.enterCompetition('my', event.id)} kind="primary">
              我要报名
            </LinkButton>
          )}
          {marked && <LinkButton href={paths.scoreboard(event.id)}>看实时成绩</LinkButton>}
          {lists.map((one) => (
            <LinkButton key={one.id} href={paths.resultList(one.id)}>
              {one.running ? '看成绩公示' : '看公示名单'}
            </LinkButton>
          ))}
        </Actions>
        {open && (
          <Notice title="单位、学校报名">
            <p>团体组和集体报名由单位在工作台办理：登录后进入“技能竞赛”。</p>
          </Notice>
        )}
        <Section title="竞赛公告">
          <EventFacts event={event} type={type} />
        </Section>
        {early.map((one) => (
          <Notice key={one.move} title={`${earlyWords[one.move] ?? '提前办理'}（${dayText(dayOf(one.at))}）`}>
            <p>理由：{one.note}</p>
          </Notice>
        ))}
        <TypeUndecided type={type} text={undecided} />
        <Section title="组别和名额">
          <Places event={event} type={type} places={places} />
        </Section>
        {standings && (
          <Section
            title="名次"
            description={event.state === 'scored' ? '成绩还没有公示，申诉期内可能更正。' : undefined}
          >
            <Standings standings={standings} type={type} />
          </Section>
        )}
        {document && (
          <Section title="技术文件" description={`第 ${document.number} 稿，${document.decidedBy}批准。`}>
            <TechnicalDocument document={document} type={type} />
          </Section>
        )}
        <Section title="裁判" description="与选手同一单位、有亲属关系、教过选手的回避；参赛的不执裁。">
          <DataTable
            caption="裁判"
            rows={judges}
            rowKey={(row) => row.id}
            columns={[
              { key: 'name', header: '姓名', cell: (row) => row.name },
              { key: 'duty', header: '职责', keep: true, cell: (row) => dutyLabels[row.duty] },
              { key: 'employer', header: '工作单位', cell: (row) => row.employer },
              { key: 'how', header: '产生方式', cell: (row) => chosen(row.draw) },
            ]}
            empty={<Notice title="裁判确定后在这里公布" />}
          />
        </Section>
        <JudgeDraws draws={draws} faults={faults} />
        {event.commitment && (
          <More label="核对代号没有人为安排">
            <SummaryList
              rows={[
                {
                  label: '种子的 SHA-256',
                  value: <Copyable>{event.commitment}</Copyable>,
                  note: '发布公告时固定。',
                },
                {
                  label: '种子',
                  value: seed ? <Copyable>{seed}</Copyable> : '颁奖时公布',
                  note: '代号按 SHA-256（种子:轮次:报名）从小到大排列。',
                },
              ]}
            />
          </More>
        )}
      </div>
    </PageBody>
  )
}
