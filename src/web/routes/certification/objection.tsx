import { seatNumber } from '#modules/certification/mark.rules.ts'
import { lodgeObjection } from '#modules/certification/objection.commands.ts'
import { objectionTarget } from '#modules/certification/objection.queries.ts'
import { objectionReasons, objectionTexts } from '#modules/certification/objection.schema.ts'
import { attempt, current, fail, wordsOf } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { Lodge } from '../../publicity/objection-parts.tsx'
import { title } from '../../site.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/objection.ts'

export const meta = () => title('对认定结果提出异议')

const seqOf = (typed: string) => (/^\d{1,6}$/.test(typed) ? Number(typed) : 0)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  return objectionTarget(ctx, isId(params.id), seqOf(params.seq)).catch(fail(request))
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = context.get(current)
  const form = await request.formData()
  const given = { ...Object.fromEntries(form), batchId: isId(params.id), seq: seqOf(params.seq) }
  const tried = await attempt(lodgeObjection(ctx, given), form, (refusal) => wordsOf(ctx.plan, objectionTexts, refusal))
  return tried.ok ? { receipt: tried.value.receipt, number: tried.value.number } : tried.answer
}

export default function Objection({ loaderData: { batch, row }, actionData }: Route.ComponentProps) {
  const told = actionData && 'receipt' in actionData ? actionData : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  return (
    <PageBody>
      <PageHeader
        title="对认定结果提出异议"
        crumbs={[
          { label: '等级认定机构', href: paths.assessors() },
          { label: batch.title, href: paths.assessmentResults(batch.id) },
        ]}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '批次', value: `${batch.number}　${batch.organisation}` },
            { label: '职业和等级', value: `${batch.occupation}　${batch.levelLabel}` },
            ...(row
              ? [
                  {
                    label: '考生',
                    value: `考号 ${seatNumber(row.seq)}　${row.name}　${row.passed ? '合格' : '不合格'}`,
                  },
                ]
              : [{ label: '异议对象', value: '整个批次' }]),
          ]}
        />
        <Lodge told={told} failed={failed} reasons={objectionReasons} answerHref={paths.assessmentAnswer()} />
      </div>
    </PageBody>
  )
}
