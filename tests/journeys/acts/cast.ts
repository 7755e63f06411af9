import type { Operator } from '../../setup/operator.ts'
import type { Player, Stage } from './stage.ts'
import { type Setting, trainer } from './story.ts'

/** Fourteen people, each at a browser of their own; the learner comes in by phone, later. */
export type Cast = {
  academic: Player
  head: Player
  teacher: Player
  finance: Player
  intake: Player
  first: Player
  second: Player
  editor: Player
  leader: Player
  clerk: Player
  treasurer: Player
  auditor: Player
}

export async function cast({ enter }: Stage, { organisationId }: Setting): Promise<Cast> {
  return {
    academic: await enter('何人事', { roles: [{ role: 'enterprise-hr', organisationId }] }),
    head: await enter('苏主管', { roles: [{ role: 'enterprise-hr', organisationId }] }),
    teacher: await enter(trainer.name, {
      documentNumber: trainer.document,
      roles: [{ role: 'trainer', organisationId }],
    }),
    finance: await enter('钱财务', { roles: [{ role: 'enterprise-finance', organisationId }] }),
    intake: await enter('李受理', { roles: [{ role: 'hr-intake' }] }),
    first: await enter('王初审', { roles: [{ role: 'hr-first-reviewer' }] }),
    second: await enter('赵复核', { roles: [{ role: 'hr-second-reviewer' }] }),
    editor: await enter('林公示', { roles: [{ role: 'publicity-editor' }] }),
    leader: await enter('谢局长', { roles: [{ role: 'hr-leader' }] }),
    clerk: await enter('黄资金', { roles: [{ role: 'fund-clerk' }] }),
    treasurer: await enter('潘财政', { roles: [{ role: 'finance-officer' }] }),
    auditor: await enter('郑审计', { roles: [{ role: 'audit-reader' }] }),
  }
}

/** What the journey has come to know on its way. */
export type Play = {
  stage: Stage
  setting: Setting
  operator: Operator
  cast: Cast
  /** The learner's phone. */
  pocket: Player
  /** Addresses, as they stood in the browser. */
  planAt: string
  classAt: string
  claimAt: string
  claimNumber: string
  certificate: string
}
export const pathOf = (player: Player): string => new URL(player.page.url()).pathname
