import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { after } from '#platform/casework.ts'
import { bodyRedline, keepIds, redline } from './redline.rules.ts'
import { bodyText, checkBody, checkReview, functionText, versionCycle } from './standard.rules.ts'
import { type Body, functionLines, type VersionState, versionStates } from './standard.schema.ts'
import { canonicalBody } from './text.rules.ts'

const levels = [
  { code: '5', label: '五级／初级工' },
  { code: '4', label: '四级／中级工' },
]
const body: Body = {
  profile: '从事数据采集和标注的人员。',
  basics: '职业道德、基础知识。',
  functions: [
    { id: 'f1', name: '数据采集', contents: [{ name: '采集数据', skills: '能按要求采集', knowledge: '采集规范' }] },
    { id: 'f2', name: '数据标注', contents: [{ name: '标注数据', skills: '能按要求标注', knowledge: '标注规范' }] },
  ],
  levels: [
    { code: '5', hours: 60, conditions: '从业1年', weights: { f1: 40, f2: 60 } },
    { code: '4', hours: 50, conditions: '从业4年', weights: { f1: 30, f2: 70 } },
  ],
}
const reasonOf = (given: Partial<Body>) => {
  const decision = checkBody({ ...body, ...given }, levels)
  return decision.ok ? 'ok' : decision.refusal.reason
}

describe('N01 the text', () => {
  test('N01 weights of each level sum to a hundred over the functions there are', () => {
    expect(reasonOf({})).toBe('ok')
    const weighed = (weights: Record<string, number>) =>
      reasonOf({ levels: [{ code: '5', hours: null, conditions: '', weights }] })
    expect(weighed({ f1: 40, f2: 59 })).toBe('weights-not-hundred')
    expect(weighed({ f1: 41, f2: 60 })).toBe('weights-not-hundred')
    expect(weighed({ f1: 0, f2: 100 })).toBe('ok')
    expect(weighed({ f1: 40, f3: 60 })).toBe('weight-unknown')
    expect(reasonOf({ levels: [{ code: '9', hours: null, conditions: '', weights: { f1: 100 } }] })).toBe(
      'level-unknown',
    )
  })

  test('N01 nothing of the four parts may be missing', () => {
    expect(reasonOf({ profile: ' ' })).toBe('part-empty')
    expect(reasonOf({ basics: '' })).toBe('part-empty')
    expect(reasonOf({ functions: [] })).toBe('part-empty')
    expect(reasonOf({ levels: [] })).toBe('part-empty')
    expect(reasonOf({ functions: [{ id: 'f1', name: '空的功能', contents: [] }] })).toBe('function-empty')
  })

  test('N01 functions are read from lines and written back the same; a bad line is told by its number', () => {
    expect(functionLines.parse(functionText(body.functions))).toEqual(body.functions)
    const bad = functionLines.safeParse('采集｜能采集｜规范\n# 功能\n只有一段')
    expect(bad.error?.issues.map((one) => one.message.slice(0, 4))).toEqual(['第1行：', '第3行：'])
  })
})

describe('N03 versions', () => {
  test('N03 a redline gives back both texts, whatever they are', () => {
    const line = fc.constantFrom('甲', '乙', '丙', '丁', '')
    const text = fc.array(line, { minLength: 1, maxLength: 12 }).map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, text, (before, now) => {
        const changes = redline(before, now)
        const side = (kind: string) =>
          changes
            .filter((one) => one.kind === 'same' || one.kind === kind)
            .map((one) => one.text)
            .join('\n')
        expect(side('removed')).toBe(before)
        expect(side('added')).toBe(now)
      }),
    )
    expect(redline('甲\n乙', '甲\n丙')).toEqual([
      { kind: 'same', text: '甲' },
      { kind: 'removed', text: '乙' },
      { kind: 'added', text: '丙' },
    ])
  })

  const label = (code: string) => code
  const third = { id: 'f3', name: '数据审核', contents: [{ name: '审核', skills: '能审核', knowledge: '抽样' }] }
  const [first, second] = body.functions
  if (!first || !second) throw new Error('no functions')
  const told = (functions: Body['functions']) =>
    bodyRedline({ ...body, functions: [first, second, third] }, { ...body, functions }, label).filter(
      (one) => one.kind !== 'same',
    )

  test('N01 functions keep their ids wherever their lines are put, and a new one never takes an old number', () => {
    const read = (text: string) => functionLines.parse(text)
    const ids = (functions: Body['functions']) => keepIds(functions, [first, second]).map((one) => one.id)
    expect(ids(read(functionText([second, first])))).toEqual(['f2', 'f1'])
    expect(ids(read(functionText([third, second])))).toEqual(['f3', 'f2'])
    expect(ids(read(functionText([{ ...second, name: '标注' }, first])))).toEqual(['f2', 'f1'])
    expect(ids(read('# 采集\n甲｜乙｜丙\n# 数据标注\n甲｜乙｜丁'))).toEqual(['f3', 'f2'])
    fc.assert(
      fc.property(fc.shuffledSubarray([first, second, third], { minLength: 1 }), (order) => {
        const kept = keepIds(read(functionText(order)), [first, second, third])
        expect(kept).toEqual(order)
      }),
    )
  })

  test('N03 what is put elsewhere is told as moved, what is called otherwise as renamed', () => {
    expect(told([third, first, second])).toEqual([{ kind: 'moved', text: '# 数据审核', with: 1 }])
    expect(told([first, { ...second, name: '标注' }, third]).slice(0, 1)).toEqual([
      { kind: 'renamed', text: '# 标注', was: '# 数据标注' },
    ])
    const [content] = second.contents
    if (!content) throw new Error('no content')
    expect(told([{ ...first, contents: [...first.contents, content] }, { ...second, contents: [] }, third])).toEqual([
      { kind: 'moved', text: '标注数据｜能按要求标注｜标注规范', with: 0 },
    ])
    expect(told([first, second]).map((one) => `${one.kind} ${one.text}`)).toEqual([
      'removed # 数据审核',
      'removed 审核｜能审核｜抽样',
    ])
  })

  test('N03 the same text has one digest text, whatever the order of its weights', () => {
    const [first, second] = body.levels
    if (!first || !second) throw new Error('no levels')
    const turned = { ...body, levels: [{ ...first, weights: { f2: 60, f1: 40 } }, second] }
    expect(canonicalBody(turned)).toBe(canonicalBody(body))
    expect(canonicalBody({ ...body, profile: '改了' })).not.toBe(canonicalBody(body))
    expect(bodyText(body, (code) => code)).toContain('数据标注 60%')
  })

  test('N03 published only with enough opinions and none against', () => {
    const reason = (...verdicts: ('pass' | 'amend' | 'fail')[]) => {
      const decision = checkReview(verdicts, 3)
      return decision.ok ? 'ok' : decision.refusal.reason
    }
    expect([reason('pass', 'pass'), reason('pass', 'pass', 'amend'), reason('pass', 'pass', 'fail')]).toEqual([
      'opinions-missing',
      'ok',
      'opinion-fails',
    ])
    expect(checkReview([], null).ok).toBe(false)
  })

  test('N02 N03 whatever is tried: published only after comments were open and closed, and ends are ends', () => {
    const moves = Object.keys(versionCycle) as (keyof typeof versionCycle)[]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 40 }), (tried) => {
        let state = 'proposed' as VersionState
        const made: string[] = []
        for (const one of tried) {
          const next = after<VersionState>(versionCycle, one, state)
          if (next.ok) {
            made.push(one)
            state = next.value
          }
        }
        if (made.includes('publish')) {
          expect(made.indexOf('open')).toBeLessThan(made.indexOf('close'))
          expect(made.lastIndexOf('submit')).toBeLessThan(made.indexOf('publish'))
        }
      }),
    )
    for (const end of ['declined', 'superseded', 'abolished'] as const)
      for (const one of moves) expect(versionCycle[one].from).not.toContain(end)
    expect(Object.keys(versionStates)).toHaveLength(9)
  })
})
