import { data, redirect } from 'react-router'
import { createApiKey, revokeApiKey } from '#modules/access/api-key.commands.ts'
import { apiKeysOf } from '#modules/access/api-key.queries.ts'
import { reasonText, scopes } from '#modules/access/api-key.schema.ts'
import { addMonths, dayOf } from '#shared/dates.ts'
import { attempt, wordsOf } from '../../ctx.ts'
import { ownOrganisation } from '../../own-organisation.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { CheckboxGroup } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DateField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { DayText, Instant } from '../../ui/time.tsx'
import type { Route } from './+types/keys.ts'

export const meta = () => title('接口密钥')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, organisationId } = ownOrganisation({ request, context }, 'apikey.manage')
  const today = dayOf(ctx.now)
  return { keys: await apiKeysOf(ctx.db, organisationId), today, latest: addMonths(today, 12) }
}

/** The new key is in this answer and nowhere else, so the answer is not kept by anybody. */
export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, organisationId, area } = ownOrganisation({ request, context }, 'apikey.manage')
  const form = await request.formData()
  const words = (refusal: Parameters<typeof wordsOf>[2]) => wordsOf(ctx.plan, reasonText, refusal)
  if (form.get('intent') === 'revoke') {
    const tried = await attempt(revokeApiKey(ctx, Object.fromEntries(form)), form, words)
    return tried.ok ? redirect(done(paths.apiKeys(area), 'key-revoked')) : tried.answer
  }
  const input = { ...Object.fromEntries(form), scopes: form.getAll('scopes'), organisationId }
  const tried = await attempt(createApiKey(ctx, input), form, words)
  return tried.ok ? data({ key: tried.value.key }, { headers: { 'cache-control': 'no-store' } }) : tried.answer
}

export default function Keys({ loaderData: { keys, today, latest }, actionData }: Route.ComponentProps) {
  const made = actionData && 'key' in actionData ? actionData.key : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  const stopping = failed?.values.intent === 'revoke' ? failed.values.keyId : undefined
  return (
    <>
      <PageHeader
        title="接口密钥"
        lead="本单位的教务或人事系统凭密钥调用平台接口。密钥等于本单位的授权，请像印章一样保管。"
      />
      <div className="stack">
        {made && (
          <Notice tone="good" live title="密钥已生成，只显示这一次">
            <p>
              <Copyable>{made}</Copyable>
            </p>
            <p>请现在复制并存入贵单位的系统。离开本页后谁也看不到它，丢失只能停用后重新生成。</p>
          </Notice>
        )}
        <DataTable
          caption="已有密钥"
          rows={keys}
          rowKey={(row) => row.id}
          columns={[
            { key: 'name', header: '名称', cell: (row) => row.name },
            { key: 'prefix', header: '开头', keep: true, cell: (row) => `${row.prefix}…` },
            { key: 'scopes', header: '权限', cell: (row) => row.scopes.map((scope) => scopes[scope]).join('；') },
            { key: 'to', header: '到期', keep: true, cell: (row) => <DayText day={row.expiresOn} /> },
            {
              key: 'used',
              header: '最近使用',
              cell: (row) => (row.lastUsedAt ? <Instant at={row.lastUsedAt} /> : '没有用过'),
            },
            {
              key: 'state',
              header: '状态',
              cell: (row) =>
                row.revokedAt ? (
                  <StatusTag tone="neutral">已停用</StatusTag>
                ) : row.expiresOn < today ? (
                  <StatusTag tone="neutral">已到期</StatusTag>
                ) : (
                  <More label="停用" open={stopping === row.id}>
                    <Form failed={stopping === row.id ? failed : undefined} labels={{ reason: '理由' }}>
                      <input type="hidden" name="intent" value="revoke" />
                      <input type="hidden" name="keyId" value={row.id} />
                      <TextField name="reason" label="理由" />
                      <Button kind="danger">停用密钥</Button>
                    </Form>
                  </More>
                ),
            },
          ]}
          empty={<EmptyState title="还没有密钥">不用接口的单位不需要密钥。</EmptyState>}
        />
        <Section title="生成密钥">
          <Form failed={stopping ? undefined : failed} labels={{ name: '名称', scopes: '权限', expiresOn: '到期日期' }}>
            <TextField name="name" label="名称" hint="写明给哪个系统用，例如“教务系统”。" />
            <CheckboxGroup
              name="scopes"
              label="权限"
              hint="只给用得着的。提交申请、签发证书、管理成员不能交给程序。"
              options={Object.entries(scopes).map(([value, label]) => ({ value, label }))}
            />
            <DateField
              name="expiresOn"
              label="到期日期"
              min={today}
              max={latest}
              hint={`最长一年，不晚于 ${latest}。`}
            />
            <Button>生成密钥</Button>
          </Form>
        </Section>
      </div>
    </>
  )
}
