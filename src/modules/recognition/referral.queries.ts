import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { dayOf, formatDay } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { type Made, officialLetter, paragraph } from './letter.queries.ts'
import { schemeVersion } from './scheme.queries.ts'

export type ReferralLine = { id: string; number: string; benefit: string; body: string; by: string; at: Date }

export const referralsOf = (db: Ctx['db'], designationId: string): Promise<ReferralLine[]> =>
  db
    .selectFrom('recognition.referrals')
    .select(['id', 'number', 'benefit', 'body', 'by_name as by', 'at'])
    .where('designation_id', '=', designationId)
    .orderBy('at')
    .execute()

/** The letter to the department that owns a benefit; a copy goes to the holder's organisation. */
export async function referralLetter(ctx: Ctx, id: string): Promise<Made> {
  const row = await ctx.db
    .selectFrom('recognition.referrals as r')
    .innerJoin('recognition.designations as d', 'd.id', 'r.designation_id')
    .leftJoin('people.organisations as o', 'o.id', 'd.organisation_id')
    .select(['r.number', 'r.benefit', 'r.body', 'r.doc_no as docNo', 'r.note', 'r.at', 'd.number as title'])
    .select(['d.holder_name as holder', 'd.designated_on as since', 'd.version_id as versionId'])
    .select(['d.organisation_id as organisationId', 'd.person_id as personId', 'o.name as organisation'])
    .where('r.id', '=', id)
    .executeTakeFirst()
  const holds = row && row.personId !== null && row.personId === ctx.actor.personId
  const firm = row?.organisationId && ctx.actor.can('recognition.apply', { organisationId: row.organisationId })
  const own = holds || firm
  if (!row || !(own || ctx.actor.can('recognition.read'))) throw missing('letter')
  const scheme = await schemeVersion(ctx.db, row.versionId)
  const body = ctx.plan.bodies.find((one) => one.id === row.body)?.name ?? row.body
  const whose = row.organisation && row.organisation !== row.holder ? `（${row.organisation}）` : ''
  return {
    name: `${row.number}-转介函`,
    data: officialLetter(ctx, row.at, {
      docNo: row.docNo,
      title: `关于转介${scheme.name}办理${row.benefit}的函`,
      to: body,
      cc: row.organisation ?? '',
      blocks: [
        paragraph(
          `${row.holder}${whose}于${formatDay(row.since as Day)}认定为${scheme.name}，编号${row.title}，截至${formatDay(dayOf(row.at))}在册。`,
        ),
        paragraph(
          `根据《${ctx.plan.title}》（${ctx.plan.docNo}），${scheme.name}可以享受“${row.benefit}”。现将有关情况转介你单位，请按现行规定审核办理，并将结果告知本人。`,
        ),
        ...(row.note ? [paragraph(`说明：${row.note}`)] : []),
        paragraph(`称号持有情况可在${ctx.plan.site.name}按编号核验。`),
      ],
    }),
  }
}
