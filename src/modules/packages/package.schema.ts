import type { Sequencing } from './sequencing.schema.ts'

export const packageKinds = {
  scorm12: 'SCORM 1.2',
  scorm2004: 'SCORM 2004',
  cmi5: 'cmi5',
  qti: 'IMS QTI 试题包',
  videos: '视频文件夹',
} as const
export type PackageKind = keyof typeof packageKinds

/** Something that can be launched: a SCO, a page that reports nothing (asset), a cmi5 AU or a video. */
export type Unit = {
  /** Item identifier in SCORM, IRI of the AU in cmi5; unique in the package. */
  id: string
  title: string
  kind: 'sco' | 'asset' | 'au' | 'video'
  /** Path in the package, or an absolute address (cmi5 only). */
  href: string
  /** Query or fragment that the manifest adds to the address. */
  parameters: string
  scorm?: {
    launchData?: string
    masteryScore?: string
    maxTimeAllowed?: string
    timeLimitAction?: string
    prerequisites?: string
    completionThreshold?: string
    scaledPassingScore?: string
    /** Ids of the objectives that the manifest gives the SCO, primary first. */
    objectives?: string[]
    /** Stores shared between units (`adl.data`), in the order of the manifest. */
    shared?: { target: string; read: boolean; write: boolean }[]
  }
  au?: AssignableUnit
}

export const moveOnRules = ['NotApplicable', 'Passed', 'Completed', 'CompletedAndPassed', 'CompletedOrPassed'] as const
export type MoveOn = (typeof moveOnRules)[number]

export type AssignableUnit = {
  moveOn: MoveOn
  masteryScore: number | null
  launchMethod: 'AnyWindow' | 'OwnWindow'
  launchParameters: string
  entitlementKey: string
  activityType: string
  objectives: string[]
}

/** A node of what the learner sees: a chapter with children, or a unit. */
export type Activity = {
  id: string
  title: string
  /** False: the table of contents does not show it. */
  visible: boolean
  /** Id of the unit, for a leaf. */
  unit: string | null
  sequencing: Sequencing | null
  children: Activity[]
}

/** A picture of a question: its file in the package, and the words for those who cannot see it. */
export type PictureFound = { path: string; alt: string; type: string; size: number }

export type QuestionFound = {
  /** Stable across imports: the item's identifier in its package. */
  key: string
  kind: 'single' | 'multiple' | 'true-false' | 'text' | 'number'
  prompt: string
  options: { id: string; text: string }[]
  answer: unknown
  points: number
  explanation: string
  /** Left out: none. */
  pictures?: PictureFound[]
}

/** What a dry run found in a package. */
export type PackageFound = {
  kind: PackageKind
  /** `1.2`, `2004 3rd Edition`, `1.0`, `2.1`… as the package says. */
  edition: string
  identifier: string
  title: string
  units: Unit[]
  activities: Activity[]
  questions: QuestionFound[]
  /** cmi5: objectives of the course by their IRI. */
  objectives: { id: string; title: string }[]
}
