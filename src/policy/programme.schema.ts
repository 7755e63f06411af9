import { z } from 'zod'
import { dayField as day } from './day.schema.ts'
import { figureId } from './figure.schema.ts'

const text = z.string().trim().min(1)
const id = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/)
const percent = z.int().min(0).max(100)

/** One training programme: who may run it, who may attend, how it is measured, paid, published. */
export const programmeFile = z.strictObject({
  code: id,
  name: text,
  /** Series of the numbers of accepted plans; `{year}` is the year of acceptance. */
  numbering: z.string().regex(/^[A-Z]*\{year\}-[A-Z]{2,6}$/, '编号规则形如 HZ{year}-SG'),
  clause: text,
  alsoClauses: z.array(text),
  legalLine: text,
  sources: z.array(text),
  undertaker: z.strictObject({
    /** `employer` trains its own staff; `provider` trains others. */
    mode: z.enum(['employer', 'provider']),
    orgTypes: z.array(id).min(1),
    description: text,
  }),
  openFrom: day,
  /** Last day for filing; null = open. */
  openTo: day.nullable(),
  traineeRules: z.strictObject({
    ageMinFigure: figureId,
    employerInsured: z.boolean(),
    dispatchedAllowed: z.boolean(),
    exclusions: z.array(z.enum(['budgetedStaff', 'fullTimeStudent', 'pensioner'])),
    groups: z.union([z.literal('any'), z.array(id).min(1)]),
  }),
  /** Dossier elements needed before a class opens; ids of materials.json. */
  requires: z.array(id),
  hours: z.strictObject({
    minutesFigure: figureId,
    attendanceFigure: figureId,
    maxPerDayFigure: figureId,
    onlineAllowed: z.boolean(),
  }),
  assessment: z.strictObject({
    theoryWeight: percent,
    practiceWeight: percent,
    passMarkFigure: figureId,
    source: text,
  }),
  certificate: z.strictObject({ kind: z.enum(['completion']), levelScheme: text }),
  amount: z.strictObject({
    kind: z.enum(['per-hour']),
    rateFigure: figureId,
    capFigure: figureId.nullable(),
    capPer: z.enum(['person-calendar-year', 'person-class']),
  }),
  claim: z.strictObject({
    windowFigure: figureId,
    unitBasis: z.enum(['passed', 'completed']),
    claimant: z.enum(['undertaker']),
    controls: z.array(z.strictObject({ id, mode: z.enum(['block', 'warn']) })),
  }),
  /** Drawn in this order. */
  fundSources: z.array(id).min(1),
  clocks: z.strictObject({
    review: figureId,
    approve: figureId,
    payment: figureId,
    correction: figureId,
    objection: figureId,
    recovery: figureId,
  }),
  publicityFigure: figureId,
  tags: z.array(id).min(1),
  reviewSteps: z.array(z.strictObject({ id, label: text, clock: figureId, body: id })).min(1),
})
