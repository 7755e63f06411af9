import { describe, expect, test } from 'vitest'
import { day } from '#shared/units.ts'
import { assessmentCycle, checkArrangement, examinerConflict } from './assessment.rules.ts'
import { assessmentStates, reasonText } from './assessment.schema.ts'

const startsOn = day('2021-09-01')
const on = (heldOn: string) => ({ heldOn: day(heldOn) })

describe('R02 arranging the completion assessment', () => {
  test.each([
    [{ theory: 40, practice: 60 }, { theory: on('2021-09-20'), practice: on('2021-09-21') }, ['theory', 'practice']],
    [{ theory: 0, practice: 100 }, { practice: on('2021-09-01') }, ['practice']],
  ] as const)('R02 %j accepts %j', (weights, arranged, value) => {
    expect(checkArrangement(weights, arranged, startsOn)).toEqual({ ok: true, value })
  })

  test.each([
    [{ theory: 40, practice: 60 }, { practice: on('2021-09-20') }, 'part-missing'],
    [{ theory: 0, practice: 100 }, { theory: on('2021-09-20'), practice: on('2021-09-20') }, 'part-not-needed'],
    [{ theory: 40, practice: 60 }, { theory: on('2021-08-31'), practice: on('2021-09-20') }, 'held-before-class'],
  ] as const)('R02 %j refuses %j: %s', (weights, arranged, reason) => {
    const decision = checkArrangement(weights, arranged, startsOn)
    expect(decision).toMatchObject({ ok: false, refusal: { reason } })
    if (!decision.ok) {
      const words = reasonText[reason]?.(decision.refusal.facts)
      expect(JSON.stringify(words)).not.toContain('undefined')
      expect(words?.remedy).toMatch(/。$/)
    }
  })
})

describe('C18 who examines', () => {
  const zhang = { id: 't1', name: '张师傅' }
  const li = { id: 't2', name: '李老师' }
  test.each([
    [{ trainerId: 't1', name: '张师傅' }, [zhang], true],
    [{ trainerId: null, name: '张师傅' }, [zhang], true],
    [{ trainerId: 't1', name: '张师傅' }, [zhang, li], false],
    [{ trainerId: null, name: '王考评' }, [zhang], false],
    [{ trainerId: null, name: '王考评' }, [], false],
  ])('C18 %j with trainers %j conflicts: %s', (examiner, trainers, conflict) =>
    expect(examinerConflict(examiner, trainers)).toBe(conflict),
  )
})

test('C23 nothing moves after the results, and every state has a name', () => {
  for (const step of Object.values(assessmentCycle)) {
    expect(step.from).not.toContain('concluded')
    expect(assessmentStates[step.to]).toBeTruthy()
  }
})
