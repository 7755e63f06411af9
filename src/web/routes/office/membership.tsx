import { redirect } from 'react-router'
import { revokeGroup } from '#modules/people/group.commands.ts'
import { membershipPage } from '#modules/people/group.queries.ts'
import { reasonText } from '#modules/people/group.schema.ts'
import { attempt, fail, signedIn, wordsOf } from '../../ctx.ts'
import { ownGroups } from '../../own-groups.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/membership.ts'

export const meta = () => title('认定记录')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'group.verify')
  const groups = ownGroups(ctx.plan, ctx.actor)
  const found = await membershipPage(
    ctx.db,
    isId(params.id),
    groups.map((g) => g.id),
  ).catch(fail(request))
  return { found, group: groups.find((g) => g.id === found.groupCode)?.label ?? '' }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'group.verify')
  const form = await request.formData()
  const membershipId = isId(params.id)
  const tried = await attempt(revokeGroup(ctx, { ...Object.fromEntries(form), membershipId }), form, (refusal) =>
    wordsOf(ctx.plan, reasonText, refusal),
  )
  return tried.ok ? redirect(done(paths.officeMembership(membershipId), 'withdrawn')) : tried.answer
}

export default function MembershipPage({ loaderData: { found, group }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={`${found.name} · ${group}`}
        crumbs={[{ label: '重点人群认定', href: paths.officeGroups() }]}
        tag={found.revokedAt ? <StatusTag tone="neutral">已撤销</StatusTag> : <StatusTag tone="good">已认定</StatusTag>}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '证件号码', value: found.document },
            { label: '认定依据', value: found.evidence },
            { label: '有效期', value: `${dayText(found.from)}起${found.to ? `至${dayText(found.to)}` : '，长期'}` },
            { label: '认定时间', value: instantText(found.verifiedAt) },
            { label: '来源', value: found.source ?? '逐人认定' },
            ...(found.revokedAt
              ? [{ label: '撤销', value: instantText(found.revokedAt), note: found.revokeReason }]
              : []),
          ]}
        />
        {!found.revokedAt && (
          <Section title="撤销认定" description="登记有误或身份变化时撤销。撤销后记录保留，不再作为享受政策的依据。">
            <Form failed={actionData} labels={{ reason: '理由' }}>
              <TextField name="reason" label="理由" width="full" />
              <Button kind="danger">撤销认定</Button>
            </Form>
          </Section>
        )}
      </div>
    </>
  )
}
