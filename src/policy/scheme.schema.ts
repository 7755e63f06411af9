import { z } from 'zod'
import { figureId } from './figure.schema.ts'

const text = z.string().trim().min(1)
const id = z.string().regex(/^[a-z][a-zA-Z0-9-]*$/, '编号以小写字母开头，只用字母、数字和连字符')

export const stages = ['formal', 'recommendation', 'expert', 'visit', 'shortlist', 'publicity', 'designation'] as const
export type Stage = (typeof stages)[number]

/** A field counts only while another field has one of these values. */
const when = z.strictObject({ field: id, is: z.array(text).min(1) })
const plainField = {
  id,
  label: text,
  hint: text.optional(),
  unit: text.optional(),
  required: z.boolean(),
  /** Longest text, or largest number. */
  max: z.int().positive().optional(),
  options: z.array(z.strictObject({ value: text, label: text })).optional(),
  when: when.optional(),
  /** Names the applicant: experts do not see it. */
  identifies: z.boolean().optional(),
}
const plainKind = z.enum(['text', 'long', 'number', 'day', 'choice', 'yes'])
export const fieldShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: plainKind, ...plainField }),
  z.strictObject({
    kind: z.literal('table'),
    ...plainField,
    rowsMost: z.int().min(1).max(50),
    columns: z
      .array(z.strictObject({ kind: plainKind, ...plainField }))
      .min(1)
      .max(8),
  }),
])

const least = { field: id, figure: figureId }
/** What an eligibility rule looks at. A figure nobody has decided gives "undecided", never a refusal. */
const testShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number-least'), ...least }),
  z.strictObject({ kind: z.literal('rows-least'), ...least }),
  z.strictObject({ kind: z.literal('one-of'), field: id, values: z.array(text).min(1) }),
  z.strictObject({ kind: z.literal('age-most'), figure: figureId }),
  z.strictObject({ kind: z.literal('organisation-active') }),
  z.strictObject({ kind: z.literal('organisation-months'), figure: figureId }),
  z.strictObject({ kind: z.literal('holds'), scheme: id }),
  z.strictObject({ kind: z.literal('not-holding'), scheme: id }),
  /** A grade may rise by so many steps above the one held. */
  z.strictObject({ kind: z.literal('grade-step'), field: id, figure: figureId }),
  /** A day that lies so many months back at most. */
  z.strictObject({ kind: z.literal('day-within'), field: id, figure: figureId }),
  /** This title was not revoked for that cause within so many years. */
  z.strictObject({ kind: z.literal('not-barred'), cause: id, figure: figureId }),
])

/** One title of the plan: how it is applied for, judged, held and lost. */
export const schemeFile = z.strictObject({
  code: id,
  /** Shown with the call; a new text under the same words is still a new version. */
  edition: text,
  name: text,
  clause: text,
  alsoClauses: z.array(text),
  /** The rule that refusals of its quotas rest on. */
  rule: text,
  sources: z.array(text),
  summary: text,
  /** What nobody has laid down for this district yet, in words for the reader. */
  undecided: z.array(text),
  /** `register`: the applicant decides, the bureau registers. */
  kind: z.enum(['title', 'appointment', 'register']),
  holder: z.enum(['person', 'organisation', 'item']),
  /** The field that names the item, or the grade, where there is one. */
  itemField: id.nullable(),
  gradeField: id.nullable(),
  applicants: z.strictObject({
    by: z.enum(['organisation', 'person']),
    orgTypes: z.array(text),
    description: text,
  }),
  numbering: z.string().regex(/^[A-Z]*\{year\}-[A-Z]{2,6}$/, '编号规则形如 HZ{year}-SX'),
  fields: z.array(fieldShape),
  materials: z.array(
    z.strictObject({
      id,
      label: text,
      note: text,
      origin: z.enum(['upload', 'platform', 'department']),
      /** For `department`: which imported data answers it. Without, the officer asks by hand. */
      check: z.enum(['dishonest-organisations', 'social-insurance']).optional(),
      required: z.boolean(),
      when: when.optional(),
      identifies: z.boolean().optional(),
    }),
  ),
  commitment: text,
  eligibility: z.array(z.strictObject({ id, statement: text, clause: text, test: testShape })),
  quotas: z.array(
    z.strictObject({
      id,
      label: text,
      /** `call-organisation`: applications of one organisation within a call. */
      scope: z.enum(['total', 'year', 'organisation', 'call-organisation']),
      figure: figureId,
      /** Whether a place becomes free when a term ends early. */
      holds: z.enum(['in-term', 'ever']),
    }),
  ),
  paths: z
    .array(
      z.strictObject({
        id,
        label: text,
        note: text,
        stages: z.array(z.enum(stages)).min(2),
        /** Materials that this path needs besides. */
        requires: z.array(id),
      }),
    )
    .min(1),
  recommendation: z.strictObject({ body: text, label: text }).nullable(),
  scoring: z
    .strictObject({
      dimensions: z.array(z.strictObject({ id, title: text, weight: z.int().min(1).max(100), statement: text })).min(1),
      source: text,
      panelFigure: figureId,
      /** So many highest and lowest totals are left out once there are at least `dropFrom` sheets. */
      drop: z.strictObject({ highest: z.int().min(0), lowest: z.int().min(0), dropFrom: z.int().min(1) }),
      passMarkFigure: figureId,
    })
    .nullable(),
  checklist: z.array(z.strictObject({ id, label: text })),
  clocks: z.strictObject({ formal: figureId, correction: figureId, objection: figureId }),
  publicityFigure: figureId,
  term: z.strictObject({ monthsFigure: figureId }),
  yearGrades: z.array(z.strictObject({ id, label: text, fails: z.boolean() })),
  /** After so many failed years in a row an exit is proposed; null while not laid down. */
  failsFigure: figureId.nullable(),
  benefits: z.array(z.strictObject({ label: text, body: text.nullable(), note: text })),
  exits: z
    .array(
      z.strictObject({
        id,
        label: text,
        kind: z.enum(['warn', 'revoke', 'withdraw']),
        source: text,
        /** Proposed by itself once as many years in a row have failed as `failsFigure` says. */
        auto: z.literal('fails').optional(),
      }),
    )
    .min(1),
  upward: z.array(z.strictObject({ id, label: text })),
  /** How the chosen should be spread over the values of a field; more of one than its share needs a reason. */
  shares: z
    .strictObject({ field: id, parts: z.array(z.strictObject({ value: text, figure: figureId })).min(2) })
    .optional(),
  /**
   * A card for whoever scans it, shown item by item as its holder, a person, agrees; the register does not list it and
   * keeps the name masked. `of` names the field, or the title whose grade is shown.
   */
  card: z
    .strictObject({
      items: z
        .array(z.strictObject({ id, label: text, shows: z.enum(['name', 'field', 'title']), of: id.optional() }))
        .min(1),
    })
    .optional(),
  counts: z.array(z.strictObject({ indicator: text, per: z.enum(['holder', 'organisation']) })),
})
