import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, inject, test } from 'vitest'
import { launchBrowser } from '../setup/browser.ts'
import { type Operator, startOperator } from '../setup/operator.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { cast, type Play } from './acts/cast.ts'
import { claimSubmitted, reviewedTwice } from './acts/claiming.ts'
import { classApproved, classDrawnUp, planFiled, rosterTaken } from './acts/opening.ts'
import { assessed, certified, classClosed } from './acts/passing.ts'
import { paid, publicised } from './acts/paying.ts'
import { numberMoved, publicCounts, trailVerified, walkedToTheClause } from './acts/proving.ts'
import { stageOf } from './acts/stage.ts'
import { setTheStage } from './acts/story.ts'
import { firstLessonEnded, hoursStand, learnerCheckedIn, otherLessonsHeld } from './acts/teaching.ts'

/**
 * One subsidised class from its filing to the number on the plan's board, through the pages, by people who each see only
 * their own. Nothing is typed that the records can tell: hours, amounts, counts come out exactly.
 */
let site: TestSite
let browser: Browser
let operator: Operator
let play: Play
let before: string[]

beforeAll(async () => {
  operator = await startOperator()
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  const setting = await setTheStage(site)
  const stage = stageOf(site, browser)
  const unknown = { planAt: '', classAt: '', claimAt: '', claimNumber: '', certificate: '' }
  play = { stage, setting, operator, cast: await cast(stage, setting), pocket: await stage.visitor(), ...unknown }
  before = await publicCounts(play)
})
afterAll(async () => {
  operator?.close()
  await browser?.close()
  await site?.close()
})

describe('HZ4-M08 one class, from the filing to the number', () => {
  test('HZ4-M08 a plan is filed and accepted', () => planFiled(play))
  test('R02 a class is drawn up; what is missing is named', () => classDrawnUp(play))
  test('C01 the roster is taken in by form and by workbook; wrong rows are explained, right ones enter', () =>
    rosterTaken(play))
  test('R02 sessions are planned, the class applied for and approved by another', () => classApproved(play))
  test('R03 a learner signs in by phone and checks in with the code of the moment', () => learnerCheckedIn(play))
  test('R03 C15 the teacher vouches; one is marked by hand, with a reason', () => firstLessonEnded(play))
  test('R03 C08 the other lessons are held', () => otherLessonsHeld(play))
  test('R03 C17 the hours stand to the minute', () => hoursStand(play))
  test('C18 C23 the assessment is arranged, scored, confirmed by another; the platform judges', () => assessed(play))
  test('R37 certificates are made, downloaded by their holder, verified by anybody', () => certified(play))
  test('R01 the class is closed', () => classClosed(play))
  test('R04 HZ4-M16 the claim draws itself up to the fen and is submitted', () => claimSubmitted(play))
  test('R33 C25 two reviewers agree', () => reviewedTwice(play))
  test('HZ4-M16 R33 the list is public for five working days, masked; then the leader approves', () => publicised(play))
  test('HZ4-M16 the money is ordered by one, confirmed by another, paid by the bank', () => paid(play))
  test('HZ4-M15 R35 the number moved by exactly those people', () => numberMoved(play, before))
  test('HZ4-M15 an auditor walks from the number to the clause by links', () => walkedToTheClause(play))
  test('HZ4-M15 the exported trail is whole, and a changed copy is found out', () => trailVerified(play))
})
