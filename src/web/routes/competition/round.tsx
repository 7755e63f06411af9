import { redirect } from 'react-router'
import { boardOf } from '#modules/competition/board.queries.ts'
import { eventPage } from '#modules/competition/event.queries.ts'
import { importMarks } from '#modules/competition/import.commands.ts'
import { roundStates } from '#modules/competition/mark.schema.ts'
import { importsOf, partsOf, roundById, roundEntries, sheetCounts } from '#modules/competition/round.queries.ts'
import { RoundBoard } from '../../competition/boards.tsx'
import { competitionWords } from '../../competition/desk.ts'
import { runIntent } from '../../competition/intents.ts'
import { entrantOf } from '../../competition/own.ts'
import { RoundSteps } from '../../competition/round-steps.tsx'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/round.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.round.title ?? '轮次')

type Args = Route.LoaderArgs | Route.ActionArgs
const officeOf = (args: Args) => new URL(args.request.url).pathname.startsWith('/office/')
const ctxOf = (args: Args) =>
  officeOf(args) ? { ctx: signedIn(args, 'competition.read').ctx, area: 'office' } : entrantOf(args, 'competition.host')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = ctxOf(args)
  const round = await roundById(ctx.db, isId(args.params.id)).catch(fail(args.request))
  const door = area === 'office' ? 'desk' : 'host'
  const { event, type } = await eventPage(ctx, round.eventId, door).catch(fail(args.request))
  return {
    ...{ area, event, type, round },
    board: await boardOf(ctx.db, type, round),
    parts: partsOf(type, round.kind),
    imports: await importsOf(ctx.db, round.id),
    sheets: await sheetCounts(ctx.db, round.id),
    // the codes are opened to nobody while judges mark
    entries: round.kind === 'theory' || round.state === 'closed' ? await roundEntries(ctx.db, round.id) : [],
    hosts: ctx.actor.can('competition.host', { organisationId: event.organisationId }),
    runs: area !== 'office' || ctx.actor.can('competition.manage'),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = ctxOf(args)
  const roundId = isId(args.params.id)
  const form = await args.request.formData()
  const work = async () => {
    if (form.get('intent') !== 'import') return runIntent(ctx, form, { roundId })
    await importMarks(ctx, { roundId, file: await uploadOf(form, 'file') })
    return 'import'
  }
  const tried = await attempt(work(), form, competitionWords(ctx))
  const here = area === 'office' ? paths.officeRound(roundId) : paths.hostedRound(area, roundId)
  return tried.ok ? redirect(done(here, `competition-${tried.value}`)) : tried.answer
}

const tones = { waiting: 'neutral', marking: 'info', closed: 'good' } as const

export default function Round({ loaderData, actionData }: Route.ComponentProps) {
  const { area, event, type, round, board, parts, imports, sheets } = loaderData
  return (
    <>
      <PageHeader
        title={round.title}
        caption={event.title}
        crumbs={[
          area === 'office'
            ? { label: '竞赛办件', href: paths.competitionDesk() }
            : { label: '技能竞赛', href: paths.ownCompetitions(area) },
          {
            label: event.title,
            href: area === 'office' ? paths.officeCompetition(event.id) : paths.hostedCompetition(area, event.id),
          },
        ]}
        tag={<StatusTag tone={tones[round.state]}>{roundStates[round.state]}</StatusTag>}
      />
      <div className="stack">
        <RoundSteps data={loaderData} failed={actionData} />
        {imports.length > 0 && (
          <Section title="成绩来源">
            <DataTable
              caption="成绩来源"
              rows={imports}
              rowKey={(row) => row.id}
              columns={[
                { key: 'name', header: '文件', cell: (row) => row.name },
                { key: 'count', header: '行数', end: true, cell: (row) => row.count },
                { key: 'by', header: '经办', cell: (row) => `${row.byName}，${instantText(row.at)}` },
                { key: 'digest', header: 'SHA-256', cell: (row) => <Copyable>{row.digest}</Copyable> },
              ]}
              empty={null}
            />
          </Section>
        )}
        {round.kind === 'practical' && (
          <Section title="评分进度">
            <DataTable
              caption="评分进度"
              tight
              rows={parts}
              rowKey={(row) => row.id}
              columns={[
                { key: 'part', header: '模块', cell: (row) => row.title },
                {
                  key: 'done',
                  header: '已定分',
                  end: true,
                  cell: (row) =>
                    `${sheets.find((one) => one.module === row.id)?.settled ?? 0}/${board.rows.filter((one) => !one.absent).length}`,
                },
                {
                  key: 'third',
                  header: '等第三人',
                  end: true,
                  cell: (row) => sheets.find((one) => one.module === row.id)?.thirds ?? 0,
                },
              ]}
              empty={null}
            />
          </Section>
        )}
        <RoundBoard board={board} type={type} />
      </div>
    </>
  )
}
