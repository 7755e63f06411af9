import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readReceipt, receiptFrom } from '#shared/receipts.ts'
import { readCaptions } from './caption.rules.ts'
import { checkContent, courseCycle, differences, listed, ordered } from './course.rules.ts'
import { courseStates, type ItemRow } from './course.schema.ts'
import { answerText, readAnswer } from './question.rules.ts'
import { judge, moveAfter, totalOf, whyOffList } from './round.rules.ts'

const criteria = [
  { id: 'a', title: '甲', weight: 60 },
  { id: 'b', title: '乙', weight: 40 },
]
const standard = { criteria, passMark: 70, floor: 2 }
const score = fc.integer({ min: 0, max: 5 })
const given = fc.record({
  scores: fc.record({ a: score, b: score }),
  vetoes: fc.uniqueArray(fc.constantFrom('rights', 'unlawful')),
})

describe('L01 the decision on two reviews', () => {
  it('L01 does not depend on who was first', () => {
    fc.assert(
      fc.property(given, given, (one, other) => {
        expect(judge(standard, one, other)).toEqual(judge(standard, other, one))
      }),
    )
  })
  it('L01 never passes with a veto, a low criterion or a score under the mark', () => {
    fc.assert(
      fc.property(given, given, (one, other) => {
        const { outcome, score: mean } = judge(standard, one, other)
        const bad =
          one.vetoes.length + other.vetoes.length > 0 ||
          mean < 70 ||
          (one.scores.a + other.scores.a) / 2 < 2 ||
          (one.scores.b + other.scores.b) / 2 < 2
        expect(outcome === 'pass').toBe(!bad)
      }),
    )
  })
  it('L01 rejects only what both veto for the same reason', () => {
    const fine = { a: 5, b: 5 }
    expect(judge(standard, { scores: fine, vetoes: ['rights'] }, { scores: fine, vetoes: ['rights'] }).outcome).toBe(
      'reject',
    )
    expect(judge(standard, { scores: fine, vetoes: ['rights'] }, { scores: fine, vetoes: ['unlawful'] }).outcome).toBe(
      'return',
    )
    expect(judge(standard, { scores: fine, vetoes: ['rights'] }, { scores: fine, vetoes: [] })).toMatchObject({
      outcome: 'return',
      reasons: ['veto:rights'],
    })
  })
  it('L01 totals by weight', () => {
    expect(totalOf(criteria, { a: 5, b: 5 })).toBe(100)
    expect(totalOf(criteria, { a: 3, b: 4 })).toBe(68)
    expect(totalOf(criteria, {})).toBe(0)
  })
})

describe('L02 leaving the list', () => {
  const quiet = {
    ratingCount: 0,
    ratingSum: 0,
    confirmedComplaints: 0,
    ratingLeast: 10,
    ratingFloorTenths: 25,
    complaintMax: 3,
  }
  it('L02 low ratings count only when enough people rated', () => {
    expect(whyOffList({ ...quiet, ratingCount: 9, ratingSum: 9 })).toBeNull()
    expect(whyOffList({ ...quiet, ratingCount: 10, ratingSum: 24 })).toBe('low-rating')
    expect(whyOffList({ ...quiet, ratingCount: 10, ratingSum: 25 })).toBeNull()
  })
  it('L02 confirmed complaints count from the figure on', () => {
    expect(whyOffList({ ...quiet, confirmedComplaints: 2 })).toBeNull()
    expect(whyOffList({ ...quiet, confirmedComplaints: 3 })).toBe('complaints')
  })
  it('L02 an undecided figure judges nothing', () => {
    const open = { ratingLeast: null, ratingFloorTenths: null, complaintMax: null }
    expect(whyOffList({ ...quiet, ...open, ratingCount: 100, ratingSum: 100, confirmedComplaints: 50 })).toBeNull()
  })
  it('L02 a failed re-check suspends, a failed new version changes nothing', () => {
    expect(moveAfter('recheck', 'return', 'admitted')).toBe('suspend')
    expect(moveAfter('recheck', 'return', 'suspended')).toBeNull()
    expect(moveAfter('recheck', 'pass', 'suspended')).toBe('restore')
    expect(moveAfter('new-version', 'reject', 'admitted')).toBeNull()
    expect(moveAfter('admission', 'reject', 'under-review')).toBe('reject')
  })
})

describe('L01 the life of a course', () => {
  it('L01 nothing leaves rejected or withdrawn, and every state can be reached from a draft', () => {
    const steps = Object.values(courseCycle)
    expect(steps.filter(({ from }) => from.includes('rejected') || from.includes('withdrawn'))).toEqual([])
    const reached = new Set<string>(['draft'])
    for (let i = 0; i < 10; i++)
      for (const { from, to } of steps) if (from.some((state) => reached.has(state))) reached.add(to)
    expect([...reached].toSorted()).toEqual(Object.keys(courseStates).toSorted())
  })
  it('L01 no way onto the list goes round the review', () => {
    const without = Object.entries(courseCycle).filter(([name]) => name !== 'take')
    const reached = new Set<string>(['draft'])
    for (let i = 0; i < 10; i++)
      for (const [, { from, to }] of without) if (from.some((state) => reached.has(state))) reached.add(to)
    expect(listed.filter((state) => reached.has(state))).toEqual([])
  })
})

const item = (over: Partial<ItemRow> & { mediaState?: string | null } = {}) => ({
  id: 'i',
  versionId: 'v',
  chapter: 1,
  chapterTitle: '一',
  position: 1,
  kind: 'text' as const,
  title: '正文',
  plannedSeconds: 2700,
  mediaId: null,
  packageId: null,
  body: {},
  required: true,
  mediaState: null,
  ...over,
})
const exam = item({ kind: 'exam', title: '考试', plannedSeconds: 0, body: { pools: [{ pool: '甲', count: 2 }] } })
const whole = { plannedClassHours: 1, hourMinutes: 45, items: [item(), exam], pools: new Map([['甲', 2]]) }
const reason = (content: Parameters<typeof checkContent>[0]) => {
  const decision = checkContent(content)
  return decision.ok ? null : decision.refusal.reason
}

describe('L01 what may be submitted', () => {
  it('L01 a whole course may', () => expect(reason(whole)).toBeNull())
  it.each([
    ['course-empty', { ...whole, items: [] }],
    ['media-not-ready', { ...whole, items: [item({ kind: 'video', mediaId: 'm', mediaState: 'checking' }), exam] }],
    ['pool-too-small', { ...whole, pools: new Map([['甲', 1]]) }],
    ['no-practice', { ...whole, items: [item()] }],
    ['no-hours', { ...whole, plannedClassHours: 0 }],
    ['hours-not-backed', { ...whole, plannedClassHours: 2 }],
  ])('L01 refused: %s', (wanted, content) => expect(reason(content)).toBe(wanted))
})

describe('L05 versions in words', () => {
  it('L05 says what was added, changed and taken out', () => {
    const before = { plannedClassHours: 1, items: [item(), exam] }
    const after = {
      plannedClassHours: 2,
      items: [item({ plannedSeconds: 5400, required: false }), item({ kind: 'case', title: '成果' })],
    }
    expect(differences(before, after)).toEqual([
      '课时由 1 改为 2',
      '图文“正文”：计划时长由 45 改为 90 分钟，改为选学',
      '新增成果案例“成果”（第1章）',
      '删去考试或练习“考试”（原第1章）',
    ])
  })
  it('L05 the same content in another order of keys is the same', () => {
    const one = item({ body: { a: 1, b: { c: [1, 2], d: 2 } } })
    const other = item({ body: { b: { d: 2, c: [1, 2] }, a: 1 } })
    expect(differences({ plannedClassHours: 1, items: [one] }, { plannedClassHours: 1, items: [other] })).toEqual([])
    expect(ordered(one.body)).toBe(ordered(other.body))
  })
})

describe('HZ4-M13 questions as people write them', () => {
  it.each([
    ['single', ['甲', '乙'], 'b', 1, 'B'],
    ['multiple', ['甲', '乙', '丙'], 'C, A', [0, 2], 'AC'],
    ['true-false', [], '×', false, '错'],
    ['text', [], '勺子|汤勺|勺子', ['勺子', '汤勺'], '勺子|汤勺'],
    ['number', [], '100±5', { value: 100, tolerance: 5 }, '100±5'],
    ['number', [], ' -3.5 ', { value: -3.5, tolerance: 0 }, '-3.5'],
  ] as const)('HZ4-M13 %s %j %s', (kind, options, typed, answer, text) => {
    const made = readAnswer(kind, options, typed)
    expect(made).toMatchObject({ ok: true, answer })
    if (made.ok) expect(answerText({ kind, options: made.options, answer: made.answer })).toBe(text)
  })
  it.each([
    ['single', ['甲'], 'A'],
    ['single', ['甲', '乙'], 'AB'],
    ['single', ['甲', '甲'], 'A'],
    ['multiple', ['甲', '乙'], 'AA'],
    ['multiple', ['甲', '乙'], 'C'],
    ['true-false', [], '也许'],
    ['text', [], '|'],
    ['number', [], '约三'],
  ] as const)('HZ4-M13 refused: %s %j %s', (kind, options, typed) =>
    expect(readAnswer(kind, options, typed).ok).toBe(false),
  )
  it('HZ4-M13 what is written out is read back as the same', () => {
    const options = ['甲', '乙', '丙', '丁']
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1 }), (picked) => {
        const answer = picked.toSorted((a, b) => a - b)
        expect(readAnswer('multiple', options, answerText({ kind: 'multiple', options, answer }))).toMatchObject({
          ok: true,
          answer,
        })
      }),
    )
  })
})

describe('HZ4-M13 captions', () => {
  const vtt = (...lines: string[]) => ['WEBVTT', '', ...lines].join('\n')
  it('HZ4-M13 reads cues with names, notes, settings and tags', () => {
    const read = readCaptions(
      vtt(
        'NOTE 说明',
        '',
        '1',
        '00:01.000 --> 00:02.500 align:start',
        '<v 师傅>先洗手',
        '再切菜',
        '',
        '01:00:00.000 --> 01:00:01.000',
        '好 &amp; 对',
      ),
      null,
    )
    expect(read).toEqual({
      ok: true,
      cues: [
        { from: 1, to: 2.5, text: '先洗手\n再切菜' },
        { from: 3600, to: 3601, text: '好 & 对' },
      ],
      transcript: '先洗手 再切菜\n好 & 对',
    })
  })
  it.each([
    ['1\n00:00:01,000 --> 00:00:02,000\n字', '第 1 行应是 WEBVTT'],
    [vtt('00:01.000 -> 00:02.000', '字'), '这一段没有时间'],
    [vtt('00:00.000 --> 00:01.000', '字', '', '00:61.000 --> 00:62.000', '字'), '第 6 行：时间应写成'],
    [vtt('00:03.000 --> 00:02.000', '字'), '第 3 行：结束时间应晚于开始时间'],
    [vtt('00:03.000 --> 00:04.000', '字', '', '00:01.000 --> 00:02.000', '字'), '第 6 行：开始时间早于上一条'],
    [vtt('00:01.000 --> 00:02.000', '<i></i>'), '第 3 行：这一条没有文字'],
    [vtt('05:00.000 --> 05:02.000', '字'), '超过了片长'],
    [vtt(), '没有一条字幕'],
  ])('HZ4-M13 refused with its line: %j', (text, words) => {
    const read = readCaptions(text, 60)
    expect(read.ok ? '' : read.faults.join()).toContain(words)
  })
})

it('HZ4-M13 a receipt code is read back however it is typed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => {
      const code = receiptFrom(bytes)
      fc.pre(code !== null)
      expect(readReceipt(` ${code?.toLowerCase().replaceAll('-', ' ')}`)).toBe(code)
    }),
  )
  expect(readReceipt('ABCD-EFGH-JKM1')).toBeNull()
})
