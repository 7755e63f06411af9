import { redirect } from 'react-router'
import { askConsent, endAssist, startAssist } from '#modules/access/consent.commands.ts'
import { consentsAt, openConsentOf } from '#modules/access/consent.queries.ts'
import { consentMinutes, endReasons, evidences, purposes, reasonText } from '#modules/access/consent.schema.ts'
import { reasonText as signInReasons } from '#modules/access/sign-in.schema.ts'
import { documentKinds } from '#modules/people/identity.schema.ts'
import { rotateSession, sessionCookie } from '#platform/session.ts'
import { attempt, signedIn, wordsOf } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subdistrictName } from '../../subdistricts.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { FileField, RadioGroup } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { type Failed, Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import { Instant } from '../../ui/time.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/assist.ts'

export const meta = () => title('窗口帮办')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'assist.start')
  const counter = ctx.actor.holdings.find((h) => h.role === 'subdistrict-clerk')?.subdistrict ?? ''
  const cursor = new URL(request.url).searchParams.get('cursor') ?? undefined
  const [open, page] = await Promise.all([
    openConsentOf(ctx.db, ctx.actor.id, ctx.now),
    consentsAt(ctx.db, counter, cursor),
  ])
  return {
    counter: subdistrictName(ctx.plan, counter),
    open: open ?? null,
    rows: page.rows,
    next: page.next && paths.officeAssist({ cursor: page.next }),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, session, sessions } = signedIn({ request, context }, 'assist.start')
  const form = await request.formData()
  const words = (refusal: Parameters<typeof wordsOf>[2]) =>
    wordsOf(ctx.plan, { ...signInReasons, ...reasonText }, refusal)
  const { paper: _paper, ...typed } = Object.fromEntries(form)
  if (typed.intent === 'ask') {
    const paper = await uploadOf(form, 'paper')
    const tried = await attempt(askConsent(ctx, { ...typed, paper }), form, words)
    return tried.ok ? redirect(paths.officeAssist()) : tried.answer
  }
  const starting = typed.intent === 'start'
  const tried = await attempt<unknown>(starting ? startAssist(ctx, typed) : endAssist(ctx, typed), form, words)
  if (!tried.ok) return tried.answer
  // The session has other powers from here on, so it gets another token.
  const token = session && (await rotateSession(ctx.db, session.id))
  const headers = token ? { 'set-cookie': sessionCookie(sessions, token) } : new Headers()
  return redirect(starting ? paths.my() : done(paths.officeAssist(), 'assist-ended'), { headers })
}

export default function Assist({ loaderData, actionData }: Route.ComponentProps) {
  const { open, rows } = loaderData
  return (
    <>
      <PageHeader
        title="窗口帮办"
        caption={loaderData.counter}
        lead={`群众不方便用手机时，经本人同意替他办一件事：一次同意只办一次，最长${consentMinutes}分钟，只能办本人能办的，全程留痕。`}
      />
      <div className="stack">
        {open?.state === 'active' ? (
          <Running open={open} failed={actionData} />
        ) : open ? (
          <Waiting open={open} failed={actionData} />
        ) : (
          <Ask failed={actionData} />
        )}
        <Section title="本街道帮办记录">
          <DataTable
            caption="帮办记录"
            rows={rows}
            rowKey={(row) => row.id}
            columns={[
              { key: 'at', header: '时间', cell: (row) => <Instant at={row.askedAt} /> },
              { key: 'name', header: '办事人', cell: (row) => row.name },
              { key: 'purpose', header: '事项', cell: (row) => row.purpose },
              { key: 'evidence', header: '同意方式', cell: (row) => evidences[row.evidence] },
              { key: 'clerk', header: '窗口人员', cell: (row) => row.clerkName },
              { key: 'end', header: '结果', cell: (row) => (row.endReason ? endReasons[row.endReason] : '进行中') },
            ]}
            empty={<EmptyState title="还没有帮办记录" icon="people" />}
          />
          <Pagination shown={rows.length} next={loaderData.next} />
        </Section>
      </div>
    </>
  )
}

type Open = NonNullable<Route.ComponentProps['loaderData']['open']>

function Ask({ failed }: { failed: Failed | undefined }) {
  return (
    <Section title="登记办事人" description="请看着证件原件填写，并把办理事项念给本人听。">
      <Form
        upload
        failed={failed}
        labels={{
          name: '姓名',
          documentKind: '证件类型',
          documentNumber: '证件号码',
          phone: '手机号',
          purpose: '办理事项',
          evidence: '同意方式',
          paper: '同意书',
        }}
      >
        <input type="hidden" name="intent" value="ask" />
        <TextField name="name" label="姓名" width="short" />
        <SelectField
          name="documentKind"
          label="证件类型"
          value="resident-id"
          options={Object.entries(documentKinds).map(([value, label]) => ({ value, label }))}
        />
        <TextField name="documentNumber" label="证件号码" />
        <TextField
          name="phone"
          label="手机号"
          type="tel"
          inputMode="numeric"
          optional
          width="short"
          hint="首次登记的请填写。已登记的以登记的手机号为准，验证码只发到那个号码。"
        />
        <RadioGroup
          name="purpose"
          label="办理事项"
          options={Object.entries(purposes).map(([value, label]) => ({ value, label }))}
        />
        <RadioGroup
          name="evidence"
          label="同意方式"
          options={Object.entries(evidences).map(([value, label]) => ({ value, label }))}
        />
        <FileField
          name="paper"
          label="签名同意书"
          optional
          accept=".pdf,.jpg,.jpeg,.png"
          capture="environment"
          limit="PDF、JPG 或 PNG，不超过10 MB。"
          hint="选“本人签名的纸质同意书”时必须上传。"
        />
        <Button>请求同意</Button>
      </Form>
    </Section>
  )
}

function Facts({ open }: { open: Open }) {
  return (
    <SummaryList
      rows={[
        { label: '办事人', value: open.name, note: open.document },
        { label: '事项', value: open.purpose },
        {
          label: '同意方式',
          value: evidences[open.evidence],
          note: open.evidence === 'sms-code' ? `发到 ${open.phone}` : undefined,
        },
      ]}
    />
  )
}

function Waiting({ open, failed }: { open: Open; failed: Failed | undefined }) {
  const code = open.evidence === 'sms-code'
  const ending = failed?.values?.intent === 'end'
  return (
    <Section title={code ? '等待本人告知验证码' : '开始帮办'}>
      <Facts open={open} />
      <Form failed={ending ? undefined : failed} labels={{ code: '本人收到的验证码' }}>
        <input type="hidden" name="intent" value="start" />
        <input type="hidden" name="consentId" value={open.id} />
        {code && (
          <TextField
            name="code"
            label="本人收到的验证码"
            inputMode="numeric"
            maxLength={6}
            width="short"
            hint="请本人看清短信内容后自己告诉您。"
          />
        )}
        <Button>开始帮办</Button>
      </Form>
      <End id={open.id} label="本人不同意，取消" failed={ending ? failed : undefined} />
    </Section>
  )
}

function Running({ open, failed }: { open: Open; failed: Failed | undefined }) {
  return (
    <Section title="正在帮办">
      <Notice tone="warn" title={`您现在以 ${open.name} 的身份办理`}>
        <p>{open.expiresAt && `${instantText(open.expiresAt)} 自动结束。`}只办同意的这件事，办完请马上结束。</p>
      </Notice>
      <Facts open={open} />
      <Actions>
        <LinkButton href={paths.my()} kind="primary">
          去办理
        </LinkButton>
      </Actions>
      <End id={open.id} label="办完了，结束帮办" failed={failed} />
    </Section>
  )
}

function End({ id, label, failed }: { id: string; label: string; failed: Failed | undefined }) {
  return (
    <Form failed={failed}>
      <input type="hidden" name="intent" value="end" />
      <input type="hidden" name="consentId" value={id} />
      <Button kind="plain">{label}</Button>
    </Form>
  )
}
