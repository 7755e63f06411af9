import { z } from 'zod'
import { dayField as day } from './day.schema.ts'
import { figuresFile, sourcesFile } from './figure.schema.ts'

/**
 * The shape of every file in a plan folder. Only shape is judged here; what one file says about another is judged in
 * `plan.check.ts`. Nothing in these shapes belongs to one district.
 */
const text = z.string().trim().min(1)
const id = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, { error: '编号只能用字母、数字和连字符' })
const clauseId = z.string().regex(/^[A-Z][A-Z0-9]*-[A-Z]\d+$/, { error: '条款编号形如 ABC1-M08' })

export const planFile = z.strictObject({
  id,
  /** Every clause id starts with it, so two districts' clauses never share an id. */
  prefix: z.string().regex(/^[A-Z][A-Z0-9]*$/),
  docNo: text,
  title: text,
  issuer: text,
  issuedOn: day,
  startsOn: day,
  endsOn: day,
  district: z.strictObject({ code: z.string().regex(/^\d{6}$/), name: text, city: text, province: text }),
  owner: id,
  contact: z.strictObject({ office: text, phone: text }),
  /** What the website calls itself, and the contact's number as it is dialled from anywhere. */
  site: z.strictObject({ name: text, english: text, telephone: z.string().regex(/^[\d-]{7,20}$/) }),
  /** Shown wherever a figure or an option has not been decided. */
  undecidedText: text,
  timeZone: text,
  /** What the plan text says about itself; the loader counts against it. */
  expects: z.strictObject({
    goals: z.int().min(0),
    measures: z.int().min(1),
    subdistricts: z.int().min(0),
  }),
  note: text.optional(),
})

export const coverages = ['carried', 'indicator', 'later'] as const
export const clausesFile = z.strictObject({
  clauses: z.array(
    z.strictObject({
      id: clauseId,
      kind: z.enum(['preamble', 'goal', 'measure']),
      number: text.nullable(),
      part: text,
      /** The clause's own first sentence; for a preamble a label, not a quotation. */
      heading: text,
      /** Verbatim, after the heading. */
      text,
      /** One plain sentence for everybody. */
      summary: text,
      coverage: z.enum(coverages),
      coverageNote: text,
      /** Clauses through which a general clause is carried out. */
      through: z.array(clauseId),
    }),
  ),
})

export const bodiesFile = z.strictObject({
  bodies: z.array(
    z.strictObject({
      id,
      name: text,
      shortName: text,
      alsoWritten: z.array(text),
      kind: z.enum(['department', 'party', 'people-organisation', 'area-committee']),
    }),
  ),
  /** All subdistrict offices together, as plans name them. */
  collective: z.strictObject({ id, name: text }),
  subdistricts: z.array(
    z.strictObject({
      code: z.string().regex(/^\d{9}$/, { error: '街道代码为9位数字' }),
      name: text,
      validFrom: day,
      validTo: day.nullable(),
      source: text,
      /** Column and row in the sketch of the district, west to east and north to south: a drawing, not a boundary. */
      tile: z.tuple([z.int().min(0).max(20), z.int().min(0).max(20)]).optional(),
    }),
  ),
  functionalAreas: z.array(
    z.strictObject({ id, name: text, body: id, subdistricts: z.array(text), source: text, note: text.optional() }),
  ),
})

const part = z.strictObject({ body: id, scope: text.optional(), groups: z.array(id).optional() })
export const matrixFile = z.strictObject({
  rows: z.array(
    z.strictObject({
      clause: clauseId,
      quote: text.nullable(),
      lead: z.array(part),
      colead: z.array(part),
      cooperating: z.array(part),
      /** False when the plan text names no lead. */
      leadStated: z.boolean(),
      suggestedLead: z.array(id),
      note: text.optional(),
    }),
  ),
})

export const bases = ['enrolled', 'completedAndPassed', 'subsidyPaid'] as const
export const indicatorKinds = ['events', 'statistic', 'registry', 'ratio', 'declaration'] as const
export const indicatorsFile = z.strictObject({
  countingTags: z.array(z.strictObject({ id, label: text })),
  bases: z.array(z.strictObject({ id: z.enum(bases), label: text })),
  indicators: z.array(
    z.strictObject({
      id,
      clause: clauseId,
      title: text,
      quote: text,
      target: z.number().positive(),
      comparison: z.enum(['>=', '=']),
      unit: z.enum(['人次', '人', '家', '个', '名', '%']),
      deadline: day.nullable(),
      deadlineText: text,
      countingRule: text,
      kind: z.enum(indicatorKinds),
      /** Default counting basis; null for what is not counted from training records. */
      basis: z.enum(bases).nullable(),
      /** Count each event, or each person once. */
      distinct: z.enum(['event', 'person']).nullable(),
      /** All given conditions must hold; several tags mean any of them. */
      filter: z.strictObject({ tags: z.array(id), occupationSet: id.nullable(), group: id.nullable() }).nullable(),
      owner: id,
      decisions: z.array(id),
      note: text.optional(),
    }),
  ),
})

export const decisionsFile = z.strictObject({
  decisions: z.array(
    z.strictObject({
      id,
      question: text,
      options: z.array(z.strictObject({ code: id, label: text })).min(2),
      /** The option used until the bureau decides; null when none may be assumed. */
      default: id.nullable(),
      shows: text,
      reason: text,
    }),
  ),
})

export const rulesFile = z.strictObject({
  rules: z.array(
    z.strictObject({
      /** Capitals and digits only, so that a mention in code can be found. */
      id: z.string().regex(/^[A-Z][A-Z0-9]*$/),
      kind: z.enum(['rule', 'control']),
      title: text,
      statement: text,
      clauses: z.array(clauseId).min(1),
      sources: z.array(text),
      figures: z.array(text),
      state: z.enum(['live', 'external-data', 'later']),
    }),
  ),
})

const occupationKey = { edition: text, code: text }
export const occupationsFile = z.strictObject({
  editions: z.array(z.strictObject({ id: text, label: text })),
  occupations: z.array(
    z.strictObject({
      ...occupationKey,
      name: text,
      levelScheme: text,
      workTypes: z.array(text),
      referenceHours: z.array(z.strictObject({ level: text, hours: z.int().positive() })).nullable(),
      source: text,
      note: text.optional(),
    }),
  ),
  sets: z.array(
    z.strictObject({ id, label: text, clause: clauseId, occupations: z.array(z.strictObject(occupationKey)).min(1) }),
  ),
})

export const levelSchemesFile = z.strictObject({
  schemes: z.array(
    z.strictObject({
      id: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
      label: text,
      /** Lowest first. */
      levels: z.array(z.strictObject({ code: text, label: text })).min(1),
    }),
  ),
})

export const groupsFile = z.strictObject({
  groups: z.array(
    z.strictObject({
      id,
      label: text,
      clause: clauseId,
      quote: text,
      owner: id,
      evidence: z.array(text).min(1),
      verifiedBy: text,
      sensitive: z.boolean(),
    }),
  ),
})

export const fundSourcesFile = z.strictObject({
  fundSources: z.array(z.strictObject({ id, label: text, source: text })),
})
export const orgTypesFile = z.strictObject({ orgTypes: z.array(z.strictObject({ id, label: text })) })
export const materialsFile = z.strictObject({ materials: z.array(z.strictObject({ id, label: text, note: text })) })

export const reasonCodesFile = z.strictObject({
  reasonCodes: z.array(
    z.strictObject({
      code: id,
      stage: z.enum(['plan', 'class', 'claim', 'publicity', 'payment', 'recovery', 'recognition', 'competition']),
      outcome: z.enum(['return', 'reject', 'hold', 'suspend', 'recover']),
      text,
      mend: text,
      /** Null at the stage `recognition`: the clause is that of the title applied for. */
      clause: clauseId.nullable(),
      rule: id.nullable(),
    }),
  ),
})

/** What a course must be to enter the resource library: editions in order of their days, the newest last. */
export const admissionFile = z.strictObject({
  standards: z.array(
    z.strictObject({
      edition: text,
      from: day,
      to: day.nullable(),
      source: text,
      note: text,
      /** Weights are percent and sum to 100; each is scored 0–5. */
      criteria: z
        .array(z.strictObject({ id, title: text, weight: z.int().min(1).max(100), statement: text, source: text }))
        .min(1),
      /** One of these and the course does not enter, whatever its score. */
      vetoes: z.array(z.strictObject({ id, title: text, statement: text, source: text })),
      passMarkFigure: text,
      floorFigure: text,
    }),
  ),
})

/** File name → shape. A plan folder has each of these, `official-text.txt`, and one file per programme. */
export const planFiles = {
  'plan.json': planFile,
  'clauses.json': clausesFile,
  'bodies.json': bodiesFile,
  'matrix.json': matrixFile,
  'indicators.json': indicatorsFile,
  'decisions.json': decisionsFile,
  'figures.json': figuresFile,
  'sources.json': sourcesFile,
  'rules.json': rulesFile,
  'occupations.json': occupationsFile,
  'level-schemes.json': levelSchemesFile,
  'groups.json': groupsFile,
  'fund-sources.json': fundSourcesFile,
  'org-types.json': orgTypesFile,
  'materials.json': materialsFile,
  'reason-codes.json': reasonCodesFile,
  'admission.json': admissionFile,
} as const
