import type { Browser, Page } from 'playwright-core'
import { enrolExpert } from '#modules/recognition/expert.commands.ts'
import { intake } from '../../fixtures/recognition.ts'
import type { TestSite } from '../../setup/site.ts'
import { visitorsOf } from '../../setup/visitors.ts'

/** The people of the bureau at their own screens, and the experts at theirs. */
export type Bureau = {
  clerk: Page
  /** Goes along on site visits, on a phone. */
  second: Page
  leader: Page
  editor: Page
  experts: readonly Page[]
}

export async function bureauOf(site: TestSite, browser: Browser, visits: { width: number; height: number }) {
  const { pageOf } = visitorsOf(
    () => site,
    () => browser,
  )
  const at = async (name: string, role: 'hr-intake' | 'hr-leader' | 'publicity-editor', viewport?: typeof visits) =>
    (await pageOf({ name, roles: [{ role }] }, viewport)).page
  const experts: Page[] = []
  for (const [nth, letter] of [...'甲乙丙丁戊己'].entries()) {
    const { page, account } = await pageOf({ name: `评审${letter}`, roles: [{ role: 'recognition-expert' }] })
    await enrolExpert(site.ctx(intake), {
      userId: account.accountId,
      ...{ employer: `示例大学${nth}`, speciality: '技能人才评价' },
    })
    experts.push(page)
  }
  return {
    clerk: await at('王受理', 'hr-intake'),
    second: await at('关受理', 'hr-intake', visits),
    leader: await at('林局长', 'hr-leader'),
    editor: await at('何公示', 'publicity-editor'),
    experts,
  } satisfies Bureau
}
