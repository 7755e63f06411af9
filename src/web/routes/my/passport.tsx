import { redirect } from 'react-router'
import { learningRecord } from '#modules/assessment/record.queries.ts'
import { credentialsOf } from '#modules/credentials/credential.queries.ts'
import { credentialKinds, reasonText } from '#modules/credentials/credential.schema.ts'
import { makeShare, revokeShare } from '#modules/credentials/share.commands.ts'
import { sharesOf } from '#modules/credentials/share.queries.ts'
import { shareDays, shareReasonText, shareStates } from '#modules/credentials/share.schema.ts'
import { attempt, wordsOf } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { siteOrigin } from '../../origin.ts'
import { done, paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox, CheckboxGroup, RadioGroup } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { durationText, instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Qr } from '../../ui/qr.tsx'
import { qrPath } from '../../ui/qr-svg.ts'
import { Copyable, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/passport.ts'

export const meta = () => title('学习护照')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const [credentials, record, shares] = await Promise.all([
    credentialsOf(ctx.db, personId),
    learningRecord(ctx, personId),
    sharesOf(ctx, personId),
  ])
  const names = new Map(credentials.map((one) => [one.id, one.number ?? one.course]))
  return {
    credentials: credentials.map(({ id, kind, course, number, state }) => ({
      value: id,
      label: `${course}　${number ?? credentialKinds[kind]}`,
      ...(state === 'revoked' && { hint: '已撤销。公开后对方会看到“已撤销”。' }),
    })),
    classes: record.classes.map(({ classId, title: name, organisation, minutes }) => ({
      value: classId,
      label: `${name}　${organisation}`,
      hint: `已学 ${durationText(minutes)}`,
    })),
    shares: shares.map(({ personId: _, credentials: chosen, hours, ...share }) => ({
      ...share,
      shows: [
        ...chosen.map((id) => `证书 ${names.get(id) ?? ''}`),
        ...hours.map((id) => `课时 ${record.classes.find(({ classId }) => classId === id)?.title ?? ''}`),
        ...(share.showName ? ['姓名'] : []),
      ],
    })),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const form = await request.formData()
  const words = (refusal: Parameters<typeof wordsOf>[2]) =>
    wordsOf(ctx.plan, { ...reasonText, ...shareReasonText }, refusal)
  if (form.get('do') === 'revoke') {
    const tried = await attempt(revokeShare(ctx, { id: form.get('id') }), form, words)
    return tried.ok ? redirect(done(paths.myPassport(), 'share-revoked')) : tried.answer
  }
  const tried = await attempt(makeShare(ctx, formObject(form)), form, words)
  if (!tried.ok) return tried.answer
  // Shown in this answer only: the token is not kept, so no later page could show it.
  const address = `${siteOrigin(request)}${paths.passport(tried.value.token)}`
  return { made: { address, qr: qrPath(address), expiresAt: tried.value.expiresAt } }
}

export default function Passport({ loaderData, actionData }: Route.ComponentProps) {
  const { credentials, classes, shares } = loaderData
  const made = actionData && 'made' in actionData ? actionData.made : undefined
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  const revoking = failed?.values.do === 'revoke'
  const nothing = credentials.length === 0 && classes.length === 0
  return (
    <>
      <PageHeader
        title="学习护照"
        lead="自己选给别人看什么、看多久。没有选的一律不显示，随时可以收回。"
        crumbs={[{ label: '我的培训', href: paths.my() }]}
      />
      <div className="stack">
        {made && (
          <Notice tone="good" live title="链接已生成，只显示这一次，请现在保存">
            <p>
              <Copyable>{made.address}</Copyable>
            </p>
            <Qr code={made.qr} label="扫码打开学习护照" />
            <p>{instantText(made.expiresAt)}以前有效。拿到链接的人都能看，不想再给看时在下面收回。</p>
          </Notice>
        )}
        <Section title={made ? '再生成一个链接' : '生成链接'}>
          {nothing ? (
            <EmptyState
              icon="certificate"
              title="还没有可以给别人看的内容"
              action={{ href: paths.classes(), label: '找培训' }}
            >
              参加培训、拿到证书后，可以在这里生成链接。
            </EmptyState>
          ) : (
            <Form
              failed={revoking ? undefined : failed}
              labels={{ credentials: '证书', hours: '课时', days: '公开多久' }}
              action={paths.myPassport()}
            >
              {credentials.length > 0 && (
                <CheckboxGroup name="credentials" label="证书" optional options={credentials} />
              )}
              {classes.length > 0 && <CheckboxGroup name="hours" label="课时" optional options={classes} />}
              <Checkbox
                name="showName"
                label="显示我的姓名"
                optional
                hint="不选的，对方只看到证书内容。身份证号、手机号任何时候都不显示。"
              />
              <RadioGroup
                name="days"
                label="公开多久"
                options={Object.entries(shareDays).map(([value, label]) => ({ value, label }))}
              />
              <Button>生成链接</Button>
            </Form>
          )}
        </Section>
        <Section title="给过别人的链接">
          {revoking && <Form failed={failed}>{null}</Form>}
          <DataTable
            caption={`共 ${shares.length} 个`}
            captionNote="新的在前"
            rows={shares}
            rowKey={(row) => row.id}
            columns={[
              { key: 'made', header: '生成时间', keep: true, cell: (row) => instantText(row.createdAt) },
              {
                key: 'shows',
                header: '显示',
                cell: (row) => row.shows.join('；'),
              },
              { key: 'until', header: '到期', keep: true, cell: (row) => instantText(row.expiresAt) },
              {
                key: 'openings',
                header: '被打开',
                cell: (row) =>
                  row.lastOpenedAt ? `${row.openings} 次，最近 ${instantText(row.lastOpenedAt)}` : '还没有',
              },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) => (
                  <StatusTag tone={row.state === 'open' ? 'good' : 'neutral'}>{shareStates[row.state]}</StatusTag>
                ),
              },
              {
                key: 'do',
                header: '操作',
                keep: true,
                cell: (row) =>
                  row.state === 'open' ? (
                    <form method="post" action={paths.myPassport()}>
                      <input type="hidden" name="do" value="revoke" />
                      <input type="hidden" name="id" value={row.id} />
                      <button type="submit" className="btn" aria-label={`收回 ${instantText(row.createdAt)} 的链接`}>
                        收回
                      </button>
                    </form>
                  ) : (
                    <span className="soft">—</span>
                  ),
              },
            ]}
            empty={
              <EmptyState icon="shield" title="还没有给过别人">
                生成的链接、被打开的次数都记在这里。
              </EmptyState>
            }
          />
        </Section>
      </div>
    </>
  )
}
