import { redirect } from 'react-router'
import { issueCertificates } from '#modules/assessment/certificate.commands.ts'
import { classCertificates, issueRuns } from '#modules/assessment/certificate.queries.ts'
import { certificateStates, issueStates, revokeCodes } from '#modules/assessment/certificate.schema.ts'
import { countPending } from '#modules/assessment/issue.queries.ts'
import { assessmentWords, deskOf, frameOf } from '../../assessment/desk.ts'
import { AssessmentFrame } from '../../assessment/frame.tsx'
import { attempt } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/certificates.ts'

export const meta = () => title('证书')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, desk } = await deskOf(args)
  const [list, runs, pending] = await Promise.all([
    classCertificates(ctx.db, desk.cls.id),
    issueRuns(ctx.db, desk.cls.id),
    countPending(ctx.db, desk.cls.id),
  ])
  return {
    frame: frameOf(area, desk),
    certificates: list.map(({ id, number, holderMasked, issuedOn, state, revokedOn, revokeCode }) => ({
      ...{ id, number, holder: holderMasked, issuedOn, state, revokedOn },
      why: revokeCode && revokeCodes[revokeCode],
    })),
    runs,
    pending,
    out: desk.cls.state === 'assessed' || desk.cls.state === 'closed',
    may: desk.may.issue,
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, desk } = await deskOf(args)
  const tried = await attempt(issueCertificates(ctx, { classId: desk.cls.id }), undefined, assessmentWords(ctx))
  return tried.ok ? redirect(done(paths.assessment(area, desk.cls.id, 'certificates'), 'issuing')) : tried.answer
}

export default function Certificates({ loaderData, actionData }: Route.ComponentProps) {
  const { frame, certificates, runs } = loaderData
  const [latest] = runs
  const standing = certificates.filter(({ state }) => state === 'issued').length
  return (
    <AssessmentFrame frame={frame} tab="certificates">
      <Issuing data={loaderData} failed={actionData} />
      {latest && (
        <Section title="制证进度" more={{ href: '?', label: '刷新' }}>
          <Progress
            label={`${issueStates[latest.state]}，${latest.requestedByName} 于 ${instantText(latest.requestedAt)} 提出`}
            value={latest.issued}
            max={latest.total}
            unit="张"
          />
          {latest.message && (
            <Notice tone="bad" title="这次没有做完">
              {latest.message}
            </Notice>
          )}
        </Section>
      )}
      <Section
        title="证书"
        {...(standing > 0 && {
          more: {
            href: paths.classCertificatesFile(frame.area, frame.cls.id),
            label: `下载全部 ${standing} 张（PDF）`,
          },
        })}
      >
        <DataTable
          caption={`共 ${certificates.length} 张`}
          rows={certificates}
          rowKey={(row) => row.id}
          columns={[
            { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
            { key: 'holder', header: '持证人', cell: (row) => row.holder },
            { key: 'on', header: '发证日期', keep: true, cell: (row) => <DayText day={row.issuedOn} /> },
            {
              key: 'state',
              header: '状态',
              cell: (row) => (
                <>
                  <StatusTag tone={row.state === 'issued' ? 'good' : 'bad'}>{certificateStates[row.state]}</StatusTag>
                  {row.why && ` ${row.why}`}
                </>
              ),
            },
            {
              key: 'file',
              header: '文件',
              cell: (row) => (
                <a href={paths.certificateFile(row.id)} aria-label={`下载 ${row.number}`}>
                  下载
                </a>
              ),
            },
          ]}
          empty={
            <EmptyState icon="certificate" title="还没有证书">
              结果确认以后，为合格的学员制作培训合格证书。
            </EmptyState>
          }
        />
      </Section>
    </AssessmentFrame>
  )
}

type Data = Route.ComponentProps['loaderData']

function Issuing({
  data: { may, out, pending, runs },
  failed,
}: {
  data: Data
  failed: Route.ComponentProps['actionData']
}) {
  if (!may) return null
  const running = runs.some(({ state }) => state === 'queued' || state === 'running')
  const why = !out
    ? '考核结果还没有确认。'
    : running
      ? '正在制证，请稍候。'
      : pending === 0
        ? '合格的学员都已有证书。'
        : null
  return why === null ? (
    <Form failed={failed}>
      <p>有 {pending} 名合格学员还没有证书。证书编号由平台连续编发，学员可以自己下载，任何人可以查验。</p>
      <Button>为 {pending} 人制作证书</Button>
    </Form>
  ) : (
    <DisabledButton reason={why}>制作证书</DisabledButton>
  )
}
