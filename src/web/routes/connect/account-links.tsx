import { redirect } from 'react-router'
import { openPartners, partnerLinksOf } from '#modules/access/partner.queries.ts'
import { endPartnerLink } from '#modules/access/partner-trip.commands.ts'
import { ownLinks } from '#modules/connect/arrival.queries.ts'
import { endLink } from '#modules/connect/entry.commands.ts'
import { connectWords } from '../../connect/words.ts'
import { attempt, signedIn } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Instant } from '../../ui/time.tsx'
import type { Route } from './+types/account-links.ts'

export const meta = () => title('关联的账号')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, session } = signedIn({ request, context })
  const [links, partnerLinks, open] = await Promise.all([
    ownLinks(ctx.db, ctx.actor.id),
    partnerLinksOf(ctx.db, ctx.actor.id),
    openPartners(ctx.db),
  ])
  const own = session?.organisationIds ?? []
  return {
    links,
    partnerLinks,
    may: session?.kind === 'staff' && session.partnerId === null,
    partners: open
      .filter(({ organisationId }) => own.includes(organisationId))
      .map(({ id, name, organisation }) => ({ id, name, organisation })),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context })
  const form = await request.formData()
  const input = Object.fromEntries(form)
  const work = form.get('intent') === 'partner' ? endPartnerLink(ctx, input) : endLink(ctx, input)
  const tried = await attempt<unknown>(work, form, connectWords(ctx))
  return tried.ok ? redirect(done(paths.accountLinks(), 'link-ended')) : tried.answer
}

export default function AccountLinks({ loaderData, actionData }: Route.ComponentProps) {
  const { links, partnerLinks, partners, may } = loaderData
  return (
    <PageBody>
      <PageHeader
        title="关联的账号"
        crumbs={[
          { label: '首页', href: paths.home() },
          { label: '我的账号', href: paths.account() },
        ]}
        lead="您在其他平台上的账号。解除后，从那里进来会重新请您确认。"
      />
      <div className="stack">
        {actionData && <Notice tone="bad" live title="没有解除，请刷新后再试" />}
        <DataTable
          caption="学校和单位的学习平台"
          rows={links}
          rowKey={(row) => row.id}
          columns={[
            { key: 'name', header: '平台', keep: true, cell: (row) => `${row.platformName}　${row.organisation}` },
            { key: 'at', header: '关联时间', cell: (row) => <Instant at={row.linkedAt} /> },
            {
              key: 'end',
              header: '办理',
              cell: (row) => (
                <Form>
                  <input type="hidden" name="id" value={row.id} />
                  <Button kind="quiet">解除关联</Button>
                </Form>
              ),
            },
          ]}
          empty={<EmptyState title="没有关联">从学校的学习平台打开本平台课程时，会请您确认关联。</EmptyState>}
        />
        <DataTable
          caption="单位账号登录"
          rows={partnerLinks}
          rowKey={(row) => row.id}
          columns={[
            { key: 'name', header: '登录服务', keep: true, cell: (row) => `${row.name}　${row.organisation}` },
            { key: 'at', header: '连接时间', cell: (row) => <Instant at={row.linkedAt} /> },
            {
              key: 'end',
              header: '办理',
              cell: (row) => (
                <Form>
                  <input type="hidden" name="intent" value="partner" />
                  <input type="hidden" name="id" value={row.id} />
                  <Button kind="quiet">解除连接</Button>
                </Form>
              ),
            },
          ]}
          empty={<EmptyState title="没有连接">单位开通后，可以在下面连接。</EmptyState>}
        />
        {may && partners.length > 0 && (
          <Section title="连接单位账号" description="到单位的登录服务登录一次，以后就能用它登录，办理本单位的事。">
            {partners.map((partner) => (
              <form key={partner.id} method="post" action={paths.partnerSignIn()}>
                <input type="hidden" name="intent" value="link" />
                <input type="hidden" name="providerId" value={partner.id} />
                <Button kind="plain">连接{partner.name}</Button>
              </form>
            ))}
          </Section>
        )}
      </div>
    </PageBody>
  )
}
