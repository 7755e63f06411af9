import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkConfirmation, checkSheet, parseMark, seatCode } from './score.rules.ts'
import { markText, reasonText } from './score.schema.ts'

describe('C23 a mark as typed', () => {
  test.each([
    ['87.5', 875],
    ['87', 870],
    ['87.50', 875],
    ['100', 1000],
    ['0', 0],
    ['８７．５', 875],
    [' 60 分', 600],
    ['60.', 600],
  ])('C23 %j is %i tenths', (typed, tenths) =>
    expect(parseMark(typed)).toEqual({ ok: true, value: { tenths, absent: false } }),
  )

  test.each(['缺考', '缺', 'ABSENT', '旷考'])('C23 %j is absent', (typed) =>
    expect(parseMark(typed)).toEqual({ ok: true, value: { tenths: null, absent: true } }),
  )

  test.each([
    ['87.55', 'score-format'],
    ['100.1', 'score-range'],
    ['101', 'score-range'],
    ['1000', 'score-range'],
    ['-1', 'score-format'],
    ['', 'score-format'],
    ['A', 'score-format'],
    ['8 7', 'score-format'],
    ['1e2', 'score-format'],
  ])('C23 %j is refused: %s', (typed, reason) => {
    const decision = parseMark(typed)
    expect(decision).toMatchObject({ ok: false, refusal: { reason } })
    expect(reasonText[reason]?.({}).remedy).toMatch(/。$/)
  })

  test('C23 what is printed is read back the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (tenths) => {
        const mark = { tenths, absent: false }
        expect(parseMark(markText(mark))).toEqual({ ok: true, value: mark })
      }),
    )
  })

  test('C23 nothing typed makes it throw or leave the scale', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const decision = parseMark(typed)
        if (decision.ok && decision.value.tenths !== null) {
          expect(decision.value.tenths).toBeGreaterThanOrEqual(0)
          expect(decision.value.tenths).toBeLessThanOrEqual(1000)
        }
      }),
    )
  })
})

describe('C23 confirming takes a second person', () => {
  const facts = { missing: 0, entered: 4, enteredBy: ['u1', 'u2'], actorId: 'u3' }
  test.each([
    [{}, null],
    [{ actorId: 'u1' }, 'four-eyes'],
    [{ actorId: 'u2' }, 'four-eyes'],
    [{ missing: 1 }, 'scores-missing'],
    [{ entered: 0, missing: 4 }, 'sheet-empty'],
  ])('C23 %j → %s', (change, reason) => {
    const decision = checkConfirmation({ ...facts, ...change })
    expect(decision.ok ? null : decision.refusal.reason).toBe(reason)
  })
})

describe('C23 a sheet from a file', () => {
  const seats = [
    { enrolmentId: '019a0000-0000-7000-8000-00000000a001', nameMasked: '张*明' },
    { enrolmentId: '019a0000-0000-7000-8000-00000000a002', nameMasked: '李*' },
    { enrolmentId: '019a0000-0000-7000-8000-00000000a003', nameMasked: '王*五' },
  ] as const
  const codes = seats.map((seat) => seatCode(seat.enrolmentId))
  const table = (rows: Record<string, string>[], headers = ['学员编号', '姓名', '理论成绩', '实操成绩']) => ({
    headers,
    headerRow: 1,
    rows: rows.map((cells, at) => ({ row: at + 2, cells })),
  })
  const row = (code = '', name = '', theory = '', practice = '') => ({
    学员编号: code,
    姓名: name,
    理论成绩: theory,
    实操成绩: practice,
  })

  test('C23 good rows become cells, by code whatever its dashes and case, and empty cells are left alone', () => {
    const check = checkSheet(
      table([
        row(codes[0], '张*明', '80', '90.5'),
        row(codes[1]?.toLowerCase().replaceAll('-', ' '), '李四', '缺考', ''),
      ]),
      seats,
      ['theory', 'practice'],
    )
    expect(check.faults).toEqual([])
    expect(check.cells).toEqual({
      [`${seats[0].enrolmentId}.theory`]: '80',
      [`${seats[0].enrolmentId}.practice`]: '90.5',
      [`${seats[1].enrolmentId}.theory`]: '缺考',
    })
    expect(check).toMatchObject({ persons: 2, absentFromFile: 1 })
  })

  test('C23 each fault names its row, column, rule and remedy; other rows stay usable', () => {
    const check = checkSheet(
      table([
        row(codes[0], '李四', '80', '90'), // shifted by one
        row('FFFF-FFFF-FFFF', '', '80', '90'),
        row(codes[1], '', '80.55', '120'),
        row(codes[2], '', '70', '70'),
        row(codes[2], '', '71', '71'),
      ]),
      seats,
      ['theory', 'practice'],
    )
    expect(check.faults.map((f) => [f.row, f.column, f.rule])).toEqual([
      [2, '姓名', 'C23'],
      [3, '学员编号', 'C23'],
      [4, '理论成绩', 'C23'],
      [4, '实操成绩', 'C23'],
      [6, '学员编号', 'duplicate'],
    ])
    expect(Object.keys(check.cells)).toEqual([`${seats[2].enrolmentId}.theory`, `${seats[2].enrolmentId}.practice`])
    expect(check.faults.every((f) => f.message !== '' && f.remedy.endsWith('。'))).toBe(true)
  })

  test('C23 a missing column is said with the one that was perhaps meant', () => {
    const check = checkSheet(table([], ['学员编号', '理论成积', '实操成绩']), seats, ['theory', 'practice'])
    expect(check.faults).toMatchObject([
      { column: '理论成绩', rule: 'header', remedy: expect.stringContaining('理论成积') },
    ])
  })

  test('C23 a part that the programme does not have is not a column', () => {
    const check = checkSheet(table([row(codes[0], '', '80', '90')]), seats, ['practice'])
    expect(Object.keys(check.cells)).toEqual([`${seats[0].enrolmentId}.practice`])
  })
})
