import { addBankAccount, verifyBankAccount } from '#modules/people/bank-account.commands.ts'
import { checkReturn, discardReturn } from '#modules/subsidy/return.commands.ts'
import { undertakers } from './cast.ts'
import { bankAnswers, bankFile, decide, makeBatch } from './claims.ts'
import { claimOf } from './story-claims.ts'
import type { HeldName } from './story-held.ts'
import { peopleOf } from './teach.ts'
import { at, type Story, type World } from './world.ts'

const ids = (w: World, ...names: HeldName[]) => names.map((name) => claimOf(w, name).claimId)

/** Batches, the bank's answers, an account that was wrong and put right; one claim still waits for its account. */
export const paymentStory: Story = async function* (w) {
  yield at('2021-05-13', '10:00')
  const first = await makeBatch(w, ids(w, 'cuisine-1', 'domestic-1', 'ai-1', 'commerce-1'))
  yield at('2021-05-14', '09:30')
  await decide(w, first, 'confirm')
  yield at('2021-05-19', '11:00')
  const answer = await bankFile(w, first, new Map([[claimOf(w, 'commerce-1').claimId, '户名与账号不符']]))
  await bankAnswers(w, '银行回盘20210519.csv', answer)

  yield at('2021-05-24', '15:00')
  await changeAccount(w, 'commerce', 9001)
  yield at('2021-05-26', '10:00')
  const again = await makeBatch(w, ids(w, 'commerce-1'))
  yield at('2021-05-27', '09:00')
  await decide(w, again, 'confirm')
  yield at('2021-05-31', '10:30')
  await bankAnswers(w, '银行回盘20210531.csv', await bankFile(w, again))

  yield at('2021-07-22', '10:00')
  const second = await makeBatch(w, ids(w, 'ai-2', 'commerce-2'))
  yield at('2021-07-23', '09:30')
  await decide(w, second, 'confirm')
  yield at('2021-07-28', '11:00')
  const reply = await bankFile(w, second, new Map([[claimOf(w, 'commerce-2').claimId, '账户已销户或冻结']]))
  await discardReturn(w.as('黄资金'), {
    returnId: (await checkReturn(w.as('黄资金'), { fileName: '银行回盘20210728（重复）.csv', bytes: reply })).id,
  })
  await bankAnswers(w, '银行回盘20210728.csv', reply)

  yield at('2021-08-30', '09:50')
  const hasty = await makeBatch(w, ids(w, 'digital-1'))
  yield at('2021-08-30', '16:00')
  await decide(w, hasty, 'cancel', '与下一批合并付款')
  yield at('2021-09-10', '10:00')
  const third = await makeBatch(w, ids(w, 'digital-1'))
  yield at('2021-09-13', '09:30')
  await decide(w, third, 'confirm')
  yield at('2021-09-14', '15:00')
  await makeBatch(w, ids(w, 'domestic-3'))
  yield at('2021-09-15', '09:10')
  await checkReturn(w.as('黄资金'), { fileName: '银行回盘20210915.csv', bytes: await bankFile(w, third) })
}

async function changeAccount(w: World, key: 'commerce', last: number): Promise<void> {
  const organisationId = w.organisations.get(key)
  const { bankAccountId } = await addBankAccount(w.as(peopleOf(key).admin), {
    organisationId,
    holder: undertakers.find((one) => one.key === key)?.name,
    bank: '示例银行',
    branch: '示例银行广州瑞宝支行',
    account: `44010520200000${last}`,
  })
  await verifyBankAccount(w.as('关受理'), { bankAccountId, basis: '银行回单（演示）' })
}
