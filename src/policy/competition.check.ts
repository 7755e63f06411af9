import { noDocument } from './figure.schema.ts'
import type { CompetitionType, Plan } from './plan.types.ts'

type Report = (file: string, path: string, reason: string) => void

/** What a competition type says about the rest of the plan and about itself. */
export function checkCompetitions(plan: Plan, report: Report): void {
  const known = {
    条款: new Set(plan.clauses.map((one) => one.id)),
    参数: new Set(plan.figures.map((one) => one.id)),
    规则: new Set(plan.rules.map((one) => one.id)),
    来源: new Set([...plan.sources.map((one) => one.id), ...noDocument]),
    单位类型: new Set(plan.orgTypes.map((one) => one.id)),
  }
  plan.competitions.forEach((type, at) => {
    const file = `competitions/${type.code}.json`
    const refer = (noun: keyof typeof known, ids: readonly string[], path: string) => {
      for (const id of ids) if (!known[noun].has(id)) report(file, path, `没有编号为“${id}”的${noun}`)
    }
    if (plan.competitions.findIndex((one) => one.code === type.code) !== at)
      report(file, '$.code', `编号“${type.code}”重复`)
    refer('条款', [type.clause], '$.clause')
    refer('规则', [type.rule], '$.rule')
    refer('来源', [...type.sources, type.prizes.source], '$.sources')
    refer('单位类型', type.hosts.orgTypes, '$.hosts.orgTypes')
    refer('参数', figuresOf(type), '$')
    checkParts(type, file, report)
  })
}

const figuresOf = (type: CompetitionType): string[] => [
  ...type.groups.flatMap((one) => [one.ageLeastFigure, one.ageMostFigure, ...(one.team ? [one.team.mostFigure] : [])]),
  ...Object.values(type.terms),
  ...[type.publicityFigure, type.reviewFigure, type.objectionFigure, type.certificateMostFigure],
]

function checkParts(type: CompetitionType, file: string, report: Report) {
  const sum = (list: readonly { weight: number }[]) => list.reduce((all, one) => all + one.weight, 0)
  if (sum(type.rounds) !== 100) report(file, '$.rounds', `各轮权重合计须为100，现为${sum(type.rounds)}`)
  if (sum(type.modules) !== 100) report(file, '$.modules', `各模块权重合计须为100，现为${sum(type.modules)}`)
  if (!type.rounds.some((one) => one.kind === 'practical')) report(file, '$.rounds', '至少要有一轮实操')
  if (type.rounds.at(-1)?.cuts) report(file, '$.rounds', '最后一轮没有晋级名额')
  type.groups.forEach((group, at) => {
    const path = `$.groups[${at}]`
    if ((group.entry === 'team') !== (group.team !== null)) report(file, path, '团体组且只有团体组要写明人数')
    if (group.team && group.team.least > group.team.most) report(file, path, '最少人数大于最多人数')
  })
  for (const [path, ids] of [
    ['$.groups', type.groups.map((one) => one.id)],
    ['$.rounds', type.rounds.map((one) => one.id)],
    ['$.modules', type.modules.map((one) => one.id)],
    ['$.prizes.ranks', [...type.prizes.ranks, ...(type.prizes.merit ? [type.prizes.merit] : [])].map((one) => one.id)],
    ['$.tieBreak', [...type.tieBreak]],
  ] as const) {
    if (new Set(ids).size !== ids.length) report(file, path, '编号重复')
  }
}
