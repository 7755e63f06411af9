import { certificatesOf } from '#modules/assessment/certificate.queries.ts'
import { certificateStates } from '#modules/assessment/certificate.schema.ts'
import { recordNote } from '#modules/assessment/paper.queries.ts'
import { learningRecord } from '#modules/assessment/record.queries.ts'
import { levelCertificatesOf } from '#modules/certification/certificate.queries.ts'
import { credentialsOf } from '#modules/credentials/credential.queries.ts'
import { sourceKeyOf } from '#modules/learning/completion.queries.ts'
import { paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FigureCard, Figures } from '../../ui/figure-card.tsx'
import { durationText, monthText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/learning.ts'

export const meta = () => title('学习记录和证书')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const [record, certificates, credentials, levels] = await Promise.all([
    learningRecord(ctx, personId),
    certificatesOf(ctx.db, personId),
    credentialsOf(ctx.db, personId),
    levelCertificatesOf(ctx.db, personId),
  ])
  const signed = new Set(credentials.map(({ certificateId }) => certificateId))
  const ofCourse = new Map(credentials.flatMap((one) => (one.sourceKey ? [[one.sourceKey, one]] : [])))
  const credentialOf = (registrationId: string) => {
    const found = ofCourse.get(sourceKeyOf(registrationId))
    return found ? { id: found.id, revoked: found.state === 'revoked' } : null
  }
  return {
    record: {
      ...record,
      courses: record.courses.map((one) => ({ ...one, credential: credentialOf(one.registrationId) })),
    },
    levels: levels.map(({ id, number, state, issuedOn, record: printed }) => ({
      ...{ id, number, state, issuedOn },
      title: `${printed.occupation.title} ${printed.level.label}`,
      issuer: printed.issuer.name,
    })),
    note: recordNote(record, ctx.plan.undecidedText),
    certificates: certificates.map(({ id, number, code, issuedOn, state, record: printed }) => ({
      ...{ id, number, code, issuedOn, state },
      signed: signed.has(id),
      course: printed.course,
      issuer: printed.issuer.name,
    })),
  }
}

export default function Learning({ loaderData }: Route.ComponentProps) {
  const { record, certificates, levels, note } = loaderData
  return (
    <>
      <PageHeader
        title="学习记录和证书"
        lead={note}
        crumbs={[{ label: '我的培训', href: paths.my() }]}
        actions={
          <LinkButton href={paths.myRecord()} download>
            下载学习记录（PDF）
          </LinkButton>
        }
      />
      <div className="stack">
        <Figures>
          <FigureCard label="累计课时" value={String(record.totalHours)} unit="课时" />
          <FigureCard label="累计时长" value={durationText(record.totalMinutes)} />
          <FigureCard label="证书" value={String(certificates.length)} unit="张" />
        </Figures>
        {levels.length > 0 && (
          <Section title="职业技能等级证书">
            <DataTable
              caption="职业技能等级证书"
              rows={levels}
              rowKey={(row) => row.id}
              columns={[
                {
                  key: 'title',
                  header: '职业和等级',
                  cell: (row) => <a href={paths.levelCertificate(row.id)}>{row.title}</a>,
                },
                { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
                { key: 'issuer', header: '发证机构', cell: (row) => row.issuer },
                { key: 'on', header: '发证日期', keep: true, cell: (row) => <DayText day={row.issuedOn} /> },
                {
                  key: 'state',
                  header: '状态',
                  keep: true,
                  cell: (row) => (
                    <StatusTag tone={row.state === 'issued' ? 'good' : 'bad'}>{certificateStates[row.state]}</StatusTag>
                  ),
                },
              ]}
              empty={null}
            />
          </Section>
        )}
        <Section
          title="证书"
          description="证书是独立的记录，班级、机构变动都不影响。换了名字也查得到。数字证书是带签名的文件，别的系统可以自动核验；要给用人单位看的，用学习护照。"
          more={{ href: paths.myPassport(), label: '学习护照' }}
        >
          <DataTable
            caption={`共 ${certificates.length} 张`}
            rows={certificates}
            rowKey={(row) => row.id}
            columns={[
              { key: 'course', header: '培训', cell: (row) => row.course },
              { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
              { key: 'issuer', header: '签发机构', cell: (row) => row.issuer },
              { key: 'on', header: '签发日期', keep: true, cell: (row) => <DayText day={row.issuedOn} /> },
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
                keep: true,
                cell: (row) => (
                  <a href={paths.myCertificate(row.id)} aria-label={`下载 ${row.number}`}>
                    下载
                  </a>
                ),
              },
              {
                key: 'credential',
                header: '数字证书',
                keep: true,
                cell: (row) =>
                  row.signed ? (
                    <span>
                      <a href={paths.myCredential(row.id, 'json')} aria-label={`数字证书 JSON ${row.number}`}>
                        JSON
                      </a>
                      　
                      <a href={paths.myCredential(row.id, 'jwt')} aria-label={`数字证书 JWT ${row.number}`}>
                        JWT
                      </a>
                    </span>
                  ) : (
                    <span className="soft">正在生成</span>
                  ),
              },
              {
                key: 'verify',
                header: '查验',
                keep: true,
                cell: (row) => (
                  <a href={paths.verifyCertificate(row.code)} aria-label={`查验页 ${row.number}`}>
                    查验页
                  </a>
                ),
              },
            ]}
            empty={
              <EmptyState icon="certificate" title="还没有证书">
                考核合格后，培训机构会为您制作培训合格证书。
              </EmptyState>
            }
          />
        </Section>
        <Section title="按班级">
          <DataTable
            caption={`共 ${record.classes.length} 个班`}
            rows={record.classes}
            rowKey={(row) => row.classId}
            columns={[
              { key: 'title', header: '班级', cell: (row) => <a href={paths.myClass(row.classId)}>{row.title}</a> },
              { key: 'organisation', header: '机构', cell: (row) => row.organisation },
              { key: 'planned', header: '应学课时', end: true, cell: (row) => row.plannedHours },
              { key: 'minutes', header: '已学', end: true, cell: (row) => durationText(row.minutes) },
              { key: 'hours', header: '已学课时', end: true, cell: (row) => row.hours },
              { key: 'left', header: '剩余课时', end: true, cell: (row) => row.remainingHours },
              {
                key: 'result',
                header: '结果',
                keep: true,
                cell: (row) =>
                  row.result === null ? (
                    <span className="soft">未考核</span>
                  ) : (
                    <StatusTag tone={row.result === 'passed' ? 'good' : 'warn'}>
                      {row.result === 'passed' ? '合格' : '不合格'}
                    </StatusTag>
                  ),
              },
            ]}
            empty={
              <EmptyState icon="book" title="还没有参加过班级" action={{ href: paths.classes(), label: '找培训' }} />
            }
            foot={['合计', '', '', durationText(record.totalMinutes), record.totalHours, '', '']}
          />
        </Section>
        <Section title="线上课程" description="自学的时间记在您本人名下，不计入班级，不用于申领补贴。">
          <DataTable
            caption={`共 ${record.courses.length} 门`}
            rows={record.courses}
            rowKey={(row) => row.registrationId}
            columns={[
              {
                key: 'title',
                header: '课程',
                cell: (row) => <a href={paths.myCourse(row.registrationId)}>{row.title}</a>,
              },
              { key: 'organisation', header: '机构', cell: (row) => row.organisation },
              { key: 'class', header: '计入', cell: (row) => row.classTitle ?? '自学' },
              { key: 'minutes', header: '已记', end: true, cell: (row) => durationText(row.minutes) },
              {
                key: 'done',
                header: '学完日期',
                keep: true,
                cell: (row) => (row.completedOn ? <DayText day={row.completedOn} /> : '未学完'),
              },
              {
                key: 'credential',
                header: '结业证书',
                keep: true,
                cell: (row) =>
                  row.credential === null ? (
                    <span className="soft">{row.completedOn ? '正在生成' : '—'}</span>
                  ) : row.credential.revoked ? (
                    <StatusTag tone="bad">已撤销</StatusTag>
                  ) : (
                    <span>
                      <a href={paths.myCredential(row.credential.id, 'json')} aria-label={`结业证书 JSON ${row.title}`}>
                        JSON
                      </a>
                      　
                      <a href={paths.myCredential(row.credential.id, 'jwt')} aria-label={`结业证书 JWT ${row.title}`}>
                        JWT
                      </a>
                    </span>
                  ),
              },
            ]}
            empty={<EmptyState icon="book" title="还没有学过线上课程" />}
          />
        </Section>
        <Section title="按月">
          <DataTable
            tight
            caption="按月"
            rows={record.months}
            rowKey={(row) => row.month}
            columns={[
              { key: 'month', header: '月份', cell: (row) => monthText(row.month) },
              { key: 'minutes', header: '本月', end: true, cell: (row) => durationText(row.minutes) },
              { key: 'sum', header: '累计', end: true, cell: (row) => durationText(row.cumulativeMinutes) },
            ]}
            empty={
              <EmptyState icon="clock" title="还没有课时记录">
                签到的课结束后，课时记在这里。
              </EmptyState>
            }
          />
        </Section>
      </div>
    </>
  )
}
