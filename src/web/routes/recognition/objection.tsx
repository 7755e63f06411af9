import { lodgeObjection } from '#modules/recognition/publication.commands.ts'
import { publicationRow } from '#modules/recognition/publication.queries.ts'
import { objectionReasons } from '#modules/recognition/publication.schema.ts'
import { attempt, current, fail } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { Lodge } from '../../publicity/objection-parts.tsx'
import { recognitionWords } from '../../recognition/desk.ts'
import { title } from '../../site.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/objection.ts'

export const meta = () => title('对公示名单提出异议')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  return { row: await publicationRow(ctx, isId(params.rowId)).catch(fail(request)) }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = context.get(current)
  const form = await request.formData()
  const work = lodgeObjection(ctx, { ...Object.fromEntries(form), rowId: isId(params.rowId) })
  const tried = await attempt(work, form, recognitionWords(ctx))
  return tried.ok ? { receipt: tried.value.receipt, number: tried.value.number } : tried.answer
}

export default function Objection({ loaderData: { row }, actionData }: Route.ComponentProps) {
  const told = actionData && 'receipt' in actionData ? actionData : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  return (
    <PageBody>
      <PageHeader
        title="对公示名单提出异议"
        crumbs={[
          { label: '认定和聘任', href: paths.titles() },
          { label: row.title, href: paths.titleList(row.publicationId) },
        ]}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '名称', value: row.content.person || row.content.unit },
            { label: '单位', value: row.content.unit || '—' },
            { label: '拟认定', value: row.content.subsidy },
          ]}
        />
        <Lodge told={told} failed={failed} reasons={objectionReasons} answerHref={paths.titleAnswer()} />
      </div>
    </PageBody>
  )
}
