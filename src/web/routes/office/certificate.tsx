import { redirect } from 'react-router'
import { revokeCertificate } from '#modules/assessment/certificate.commands.ts'
import { certificateFor, isIntact } from '#modules/assessment/certificate.queries.ts'
import { certificateStates, reasonText, revokeCodes } from '#modules/assessment/certificate.schema.ts'
import { totalText } from '#modules/assessment/result.schema.ts'
import { documentKinds } from '#modules/people/identity.schema.ts'
import { movesOf } from '#modules/training/case.queries.ts'
import { attempt, fail, signedIn, wordsOf } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, Button, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/certificate.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`证书 ${loaderData?.found.number ?? ''}`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const found = await certificateFor(ctx, isId(params.id)).catch(fail(request))
  const { id, number, code, classId, organisationId, holderMasked, record, digest, state } = found
  return {
    found: { id, number, code, classId, organisationId, holder: holderMasked, record, digest, state },
    intact: isIntact(ctx, found),
    moves: await movesOf(ctx.db, 'certificate', id),
    may: ctx.actor.can('certificate.revoke'),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'certificate.revoke')
  const form = await request.formData()
  const input = { ...Object.fromEntries(form), certificateId: isId(params.id) }
  const tried = await attempt(revokeCertificate(ctx, input), form, (refusal) => wordsOf(ctx.plan, reasonText, refusal))
  return tried.ok
    ? redirect(done(paths.registeredCertificate(tried.value.certificateId), 'certificate-revoked'))
    : tried.answer
}

const moveNames: Record<string, string> = { issue: '签发', revoke: '撤销' }
const reasonNames: Record<string, string> = revokeCodes

export default function Certificate({ loaderData, actionData }: Route.ComponentProps) {
  const { found, intact, moves, may } = loaderData
  const { record } = found
  return (
    <>
      <PageHeader
        title={`证书 ${found.number}`}
        crumbs={[{ label: '证书登记', href: paths.certificateRegister() }]}
        tag={<StatusTag tone={found.state === 'issued' ? 'good' : 'bad'}>{certificateStates[found.state]}</StatusTag>}
      />
      <div className="stack">
        {!intact && (
          <Notice tone="bad" title="证书记录与签发时的摘要不一致">
            请立即联系系统管理员和审计人员。
          </Notice>
        )}
        <SummaryList
          rows={[
            {
              label: '持证人',
              value: found.holder,
              note: `${documentKinds[record.document.kind]} ${record.document.masked}`,
            },
            {
              label: '培训',
              value: record.course,
              note: record.programme.name,
              action: { href: paths.assessment('office', found.classId, 'results'), label: '考核结果' },
            },
            { label: '职业（工种）', value: record.occupation?.title ?? '不属于职业培训', note: record.level },
            { label: '课时', value: `应学 ${record.plannedHours}，核实 ${record.hours}` },
            {
              label: '考核',
              value: `${totalText(record.totalMillipoints)} 分`,
              note: <DayText day={record.assessedOn} />,
            },
            {
              label: '签发机构',
              value: record.issuer.name,
              action: { href: paths.passRate(found.organisationId), label: '合格率' },
            },
            { label: '签发日期', value: <DayText day={record.issuedOn} /> },
            { label: '数据摘要', value: <Copyable>{found.digest}</Copyable> },
          ]}
        />
        <Actions>
          <LinkButton href={paths.certificateFile(found.id)} download>
            下载证书（PDF）
          </LinkButton>
          <LinkButton href={paths.verifyCertificate(found.code)}>查验页</LinkButton>
        </Actions>
        <Section title="经过">
          <SummaryList
            rows={moves.map((move) => ({
              label: moveNames[move.move] ?? move.move,
              value: `${move.actorName}　${instantText(move.at)}`,
              note: [...move.reasonCodes.map((code) => reasonNames[code] ?? code), move.note]
                .filter(Boolean)
                .join('：'),
            }))}
          />
        </Section>
        {found.state === 'issued' &&
          (may ? (
            <Section
              title="撤销证书"
              description="撤销后不能恢复，查验页即时显示；除“信息有误”外，已计的人次随之冲减。"
            >
              <Form failed={actionData} labels={{ code: '原因', note: '说明' }}>
                <RadioGroup
                  name="code"
                  label="原因"
                  options={Object.entries(revokeCodes).map(([value, label]) => ({ value, label }))}
                />
                <TextArea name="note" label="说明" hint="写明查实的情况和依据。" rows={4} maxLength={1000} />
                <Button kind="danger">撤销证书</Button>
              </Form>
            </Section>
          ) : (
            <DisabledButton reason="由区人社局领导撤销。">撤销证书</DisabledButton>
          ))}
      </div>
    </>
  )
}
