import { complaintList } from '#modules/library/complaint.queries.ts'
import { courseRegister } from '#modules/library/course.queries.ts'
import { courseStates } from '#modules/library/course.schema.ts'
import { complaintKinds, complaintStates, findings } from '#modules/library/listing.schema.ts'
import { roundList } from '#modules/library/round.queries.ts'
import { offListWords } from '#modules/library/round.rules.ts'
import { outcomes, roundKinds, roundStates } from '#modules/library/round.schema.ts'
import { signedIn } from '../../ctx.ts'
import { courseTones, ratingText } from '../../library/desk.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { Route } from './+types/library.ts'

export const meta = () => title('课程入库')

const views = { open: '待评审', decided: '已有结论', courses: '全部课程', complaints: '投诉' } as const
type View = keyof typeof views

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'library.read')
  const asked = new URL(request.url).searchParams.get('view') ?? 'open'
  const view = (asked in views ? asked : 'open') as View
  return {
    view,
    manages: ctx.actor.can('library.manage'),
    rounds: view === 'open' || view === 'decided' ? await roundList(ctx, view) : [],
    courses: view === 'courses' ? await courseRegister(ctx) : [],
    complaints:
      view === 'complaints' ? [...(await complaintList(ctx, 'open')), ...(await complaintList(ctx, 'answered'))] : [],
  }
}

export default function Library({ loaderData }: Route.ComponentProps) {
  const { view } = loaderData
  return (
    <>
      <PageHeader
        title="课程入库"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
        lead={
          <>
            两名来自不同单位的评审人各自独立打分，结论按<a href={paths.libraryStandard()}>入库标准</a>自动得出。
          </>
        }
      />
      <div className="stack">
        <Tabs
          label="课程入库"
          current={paths.libraryDesk({ view })}
          tabs={Object.entries(views).map(([value, label]) => ({ href: paths.libraryDesk({ view: value }), label }))}
        />
        {(view === 'open' || view === 'decided') && <Rounds data={loaderData} />}
        {view === 'courses' && <Register data={loaderData} />}
        {view === 'complaints' && <Complaints data={loaderData} />}
      </div>
    </>
  )
}

type Data = Route.ComponentProps['loaderData']
const outcomeTones = { pass: 'good', return: 'warn', reject: 'bad' } as const

function Rounds({ data: { rounds, view } }: { data: Data }) {
  return (
    <DataTable
      caption={view === 'open' ? '等待和正在评审的，先来先评' : '已有结论的，新的在前'}
      rows={rounds}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'title',
          header: '课程',
          keep: true,
          cell: (row) => <a href={paths.libraryRound(row.id)}>{row.title}</a>,
        },
        { key: 'kind', header: '评审', cell: (row) => `${roundKinds[row.kind]}，第 ${row.versionNumber} 版` },
        { key: 'organisation', header: '提供单位', cell: (row) => row.organisation },
        { key: 'at', header: '提交时间', cell: (row) => instantText(row.openedAt) },
        { key: 'seats', header: '评审人', end: true, cell: (row) => `${row.taken}/2` },
        {
          key: 'state',
          header: '状态',
          keep: true,
          cell: (row) =>
            row.outcome ? (
              <StatusTag tone={outcomeTones[row.outcome]}>{`${outcomes[row.outcome]}，${row.score} 分`}</StatusTag>
            ) : (
              <StatusTag tone={row.mine && !row.given ? 'warn' : 'wait'}>
                {row.mine ? (row.given ? '您已提交' : '等您打分') : roundStates[row.state]}
              </StatusTag>
            ),
        },
      ]}
      empty={
        <EmptyState icon="book" title={view === 'open' ? '没有等待评审的课程' : '还没有结论'}>
          培训机构、企业提交课程后会列在这里。
        </EmptyState>
      }
    />
  )
}

function Register({ data: { courses } }: { data: Data }) {
  return (
    <DataTable
      caption={`课程 ${courses.length} 门`}
      rows={courses}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'title',
          header: '课程',
          keep: true,
          cell: (row) => <a href={paths.officeCourse(row.id)}>{row.title}</a>,
        },
        { key: 'number', header: '编号', cell: (row) => row.number ?? '没有' },
        { key: 'organisation', header: '提供单位', cell: (row) => row.organisation },
        { key: 'hours', header: '课时', end: true, cell: (row) => row.plannedClassHours },
        { key: 'rating', header: '评分', cell: ratingText },
        { key: 'recheck', header: '下次复审', cell: (row) => row.recheckOn ?? '没有' },
        {
          key: 'state',
          header: '状态',
          keep: true,
          cell: (row) => (
            <>
              <StatusTag tone={courseTones[row.state]}>{courseStates[row.state]}</StatusTag>
              {row.suspendedFor !== '' && <span className="small soft">　{offListWords[row.suspendedFor]}</span>}
            </>
          ),
        },
      ]}
      empty={<EmptyState icon="book" title="还没有课程" />}
    />
  )
}

function Complaints({ data: { complaints, manages } }: { data: Data }) {
  return (
    <DataTable
      caption="课程投诉，待答复的在前"
      rows={complaints}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'number',
          header: '编号',
          keep: true,
          cell: (row) => (manages ? <a href={paths.courseComplaint(row.id)}>{row.number}</a> : row.number),
        },
        { key: 'course', header: '课程', cell: (row) => row.courseTitle },
        { key: 'kind', header: '问题', cell: (row) => complaintKinds[row.kind] },
        { key: 'at', header: '收到时间', cell: (row) => instantText(row.madeAt) },
        { key: 'due', header: '应答复', cell: (row) => row.dueOn ?? '已办结' },
        {
          key: 'state',
          header: '状态',
          keep: true,
          cell: (row) => (
            <StatusTag tone={row.state === 'open' ? 'wait' : 'good'}>
              {row.finding ? findings[row.finding] : complaintStates[row.state]}
            </StatusTag>
          ),
        },
      ]}
      empty={
        <EmptyState icon="flag" title="没有课程投诉">
          公众在课程页提交后会列在这里。
        </EmptyState>
      }
    />
  )
}
