import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Templates } from '#platform/pdf.templates.ts'
import { formatDay } from '#shared/dates.ts'
import { awardById } from './entry.queries.ts'
import { typeVersion } from './type.queries.ts'

/** A winner's certificate: for the winner, for whoever entered him, the host and the bureau. */
export async function awardCertificate(ctx: Ctx, id: string): Promise<{ name: string; data: Templates['letter'] }> {
  const award = await awardById(ctx.db, id)
  const { organisation_id: unit } = await ctx.db
    .selectFrom('competition.entries')
    .select('organisation_id')
    .where('id', '=', award.entryId)
    .executeTakeFirstOrThrow()
  const { organisation_id: host } = await ctx.db
    .selectFrom('competition.events')
    .select('organisation_id')
    .where('id', '=', award.eventId)
    .executeTakeFirstOrThrow()
  const { actor } = ctx
  const own =
    (actor.onBehalfOf?.personId ?? actor.personId) === award.personId ||
    (unit !== null && actor.can('competition.enter', { organisationId: unit })) ||
    actor.can('competition.host', { organisationId: host }) ||
    actor.can('competition.read')
  if (!own) throw missing('award')
  const type = await typeVersion(ctx.db, award.versionId)
  const prize =
    [...type.prizes.ranks, ...(type.prizes.merit ? [type.prizes.merit] : [])].find((one) => one.id === award.prize)
      ?.label ?? ''
  const group = type.groups.find((one) => one.id === award.groupId)?.label ?? ''
  const team = award.team ? `（${award.team}）` : ''
  return {
    name: `${award.number}-获奖证书.pdf`,
    data: {
      ...{
        on: award.awardedOn,
        mark: '',
        docNo: award.number,
        title: '获奖证书',
        to: `${award.name}（${award.unit}）`,
      },
      blocks: [
        {
          kind: 'p',
          text: `在“${award.eventTitle}”${group}${team}比赛中，总分${award.total.toFixed(2)}分，列第${award.place}名，获得${prize}。特发此证。`,
        },
        { kind: 'p', text: `主办单位：${award.host}` },
        { kind: 'p', text: `证书编号：${award.number}，可在${ctx.plan.site.name}“技能竞赛”中查验。` },
      ],
      ...{ attachments: [], signature: ctx.plan.contact.office, date: formatDay(award.awardedOn) },
      ...{ note: `本证由${ctx.plan.site.name}按竞赛记录生成`, cc: '', printed: '' },
    },
  }
}
