import { data, redirect } from 'react-router'
import { accountOfPerson } from '#modules/access/account.queries.ts'
import { identityLevels } from '#modules/access/account.schema.ts'
import { movePhone, verifyIdentity } from '#modules/access/identity-claim.commands.ts'
import { reasonText as signInReasons } from '#modules/access/sign-in.schema.ts'
import { membershipsOf } from '#modules/people/group.queries.ts'
import { changeName, unmaskPerson } from '#modules/people/identity.commands.ts'
import { documentKinds, sexes } from '#modules/people/identity.schema.ts'
import { namesOf, personCard } from '#modules/people/person.queries.ts'
import { reasonText } from '#modules/people/person.schema.ts'
import { attempt, fail, signedIn, wordsOf } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subdistrictName } from '../../subdistricts.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { DateField, TextField } from '../../ui/fields.tsx'
import { type Failed, Form } from '../../ui/form.tsx'
import { dayText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, More, Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/person.ts'

export const meta = () => title('人员')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const id = isId(params.id)
  const [person, names, account, groups] = await Promise.all([
    personCard(ctx.db, id).catch(fail(request)),
    namesOf(ctx.db, id),
    accountOfPerson(ctx.db, id),
    membershipsOf(ctx.db, id),
  ])
  return {
    person,
    place: subdistrictName(ctx.plan, person.subdistrict),
    names,
    account: account ? { id: account.id, identity: account.identity, phone: account.phone } : null,
    groups: groups
      .filter((row) => !row.revokedAt)
      .map(
        (row) =>
          `${ctx.plan.groups.find((g) => g.id === row.groupCode)?.label ?? row.groupCode}（${row.from}起${row.to ? `至${row.to}` : ''}）`,
      ),
    mayUnmask: ctx.actor.can('person.unmask'),
    mayVerify: ctx.actor.can('account.verify'),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const personId = isId(params.id)
  const form = await request.formData()
  const intent = String(form.get('intent'))
  const input = { ...Object.fromEntries(form), personId }
  const words = (refusal: Parameters<typeof wordsOf>[2]) =>
    wordsOf(ctx.plan, { ...signInReasons, ...reasonText }, refusal)
  if (intent === 'unmask') {
    const tried = await attempt(unmaskPerson(ctx, input), form, words)
    return tried.ok ? data({ open: tried.value }, { headers: { 'cache-control': 'no-store' } }) : tried.answer
  }
  const step = {
    name: { work: changeName, code: 'name-changed' },
    phone: { work: movePhone, code: 'phone-moved' },
    verify: { work: verifyIdentity, code: 'verified' },
  }[intent]
  if (!step) return redirect(paths.officePerson(personId))
  const tried = await attempt<unknown>(step.work(ctx, input), form, words)
  return tried.ok ? redirect(done(paths.officePerson(personId), step.code)) : tried.answer
}

export default function PersonDesk({ loaderData, actionData }: Route.ComponentProps) {
  const { person, names, account } = loaderData
  const open = actionData && 'open' in actionData ? actionData.open : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  return (
    <>
      <PageHeader title={person.name} crumbs={[{ label: '人员查询', href: paths.officePeople() }]} />
      <div className="stack">
        {open && (
          <Notice tone="warn" live title="完整信息（本次查看已留痕）">
            <SummaryList
              rows={[
                { label: '姓名', value: <Copyable>{open.name}</Copyable> },
                {
                  label: '证件号码',
                  value: <Copyable>{open.documentNumber}</Copyable>,
                  note: documentKinds[open.documentKind],
                },
                { label: '手机号', value: open.phone ? <Copyable>{open.phone}</Copyable> : undefined },
                {
                  label: '出生日期',
                  value: open.bornOn ? dayText(open.bornOn) : undefined,
                  note: open.sex ? sexes[open.sex] : undefined,
                },
              ]}
            />
          </Notice>
        )}
        <SummaryList
          rows={[
            { label: '证件', value: documentKinds[person.documentKind], note: person.document },
            { label: '手机号', value: person.phone },
            { label: '居住街道', value: loaderData.place || undefined },
            { label: '户籍地', value: person.hukouArea },
            {
              label: '登录账号',
              value: account ? identityLevels[account.identity] : '还没有登录过',
              note: account?.phone,
            },
            { label: '重点人群', value: loaderData.groups.join('；') || '没有认定' },
          ]}
        />
        <Section title="查看完整信息">
          {loaderData.mayUnmask ? (
            <Form failed={failed?.values.intent === 'unmask' ? failed : undefined} labels={{ reason: '查看理由' }}>
              <input type="hidden" name="intent" value="unmask" />
              <TextField
                name="reason"
                label="查看理由"
                width="full"
                hint="写明为哪件事查看，例如：电话回访申请 BT2021-0007 的参训情况。理由永久留痕。"
              />
              <Button kind="plain">查看</Button>
            </Form>
          ) : (
            <DisabledButton reason="您的岗位不需要看完整信息。审核和审计岗位可以查看，并留下理由。">
              查看
            </DisabledButton>
          )}
        </Section>
        <Section title="姓名历史">
          <DataTable
            caption="姓名"
            rows={names}
            rowKey={(row) => row.id}
            columns={[
              { key: 'name', header: '姓名', cell: (row) => row.name_masked },
              { key: 'from', header: '起', keep: true, cell: (row) => <DayText day={row.valid_from} /> },
              {
                key: 'to',
                header: '止',
                keep: true,
                cell: (row) => (row.valid_to ? <DayText day={row.valid_to} /> : '现用'),
              },
              { key: 'evidence', header: '依据', cell: (row) => row.evidence },
            ]}
            empty={null}
          />
        </Section>
        {loaderData.mayVerify && <Desk {...loaderData} failed={failed} />}
      </div>
    </>
  )
}

function Desk({ account, failed }: Route.ComponentProps['loaderData'] & { failed: Failed | undefined }) {
  const intent = failed?.values?.intent
  return (
    <Section title="窗口办理" description="请对照本人到场出示的证件原件。">
      <More label="姓名变更" open={intent === 'name'}>
        <Form
          failed={intent === 'name' ? failed : undefined}
          labels={{ name: '新姓名', from: '更名日期', evidence: '证明' }}
        >
          <input type="hidden" name="intent" value="name" />
          <TextField name="name" label="新姓名" width="short" />
          <DateField name="from" label="更名日期" />
          <TextField name="evidence" label="证明" width="full" hint="证明名称和编号。原姓名保留在历史中。" />
          <Button>更正姓名</Button>
        </Form>
      </More>
      <More label="更正手机号" open={intent === 'phone'}>
        <Form failed={intent === 'phone' ? failed : undefined} labels={{ phone: '新手机号', reason: '理由' }}>
          <input type="hidden" name="intent" value="phone" />
          <TextField name="phone" label="新手机号" type="tel" inputMode="numeric" width="short" />
          <TextField name="reason" label="理由" width="full" />
          <Button>更正手机号</Button>
        </Form>
      </More>
      {account?.identity === 'declared' && (
        <More label="核验实名" open={intent === 'verify'}>
          <Form failed={intent === 'verify' ? failed : undefined} labels={{ reason: '核验情况' }}>
            <input type="hidden" name="intent" value="verify" />
            <input type="hidden" name="accountId" value={account.id} />
            <TextField name="reason" label="核验情况" width="full" hint="例如：本人到窗口，证件原件与填报一致。" />
            <Button>确认核验</Button>
          </Form>
        </More>
      )}
    </Section>
  )
}
