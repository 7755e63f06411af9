import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { day } from '#shared/units.ts'
import { clauseLabel, clauseOf, quote } from './clauses.ts'
import { figure } from './figures.ts'
import { leadStated, leadsOf, measuresOf, ownerOfGroup } from './matrix.ts'
import { PlanError } from './plan.errors.ts'
import { loadPlan } from './plan.ts'

const haizhu = 'plan/haizhu-2020'
const minimal = 'tests/plans/minimal'
const plan = loadPlan(haizhu)
const bare = (text: string) => text.replace(/\s+/g, '')

describe('the 2020 plan', () => {
  it('HZ4-M15 loads, complete and frozen', () => {
    expect(plan.clauses.filter((c) => c.kind === 'measure')).toHaveLength(17)
    expect(plan.bodies).toHaveLength(23)
    expect(plan.subdistricts).toHaveLength(18)
    expect(plan.rules.map((r) => r.id).filter((id) => id.startsWith('R'))).toHaveLength(37)
    expect(plan.rules.map((r) => r.id).filter((id) => id.startsWith('C'))).toHaveLength(25)
    expect(plan.programmes.map((p) => p.code)).toEqual(['job-adaptation', 'project-based'])
    expect(Object.isFrozen(plan.figures[0]?.series[0])).toBe(true)
  })

  it('HZ4-M17 quotes every clause and indicator verbatim', () => {
    const official = bare(plan.officialText)
    for (const clause of plan.clauses) expect(official).toContain(bare(quote(plan, clause.id) ?? 'missing'))
    for (const k of plan.indicators) expect(clauseOf(plan, k.clause)?.text).toContain(k.quote)
  })

  it('HZ4-M10 has five co-leads, each owning its groups', () => {
    expect(leadsOf(plan, 'HZ4-M10').map((p) => p.body)).toEqual([
      'veteransBureau',
      'disabledFederation',
      'educationBureau',
      'hrssBureau',
      'emergencyBureau',
    ])
    expect(ownerOfGroup(plan, 'disabled')?.shortName).toBe('区残联')
    expect(leadsOf(plan, 'HZ4-M12')).toHaveLength(4)
    expect(measuresOf(plan, 'financeBureau').map((d) => d.clause)).not.toContain('HZ4-M10')
  })

  it('HZ4-M16 names no lead, and no lead is invented', () => {
    expect(leadsOf(plan, 'HZ4-M16')).toEqual([])
    expect(leadStated(plan, 'HZ4-M16')).toBe(false)
    expect(leadStated(plan, 'HZ4-M08')).toBe(true)
  })

  it('HZ4-M08 a subdistrict takes part wherever the plan says all of them do', () => {
    expect(measuresOf(plan, '440105001')).toHaveLength(14)
    expect(clauseLabel(plan, 'HZ4-M08')).toBe('措施（八）推动中小企业扩大培训规模')
    expect(clauseLabel(plan, 'R04.cap')).toBe('R04 按课时补贴和上限')
  })

  it('HZ4-M10 counts persons with a disability once each', () => {
    const k11 = plan.indicators.find((k) => k.id === 'K11')
    expect(k11).toMatchObject({ target: 600, unit: '人', distinct: 'person', filter: { group: 'disabled' } })
  })
})

describe('another district', () => {
  it('HZ4-M15 works by a new folder alone', () => {
    const other = loadPlan(minimal)
    expect(other.schemes.map((one) => one.name)).toEqual(['云山工坊', '云山工匠'])
    expect(other.district.name).toBe('云山县')
    expect(leadsOf(other, 'YS1-M01').map((p) => p.body)).toEqual(['labour'])
    expect(measuresOf(other, '999901101')).toEqual([
      { clause: 'YS1-M01', part: 'cooperating', scope: null, groups: [] },
    ])
    expect(figure(other, 'A1.rate', day('2023-12-31')).value).toBe(2000)
    expect(figure(other, 'A1.rate', day('2024-01-01')).value).toBe(2500)
  })
})

describe('a wrong folder', () => {
  const made: string[] = []
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  function faultsOf(from: string, file: string, change: (text: string) => string) {
    const folder = mkdtempSync(join(tmpdir(), 'plan-'))
    made.push(folder)
    cpSync(from, folder, { recursive: true })
    const before = readFileSync(join(folder, file), 'utf8')
    const after = change(before)
    expect(after).not.toBe(before)
    writeFileSync(join(folder, file), after)
    try {
      loadPlan(folder)
    } catch (error) {
      expect(error).toBeInstanceOf(PlanError)
      return (error as PlanError).faults
    }
    throw new Error('the broken folder was accepted')
  }

  const cases: [string, string, string, (text: string) => string, string, RegExp][] = [
    [
      'a day that does not exist',
      minimal,
      'plan.json',
      (t) => t.replace('2024-12-31', '2024-02-30'),
      '$.endsOn',
      /日期/,
    ],
    ['an unknown field', minimal, 'plan.json', (t) => t.replace('"title"', '"titel"'), '$.title', /./],
    ['not JSON', minimal, 'rules.json', (t) => t.slice(0, -4), '$', /不是有效的 JSON/],
    [
      'a changed quotation',
      haizhu,
      'clauses.json',
      (t) => t.replace('6万人次以上', '8万人次以上'),
      '$.clauses[2].text',
      /原文不一致/,
    ],
    [
      'a quote that is not there',
      minimal,
      'indicators.json',
      (t) => t.replace('"开展补贴培训300', '"开展补贴培训900'),
      '$.indicators[0].quote',
      /引文/,
    ],
    [
      'an unknown body',
      haizhu,
      'matrix.json',
      (t) => t.replace('"body": "healthBureau"', '"body": "nobody"'),
      '$.rows[11]',
      /nobody/,
    ],
    [
      'two values for one day',
      minimal,
      'figures.json',
      (t) => t.replace('2023-12-31', '2024-01-01'),
      '$.figures[0].series[1].from',
      /两个值/,
    ],
    [
      'hearsay as a value',
      minimal,
      'figures.json',
      (t) => t.replace('"value": 75,\n          "source": "DOC"', '"value": 75,\n          "source": "GK"'),
      '$.figures[2].series[0].value',
      /hint/,
    ],
    [
      'weights that miss 100',
      minimal,
      'programmes/staff.json',
      (t) => t.replace('"theoryWeight": 50', '"theoryWeight": 40'),
      '$.assessment',
      /100/,
    ],
    [
      'an unknown figure',
      minimal,
      'programmes/staff.json',
      (t) => t.replace('"A1.rate"', '"A9.rate"'),
      '$.amount.rateFigure',
      /A9\.rate/,
    ],
    [
      'a scheme that is decided without the public',
      minimal,
      'schemes/town-craftsman.json',
      (t) => t.replace(/"publicity",/, ''),
      '$.paths[0].stages',
      /公示/,
    ],
    [
      'a scheme with a quota nobody knows',
      minimal,
      'schemes/town-craftsman.json',
      (t) => t.replace('"figure": "A3.perYear"', '"figure": "A3.never"'),
      '$.quotas[0].figure',
      /A3\.never/,
    ],
    [
      'a field that is no kind of field',
      minimal,
      'schemes/town-craftsman.json',
      (t) => t.replace('"kind": "number"', '"kind": "colour"'),
      '$.fields[1].kind',
      /./,
    ],
    [
      'scores that do not weigh 100',
      haizhu,
      'schemes/haizhu-chief-technician.json',
      (t) => t.replace('"weight": 30', '"weight": 31'),
      '$.scoring.dimensions',
      /101/,
    ],
    [
      'a condition on an option that is not there',
      haizhu,
      'schemes/haizhu-chief-technician.json',
      (t) => t.replace('"is": ["yes"]', '"is": ["maybe"]'),
      '$.fields[10].when.is',
      /maybe/,
    ],
    ['a repeated id', minimal, 'rules.json', (t) => t.replace('"id": "A2"', '"id": "A1"'), '$.rules[1]', /重复/],
    [
      'a missing subdistrict',
      haizhu,
      'plan.json',
      (t) => t.replace('"subdistricts": 18', '"subdistricts": 19'),
      '$.subdistricts',
      /19个街道/,
    ],
  ]
  it.each(cases)('HZ4-M15 is refused for %s', (_, from, file, change, path, reason) => {
    const faults = faultsOf(from, file, change)
    const found = faults.find((fault) => fault.path === path)
    expect(found, JSON.stringify(faults)).toBeDefined()
    expect(found?.reason).toMatch(reason)
    expect(found?.file).toMatch(/\.json$/)
  })

  it('HZ4-M15 names every missing file', () => {
    expect(() => loadPlan('tests/plans/none')).toThrow(/plan\.json \$：缺少这个文件/)
  })
})
