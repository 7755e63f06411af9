import { noDocument } from './figure.schema.ts'
import type { Plan, Scheme } from './plan.types.ts'

type Report = (file: string, path: string, reason: string) => void

/** What a scheme says about the rest of the plan and about itself. */
export function checkSchemes(plan: Plan, report: Report): void {
  const known = {
    条款: new Set(plan.clauses.map((one) => one.id)),
    参数: new Set(plan.figures.map((one) => one.id)),
    规则: new Set(plan.rules.map((one) => one.id)),
    来源: new Set([...plan.sources.map((one) => one.id), ...noDocument]),
    单位: new Set(plan.bodies.map((one) => one.id)),
    单位类型: new Set(plan.orgTypes.map((one) => one.id)),
    指标: new Set(plan.indicators.map((one) => one.id)),
    认定项目: new Set(plan.schemes.map((one) => one.code)),
  }
  plan.schemes.forEach((scheme, at) => {
    const file = `schemes/${scheme.code}.json`
    const refer = (noun: keyof typeof known, ids: readonly string[], path: string) => {
      for (const id of ids) if (!known[noun].has(id)) report(file, path, `没有编号为“${id}”的${noun}`)
    }
    if (plan.schemes.findIndex((one) => one.code === scheme.code) !== at)
      report(file, '$.code', `编号“${scheme.code}”重复`)
    refer('条款', [scheme.clause], '$.clause')
    refer('条款', scheme.alsoClauses, '$.alsoClauses')
    refer('规则', [scheme.rule], '$.rule')
    refer('来源', scheme.sources, '$.sources')
    refer('单位类型', scheme.applicants.orgTypes, '$.applicants.orgTypes')
    for (const [path, id] of figuresOf(scheme)) refer('参数', [id], path)
    scheme.counts.forEach((one, n) => {
      refer('指标', [one.indicator], `$.counts[${n}].indicator`)
    })
    if (scheme.recommendation) refer('单位', [scheme.recommendation.body], '$.recommendation.body')
    scheme.benefits.forEach((one, n) => {
      refer('单位', one.body === null ? [] : [one.body], `$.benefits[${n}].body`)
    })
    scheme.exits.forEach((one, n) => {
      refer('来源', [one.source], `$.exits[${n}].source`)
    })
    if (scheme.scoring) refer('来源', [scheme.scoring.source], '$.scoring.source')
    scheme.eligibility.forEach((rule, n) => {
      const path = `$.eligibility[${n}]`
      const { test } = rule
      if (!known.条款.has(rule.clause) && !known.规则.has(rule.clause)) {
        report(file, `${path}.clause`, `没有编号为“${rule.clause}”的条款或规则`)
      }
      if ('scheme' in test) refer('认定项目', [test.scheme], `${path}.test.scheme`)
      if ('cause' in test && !scheme.exits.some((one) => one.id === test.cause && one.kind === 'revoke'))
        report(file, `${path}.test.cause`, `没有名为“${test.cause}”的撤销事由`)
      if ('field' in test && !fieldIn(scheme, test.field))
        report(file, `${path}.test.field`, `没有名为“${test.field}”的填报项`)
    })
    if (scheme.failsFigure !== null && !scheme.exits.some((one) => one.auto === 'fails'))
      report(file, '$.exits', '写了连续不合格年数的，要有一条写明 auto 的撤销事由')
    checkShares(scheme, file, report)
    checkCard(scheme, known.认定项目, file, report)
    checkReasons(plan, scheme, file, report)
    checkForm(scheme, file, report)
    checkPaths(scheme, file, report)
  })
}

const fieldIn = (scheme: Scheme, id: string) => scheme.fields.find((field) => field.id === id)

/** Every number that a title uses, by its place. */
function figuresOf(scheme: Scheme): [path: string, figure: string][] {
  const { scoring, shares } = scheme
  return [
    ...scheme.eligibility.flatMap(({ test }, n): [string, string][] =>
      'figure' in test ? [[`$.eligibility[${n}].test.figure`, test.figure]] : [],
    ),
    ...scheme.quotas.map((quota, n): [string, string] => [`$.quotas[${n}].figure`, quota.figure]),
    ...Object.entries(scheme.clocks).map(([clock, figure]): [string, string] => [`$.clocks.${clock}`, figure]),
    ['$.publicityFigure', scheme.publicityFigure],
    ['$.term.monthsFigure', scheme.term.monthsFigure],
    ...(scheme.failsFigure ? [['$.failsFigure', scheme.failsFigure] as [string, string]] : []),
    ...(shares?.parts.map((part, n): [string, string] => [`$.shares.parts[${n}].figure`, part.figure]) ?? []),
    ...(scoring
      ? [
          ['$.scoring.panelFigure', scoring.panelFigure] as [string, string],
          ['$.scoring.passMarkFigure', scoring.passMarkFigure] as [string, string],
        ]
      : []),
  ]
}

/** Reasons that the engine gives by itself where a path has the stage: the plan must have words for them. */
const ownReasons = {
  recommendation: 'rec-not-recommended',
  visit: 'rec-visit-failed',
  publicity: 'rec-objection-upheld',
} as const

function checkReasons(plan: Plan, scheme: Scheme, file: string, report: Report) {
  const known = plan.reasonCodes.filter((one) => one.stage === 'recognition' && one.outcome === 'reject')
  for (const [stage, code] of Object.entries(ownReasons)) {
    const at = scheme.paths.findIndex((path) => path.stages.some((one) => one === stage))
    if (at >= 0 && !known.some((one) => one.code === code))
      report(file, `$.paths[${at}].stages`, `reason-codes.json 里没有理由“${code}”（认定环节，不予认定）`)
  }
}

function checkShares({ shares, fields }: Scheme, file: string, report: Report) {
  if (!shares) return
  const field = fields.find((one) => one.id === shares.field)
  if (field?.kind !== 'choice') return report(file, '$.shares.field', `“${shares.field}”不是选择题`)
  shares.parts.forEach(({ value }, at) => {
    if (!field.options?.some((one) => one.value === value))
      report(file, `$.shares.parts[${at}].value`, `“${field.label}”没有选项“${value}”`)
  })
}

function checkForm(scheme: Scheme, file: string, report: Report) {
  const seen = new Set<string>()
  scheme.fields.forEach((field, at) => {
    const path = `$.fields[${at}]`
    if (seen.has(field.id)) report(file, `${path}.id`, `填报项“${field.id}”重复`)
    seen.add(field.id)
    const inner = field.kind === 'table' ? field.columns : [field]
    inner.forEach((one, n) => {
      if ((one.kind === 'choice') !== (one.options !== undefined))
        report(
          file,
          `${field.kind === 'table' ? `${path}.columns[${n}]` : path}.options`,
          `“${one.label}”：选择题要写选项，其他的不写选项`,
        )
    })
    if (field.when) checkWhen(scheme, field.when, file, `${path}.when`, report)
  })
  scheme.materials.forEach((one, at) => {
    if (one.when) checkWhen(scheme, one.when, file, `$.materials[${at}].when`, report)
    if (scheme.materials.findIndex((other) => other.id === one.id) !== at)
      report(file, `$.materials[${at}].id`, `材料“${one.id}”重复`)
  })
  for (const [path, id] of [
    ['$.itemField', scheme.itemField],
    ['$.gradeField', scheme.gradeField],
  ] as const) {
    if (id !== null && !fieldIn(scheme, id)) report(file, path, `没有名为“${id}”的填报项`)
  }
  if ((scheme.holder === 'item') !== (scheme.itemField !== null))
    report(file, '$.itemField', '称号授予某一事物的，且只有这样的，要写明由哪一项填报其名称')
}

function checkWhen(
  scheme: Scheme,
  when: { field: string; is: readonly string[] },
  file: string,
  path: string,
  report: Report,
) {
  const field = fieldIn(scheme, when.field)
  if (!field) return report(file, `${path}.field`, `没有名为“${when.field}”的填报项`)
  const values =
    field.kind === 'yes' ? ['yes'] : field.kind === 'table' ? [] : (field.options ?? []).map((one) => one.value)
  for (const value of when.is)
    if (!values.includes(value)) report(file, `${path}.is`, `“${field.label}”没有选项“${value}”`)
}

function checkPaths(scheme: Scheme, file: string, report: Report) {
  const order = ['formal', 'recommendation', 'expert', 'visit', 'shortlist', 'publicity', 'designation']
  scheme.paths.forEach((path, at) => {
    const here = `$.paths[${at}]`
    const places = path.stages.map((stage) => order.indexOf(stage))
    if (places.some((place, n) => n > 0 && place <= (places[n - 1] ?? -1)))
      report(file, `${here}.stages`, '环节次序颠倒或重复')
    if (path.stages[0] !== 'formal' || path.stages.at(-1) !== 'designation')
      report(file, `${here}.stages`, '要从形式审查开始，到认定为止')
    if (path.stages.includes('publicity') && !path.stages.includes('shortlist'))
      report(file, `${here}.stages`, '公示前要有确定名单的环节')
    if (path.stages.includes('shortlist') && !path.stages.includes('publicity'))
      report(file, `${here}.stages`, '确定名单后要公示')
    if (scheme.kind !== 'register' && !path.stages.includes('publicity'))
      report(file, `${here}.stages`, '认定和聘任都要公示')
    if (path.stages.includes('expert') && scheme.scoring === null)
      report(file, `${here}.stages`, '有专家评审的，要写明评分表')
    if (path.stages.includes('visit') && scheme.checklist.length === 0)
      report(file, `${here}.stages`, '有现场核查的，要写明核查表')
    if (path.stages.includes('recommendation') && scheme.recommendation === null)
      report(file, `${here}.stages`, '有推荐环节的，要写明推荐单位')
    for (const id of path.requires) {
      if (!scheme.materials.some((one) => one.id === id)) report(file, `${here}.requires`, `没有名为“${id}”的材料`)
    }
  })
  const weights = scheme.scoring?.dimensions.reduce((sum, one) => sum + one.weight, 0) ?? 100
  if (weights !== 100) report(file, '$.scoring.dimensions', `各项权重合计须为100，现为${weights}`)
}

function checkCard(scheme: Scheme, titles: ReadonlySet<string>, file: string, report: Report): void {
  if (!scheme.card) return
  if (scheme.holder !== 'person' || scheme.applicants.by !== 'person')
    report(file, '$.card', '由本人申报、本人持有的项目才有卡')
  scheme.card.items.forEach(({ shows, of = '' }, n) => {
    const path = `$.card.items[${n}].of`
    if (shows === 'field' && !fieldIn(scheme, of)) report(file, path, `没有名为“${of}”的填报项`)
    if (shows === 'title' && !titles.has(of)) report(file, path, `没有编号为“${of}”的认定项目`)
  })
}
