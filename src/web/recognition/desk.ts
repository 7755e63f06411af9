import { type ApplicationState, reasonText as applicationReasons } from '#modules/recognition/application.schema.ts'
import { reasonText as callReasons } from '#modules/recognition/call.schema.ts'
import { type DesignationState, reasonText as termReasons } from '#modules/recognition/designation.schema.ts'
import { reasonText as panelReasons } from '#modules/recognition/panel.schema.ts'
import { reasonText as listReasons } from '#modules/recognition/publication.schema.ts'
import { reasonText as schemeReasons } from '#modules/recognition/scheme.schema.ts'
import { reasonText as fileReasons } from '#modules/recognition/sheet-file.schema.ts'
import { reasonText as visitReasons } from '#modules/recognition/visit.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { AppError } from '#platform/errors.ts'
import type { Refusal } from '#policy/decision.ts'
import { wordsOf } from '../ctx.ts'
import type { Tone } from '../ui/tone.ts'

const texts = {
  ...termReasons,
  ...panelReasons,
  ...fileReasons,
  ...listReasons,
  ...visitReasons,
  ...schemeReasons,
  ...callReasons,
  ...applicationReasons,
}

/** Words for refusals of this module, for `attempt`. */
export const recognitionWords = (ctx: Pick<Ctx, 'plan'>) => (refusal: Refusal) => wordsOf(ctx.plan, texts, refusal)

export const applicationTones = {
  draft: 'neutral',
  submitted: 'wait',
  'formal-review': 'info',
  returned: 'warn',
  recommendation: 'wait',
  'expert-review': 'info',
  'site-visit': 'info',
  shortlist: 'wait',
  shortlisted: 'info',
  publicised: 'info',
  'objection-held': 'warn',
  cleared: 'wait',
  designated: 'good',
  rejected: 'bad',
  'not-selected': 'neutral',
  withdrawn: 'neutral',
} as const satisfies Record<ApplicationState, Tone>

export const designationTones = {
  'in-term': 'good',
  warned: 'warn',
  revoked: 'bad',
  withdrawn: 'neutral',
  expired: 'neutral',
} as const satisfies Record<DesignationState, Tone>

export const stageWords: Record<string, string> = {
  formal: '形式审查',
  recommendation: '推荐',
  expert: '专家评审',
  visit: '现场核查',
  shortlist: '确定名单',
  publicity: '公示',
  designation: '认定',
}

/**
 * Several forms of one page ask for the same thing: each box has the form's own name in front (`exit-note`), so that ids
 * stay apart. This takes the names off for the command, and puts them on again for what is wrong.
 */
export function ofForm(
  form: FormData,
  intent: string,
): { given: Record<string, unknown>; named<T>(work: Promise<T>): Promise<T> } {
  const lead = `${intent}-`
  const given: Record<string, unknown> = {}
  for (const name of new Set(form.keys())) {
    const all = form.getAll(name).filter((one) => typeof one === 'string')
    given[name.startsWith(lead) ? name.slice(lead.length) : name] = all.length === 1 ? all[0] : all
  }
  return {
    given,
    async named(work) {
      try {
        return await work
      } catch (error) {
        if (!(error instanceof AppError) || error.fault.kind !== 'invalid') throw error
        const named = Object.entries(error.fault.fields).map(([name, words]) => [
          form.has(lead + name) || !form.has(name) ? lead + name : name,
          words,
        ])
        throw new AppError({ kind: 'invalid', fields: Object.fromEntries(named) })
      }
    },
  }
}
