import type { z } from 'zod'
import type { competitionFile } from './competition.schema.ts'
import type { figuresFile, sourcesFile } from './figure.schema.ts'
import type * as files from './plan.schema.ts'
import type { programmeFile } from './programme.schema.ts'
import type { schemeFile } from './scheme.schema.ts'

/** Everything below a loaded plan is read-only; the loader freezes it. */
export type Deep<T> = T extends (infer U)[]
  ? readonly Deep<U>[]
  : T extends string | number | boolean | null | undefined
    ? T
    : { readonly [K in keyof T]: Deep<T[K]> }

type Of<T extends z.ZodType> = Deep<z.infer<T>>

export type PlanHeader = Of<typeof files.planFile>
export type Clause = Of<typeof files.clausesFile>['clauses'][number]
export type Bodies = Of<typeof files.bodiesFile>
export type Body = Bodies['bodies'][number]
export type Subdistrict = Bodies['subdistricts'][number]
export type FunctionalArea = Bodies['functionalAreas'][number]
export type MatrixRow = Of<typeof files.matrixFile>['rows'][number]
export type MatrixPart = MatrixRow['lead'][number]
export type Indicators = Of<typeof files.indicatorsFile>
export type Indicator = Indicators['indicators'][number]
export type CountingBasis = NonNullable<Indicator['basis']>
export type OpenDecision = Of<typeof files.decisionsFile>['decisions'][number]
export type Figure = Of<typeof figuresFile>['figures'][number]
export type FigureUnit = Figure['unit']
export type Source = Of<typeof sourcesFile>['sources'][number]
export type Rule = Of<typeof files.rulesFile>['rules'][number]
export type Programme = Of<typeof programmeFile>
export type Scheme = Of<typeof schemeFile>
export type CompetitionType = Of<typeof competitionFile>
export type SchemeField = Scheme['fields'][number]
export type Occupation = Of<typeof files.occupationsFile>['occupations'][number]
export type OccupationSet = Of<typeof files.occupationsFile>['sets'][number]
export type OccupationEdition = Of<typeof files.occupationsFile>['editions'][number]
export type LevelScheme = Of<typeof files.levelSchemesFile>['schemes'][number]
export type Group = Of<typeof files.groupsFile>['groups'][number]
export type FundSource = Of<typeof files.fundSourcesFile>['fundSources'][number]
export type OrgType = Of<typeof files.orgTypesFile>['orgTypes'][number]
export type Material = Of<typeof files.materialsFile>['materials'][number]
export type AdmissionStandard = Of<typeof files.admissionFile>['standards'][number]
export type ReasonCode = Of<typeof files.reasonCodesFile>['reasonCodes'][number]

/** A district's plan, complete, cross-checked and frozen. */
export type Plan = PlanHeader & {
  readonly officialText: string
  readonly clauses: readonly Clause[]
  readonly bodies: readonly Body[]
  readonly collective: Bodies['collective']
  readonly subdistricts: readonly Subdistrict[]
  readonly functionalAreas: readonly FunctionalArea[]
  readonly matrix: readonly MatrixRow[]
  readonly indicators: readonly Indicator[]
  readonly countingTags: Indicators['countingTags']
  readonly bases: Indicators['bases']
  readonly decisions: readonly OpenDecision[]
  readonly figures: readonly Figure[]
  readonly sources: readonly Source[]
  readonly rules: readonly Rule[]
  readonly programmes: readonly Programme[]
  readonly schemes: readonly Scheme[]
  readonly competitions: readonly CompetitionType[]
  readonly occupations: readonly Occupation[]
  readonly occupationSets: readonly OccupationSet[]
  readonly occupationEditions: readonly OccupationEdition[]
  readonly levelSchemes: readonly LevelScheme[]
  readonly groups: readonly Group[]
  readonly fundSources: readonly FundSource[]
  readonly orgTypes: readonly OrgType[]
  readonly materials: readonly Material[]
  readonly reasonCodes: readonly ReasonCode[]
  readonly admissionStandards: readonly AdmissionStandard[]
}
