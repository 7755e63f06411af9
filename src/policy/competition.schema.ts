import { z } from 'zod'
import { figureId } from './figure.schema.ts'

const text = z.string().trim().min(1)
const id = z.string().regex(/^[a-z][a-zA-Z0-9-]*$/, '编号以小写字母开头，只用字母、数字和连字符')
const percent = z.int().min(0).max(100)

/** What decides between equal totals, in the order of the list. */
export const tieSteps = ['modules', 'practical', 'theory'] as const

/** One kind of competition: who may enter, what is marked, how places and prizes come out. */
export const competitionFile = z.strictObject({
  code: id,
  edition: text,
  name: text,
  clause: text,
  rule: text,
  sources: z.array(text),
  summary: text,
  /** What nobody has laid down for this district yet, in words for the reader. */
  undecided: z.array(text),
  /** Of the plan's industries. */
  industry: text,
  hosts: z.strictObject({ orgTypes: z.array(text).min(1), description: text }),
  groups: z
    .array(
      z.strictObject({
        id,
        label: text,
        kind: z.enum(['employee', 'student']),
        entry: z.enum(['individual', 'team']),
        /** Smallest and largest team; the largest where nobody has laid it down is the type's own. */
        team: z.strictObject({ least: z.int().min(2), most: z.int().min(2), mostFigure: figureId }).nullable(),
        ageLeastFigure: figureId,
        ageMostFigure: figureId,
      }),
    )
    .min(1),
  rounds: z
    .array(
      z.strictObject({
        id,
        label: text,
        kind: z.enum(['theory', 'practical']),
        /** Of the total; a round that only qualifies weighs nothing. */
        weight: percent,
        /** Whoever is below the pass mark does not go on, or in the last round is not ranked. */
        mustPass: z.boolean(),
        /** Only so many of each group go on. */
        cuts: z.boolean(),
      }),
    )
    .min(1),
  modules: z.array(z.strictObject({ id, title: text, weight: z.int().min(1).max(100), statement: text })).min(1),
  tieBreak: z.array(z.enum(tieSteps)).min(1),
  prizes: z.strictObject({
    /** Highest first; `ratio` is its part of the prizes. */
    ranks: z.array(z.strictObject({ id, label: text, ratio: z.int().min(1) })).min(1),
    merit: z.strictObject({ id, label: text }).nullable(),
    source: text,
  }),
  /** Numbers the technical document states; where the bureau has set one, the document may not go beyond it. */
  terms: z.strictObject({
    passMark: figureId,
    advanceMost: figureId,
    tolerance: figureId,
    prizeShare: figureId,
    meritShare: figureId,
    protestDays: figureId,
  }),
  publicityFigure: figureId,
  reviewFigure: figureId,
  objectionFigure: figureId,
  certificateMostFigure: figureId,
  upward: z.array(z.strictObject({ id, label: text })),
  numbering: z.string().regex(/^[A-Z]*\{year\}-[A-Z]{2,6}$/, '编号规则形如 HZ{year}-JS'),
})
