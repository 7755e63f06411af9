import { issueCertificates, revokeCertificate } from '#modules/assessment/certificate.commands.ts'
import { decideBudget, proposeBudget } from '#modules/subsidy/budget.commands.ts'
import {
  closeRecovery,
  noticeOffset,
  offsetRecovery,
  planInstalments,
  receiveRecovery,
} from '#modules/subsidy/receipt.commands.ts'
import {
  decideRecovery,
  demandRecovery,
  dropRecovery,
  hearParty,
  openRecovery,
} from '#modules/subsidy/recovery.commands.ts'
import { lineOf } from './claims.ts'
import { claimOf } from './story-claims.ts'
import type { HeldName } from './story-held.ts'
import { peopleOf } from './teach.ts'
import { at, type Story, type World } from './world.ts'

/** Opens a case over one person's line of a paid claim. */
async function open(w: World, name: HeldName, nth: number, finding: string): Promise<{ id: string; fen: number }> {
  const { claimId } = claimOf(w, name)
  const line = await lineOf(w, claimId, nth)
  const { id } = await openRecovery(w.as('黄资金'), {
    claimId,
    reasonCode: 'overpaid',
    finding: `${finding}（演示）`,
    lines: [{ lineId: line.id, amount: line.amountFen }],
  })
  return { id, fen: line.amountFen }
}
const hear = (w: World, recoveryId: string, heardOn: string) =>
  hearParty(w.as('黄资金'), { recoveryId, heardOn, statement: '单位认可检查结果，愿意退回多领部分。' })
const decideCase = (w: World, recoveryId: string) =>
  decideRecovery(w.as('林局长'), {
    recoveryId,
    reason: '检查记录与课时台账相互印证，应予追回。',
    legalBasis: '演示依据：职业技能提升行动专账资金管理要求',
  })
const demand = (w: World, recoveryId: string) => demandRecovery(w.as('黄资金'), { recoveryId })

async function* upTo(
  w: World,
  from: { on: string; name: HeldName; nth: number; finding: string },
  days: { heard: string; decided?: string; demanded?: string },
): AsyncGenerator<Date, { id: string; fen: number }, void> {
  yield at(from.on, '09:30')
  const found = await open(w, from.name, from.nth, from.finding)
  yield at(days.heard, '15:00')
  await hear(w, found.id, days.heard)
  if (days.decided) {
    yield at(days.decided, '10:00')
    await decideCase(w, found.id)
  }
  if (days.demanded) {
    yield at(days.demanded, '16:00')
    await demand(w, found.id)
  }
  return found
}

/** One case paid back in part and the rest held back from a later award; the money is used again. */
const repaidStory: Story = async function* (w) {
  const start = { on: '2021-06-03', name: 'domestic-1', nth: 3, finding: '该学员上课期间已入职其他单位' } as const
  const { id, fen } = yield* upTo(w, start, { heard: '2021-06-10', decided: '2021-06-16', demanded: '2021-06-17' })
  yield at('2021-06-29', '10:00')
  const part = 10_000
  await receiveRecovery(w.as('周财政'), {
    recoveryId: id,
    amount: part,
    onDay: '2021-06-28',
    reference: 'DEMO-JK-0001',
  })
  yield at('2021-07-21', '09:00')
  await noticeOffset(w.as('黄资金'), { recoveryId: id })
  yield at('2021-07-23', '10:00')
  const { claimId } = claimOf(w, 'domestic-3')
  await offsetRecovery(w.as('黄资金'), { recoveryId: id, claimId, amount: fen - part })
  yield at('2021-07-26', '10:00')
  const reuse = await proposeBudget(w.as('黄资金'), {
    kind: 'reuse',
    fundSource: 'specialAccount',
    year: 2021,
    amount: part,
    documentNo: '演示：收回款转回可用预算',
  })
  yield at('2021-07-27', '10:00')
  await decideBudget(w.as('周财政'), { changeId: reuse.id, decision: 'approve', note: '' })
}

const writtenOffStory: Story = async function* (w) {
  const start = { on: '2021-06-04', name: 'ai-1', nth: 1, finding: '两次课只有单方签到，多计课时' } as const
  const days = { heard: '2021-06-11', decided: '2021-06-16', demanded: '2021-06-18' }
  const { id } = yield* upTo(w, start, days)
  yield at('2021-08-20', '10:00')
  await closeRecovery(w.as('周财政'), { recoveryId: id, outcome: 'written-off', reference: '演示核销批复〔2021〕1号' })
}

const transferredStory: Story = async function* (w) {
  const start = { on: '2021-06-04', name: 'ai-1', nth: 2, finding: '签到设备与他人共用，疑似代签' } as const
  const days = { heard: '2021-06-15', decided: '2021-06-21', demanded: '2021-06-22' }
  const { id } = yield* upTo(w, start, days)
  yield at('2021-08-23', '10:00')
  await closeRecovery(w.as('周财政'), { recoveryId: id, outcome: 'transferred', reference: '演示移送函〔2021〕1号' })
}

/** Cases at the other points of their way. */
const openCasesStory: Story = async function* (w) {
  yield at('2021-06-07', '14:00')
  const groundless = await open(w, 'ai-1', 3, '群众反映该学员未到课')
  yield at('2021-06-18', '14:00')
  await hear(w, groundless.id, '2021-06-18')
  yield at('2021-06-24', '10:00')
  await dropRecovery(w.as('林局长'), {
    recoveryId: groundless.id,
    reason: '复核签到、教师确认和门禁记录，反映不属实。',
  })
  yield at('2021-09-13', '10:40')
  await open(w, 'ai-2', 4, '该职工培训期间在休长假')
}
const heardStory: Story = async function* (w) {
  const start = { on: '2021-08-31', name: 'ai-2', nth: 2, finding: '抽查发现一次课提前两小时离开' } as const
  yield* upTo(w, start, { heard: '2021-09-08' })
}
const decidedStory: Story = async function* (w) {
  const start = { on: '2021-08-25', name: 'commerce-1', nth: 0, finding: '同期在外地出差，四次课均未到' } as const
  yield* upTo(w, start, { heard: '2021-09-02', decided: '2021-09-14' })
}
const demandedStory: Story = async function* (w) {
  const start = { on: '2021-08-16', name: 'cuisine-1', nth: 1, finding: '已领取其他部门同类补贴' } as const
  const { id, fen } = yield* upTo(w, start, { heard: '2021-08-23', decided: '2021-08-27', demanded: '2021-08-30' })
  yield at('2021-09-06', '10:00')
  const half = Math.floor(fen / 2)
  await planInstalments(w.as('林局长'), {
    recoveryId: id,
    instalments: [
      { dueOn: '2021-09-30', amount: half },
      { dueOn: '2021-10-29', amount: fen - half },
    ],
  })
}

/** Certificates taken back: one for a false identity, one misprinted and made again. */
const certificatesStory: Story = async function* (w) {
  yield at('2021-06-17', '15:30')
  await revoke(w, 'domestic-1', 3, 'false-identity', '学员已入职其他单位，冒用失业身份参训（演示）')
  yield at('2021-06-28', '09:00')
  await revoke(w, 'digital-1', 0, 'misprint', '姓名用字与证件不一致，更正后换发（演示）')
  yield at('2021-06-28', '10:00')
  const { taught } = claimOf(w, 'digital-1')
  await issueCertificates(w.as(peopleOf('digital').academic), { classId: taught.classId })
}

async function revoke(w: World, name: HeldName, seat: number, code: string, note: string): Promise<void> {
  const { taught } = claimOf(w, name)
  const { id } = await w.db
    .selectFrom('assessment.certificates')
    .select('id')
    .where('enrolment_id', '=', taught.people[seat]?.enrolmentId ?? '')
    .where('state', '=', 'issued')
    .executeTakeFirstOrThrow()
  await revokeCertificate(w.as('林局长'), { certificateId: id, code, note })
}

export const recoveryStories: Story[] = [
  repaidStory,
  writtenOffStory,
  transferredStory,
  openCasesStory,
  heardStory,
  decidedStory,
  demandedStory,
  certificatesStory,
]
