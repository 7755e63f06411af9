import { certificateStates } from '#modules/assessment/certificate.schema.ts'
import { credentialKinds } from '#modules/credentials/credential.schema.ts'
import { passportBy } from '../credentials/passport.ts'
import { current, fail } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { DataTable } from '../ui/data-table.tsx'
import { durationText, instantText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import { DayText } from '../ui/time.tsx'
import type { Route } from './+types/passport.ts'

export const meta = () => [...title('学习护照'), { name: 'robots', content: 'noindex, nofollow' }]
export const headers = () => ({ 'x-robots-tag': 'noindex, nofollow' })

/** What a learner chose to show to whoever has the link. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const here = context.get(current)
  const { share, name, credentials, hours } = await passportBy(here, params.token).catch(fail(request))
  return {
    name,
    until: share.expiresAt,
    at: here.ctx.now,
    file: paths.presentation(params.token),
    certificates: credentials.map((one) => ({
      ...{ id: one.id, number: one.number, kind: one.kind, course: one.course, programme: one.programme },
      ...{
        occupation: one.occupation,
        level: one.level,
        hours: one.hours,
        from: one.from,
        to: one.to,
        state: one.state,
      },
      trainedBy: one.trainedBy.name,
    })),
    hours,
  }
}

export default function Passport({ loaderData }: Route.ComponentProps) {
  const { name, certificates, hours } = loaderData
  return (
    <PageBody>
      <PageHeader
        title={name ? `${name}的学习护照` : '学习护照'}
        lead={`本人选择公开的内容，${instantText(loaderData.until)}以前可以看。`}
      />
      <div className="stack">
        {certificates.map((one) => (
          <Section key={one.id} title={one.course}>
            <SummaryList
              rows={[
                {
                  label: '状态',
                  value: (
                    <StatusTag tone={one.state === 'issued' ? 'good' : 'bad'}>{certificateStates[one.state]}</StatusTag>
                  ),
                },
                { label: '证书', value: one.number ?? credentialKinds[one.kind], note: credentialKinds[one.kind] },
                { label: '培训项目', value: one.programme },
                ...(one.occupation ? [{ label: '职业（工种）', value: one.occupation }] : []),
                ...(one.level ? [{ label: '等级', value: one.level }] : []),
                { label: '学习课时', value: `${one.hours} 课时` },
                {
                  label: '培训时间',
                  value: (
                    <>
                      <DayText day={one.from} />至<DayText day={one.to} />
                    </>
                  ),
                },
                { label: '培训机构', value: one.trainedBy },
              ]}
            />
          </Section>
        ))}
        {hours.length > 0 && (
          <Section title="课时">
            <DataTable
              caption={`共 ${hours.length} 个班`}
              rows={hours}
              rowKey={(row) => `${row.course} ${row.from} ${row.trainedBy}`}
              columns={[
                { key: 'course', header: '班级', cell: (row) => row.course },
                { key: 'by', header: '机构', cell: (row) => row.trainedBy },
                { key: 'minutes', header: '已学', end: true, cell: (row) => durationText(row.minutes) },
                { key: 'hours', header: '已学课时', end: true, cell: (row) => row.hours },
              ]}
              empty={null}
            />
          </Section>
        )}
        <Notice title="怎样核对">
          <p>
            本页由平台按现在的记录生成（{instantText(loaderData.at)}），撤销的证书会标明。系统对接用
            <a href={loaderData.file}>带签名的文件（可验证凭证）</a>，内容与本页相同。
          </p>
        </Notice>
      </div>
    </PageBody>
  )
}
