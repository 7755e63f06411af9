import { certificatesOf } from '#modules/assessment/certificate.queries.ts'
import { certificateStates } from '#modules/assessment/certificate.schema.ts'
import { claimStates } from '#modules/subsidy/claim.schema.ts'
import { yearUse } from '#modules/subsidy/estimate.queries.ts'
import { linesAbout } from '#modules/subsidy/mine.queries.ts'
import { enrolmentStates } from '#modules/training/enrolment.schema.ts'
import { myHours } from '#modules/training/my.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { yuan } from '#shared/units.ts'
import { paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { Actions, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Panel, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/home.ts'

export const meta = () => title('我的培训')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const [hours, certificates, lines, use] = await Promise.all([
    myHours(ctx, personId),
    certificatesOf(ctx.db, personId),
    linesAbout(ctx, personId),
    yearUse(ctx, personId, dayOf(ctx.now)),
  ])
  const next = hours.classes
    .filter((one) => one.state === 'enrolled' && one.nextFrom !== null)
    .toSorted((a, b) => Number(a.nextFrom) - Number(b.nextFrom))[0]
  return {
    name: ctx.actor.onBehalfOf ? null : ctx.actor.name,
    next,
    classes: hours.classes,
    total: hours.total,
    unsigned: hours.classes.filter((one) => one.state === 'enrolled' && one.commitmentAt === null),
    certificates: certificates.map(({ id, number, issuedOn, state, record }) => ({
      ...{ id, number, issuedOn, state },
      course: record.course,
    })),
    lines: lines.map(({ explanation: _, ...line }) => line),
    use,
    undecidedText: ctx.plan.undecidedText,
  }
}

export default function MyHome({ loaderData }: Route.ComponentProps) {
  const { classes, certificates, lines, unsigned } = loaderData
  return (
    <>
      <PageHeader title="我的培训" lead={loaderData.name ? `${loaderData.name}，您好。` : undefined} />
      <div className="stack">
        {unsigned.map((one) => (
          <Notice key={one.enrolmentId} tone="warn" title={`请签承诺：${one.title}`}>
            <p>
              机构已把您加入花名册。请<a href={paths.myClass(one.classId)}>看过后签承诺</a>，没有签的不能申领补贴。
            </p>
          </Notice>
        ))}
        <NextSession next={loaderData.next} />
        <Section
          title="我的班级"
          more={{ href: paths.myRecord(), label: `下载学习记录（共 ${loaderData.total} 课时）` }}
        >
          {classes.length === 0 ? (
            <EmptyState icon="book" title="您还没有报名" action={{ href: paths.classes(), label: '找培训' }}>
              报名后，课表、学时和证书都在这里看。
            </EmptyState>
          ) : (
            <div className="stack">
              {classes.map((one) => (
                <Panel key={one.enrolmentId}>
                  <h3>
                    <a href={paths.myClass(one.classId)}>{one.title}</a>{' '}
                    <StatusTag tone={tones[one.state]}>{enrolmentStates[one.state]}</StatusTag>
                  </h3>
                  <p className="small soft">
                    {one.organisation}　{dayText(one.startsOn)}至{dayText(one.endsOn)}
                  </p>
                  <Progress label="已学" value={one.hours} max={one.classHours} unit="课时" />
                </Panel>
              ))}
            </div>
          )}
        </Section>
        <Certificates rows={certificates} />
        <Claims rows={lines} />
        <Section
          title="今年的补贴额度"
          description="补贴付给培训单位；额度用完，当年再学不影响上课，只是单位不能再申领。"
        >
          <SummaryList
            rows={loaderData.use.map((one) => ({
              label: one.name,
              value:
                one.capFen === null || one.leftFen === null ? (
                  loaderData.undecidedText
                ) : (
                  <>
                    已占用 <Money fen={one.usedFen} />
                    ，还剩 <Money fen={one.leftFen} />
                  </>
                ),
              note: one.capFen === null ? undefined : `${one.year}年上限 ¥${yuan(one.capFen)}`,
            }))}
          />
        </Section>
      </div>
    </>
  )
}

const tones = { enrolled: 'info', passed: 'good', failed: 'warn', withdrawn: 'neutral' } as const
type Data = Route.ComponentProps['loaderData']

function NextSession({ next }: { next: Data['next'] }) {
  if (!next?.nextFrom || !next.nextTo) return null
  const open = next.nextState === 'open'
  return (
    <Notice tone={open ? 'good' : 'info'} title={open ? '正在上课' : '下一次课'}>
      <p>
        <b>{instantText(next.nextFrom)}</b>至{instantText(next.nextTo).slice(-5)}
      </p>
      <p>{next.venue ? `${next.venue}　${next.nextRoom ?? ''}　${next.address ?? ''}` : '线上'}</p>
      <p>
        <a href={paths.myClass(next.classId)}>{next.title}</a>
      </p>
      {open && (
        <p>
          请扫教室屏幕上的二维码签到，或<a href={paths.myClass(next.classId)}>从课表进去输入签到码</a>
          ；签不上的，请教师当场为您确认，效力相同。
        </p>
      )}
    </Notice>
  )
}

function Certificates({ rows }: { rows: Data['certificates'] }) {
  if (rows.length === 0) return null
  return (
    <Section title="我的证书">
      <DataTable
        caption="我的证书"
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          { key: 'course', header: '培训', cell: (row) => row.course },
          { key: 'number', header: '编号', cell: (row) => row.number },
          { key: 'on', header: '发证日期', cell: (row) => dayText(row.issuedOn) },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) => (
              <StatusTag tone={row.state === 'issued' ? 'good' : 'bad'}>{certificateStates[row.state]}</StatusTag>
            ),
          },
          {
            key: 'file',
            header: '文件',
            cell: (row) => (
              <a href={paths.myCertificate(row.id)} aria-label={`下载证书 ${row.number}`}>
                下载证书
              </a>
            ),
          },
        ]}
        empty={null}
      />
    </Section>
  )
}

function Claims({ rows }: { rows: Data['lines'] }) {
  return (
    <Section title="与我有关的补贴申领" description="培训单位用您的课时申领了什么，在这里都看得到。">
      {rows.length === 0 ? (
        <EmptyState icon="money" title="还没有单位用您的课时申领补贴">
          班级结业、您考核合格后，培训单位才能申领。
        </EmptyState>
      ) : (
        <>
          <DataTable
            caption="与我有关的补贴申领"
            rows={rows}
            rowKey={(row) => row.id}
            columns={[
              { key: 'number', header: '申领编号', keep: true, cell: (row) => row.claimNumber },
              {
                key: 'class',
                header: '班级',
                cell: (row) => <a href={paths.myClass(row.classId)}>{row.classTitle}</a>,
              },
              { key: 'payee', header: '付给', cell: (row) => row.payee },
              { key: 'hours', header: '课时', end: true, cell: (row) => row.classHours },
              { key: 'amount', header: '金额', end: true, cell: (row) => <Money fen={row.amountFen} /> },
              {
                key: 'state',
                header: '进度',
                keep: true,
                cell: (row) =>
                  row.dropped ? (
                    <StatusTag>已移出</StatusTag>
                  ) : (
                    <StatusTag tone="info">{claimStates[row.state]}</StatusTag>
                  ),
              },
            ]}
            empty={null}
          />
          <Actions>
            <LinkButton kind="quiet" href={paths.reportProblem(`申领 ${rows[0]?.claimNumber ?? ''}`)}>
              不是我上的课，我要举报
            </LinkButton>
          </Actions>
        </>
      )}
    </Section>
  )
}
