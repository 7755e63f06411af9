import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayDecide, mayTake, mustHold, sampleLines } from './review.rules.ts'
import { reviewInput, type Stage } from './review.schema.ts'

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
const claim = { organisationId: 'org', createdBy: 'maker', submittedBy: 'sender', commitmentBy: 'promiser' }
const ask = (
  stage: Stage,
  reviewerId: string,
  decided: { stage: Stage; reviewerId: string }[] = [],
  organisationIds: string[] = [],
) => mayDecide(stage, { reviewerId, organisationIds, claim, decided })

describe('C25 who may decide', () => {
  test.each(['maker', 'sender', 'promiser'])('C25 not the claimant (%s)', (who) =>
    expect(ask('first', who)).toMatchObject({ ok: false, refusal: { reason: 'reviewer-is-claimant' } }),
  )
  test('C25 nobody of the claiming organisation', () => {
    expect(ask('second', 'x', [], ['other', 'org'])).toMatchObject({ refusal: { reason: 'reviewer-in-organisation' } })
    expect(ask('second', 'x', [], ['other'])).toEqual({ ok: true, value: true })
  })
  test('C25 one person, one stage; the same stage again is fine', () => {
    const decided = [{ stage: 'first' as const, reviewerId: 'a' }]
    expect(ask('second', 'a', decided)).toMatchObject({
      refusal: { reason: 'reviewed-before', facts: { stage: '初审' } },
    })
    expect(ask('approve', 'a', decided)).toMatchObject({ ok: false })
    expect(ask('first', 'a', decided)).toMatchObject({ ok: true })
  })
  test('C25 whoever passes all stages, three people decided', () => {
    const order: Stage[] = ['first', 'second', 'approve']
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'maker'), { minLength: 1, maxLength: 20 }), (people) => {
        const decided: { stage: Stage; reviewerId: string }[] = []
        for (const reviewerId of people) {
          const stage = order[decided.length]
          if (stage && ask(stage, reviewerId, decided).ok) decided.push({ stage, reviewerId })
        }
        if (decided.length === 3) expect(new Set(decided.map((d) => d.reviewerId)).size).toBe(3)
        expect(decided.map((d) => d.reviewerId)).not.toContain('maker')
      }),
    )
  })
})

describe('R33 the desk a file lies on', () => {
  const now = new Date('2021-09-15T02:00:00Z')
  const later = new Date('2021-09-15T02:10:00Z')
  const lease = { takenBy: 'a', takenByName: '甲', untilAt: later }
  const clock = (at: Date) => at.toISOString().slice(11, 16)
  test('R33 the second reviewer is told who has it and until when', () => {
    expect(mayTake(lease, 'b', now, clock)).toMatchObject({
      refusal: { reason: 'taken-by-other', facts: { by: '甲', until: '02:10' } },
    })
    expect(mayTake(lease, 'a', now, clock).ok).toBe(true)
    expect(mayTake(lease, 'b', later, clock).ok).toBe(true)
    expect(mayTake(null, 'b', now, clock).ok).toBe(true)
  })
  test('R33 only who has it may act, and only in time', () => {
    expect(mustHold(lease, 'a', now).ok).toBe(true)
    expect(mustHold(lease, 'b', now).ok).toBe(false)
    expect(mustHold(lease, 'a', later).ok).toBe(false)
    expect(mustHold(null, 'a', now).ok).toBe(false)
  })
})

describe('C21 who is called', () => {
  test('C21 anybody draws the same sample, in whatever order the lines come', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 1, max: 100 }),
        fc.string(),
        (ids, percent, seed) => {
          const sample = sampleLines(ids, percent, seed, digest)
          expect(sampleLines([...ids].reverse(), percent, seed, digest)).toEqual(sample)
          expect(sample.length).toBe(Math.min(ids.length, Math.max(1, Math.ceil((ids.length * percent) / 100))))
          expect(new Set(sample).size).toBe(sample.length)
          for (const id of sample) expect(ids).toContain(id)
        },
      ),
    )
  })
  test('C21 nobody when the share is nothing', () => {
    expect(sampleLines(['a'], 0, 's', digest)).toEqual([])
    expect(sampleLines([], 5, 's', digest)).toEqual([])
  })
})

describe('R33 what a reviewer sends', () => {
  const claimId = '00000000-0000-4000-8000-000000000001'
  test('R33 a form without script sends its rows of findings; empty rows are left out', () => {
    const parsed = reviewInput.parse({
      claimId,
      round: '2',
      decision: 'return',
      findings: [
        { reasonCode: 'hours-mismatch', lineId: '', field: 'hours', note: '少了一节' },
        { reasonCode: '', lineId: '', field: '', note: '' },
      ],
    })
    expect(parsed.findings).toEqual([{ reasonCode: 'hours-mismatch', lineId: null, field: 'hours', note: '少了一节' }])
    expect(parsed.round).toBe(2)
  })
  test('R33 a return or rejection without a reason is refused', () => {
    const wrong = reviewInput.safeParse({ claimId, round: 1, decision: 'reject' })
    expect(wrong.error?.issues[0]).toMatchObject({ path: ['findings'] })
    expect(reviewInput.safeParse({ claimId, round: 1, decision: 'agree' }).success).toBe(true)
  })
})
