import { redirect } from 'react-router'
import { accountCard, sessionsOf } from '#modules/access/account.queries.ts'
import { accountKinds, identityLevels } from '#modules/access/account.schema.ts'
import { consentsOfPerson } from '#modules/access/consent.queries.ts'
import { chooseOrganisation, endOtherSessions, endSession } from '#modules/access/session.commands.ts'
import { organisationNames } from '#modules/people/organisation.queries.ts'
import { personCard } from '#modules/people/person.queries.ts'
import { roles } from '#platform/permissions.ts'
import { sessionCookie } from '#platform/session.ts'
import { attempt, type Current, signedIn } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { areasOf, areaTitles } from '../../nav.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { type Failed, Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import { Instant } from '../../ui/time.tsx'
import type { Route } from './+types/account.ts'

export const meta = () => title('我的账号')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, session } = signedIn({ request, context })
  if (!session) throw redirect(paths.home())
  const { db, actor } = ctx
  // The account's own person, also while its clerk acts for somebody else.
  const account = await accountCard(db, session.userId)
  const [sessions, names, person, consents] = await Promise.all([
    sessionsOf(db, session.userId),
    organisationNames(db, session.organisationIds),
    account.personId ? personCard(db, account.personId) : null,
    account.personId ? consentsOfPerson(db, account.personId) : [],
  ])
  return {
    account,
    person,
    sessions,
    here: session.id,
    roles: [...new Set(actor.holdings.map((holding) => roles[holding.role].label))],
    areas: areasOf(actor).map((area) => ({ href: paths[area](), label: areaTitles[area] })),
    organisations: session.organisationIds.map((id) => ({ id, name: names.get(id) ?? '' })),
    organisationId: session.organisationId,
    consents,
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const found = signedIn({ request, context })
  const { ctx, session } = found
  if (!session) throw redirect(paths.home())
  const form = await request.formData()
  if (form.get('intent') === 'organisation') return switchOrganisation(found, form)
  const all = form.get('intent') === 'others'
  const tried = await attempt<unknown>(
    all ? endOtherSessions(ctx, { sessionId: session.id }) : endSession(ctx, { sessionId: form.get('sessionId') }),
    form,
  )
  return tried.ok ? redirect(done(paths.account(), 'sessions-ended')) : tried.answer
}

async function switchOrganisation({ ctx, session, sessions }: Current, form: FormData) {
  const tried = await attempt(
    chooseOrganisation(ctx, { sessionId: session?.id, organisationId: form.get('organisationId') }),
    form,
  )
  if (!tried.ok) return tried.answer
  return redirect(done(paths.account(), 'organisation-chosen'), {
    headers: { 'set-cookie': sessionCookie(sessions, tried.value.token) },
  })
}

export default function AccountPage({ loaderData, actionData }: Route.ComponentProps) {
  const { account, person, areas, organisations } = loaderData
  return (
    <PageBody>
      <PageHeader title="我的账号" crumbs={[{ label: '首页', href: paths.home() }]} />
      <div className="stack">
        {areas.length > 0 && (
          <Section title="进入工作台">
            <Actions>
              {areas.map((area) => (
                <LinkButton key={area.href} href={area.href}>
                  {area.label}
                </LinkButton>
              ))}
            </Actions>
          </Section>
        )}
        {organisations.length > 1 && <OrganisationChoice {...loaderData} failed={actionData} />}
        <Section title="基本信息">
          <SummaryList
            rows={[
              { label: '账号', value: accountKinds[account.kind], note: account.username ?? undefined },
              {
                label: '姓名',
                value: person?.name ?? account.name,
                ...(person
                  ? { action: { href: paths.accountName(), label: '申请更名' } }
                  : { action: { href: paths.identity(), label: '登记实名信息' } }),
              },
              { label: '证件号码', value: person?.document },
              { label: '实名', value: identityLevels[account.identity] },
              {
                label: '手机号',
                value: account.phone,
                note: '更换手机号请带证件到区受理窗口，或用统一身份认证登录后由窗口更正。',
              },
              {
                label: '关联的账号',
                value: '学习平台和单位账号',
                action: { href: paths.accountLinks(), label: '查看' },
              },
              { label: '角色', value: loaderData.roles.join('、') || '个人' },
              ...(account.username
                ? [{ label: '密码', value: '已设置', action: { href: paths.accountPassword(), label: '更换' } }]
                : []),
              ...(account.username
                ? [
                    {
                      label: '动态口令',
                      value: account.secondFactor ? '已启用' : '未启用',
                      ...(account.secondFactor ? {} : { action: { href: paths.accountFactor(), label: '启用' } }),
                    },
                  ]
                : []),
            ]}
          />
        </Section>
        <Sessions {...loaderData} failed={actionData} />
        {loaderData.consents.length > 0 && <Assisted consents={loaderData.consents} />}
      </div>
    </PageBody>
  )
}

type Data = Route.ComponentProps['loaderData']

function OrganisationChoice({ organisations, organisationId, failed }: Data & { failed: Failed | undefined }) {
  return (
    <Section title="以哪个单位办理" description="您在多个单位有角色，一次只以一个单位办理，工作台随之切换。">
      <Form failed={failed}>
        <input type="hidden" name="intent" value="organisation" />
        <RadioGroup
          name="organisationId"
          label="单位"
          {...(organisationId && { value: organisationId })}
          options={organisations.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Button kind="plain">切换</Button>
      </Form>
    </Section>
  )
}

function Sessions({ sessions, here, failed }: Data & { failed: Failed | undefined }) {
  return (
    <Section title="登录记录" description="看到不是自己的登录，请马上退出它。这里的时间是真实时间。">
      <DataTable
        caption="仍然有效的登录"
        rows={sessions}
        rowKey={(row) => row.id}
        columns={[
          { key: 'agent', header: '设备', cell: (row) => deviceOf(row.agent) },
          { key: 'address', header: '网络地址', cell: (row) => row.address || '未记录' },
          { key: 'created', header: '登录时间', cell: (row) => <Instant at={row.createdAt} /> },
          { key: 'seen', header: '最近使用', cell: (row) => <Instant at={row.lastSeenAt} /> },
          {
            key: 'end',
            header: '办理',
            cell: (row) =>
              row.id === here ? (
                <StatusTag tone="info">这台设备</StatusTag>
              ) : (
                <Form>
                  <input type="hidden" name="sessionId" value={row.id} />
                  <Button kind="quiet">退出</Button>
                </Form>
              ),
          },
        ]}
        empty={<EmptyState title="没有其他登录" />}
      />
      <Form failed={failed}>
        <input type="hidden" name="intent" value="others" />
        <Button kind="plain">退出其他所有设备</Button>
      </Form>
    </Section>
  )
}

function Assisted({ consents }: Pick<Data, 'consents'>) {
  return (
    <Section title="窗口帮办记录" description="街道窗口经您同意替您办过的事。不是您同意的，请向区人社局举报。">
      <DataTable
        caption="帮办"
        rows={consents}
        rowKey={(row) => row.id}
        columns={[
          { key: 'at', header: '时间', cell: (row) => <Instant at={row.startedAt ?? row.askedAt} /> },
          { key: 'purpose', header: '事项', cell: (row) => row.purpose },
          { key: 'clerk', header: '窗口人员', cell: (row) => row.clerkName },
        ]}
        empty={null}
      />
    </Section>
  )
}

/** Enough of a user agent for its owner to recognise it. */
function deviceOf(agent: string): string {
  const system = [/Android/, /iPhone|iPad/, /HarmonyOS/, /Windows/, /Mac OS X/, /Linux/].find((name) =>
    name.test(agent),
  )
  const browser = [/MicroMessenger/, /Edg/, /Firefox/, /Chrome/, /Safari/].find((name) => name.test(agent))
  const word = (found: RegExp | undefined) =>
    found?.source.replace('MicroMessenger', '微信').replace('|iPad', '').replace('Edg', 'Edge') ?? ''
  return [word(system), word(browser)].filter(Boolean).join(' · ') || '未知设备'
}
