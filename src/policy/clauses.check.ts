import { quote } from './clauses.ts'
import type { Plan } from './plan.types.ts'

type Report = (file: string, path: string, reason: string) => void

const bare = (text: string) => text.replace(/\s+/g, '')

/** Clauses are quoted verbatim once, numbered as the plan says it is, and each measure has its row in the matrix. */
export function checkClauses(plan: Plan, report: Report) {
  const file = 'clauses.json'
  const official = bare(plan.officialText)
  const ids = new Set(plan.clauses.map((c) => c.id))
  plan.clauses.forEach((clause, at) => {
    const path = `$.clauses[${at}]`
    if (!clause.id.startsWith(`${plan.prefix}-`)) report(file, `${path}.id`, `条款编号须以“${plan.prefix}-”开头`)
    if (clause.kind === 'measure' && clause.number === null) report(file, `${path}.number`, '措施须写明序号')
    if (!official.includes(bare(quote(plan, clause.id) ?? ''))) {
      report(file, `${path}.text`, `条款${clause.id}与 official-text.txt 原文不一致`)
    }
    for (const id of clause.through) {
      if (!ids.has(id)) report(file, `${path}.through`, `没有编号为“${id}”的条款`)
    }
  })
  for (const [kind, expected, noun] of [
    ['goal', plan.expects.goals, '项目标'],
    ['measure', plan.expects.measures, '项措施'],
  ] as const) {
    const found = plan.clauses.filter((c) => c.kind === kind).length
    if (found !== expected) report(file, '$.clauses', `计划写明${expected}${noun}，现有${found}${noun}`)
  }
}

export function checkMatrix(plan: Plan, report: Report) {
  const file = 'matrix.json'
  const bodies = new Set([...plan.bodies.map((b) => b.id), plan.collective.id])
  const groups = new Map(plan.groups.map((g) => [g.id, g.owner]))
  for (const { id, kind } of plan.clauses) {
    if (kind === 'measure' && !plan.matrix.some((row) => row.clause === id))
      report(file, '$.rows', `缺少条款${id}的分工`)
  }
  plan.matrix.forEach((row, at) => {
    const path = `$.rows[${at}]`
    const clause = plan.clauses.find((c) => c.id === row.clause)
    if (!clause) report(file, `${path}.clause`, `没有编号为“${row.clause}”的条款`)
    if (clause && row.quote !== null && !clause.text.includes(row.quote)) {
      report(file, `${path}.quote`, `引文不在条款${row.clause}的原文中`)
    }
    const leads = [...row.lead, ...row.colead]
    if (row.leadStated !== leads.length > 0) report(file, `${path}.leadStated`, '与所列牵头单位不一致')
    const named = [...leads, ...row.cooperating]
    for (const id of [...named.map((p) => p.body), ...row.suggestedLead]) {
      if (!bodies.has(id)) report(file, path, `没有编号为“${id}”的单位`)
    }
    named.forEach(({ body }, n) => {
      if (named.findIndex((p) => p.body === body) !== n) report(file, path, `单位“${body}”在同一条款中出现两次`)
    })
    for (const p of leads) {
      for (const group of p.groups ?? []) {
        if (!groups.has(group)) report(file, path, `没有编号为“${group}”的群体`)
        else if (groups.get(group) !== p.body) report(file, path, `群体“${group}”的主管单位与 groups.json 不一致`)
      }
    }
  })
  const codes = new Set(plan.subdistricts.map((s) => s.code))
  plan.functionalAreas.forEach((area, at) => {
    const path = `$.functionalAreas[${at}]`
    if (!bodies.has(area.body)) report('bodies.json', `${path}.body`, `没有编号为“${area.body}”的单位`)
    for (const code of area.subdistricts) {
      if (!codes.has(code)) report('bodies.json', `${path}.subdistricts`, `没有代码为“${code}”的街道`)
    }
  })
}
