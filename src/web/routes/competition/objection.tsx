import { lodgeObjection } from '#modules/competition/publication.commands.ts'
import { listRow } from '#modules/competition/publication.queries.ts'
import { objectionReasons } from '#modules/competition/publication.schema.ts'
import { competitionWords } from '../../competition/desk.ts'
import { attempt, current, fail } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { Lodge } from '../../publicity/objection-parts.tsx'
import { title } from '../../site.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/objection.ts'

export const meta = () => title('对公示名单提出异议')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  return { row: await listRow(ctx, isId(params.rowId)).catch(fail(request)) }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = context.get(current)
  const form = await request.formData()
  const work = lodgeObjection(ctx, { ...Object.fromEntries(form), rowId: isId(params.rowId) })
  const tried = await attempt(work, form, competitionWords(ctx))
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
          { label: '技能竞赛', href: paths.competitions() },
          { label: row.title, href: paths.resultList(row.publicationId) },
        ]}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '选手', value: row.content.person },
            { label: '单位', value: row.content.unit || '—' },
            { label: '成绩', value: row.content.subsidy },
          ]}
        />
        <Lodge told={told} failed={failed} reasons={objectionReasons} answerHref={paths.resultAnswer()} />
      </div>
    </PageBody>
  )
}
