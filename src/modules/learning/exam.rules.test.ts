import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ItemState, requirementsOf, sharePercent } from './completion.rules.ts'
import { drawPaper, isRight, markPaper, mayAttempt } from './exam.rules.ts'
import type { DrawnQuestion } from './exam.schema.ts'

const bank = Array.from({ length: 20 }, (_, i) => ({ id: `q${i}`, pool: i < 12 ? 'a' : 'b' }))
const pools = [
  { pool: 'a', count: 5 },
  { pool: 'b', count: 3 },
]

describe('HZ4-M13 exams', () => {
  test('HZ4-M13 one seed draws one paper, whatever order the bank comes in, and no question twice', () => {
    fc.assert(
      fc.property(fc.string(), fc.shuffledSubarray(bank, { minLength: 20 }), (seed, order) => {
        const drawn = drawPaper(seed, pools, bank)
        expect(drawPaper(seed, pools, order)).toEqual(drawn)
        if (!drawn.ok) throw new Error('not drawn')
        expect(new Set(drawn.value).size).toBe(8)
        expect(drawn.value.filter((id) => Number(id.slice(1)) < 12)).toHaveLength(5)
      }),
    )
  })
  test('HZ4-M13 different seeds draw different papers, and every question is drawn now and then', () => {
    const seen = new Set<string>()
    const papers = new Set<string>()
    for (let i = 0; i < 200; i++) {
      const drawn = drawPaper(`seed-${i}`, pools, bank)
      if (drawn.ok) for (const id of drawn.value) seen.add(id)
      papers.add(JSON.stringify(drawn))
    }
    expect(seen.size).toBe(20)
    expect(papers.size).toBeGreaterThan(150)
  })
  test('HZ4-M13 too few questions in a pool: no exam', () => {
    expect(drawPaper('s', [{ pool: 'b', count: 9 }], bank)).toMatchObject({ refusal: { reason: 'exam-not-usable' } })
  })
  test.each<[DrawnQuestion['kind'], DrawnQuestion['answer'], never, boolean]>([
    ['single', 1, 1 as never, true],
    ['single', 0, 1 as never, false],
    ['true-false', false, false as never, true],
    ['true-false', false, true as never, false],
    ['multiple', [0, 2], [2, 0] as never, true],
    ['multiple', [0, 2], [0] as never, false],
    ['multiple', [0, 2], [0, 1, 2] as never, false],
    ['multiple', [0, 2], [0, 0] as never, false],
    ['text', ['汤勺', 'Ladle'], ' ｌａｄｌｅ' as never, true],
    ['text', ['汤勺'], '锅' as never, false],
    ['number', { value: 100, tolerance: 5 }, '104' as never, true],
    ['number', { value: 100, tolerance: 5 }, '106' as never, false],
    ['number', { value: 0, tolerance: 0 }, '' as never, false],
  ])('HZ4-M13 %s %j, given %j', (kind, answer, given, right) => {
    expect(isRight({ kind, answer }, given)).toBe(right)
  })
  test('HZ4-M13 the pass mark is of all points, and what is not answered is wrong', () => {
    const paper = [1, 2, 3, 4].map(
      (n): DrawnQuestion => ({
        ...{
          id: `q${n}`,
          kind: 'single',
          prompt: '',
          options: [],
          answer: 0,
          points: 2.5,
          explanation: '',
          pictures: [],
        },
      }),
    )
    const given = new Map([
      ['q1', 0],
      ['q2', 0],
      ['q3', 1],
    ])
    expect(markPaper(paper, given, 50)).toMatchObject({ points: 5, fullPoints: 10, passed: true })
    expect(markPaper(paper, given, 51).passed).toBe(false)
    expect(markPaper(paper, given, 51).marks[3]).toEqual({ questionId: 'q4', points: 0, of: 2.5, answered: false })
  })
  test('HZ4-M13 resits by rule', () => {
    expect(mayAttempt({ resits: 1 }, [])).toEqual({ ok: true, value: 1 })
    expect(mayAttempt({ resits: 1 }, [{ passed: false }])).toEqual({ ok: true, value: 2 })
    expect(mayAttempt({ resits: 1 }, [{ passed: false }, { passed: false }])).toMatchObject({
      refusal: { reason: 'no-resits-left', facts: { most: 2 } },
    })
    expect(mayAttempt({ resits: null }, Array(50).fill({ passed: false })).ok).toBe(true)
    expect(mayAttempt({ resits: null }, [{ passed: true }])).toMatchObject({ refusal: { reason: 'exam-passed' } })
  })
})

describe('HZ4-M13 completion', () => {
  const film: ItemState = {
    itemId: 'f',
    title: '磨刀',
    kind: 'video',
    required: true,
    mediumMs: 600_000,
    coveredMs: 570_000,
    passed: null,
  }
  const exam: ItemState = {
    itemId: 'e',
    title: '测验',
    kind: 'exam',
    required: true,
    mediumMs: null,
    coveredMs: 0,
    passed: true,
  }
  test('HZ4-M13 nearly all of a film and a passed exam make a course', () => {
    expect(requirementsOf([film, exam]).every((one) => one.met)).toBe(true)
    expect(requirementsOf([{ ...film, coveredMs: 569_999 }, exam])[0]).toMatchObject({ met: false, found: '已学94%' })
    expect(requirementsOf([film, { ...exam, passed: false }])[1]).toMatchObject({ met: false, found: '未通过' })
  })
  test('HZ4-M13 what is not required is not asked for, unless nothing is', () => {
    expect(requirementsOf([film, { ...exam, required: false, passed: null }])).toHaveLength(1)
    expect(requirementsOf([{ ...film, required: false }])).toHaveLength(1)
  })
  test('HZ4-M13 the share is never rounded up', () => {
    expect(sharePercent([{ ...film, coveredMs: 599_999 }])).toBe(99)
    expect(sharePercent([{ ...film, coveredMs: 600_000 }])).toBe(100)
    expect(sharePercent([])).toBe(0)
  })
})
