import { withdrawClaim } from '#modules/subsidy/claim.commands.ts'
import { quote } from '#modules/subsidy/quote.commands.ts'
import { draft, financeOf, submit } from './claims.ts'
import type { Afterwards, HeldName } from './story-held.ts'
import type { Taught } from './teach.ts'
import { at, type World } from './world.ts'

/** When each claim was drawn up and handed in; without a second day it is still a draft. */
const days: Record<HeldName, readonly [drafted: string, submitted?: string]> = {
  'cuisine-1': ['2021-04-06', '2021-04-12'],
  'domestic-1': ['2021-04-06', '2021-04-13'],
  'ai-1': ['2021-04-08', '2021-04-14'],
  'commerce-1': ['2021-04-20', '2021-04-21'],
  'ai-2': ['2021-06-08', '2021-06-25'],
  'restaurant-1': ['2021-06-10', '2021-06-25'],
  'digital-1': ['2021-06-21', '2021-06-25'],
  'commerce-2': ['2021-06-24', '2021-06-25'],
  'domestic-3': ['2021-06-25', '2021-06-28'],
  'restaurant-2': ['2021-07-09', '2021-07-12'],
  'cuisine-2': ['2021-08-10', '2021-08-16'],
  'domestic-2': ['2021-08-12', '2021-08-18'],
  'digital-2': ['2021-08-18', '2021-08-20'],
  'digital-3': ['2021-08-30', '2021-09-01'],
  'ai-3': ['2021-08-24', '2021-09-08'],
  'restaurant-3': ['2021-08-30'],
  'commerce-3': ['2021-09-13'],
}

/** After the class: a quote, the claim drawn up from the records, and handed in. */
export const claimAfterwards: Afterwards = (name, taught) =>
  async function* (w) {
    const [drafted, submitted] = days[name]
    yield at(drafted, '09:50')
    if (name === 'ai-1') await quote(w.as(financeOf(taught.key)), { classId: taught.classId })
    const claimId = await draft(w, taught)
    remember(w, name, taught, claimId)
    if (submitted) {
      yield at(submitted, '14:30')
      await submit(w, taught.key, claimId)
    }
    if (name === 'restaurant-3') {
      yield at('2021-09-01', '10:00')
      await withdrawClaim(w.as(financeOf(taught.key)), { claimId, reason: '班级名单有误，核对后重新申领' })
    }
  }

export type ToldClaim = { claimId: string; taught: Taught }

function remember(w: World, name: HeldName, taught: Taught, claimId: string): void {
  w.claims.set(name, { claimId, taught })
}

export function claimOf(w: World, name: HeldName): ToldClaim {
  const found = w.claims.get(name)
  if (!found) throw new RangeError(`the claim of ${name} has not been drawn up`)
  return found
}
