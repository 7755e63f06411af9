import { data } from 'react-router'
import { lessonPage } from '#modules/learning/lesson.queries.ts'
import { packageKinds } from '#modules/packages/package.schema.ts'
import { myPackage, type UnitProgress } from '#modules/packages/progress.queries.ts'
import { tokenFor } from '#modules/packages/token.queries.ts'
import { fail } from '../../ctx.ts'
import type { Handle } from '../../handle.ts'
import { Player } from '../../learning/player.tsx'
import { LessonFrame } from '../../library/lesson-frame.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { durationText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Tone } from '../../ui/tone.ts'
import type { Route } from './+types/package.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.found.title ?? '课件')

/** Time counts while a package is open before somebody: by heartbeats of this page. */
export const handle = { script: true } satisfies Handle

const states: Record<UnitProgress['state'], { label: string; tone: Tone }> = {
  new: { label: '未开始', tone: 'neutral' },
  begun: { label: '进行中', tone: 'info' },
  completed: { label: '已学完', tone: 'good' },
  passed: { label: '合格', tone: 'good' },
  failed: { label: '不合格', tone: 'bad' },
}

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, personId, contentOrigin } = ownAffairs({ request, context })
  const at = { registrationId: isId(params.registration), itemId: isId(params.item), personId }
  const found = await myPackage(ctx.db, at, ctx.now).catch(fail(request))
  const units = found.lines.flatMap((line) => ('unit' in line ? [line] : []))
  const query = new URL(request.url).searchParams
  const asked = query.get('unit') ?? (units.length === 1 ? units[0]?.unit.id : undefined)
  const running = units.find(({ unit, open }) => unit.id === asked && open)
  if (asked !== undefined && !running) throw data({ fault: { kind: 'missing', what: 'unit' } }, 404)
  const token =
    running &&
    tokenFor(ctx, {
      ...{ use: 'frame', personId, accountId: ctx.actor.id, unitId: running.unit.id, launchId: '' },
      packageId: found.packageId,
      ...{ registrationId: at.registrationId, itemId: at.itemId },
    })
  const {
    kind,
    title: name,
    mediumMs,
    coveredMs,
    courseTitle,
  } = await lessonPage(ctx.db, personId, at.registrationId, at.itemId).catch(fail(request))
  return {
    courseTitle,
    lesson: {
      ...{ registrationId: at.registrationId, itemId: at.itemId, kind, title: name, mediumMs, coveredMs },
      ...{ mediaSrc: null, mediaType: null, captions: [], address: paths.viewing() },
    },
    found,
    registration: at.registrationId,
    item: at.itemId,
    running: running && {
      title: running.unit.title,
      // A unit that wants a window gets one of ours: our page there holds the frame, and its time counts where it is seen.
      ownWindow:
        running.ownWindow && query.get('window') === null
          ? `${paths.myPackage(at.registrationId, at.itemId, running.unit.id)}&window=own`
          : null,
      address: `${contentOrigin(found.packageId)}/launch/${token}`,
    },
  }
}

export default function MyPackage({ loaderData }: Route.ComponentProps) {
  const { found, lesson, courseTitle, running, registration, item } = loaderData
  return (
    <>
      <PageHeader
        title={running ? running.title : found.title}
        caption={packageKinds[found.kind]}
        crumbs={[
          { label: '我的线上课程', href: paths.myCourses() },
          { label: courseTitle, href: paths.myCourse(registration) },
          ...(running ? [{ label: found.title, href: paths.myPackage(registration, item) }] : []),
        ]}
      />
      <div className="stack">
        {running ? (
          <>
            {running.ownWindow ? (
              <p>
                <LinkButton kind="primary" href={running.ownWindow} newWindow>
                  在新窗口打开：{running.title}
                </LinkButton>
              </p>
            ) : (
              <LessonFrame {...running}>
                <Player key={lesson.itemId} lesson={lesson} />
              </LessonFrame>
            )}
            <Notice title="进度和课时怎样记">
              <p>
                进度由课件上报，网络断了会存在本机，恢复后自动补交。课时只按课件在本页打开着的时间计，由服务器计时；
                课件自己上报的时间不算数。
              </p>
            </Notice>
          </>
        ) : (
          <Units {...loaderData} />
        )}
      </div>
    </>
  )
}

function Units({ found, registration, item }: Route.ComponentProps['loaderData']) {
  return (
    <DataTable
      caption="单元"
      rows={found.lines}
      rowKey={(line) => ('unit' in line ? line.unit.id : `chapter ${line.chapter}`)}
      columns={[
        {
          key: 'title',
          header: '单元',
          cell: (line) =>
            'unit' in line && line.open ? (
              <a href={paths.myPackage(registration, item, line.unit.id)}>{line.unit.title}</a>
            ) : 'unit' in line ? (
              line.unit.title
            ) : (
              <strong>{line.chapter}</strong>
            ),
        },
        {
          key: 'state',
          header: '进度',
          keep: true,
          cell: (line) =>
            'unit' in line && <StatusTag tone={states[line.state].tone}>{states[line.state].label}</StatusTag>,
        },
        {
          key: 'score',
          header: '成绩',
          end: true,
          cell: (line) => ('unit' in line && line.scaled !== null ? `${Math.round(line.scaled * 100)} 分` : '—'),
        },
        {
          key: 'time',
          header: '课件上报的时间',
          end: true,
          cell: (line) =>
            'unit' in line && line.reportedSeconds > 0 ? durationText(Math.round(line.reportedSeconds / 60)) : '—',
        },
        {
          key: 'open',
          header: '办理',
          cell: (line) =>
            'unit' in line && !line.open ? (
              '先学完前面的单元'
            ) : 'unit' in line ? (
              <LinkButton kind="plain" href={paths.myPackage(registration, item, line.unit.id)}>
                {line.state === 'new' ? '开始学' : '继续学'}
                <span className="sr-only">：{line.unit.title}</span>
              </LinkButton>
            ) : null,
        },
      ]}
      empty={
        <EmptyState icon="book" title="这个课件没有可以打开的单元">
          请告诉课程的提供单位。
        </EmptyState>
      }
    />
  )
}
