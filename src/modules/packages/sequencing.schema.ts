/** IMS Simple Sequencing as SCORM 2004 profiles it: what a manifest may say of one activity. */
export type Operator = 'noOp' | 'not'

export const ruleConditions = [
  ...['satisfied', 'objectiveStatusKnown', 'objectiveMeasureKnown', 'objectiveMeasureGreaterThan'],
  ...['objectiveMeasureLessThan', 'completed', 'activityProgressKnown', 'attempted', 'attemptLimitExceeded'],
  ...['timeLimitExceeded', 'outsideAvailableTimeRange', 'always'],
] as const

export type RuleCondition = { condition: string; operator: Operator; objective?: string; threshold?: number }
export type SequencingRule = { combination: 'all' | 'any'; conditions: RuleCondition[]; action: string }

export type RollupRule = {
  children: 'all' | 'any' | 'none' | 'atLeastCount' | 'atLeastPercent'
  minimumCount: number
  minimumPercent: number
  combination: 'all' | 'any'
  conditions: { condition: string; operator: Operator }[]
  action: 'satisfied' | 'notSatisfied' | 'completed' | 'incomplete'
}

export type ObjectiveMap = {
  target: string
  readStatus: boolean
  readMeasure: boolean
  writeStatus: boolean
  writeMeasure: boolean
}
export type SequencingObjective = {
  id: string
  primary: boolean
  satisfiedByMeasure: boolean
  minMeasure: number
  maps: ObjectiveMap[]
}

export type Required = 'always' | 'ifNotSuspended' | 'ifAttempted' | 'ifNotSkipped'

export type Sequencing = {
  choice: boolean
  choiceExit: boolean
  flow: boolean
  forwardOnly: boolean
  currentObjectiveInfo: boolean
  currentProgressInfo: boolean
  pre: SequencingRule[]
  post: SequencingRule[]
  exit: SequencingRule[]
  attemptLimit: number | null
  rollupRules: RollupRule[]
  rollupSatisfied: boolean
  rollupProgress: boolean
  measureWeight: number
  objectives: SequencingObjective[]
  tracked: boolean
  completionSetByContent: boolean
  objectiveSetByContent: boolean
  requiredForSatisfied: Required
  requiredForNotSatisfied: Required
  requiredForCompleted: Required
  requiredForIncomplete: Required
  measureSatisfactionIfActive: boolean
  preventActivation: boolean
  constrainChoice: boolean
  /** How many of the children there are for a learner; null: all. Drawn once. */
  select: number | null
  /** Children come in an order of the learner's own. */
  shuffle: boolean
  limits: TimeLimits | null
}

/** Limits in time: seconds, and instants as the manifest writes them. */
export type TimeLimits = {
  attemptAbsolute: number | null
  attemptExperienced: number | null
  activityAbsolute: number | null
  activityExperienced: number | null
  begin: string | null
  end: string | null
}

/** What holds for an activity of which the manifest says nothing. */
export const defaultSequencing: Sequencing = {
  choice: true,
  choiceExit: true,
  flow: false,
  forwardOnly: false,
  currentObjectiveInfo: true,
  currentProgressInfo: true,
  pre: [],
  post: [],
  exit: [],
  attemptLimit: null,
  rollupRules: [],
  rollupSatisfied: true,
  rollupProgress: true,
  measureWeight: 1,
  objectives: [],
  tracked: true,
  completionSetByContent: false,
  objectiveSetByContent: false,
  requiredForSatisfied: 'always',
  requiredForNotSatisfied: 'always',
  requiredForCompleted: 'always',
  requiredForIncomplete: 'always',
  measureSatisfactionIfActive: true,
  preventActivation: false,
  constrainChoice: false,
  select: null,
  shuffle: false,
  limits: null,
}
