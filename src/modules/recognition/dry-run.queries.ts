import { openPersons } from '#modules/people/person.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { figuresFor } from '#platform/figures.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { ageOn, dayOf } from '#shared/dates.ts'
import { eligibilityOf, neededMaterials, openForm } from './application.queries.ts'
import type { ApplicationState } from './application.schema.ts'
import { readForm } from './form.rules.ts'

export type DryLine = {
  id: string
  number: string
  name: string
  state: ApplicationState
  callTitle: string
  changes: string[]
}
export type DryRun = { looked: number; changed: number; lines: DryLine[] }

const most = 500

/**
 * The past applications of a title read by another text of it: which form would be sent back, which condition would come out
 * otherwise, which paper would be missing. Nothing is kept and nothing is moved.
 */
export async function dryRun(ctx: Ctx, before: Scheme, after: Scheme): Promise<DryRun> {
  const rows = await ctx.db
    .selectFrom('recognition.applications as a')
    .innerJoin('recognition.calls as c', 'c.id', 'a.call_id')
    .select(['a.id', 'a.number', 'a.public_name as name', 'a.state', 'a.path', 'a.form_sealed', 'a.holder_key as key'])
    .select(['a.organisation_id as organisationId', 'a.person_id as personId', 'c.title as callTitle'])
    .where('a.scheme', '=', after.code)
    .where('a.number', 'is not', null)
    .orderBy('a.submitted_at', 'desc')
    .limit(most)
    .execute()
  const papers = await papersOf(
    ctx,
    rows.map((row) => row.id),
  )
  // birthdays are opened only when a condition asks for them
  const aged = [before, after].some((scheme) => scheme.eligibility.some(({ test }) => test.kind === 'age-most'))
  const ages = await agesOf(ctx, aged ? rows.flatMap((row) => row.personId ?? []) : [])
  const figure = await figuresFor(ctx)
  const label = (id: string) => figure(id, dayOf(ctx.now)).label
  const lines: DryLine[] = []
  for (const row of rows) {
    const given = openForm(ctx.crypto, row.form_sealed).answers
    const about = {
      ...{ key: row.key ?? '', organisationId: row.organisationId },
      age: row.personId ? (ages.get(row.personId) ?? null) : null,
    }
    const by = async (scheme: Scheme) => {
      const { answers, faults } = readForm(scheme, given, true)
      const there = papers.get(row.id) ?? new Set()
      return {
        faults: Object.values(faults).flat(),
        missing: neededMaterials(scheme, row.path, answers)
          .filter((one) => one.origin === 'upload' && one.required && !there.has(one.id))
          .map((one) => one.label),
        verdicts: await eligibilityOf(ctx, scheme, about, answers),
        path: scheme.paths.find((one) => one.id === row.path),
      }
    }
    const [old, now] = [await by(before), await by(after)]
    const changes = [
      ...now.faults.filter((words) => !old.faults.includes(words)).map((words) => `填报：${words}`),
      ...now.missing.filter((one) => !old.missing.includes(one)).map((one) => `材料：还缺${one}`),
      ...now.verdicts.flatMap((one) => {
        const earlier = old.verdicts.find((each) => each.id === one.id)
        if (earlier?.verdict === one.verdict || (!earlier && one.verdict !== 'fail')) return []
        return [`条件“${one.statement}”：${verdicts[earlier?.verdict ?? 'none']} → ${verdicts[one.verdict]}`]
      }),
      ...pathChanges(old.path, now.path),
    ]
    if (changes.length > 0) {
      const { id, number, name, callTitle } = row
      lines.push({ id, number: number ?? '', name, callTitle, state: row.state as ApplicationState, changes })
    }
  }
  const figures = after.quotas.flatMap((quota) => {
    const earlier = before.quotas.find((one) => one.id === quota.id)
    return earlier?.figure === quota.figure ? [] : [`名额“${quota.label}”按“${label(quota.figure)}”`]
  })
  if (figures.length > 0)
    lines.unshift({ id: '', number: '', name: '全部', callTitle: '', state: 'draft', changes: figures })
  return { looked: rows.length, changed: lines.filter((one) => one.id !== '').length, lines }
}

const verdicts: Record<string, string> = { pass: '符合', fail: '不符合', undecided: '待审查', none: '没有这一条' }

type Path = Scheme['paths'][number] | undefined
const stageNames: Record<string, string> = {
  formal: '形式审查',
  recommendation: '推荐',
  expert: '专家评审',
  visit: '现场核查',
  shortlist: '确定名单',
  publicity: '公示',
  designation: '认定',
}
function pathChanges(old: Path, now: Path): string[] {
  if (old && !now) return [`办理：不再有“${old.label}”这种申报方式`]
  const added = now?.stages.filter((one) => !old?.stages.includes(one)) ?? []
  const gone = old?.stages.filter((one) => !now?.stages.includes(one)) ?? []
  return [
    ...added.map((one) => `办理：多一个环节“${stageNames[one]}”`),
    ...gone.map((one) => `办理：少一个环节“${stageNames[one]}”`),
  ]
}

async function papersOf(ctx: Ctx, ids: string[]): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>()
  if (ids.length === 0) return found
  const rows = await ctx.db
    .selectFrom('recognition.materials')
    .select(['application_id as id', 'kind'])
    .where('application_id', 'in', ids)
    .where('dropped_at', 'is', null)
    .execute()
  for (const { id, kind } of rows) found.set(id, (found.get(id) ?? new Set()).add(kind))
  return found
}

async function agesOf(ctx: Ctx, persons: string[]): Promise<Map<string, number>> {
  if (persons.length === 0) return new Map()
  const open = await openPersons(ctx.db, ctx.crypto, [...new Set(persons)])
  const today = dayOf(ctx.now)
  return new Map([...open].flatMap(([id, one]) => (one.bornOn ? [[id, ageOn(one.bornOn, today)]] : [])))
}
