import type { MoveOn } from './package.schema.ts'

/** Words of cmi5 (Quartz, 1st edition). Section numbers in this module's cmi5 files are of that text. */
const adl = 'http://adlnet.gov/expapi/verbs/'
export const verbs = {
  launched: `${adl}launched`,
  initialized: `${adl}initialized`,
  completed: `${adl}completed`,
  passed: `${adl}passed`,
  failed: `${adl}failed`,
  terminated: `${adl}terminated`,
  abandoned: 'https://w3id.org/xapi/adl/verbs/abandoned',
  waived: 'https://w3id.org/xapi/adl/verbs/waived',
  satisfied: 'https://w3id.org/xapi/adl/verbs/satisfied',
} as const
export type Verb = keyof typeof verbs

export const categories = {
  cmi5: 'https://w3id.org/xapi/cmi5/context/categories/cmi5',
  moveOn: 'https://w3id.org/xapi/cmi5/context/categories/moveon',
} as const
const extension = 'https://w3id.org/xapi/cmi5/context/extensions/'
export const extensions = {
  sessionId: `${extension}sessionid`,
  masteryScore: `${extension}masteryscore`,
  launchMode: `${extension}launchmode`,
  launchUrl: `${extension}launchurl`,
  moveOn: `${extension}moveon`,
  launchParameters: `${extension}launchparameters`,
} as const
export const resultExtensions = {
  progress: 'https://w3id.org/xapi/cmi5/result/extensions/progress',
  reason: 'https://w3id.org/xapi/cmi5/result/extensions/reason',
} as const
export const activityTypes = {
  block: 'https://w3id.org/xapi/cmi5/activitytype/block',
  course: 'https://w3id.org/xapi/cmi5/activitytype/course',
} as const

export type LaunchMode = 'Normal' | 'Browse' | 'Review'
export type Agent = { objectType: 'Agent'; account: { homePage: string; name: string } }

export type Session = {
  sessionId: string
  registration: string
  actor: Agent
  /** What the LMS calls the AU in this installation: `activityId` of the launch. */
  activityId: string
  /** What its publisher calls it. */
  publisherId: string
  mode: LaunchMode
  moveOn: MoveOn
  masteryScore: number | null
  launchMethod: 'AnyWindow' | 'OwnWindow'
  launchParameters: string
  entitlementKey: string
}

/** As much of an xAPI statement as cmi5 has rules for. */
export type Statement = {
  id?: string
  actor?: { objectType?: string; account?: { homePage?: string; name?: string } }
  verb?: { id?: string }
  object?: { id?: string; objectType?: string }
  result?: {
    success?: boolean
    completion?: boolean
    duration?: string
    score?: { scaled?: number; raw?: number; min?: number; max?: number }
    extensions?: Record<string, unknown>
  }
  context?: {
    registration?: string
    contextActivities?: { category?: { id?: string }[]; grouping?: { id?: string }[] }
    extensions?: Record<string, unknown>
  }
  timestamp?: string
}

/** What a registration's statements have come to so far, for one AU. */
export type AuState = {
  completed: boolean
  passed: boolean
  waived: boolean
  /** Of the running session: the verbs it has sent. */
  session: Verb[]
  /** The session was ended by the LMS. */
  abandoned: boolean
  /** The AU said goodbye: when by its own word, and whether the time for what was late is over. */
  terminated: { timestamp: string; over: boolean } | null
}
export const newAuState = (): AuState => ({
  completed: false,
  passed: false,
  waived: false,
  session: [],
  abandoned: false,
  terminated: null,
})

/** A rule of cmi5 that a statement breaks: its section, and what is wrong. */
export type Broken = { section: string; message: string }
