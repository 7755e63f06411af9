import { redirect } from 'react-router'
import { approveRole, rejectRole, revokeRole } from '#modules/access/grant.commands.ts'
import { grantLine } from '#modules/access/grant.queries.ts'
import { grantStates, reasonText } from '#modules/access/grant.schema.ts'
import { roles } from '#platform/permissions.ts'
import { attempt, fail, signedIn, wordsOf } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { bodyName, subdistrictName } from '../../subdistricts.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { type Failed, Form } from '../../ui/form.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/grant.ts'

export const meta = () => title('授权')

const tones = { proposed: 'wait', 'in-force': 'good', rejected: 'bad', revoked: 'neutral' } as const

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'access.grant')
  const grant = await grantLine(ctx.db, isId(params.id)).catch(fail(request))
  const place =
    grant.organisationName ??
    (grant.body
      ? bodyName(ctx.plan, grant.body)
      : grant.subdistrict
        ? subdistrictName(ctx.plan, grant.subdistrict)
        : '全区')
  const why =
    grant.accountId === ctx.actor.id
      ? '这是给您本人的授权，请由另一名安全管理员办理。'
      : grant.grantedBy === ctx.actor.id
        ? '这是您提出的授权，请由另一名安全管理员批准。'
        : null
  return { grant, place, why, own: grant.accountId === ctx.actor.id, office: grant.held !== 'organisation' }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'access.grant')
  const form = await request.formData()
  const intent = String(form.get('intent'))
  const input = { ...Object.fromEntries(form), grantId: isId(params.id) }
  const work = { approve: approveRole, reject: rejectRole, revoke: revokeRole }[intent] ?? approveRole
  const code = { approve: 'approved', reject: 'rejected', revoke: 'revoked' }[intent] ?? 'approved'
  const tried = await attempt<unknown>(work(ctx, input), form, (refusal) => wordsOf(ctx.plan, reasonText, refusal))
  return tried.ok ? redirect(done(paths.officeGrant(input.grantId), code)) : tried.answer
}

export default function Grant({ loaderData, actionData }: Route.ComponentProps) {
  const { grant } = loaderData
  return (
    <>
      <PageHeader
        title={`${grant.accountName} · ${roles[grant.role].label}`}
        crumbs={[{ label: '授权', href: paths.officeAccess() }]}
        tag={<StatusTag tone={tones[grant.state]}>{grantStates[grant.state]}</StatusTag>}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '人员', value: <a href={paths.officeAccount(grant.accountId)}>{grant.accountName}</a> },
            { label: '角色', value: roles[grant.role].label, note: loaderData.place },
            { label: '有效期', value: `${dayText(grant.from)}起${grant.to ? `至${dayText(grant.to)}` : '，长期'}` },
            { label: '理由', value: grant.reason },
            { label: '提出', value: grant.grantedByName, note: instantText(grant.grantedAt) },
            {
              label: '批准',
              value: grant.approvedByName,
              note: grant.approvedAt ? instantText(grant.approvedAt) : undefined,
            },
            ...(grant.revokedByName
              ? [
                  {
                    label: grant.state === 'rejected' ? '退回' : '收回',
                    value: grant.revokedByName,
                    note: grant.revokeReason,
                  },
                ]
              : []),
          ]}
        />
        {loaderData.office && grant.state === 'proposed' && <Decide why={loaderData.why} failed={actionData} />}
        {loaderData.office && grant.state !== 'rejected' && grant.state !== 'revoked' && !loaderData.own && (
          <More
            label={grant.state === 'proposed' ? '撤回这项提议' : '收回这个角色'}
            open={actionData?.values.intent === 'revoke'}
          >
            <Form failed={actionData?.values.intent === 'revoke' ? actionData : undefined} labels={{ reason: '理由' }}>
              <input type="hidden" name="intent" value="revoke" />
              <TextField name="reason" label="理由" />
              <Button kind="danger">收回</Button>
            </Form>
          </More>
        )}
      </div>
    </>
  )
}

function Decide({ why, failed }: { why: string | null; failed: Failed | undefined }) {
  const intent = failed?.values?.intent
  return (
    <Section title="批准">
      {why ? (
        <DisabledButton reason={why}>批准</DisabledButton>
      ) : (
        <>
          <Form failed={intent === 'approve' ? failed : undefined}>
            <input type="hidden" name="intent" value="approve" />
            <p>批准后立即生效，本人须重新登录。</p>
            <Button>批准</Button>
          </Form>
          <More label="不批准" open={intent === 'reject'}>
            <Form failed={intent === 'reject' ? failed : undefined} labels={{ reason: '理由' }}>
              <input type="hidden" name="intent" value="reject" />
              <TextField name="reason" label="理由" />
              <Button kind="plain">退回</Button>
            </Form>
          </More>
        </>
      )}
    </Section>
  )
}
