import { checkClauses, checkMatrix } from './clauses.check.ts'
import { checkCompetitions } from './competition.check.ts'
import { noDocument } from './figure.schema.ts'
import type { PlanFault } from './plan.errors.ts'
import type { Figure, Plan } from './plan.types.ts'
import { checkSchemes } from './scheme.check.ts'

type Report = (file: string, path: string, reason: string) => void

/** What the files say about one another. Returns every fault; an empty list means the plan holds together. */
export function checkPlan(plan: Plan): PlanFault[] {
  const faults: PlanFault[] = []
  const report: Report = (file, path, reason) => faults.push({ file, path, reason })
  const known = lookups(plan)
  checkHeader(plan, report)
  checkUnique(plan, report)
  checkClauses(plan, report)
  checkMatrix(plan, report)
  checkIndicators(plan, known, report)
  checkFigures(plan, known, report)
  checkRules(plan, known, report)
  checkAdmission(plan, known, report)
  plan.programmes.forEach((_, at) => {
    checkProgramme(plan, known, at, report)
  })
  checkSchemes(plan, report)
  checkCompetitions(plan, report)
  checkOccupations(plan, known, report)
  checkLists(plan, known, report)
  return faults
}

const setOf = <T>(items: readonly T[], key: (item: T) => string) => new Set(items.map(key))
const occupationKey = (o: { edition: string; code: string }) => `${o.edition} ${o.code}`

function lookups(plan: Plan) {
  const source = setOf(plan.sources, (s) => s.id)
  for (const tag of noDocument) source.add(tag)
  return {
    clause: setOf(plan.clauses, (c) => c.id),
    body: setOf(plan.bodies, (b) => b.id),
    figure: setOf(plan.figures, (f) => f.id),
    rule: setOf(plan.rules, (r) => r.id),
    source,
    group: setOf(plan.groups, (g) => g.id),
    tag: setOf(plan.countingTags, (t) => t.id),
    decision: setOf(plan.decisions, (d) => d.id),
    set: setOf(plan.occupationSets, (s) => s.id),
    edition: setOf(plan.occupationEditions, (e) => e.id),
    occupation: setOf(plan.occupations, occupationKey),
    scheme: setOf(plan.levelSchemes, (s) => s.id),
    fund: setOf(plan.fundSources, (f) => f.id),
    orgType: setOf(plan.orgTypes, (o) => o.id),
    material: setOf(plan.materials, (m) => m.id),
  }
}
type Known = ReturnType<typeof lookups>

const nouns: Record<keyof Known, string> = {
  clause: '条款',
  body: '单位',
  figure: '参数',
  rule: '规则',
  source: '来源',
  group: '群体',
  tag: '计数标签',
  decision: '待定事项',
  set: '职业范围',
  edition: '职业分类版本',
  occupation: '职业',
  scheme: '等级体系',
  fund: '资金来源',
  orgType: '单位类型',
  material: '材料',
}

/** Reports every id that no file defines. */
function refer(known: Known, what: keyof Known, ids: readonly string[], file: string, path: string, report: Report) {
  for (const id of ids) if (!known[what].has(id)) report(file, path, `没有编号为“${id}”的${nouns[what]}`)
}

function checkHeader(plan: Plan, report: Report) {
  if (plan.startsOn > plan.endsOn) report('plan.json', '$.endsOn', '结束日期早于开始日期')
  if (!plan.bodies.some((b) => b.id === plan.owner)) report('plan.json', '$.owner', `没有编号为“${plan.owner}”的单位`)
  const current = plan.subdistricts.filter((s) => s.validTo === null).length
  if (current !== plan.expects.subdistricts) {
    report('bodies.json', '$.subdistricts', `计划写明${plan.expects.subdistricts}个街道，现有${current}个`)
  }
  plan.subdistricts.forEach((s, at) => {
    if (!s.code.startsWith(plan.district.code)) {
      report('bodies.json', `$.subdistricts[${at}].code`, `街道代码须以区划代码${plan.district.code}开头`)
    }
    if (s.validTo !== null && s.validTo < s.validFrom) {
      report('bodies.json', `$.subdistricts[${at}].validTo`, '结束日期早于开始日期')
    }
  })
}

function checkUnique(plan: Plan, report: Report) {
  const lists: [string, string, readonly string[]][] = [
    ['clauses.json', 'clauses', plan.clauses.map((c) => c.id)],
    ['bodies.json', 'bodies', [...plan.bodies.map((b) => b.id), plan.collective.id]],
    ['bodies.json', 'subdistricts', plan.subdistricts.filter((s) => s.validTo === null).map((s) => s.code)],
    ['matrix.json', 'rows', plan.matrix.map((r) => r.clause)],
    ['indicators.json', 'indicators', plan.indicators.map((i) => i.id)],
    ['indicators.json', 'countingTags', plan.countingTags.map((t) => t.id)],
    ['decisions.json', 'decisions', plan.decisions.map((d) => d.id)],
    ['figures.json', 'figures', plan.figures.map((f) => f.id)],
    ['sources.json', 'sources', plan.sources.map((s) => s.id)],
    ['rules.json', 'rules', plan.rules.map((r) => r.id)],
    ['programmes', 'code', plan.programmes.map((p) => p.code)],
    ['occupations.json', 'occupations', plan.occupations.map(occupationKey)],
    ['occupations.json', 'sets', plan.occupationSets.map((s) => s.id)],
    ['level-schemes.json', 'schemes', plan.levelSchemes.map((s) => s.id)],
    ['groups.json', 'groups', plan.groups.map((g) => g.id)],
    ['fund-sources.json', 'fundSources', plan.fundSources.map((f) => f.id)],
    ['org-types.json', 'orgTypes', plan.orgTypes.map((o) => o.id)],
    ['materials.json', 'materials', plan.materials.map((m) => m.id)],
    ['reason-codes.json', 'reasonCodes', plan.reasonCodes.map((r) => r.code)],
  ]
  for (const [file, name, ids] of lists) {
    ids.forEach((id, at) => {
      if (ids.indexOf(id) !== at) report(file, `$.${name}[${at}]`, `编号“${id}”重复`)
    })
  }
}

function checkIndicators(plan: Plan, known: Known, report: Report) {
  const file = 'indicators.json'
  plan.indicators.forEach((k, at) => {
    const path = `$.indicators[${at}]`
    refer(known, 'clause', [k.clause], file, `${path}.clause`, report)
    refer(known, 'body', [k.owner], file, `${path}.owner`, report)
    refer(known, 'decision', k.decisions, file, `${path}.decisions`, report)
    const clause = plan.clauses.find((c) => c.id === k.clause)
    if (clause && !clause.text.includes(k.quote)) report(file, `${path}.quote`, `引文不在条款${k.clause}的原文中`)
    const counted = k.basis !== null && k.distinct !== null && k.filter !== null
    if ((k.kind === 'events') !== counted) {
      report(file, path, '按培训记录计数的指标须写明 basis、distinct 和 filter，其他指标不写')
    }
    if (k.filter) {
      const { tags, occupationSet, group } = k.filter
      refer(known, 'tag', tags, file, `${path}.filter.tags`, report)
      if (occupationSet) refer(known, 'set', [occupationSet], file, `${path}.filter.occupationSet`, report)
      if (group) refer(known, 'group', [group], file, `${path}.filter.group`, report)
      if (tags.length === 0 && !occupationSet && !group) report(file, `${path}.filter`, '至少写一个计数条件')
    }
  })
  plan.decisions.forEach((d, at) => {
    const codes = d.options.map((o) => o.code)
    if (d.default !== null && !codes.includes(d.default)) {
      report('decisions.json', `$.decisions[${at}].default`, `默认值“${d.default}”不在选项中`)
    }
  })
}

function checkFigures(plan: Plan, known: Known, report: Report) {
  const elsewhere = new Set(plan.sources.filter((s) => s.level.startsWith('other-')).map((s) => s.id))
  plan.figures.forEach((f, at) => {
    checkSeries(f, at, known, elsewhere, report)
    if (f.hint) refer(known, 'source', [f.hint.source], 'figures.json', `$.figures[${at}].hint.source`, report)
  })
}

/** A series is ordered and never gives two values for one day; hearsay and other places' values never enter it. */
function checkSeries(f: Figure, at: number, known: Known, elsewhere: Set<string>, report: Report) {
  const file = 'figures.json'
  f.series.forEach((entry, n) => {
    const path = `$.figures[${at}].series[${n}]`
    const before = f.series[n - 1]
    refer(known, 'source', [entry.source], file, `${path}.source`, report)
    if (entry.to !== null && entry.to < entry.from) report(file, `${path}.to`, '结束日期早于开始日期')
    if (before && (before.to === null || before.to >= entry.from)) {
      report(file, `${path}.from`, `与上一段日期重叠或次序颠倒，同一天会有两个值（${f.id}）`)
    }
    if (entry.value === null) return
    if (entry.source === 'GK' || entry.source === 'not-found' || elsewhere.has(entry.source)) {
      report(file, `${path}.value`, '没有依据或来自其他地区的数不能作为本区的值，请写 null，并放入 hint')
    }
    if (f.unit.startsWith('fen') && !Number.isSafeInteger(entry.value))
      report(file, `${path}.value`, '金额须为整数（分）')
    if (f.unit.startsWith('fen') && entry.source === 'INF') report(file, `${path}.value`, '金额不能用推断值')
  })
}

/** Weights make a whole, and no day has two standards. */
function checkAdmission(plan: Plan, known: Known, report: Report) {
  const file = 'admission.json'
  plan.admissionStandards.forEach((standard, at) => {
    const path = `$.standards[${at}]`
    refer(known, 'figure', [standard.passMarkFigure, standard.floorFigure], file, path, report)
    const cited = [standard, ...standard.criteria, ...standard.vetoes].map((one) => one.source)
    refer(known, 'source', cited, file, path, report)
    const sum = standard.criteria.reduce((total, one) => total + one.weight, 0)
    if (sum !== 100) report(file, `${path}.criteria`, `各项权重合计须为100，现为${sum}`)
    const before = plan.admissionStandards[at - 1]
    if (before && (before.to === null || before.to >= standard.from)) {
      report(file, `${path}.from`, '与上一版日期重叠或次序颠倒，同一天会有两个标准')
    }
  })
}

function checkRules(plan: Plan, known: Known, report: Report) {
  plan.rules.forEach((r, at) => {
    const path = `$.rules[${at}]`
    refer(known, 'clause', r.clauses, 'rules.json', `${path}.clauses`, report)
    refer(known, 'source', r.sources, 'rules.json', `${path}.sources`, report)
    refer(known, 'figure', r.figures, 'rules.json', `${path}.figures`, report)
  })
}

function checkProgramme(plan: Plan, known: Known, at: number, report: Report) {
  const p = plan.programmes[at]
  if (!p) return
  const file = `programmes/${p.code}.json`
  const check = (what: keyof Known, ids: readonly string[], path: string) =>
    refer(known, what, ids, file, `$.${path}`, report)
  check('clause', [p.clause], 'clause')
  check('clause', p.alsoClauses, 'alsoClauses')
  check('source', p.sources, 'sources')
  check('orgType', p.undertaker.orgTypes, 'undertaker.orgTypes')
  check('figure', [p.traineeRules.ageMinFigure], 'traineeRules.ageMinFigure')
  if (p.traineeRules.groups !== 'any') check('group', p.traineeRules.groups, 'traineeRules.groups')
  check('material', p.requires, 'requires')
  check('figure', [p.hours.minutesFigure, p.hours.attendanceFigure, p.hours.maxPerDayFigure], 'hours')
  check('figure', [p.assessment.passMarkFigure], 'assessment.passMarkFigure')
  check('source', [p.assessment.source], 'assessment.source')
  check('scheme', [p.certificate.levelScheme], 'certificate.levelScheme')
  check('figure', [p.amount.rateFigure], 'amount.rateFigure')
  if (p.amount.capFigure !== null) check('figure', [p.amount.capFigure], 'amount.capFigure')
  check('figure', [p.claim.windowFigure], 'claim.windowFigure')
  check(
    'rule',
    p.claim.controls.map((c) => c.id),
    'claim.controls',
  )
  check('fund', p.fundSources, 'fundSources')
  check('figure', Object.values(p.clocks), 'clocks')
  check('figure', [p.publicityFigure], 'publicityFigure')
  check('tag', p.tags, 'tags')
  check(
    'body',
    p.reviewSteps.map((s) => s.body),
    'reviewSteps',
  )
  check(
    'figure',
    p.reviewSteps.map((s) => s.clock),
    'reviewSteps',
  )
  if (p.openTo !== null && p.openTo < p.openFrom) report(file, '$.openTo', '结束日期早于开始日期')
  const sum = p.assessment.theoryWeight + p.assessment.practiceWeight
  if (sum !== 100) report(file, '$.assessment', `理论与实操权重合计须为100，现为${sum}`)
}

function checkOccupations(plan: Plan, known: Known, report: Report) {
  const file = 'occupations.json'
  plan.occupations.forEach((o, at) => {
    refer(known, 'edition', [o.edition], file, `$.occupations[${at}].edition`, report)
    refer(known, 'scheme', [o.levelScheme], file, `$.occupations[${at}].levelScheme`, report)
    refer(known, 'source', [o.source], file, `$.occupations[${at}].source`, report)
  })
  plan.occupationSets.forEach((s, at) => {
    refer(known, 'clause', [s.clause], file, `$.sets[${at}].clause`, report)
    refer(known, 'occupation', s.occupations.map(occupationKey), file, `$.sets[${at}].occupations`, report)
  })
}

function checkLists(plan: Plan, known: Known, report: Report) {
  plan.groups.forEach((g, at) => {
    const path = `$.groups[${at}]`
    refer(known, 'clause', [g.clause], 'groups.json', `${path}.clause`, report)
    refer(known, 'body', [g.owner], 'groups.json', `${path}.owner`, report)
    const clause = plan.clauses.find((c) => c.id === g.clause)
    if (clause && !clause.text.includes(g.quote))
      report('groups.json', `${path}.quote`, `引文不在条款${g.clause}的原文中`)
  })
  plan.fundSources.forEach((f, at) => {
    refer(known, 'source', [f.source], 'fund-sources.json', `$.fundSources[${at}].source`, report)
  })
  plan.reasonCodes.forEach((r, at) => {
    const path = `$.reasonCodes[${at}].clause`
    if (r.clause !== null) refer(known, 'clause', [r.clause], 'reason-codes.json', path, report)
    else if (r.stage !== 'recognition') report('reason-codes.json', path, '只有认定环节的理由可以随认定项目的条款')
    if (r.rule !== null) refer(known, 'rule', [r.rule], 'reason-codes.json', `$.reasonCodes[${at}].rule`, report)
  })
}
