import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { formatDay } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'

export type CheckKind = 'dishonest-organisations' | 'social-insurance'
export type DepartmentCheck = { material: string; verdict: 'unchecked' | 'clear' | 'found'; words: string }

type Source = { id: string; body: string; documentNo: string; asOf: Day; covers: boolean }

/**
 * What other departments' data say about an application on the day it was handed in: the same lists, imported by two people,
 * that the controls of the subsidies use. Without a list that covers the day nothing is checked, and it says so.
 * @clause A01 @clause HZ4-M02
 */
export async function departmentChecks(
  ctx: Pick<Ctx, 'db'>,
  scheme: Pick<Scheme, 'materials'>,
  about: { organisationId: string | null; personId: string | null; on: Day },
): Promise<DepartmentCheck[]> {
  const wanted = scheme.materials.flatMap((one) => (one.check ? [{ material: one.id, kind: one.check }] : []))
  return Promise.all(
    wanted.map(async ({ material, kind }) => {
      const source = await newest(ctx.db, kind, about.on)
      if (!source) {
        return { material, verdict: 'unchecked' as const, words: `未核查：没有导入覆盖${formatDay(about.on)}的数据` }
      }
      const from = `${source.body}${source.documentNo}，数据截至${formatDay(source.asOf)}`
      const found =
        kind === 'dishonest-organisations'
          ? await dishonest(ctx.db, source.id, about)
          : await insured(ctx.db, source.id, about)
      return {
        material,
        verdict: found.bad ? ('found' as const) : ('clear' as const),
        words: `${found.words}（${from}）`,
      }
    }),
  )
}

async function newest(db: Ctx['db'], kind: CheckKind, on: Day): Promise<Source | undefined> {
  const { rows } = await sql<Source>`
    select id, provider_body as body, document_no as "documentNo", as_of as "asOf", true as covers from subsidy.datasets
    where kind = ${kind} and state = 'imported' and ${on}::date between covers_from and covers_to
    order by as_of desc, id desc limit 1
  `.execute(db)
  return rows[0]
}

type Found = { bad: boolean; words: string }
type About = { organisationId: string | null; personId: string | null; on: Day }

async function dishonest(db: Ctx['db'], dataset: string, { organisationId, on }: About): Promise<Found> {
  const { rows } = await sql<{ from: Day }>`
    select r.from_on as from from subsidy.dataset_rows r join people.organisations o on o.uscc = r.uscc
    where r.dataset_id = ${dataset} and r.document_index is null and o.id = ${organisationId}
      and r.from_on <= ${on} and (r.to_on is null or r.to_on >= ${on}) order by r.from_on limit 1
  `.execute(db)
  const row = rows[0]
  return row
    ? { bad: true, words: `申报单位自${formatDay(row.from)}起有失信记录` }
    : { bad: false, words: '没有失信记录' }
}

async function insured(db: Ctx['db'], dataset: string, { organisationId, personId, on }: About): Promise<Found> {
  const { rows } = await sql<{ own: boolean }>`
    select coalesce(r.uscc = o.uscc, false) as own from subsidy.dataset_rows r
    join people.persons p on p.document_index = r.document_index
    left join people.organisations o on o.id = ${organisationId}
    where r.dataset_id = ${dataset} and p.id = ${personId} and r.from_on <= ${on} and (r.to_on is null or r.to_on >= ${on})
  `.execute(db)
  if (rows.length === 0) return { bad: true, words: '没有参保记录' }
  if (!rows.some((row) => row.own)) return { bad: true, words: '参保单位不是申报单位' }
  return { bad: false, words: '由申报单位参保' }
}
