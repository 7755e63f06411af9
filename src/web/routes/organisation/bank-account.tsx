import { redirect } from 'react-router'
import { addBankAccount } from '#modules/people/bank-account.commands.ts'
import { organisationCard } from '#modules/people/organisation.queries.ts'
import { reasonText } from '#modules/people/organisation.schema.ts'
import { attempt, fail, wordsOf } from '../../ctx.ts'
import { ownOrganisation } from '../../own-organisation.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/bank-account.ts'

export const meta = () => title('登记收款账户')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, organisationId, area } = ownOrganisation({ request, context }, 'organisation.edit')
  const { name } = await organisationCard(ctx.db, organisationId).catch(fail(request))
  return { name, area }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, organisationId, area } = ownOrganisation({ request, context }, 'organisation.edit')
  const form = await request.formData()
  const input = { ...Object.fromEntries(form), organisationId }
  const tried = await attempt(addBankAccount(ctx, input), form, (refusal) => wordsOf(ctx.plan, reasonText, refusal))
  return tried.ok ? redirect(done(paths.organisation(area), 'account-added')) : tried.answer
}

export default function BankAccountPage({ loaderData: { name, area }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="登记收款账户" crumbs={[{ label: '单位资料', href: paths.organisation(area) }]} />
      <Notice tone="warn" title="新账户核实之前不能收款">
        <p>登记后原账户同时停用。区人社局核对开户证明后，补贴才付到新账户。</p>
      </Notice>
      <Form failed={actionData} labels={{ holder: '户名', bank: '开户银行', branch: '开户网点', account: '账号' }}>
        <TextField name="holder" label="户名" value={name} width="full" hint="必须与单位登记的名称完全一致。" />
        <TextField name="bank" label="开户银行" hint="例如：中国工商银行" />
        <TextField name="branch" label="开户网点" hint="写到支行，例如：广州新港支行" />
        <TextField name="account" label="账号" inputMode="numeric" />
        <Actions>
          <Button>登记</Button>
          <LinkButton href={paths.organisation(area)} kind="quiet">
            返回
          </LinkButton>
        </Actions>
      </Form>
    </>
  )
}
