import { childOf, childrenOf, type XmlNode } from '#shared/xml.ts'
import type { Fault } from './archive.schema.ts'
import { centisecondsOf2004 } from './scorm2004-types.rules.ts'
import {
  defaultSequencing,
  type ObjectiveMap,
  type Operator,
  type Required,
  type RollupRule,
  type Sequencing,
  type SequencingObjective,
  type SequencingRule,
  type TimeLimits,
} from './sequencing.schema.ts'

const flag = (node: XmlNode | undefined, name: string, otherwise: boolean): boolean => {
  const text = node?.attributes[name]
  return text === undefined ? otherwise : text === 'true' || text === '1'
}
const number = (node: XmlNode | undefined, name: string, otherwise: number): number => {
  const value = Number(node?.attributes[name] ?? '')
  return node?.attributes[name] === undefined || Number.isNaN(value) ? otherwise : value
}

/**
 * Reads a `<imsss:sequencing>` over the collection it may refer to. What is followed otherwise than it is written is told
 * as a warning.
 */
export function readSequencing(
  node: XmlNode | undefined,
  collection: ReadonlyMap<string, XmlNode>,
  faults: Fault[],
): Sequencing | null {
  if (!node) return null
  const shared = node.attributes.IDRef === undefined ? undefined : collection.get(node.attributes.IDRef)
  if (node.attributes.IDRef !== undefined && !shared) {
    faults.push({
      file: 'imsmanifest.xml',
      line: node.line,
      rule: 'sequencing',
      message: `排序规则引用的“${node.attributes.IDRef}”不在清单里`,
      remedy: '请改 IDRef，或补上 sequencingCollection 里的定义。',
      weight: 'error',
    })
  }
  // What stands at the item itself goes before what it refers to, element by element.
  const part = (name: string) => childOf(node, name) ?? childOf(shared, name)
  tellUnfollowed(part, faults)
  const control = part('controlMode')
  const rules = part('sequencingRules')
  const rollup = part('rollupRules')
  const delivery = part('deliveryControls')
  const consider = part('rollupConsiderations')
  const constrain = part('constrainedChoiceConsiderations')
  const limit = part('limitConditions')?.attributes.attemptLimit
  const d = defaultSequencing
  return {
    choice: flag(control, 'choice', d.choice),
    choiceExit: flag(control, 'choiceExit', d.choiceExit),
    flow: flag(control, 'flow', d.flow),
    forwardOnly: flag(control, 'forwardOnly', d.forwardOnly),
    currentObjectiveInfo: flag(control, 'useCurrentAttemptObjectiveInfo', d.currentObjectiveInfo),
    currentProgressInfo: flag(control, 'useCurrentAttemptProgressInfo', d.currentProgressInfo),
    pre: childrenOf(rules, 'preConditionRule').map(readRule),
    post: childrenOf(rules, 'postConditionRule').map(readRule),
    exit: childrenOf(rules, 'exitConditionRule').map(readRule),
    attemptLimit: limit === undefined ? null : Number(limit),
    rollupRules: childrenOf(rollup, 'rollupRule').map(readRollup),
    rollupSatisfied: flag(rollup, 'rollupObjectiveSatisfied', d.rollupSatisfied),
    rollupProgress: flag(rollup, 'rollupProgressCompletion', d.rollupProgress),
    measureWeight: number(rollup, 'objectiveMeasureWeight', d.measureWeight),
    objectives: readObjectives(part('objectives')),
    tracked: flag(delivery, 'tracked', d.tracked),
    completionSetByContent: flag(delivery, 'completionSetByContent', d.completionSetByContent),
    objectiveSetByContent: flag(delivery, 'objectiveSetByContent', d.objectiveSetByContent),
    requiredForSatisfied: required(consider, 'requiredForSatisfied'),
    requiredForNotSatisfied: required(consider, 'requiredForNotSatisfied'),
    requiredForCompleted: required(consider, 'requiredForCompleted'),
    requiredForIncomplete: required(consider, 'requiredForIncomplete'),
    measureSatisfactionIfActive: flag(consider, 'measureSatisfactionIfActive', d.measureSatisfactionIfActive),
    preventActivation: flag(constrain, 'preventActivation', d.preventActivation),
    constrainChoice: flag(constrain, 'constrainChoice', d.constrainChoice),
    ...readRandom(part('randomizationControls')),
    limits: readLimits(part('limitConditions')),
  }
}

const required = (node: XmlNode | undefined, name: string) => (node?.attributes[name] ?? 'always') as Required

function tellUnfollowed(part: (name: string) => XmlNode | undefined, faults: Fault[]): void {
  const random = part('randomizationControls')
  const timings = [random?.attributes.randomizationTiming, random?.attributes.selectionTiming]
  if (!random || !timings.includes('onEachNewAttempt')) return
  faults.push({
    file: 'imsmanifest.xml',
    line: random.line,
    rule: 'sequencing',
    message: '每次重学都重新抽取或排序（onEachNewAttempt）：每名学员只抽取、排序一次',
    remedy: '不用改。要让学员重学时换题的，请用课程里的“考试”。',
    weight: 'warning',
  })
}

function readRandom(node: XmlNode | undefined): Pick<Sequencing, 'select' | 'shuffle'> {
  const on = (timing: string) => (node?.attributes[timing] ?? 'never') !== 'never'
  const count = Number(node?.attributes.selectCount ?? '')
  const drawn = on('selectionTiming') && node?.attributes.selectCount !== undefined && count >= 0
  return {
    select: drawn ? count : null,
    shuffle: on('randomizationTiming') && flag(node, 'reorderChildren', false),
  }
}

function readLimits(node: XmlNode | undefined): TimeLimits | null {
  const seconds = (name: string) => {
    const found = centisecondsOf2004(node?.attributes[name])
    return found === undefined ? null : found / 100
  }
  const limits: TimeLimits = {
    attemptAbsolute: seconds('attemptAbsoluteDurationLimit'),
    attemptExperienced: seconds('attemptExperiencedDurationLimit'),
    activityAbsolute: seconds('activityAbsoluteDurationLimit'),
    activityExperienced: seconds('activityExperiencedDurationLimit'),
    begin: node?.attributes.beginTimeLimit ?? null,
    end: node?.attributes.endTimeLimit ?? null,
  }
  return Object.values(limits).some((value) => value !== null) ? limits : null
}

function readRule(node: XmlNode): SequencingRule {
  const conditions = childOf(node, 'ruleConditions')
  return {
    combination: conditions?.attributes.conditionCombination === 'any' ? 'any' : 'all',
    conditions: childrenOf(conditions, 'ruleCondition').map((condition) => ({
      condition: condition.attributes.condition ?? 'always',
      operator: (condition.attributes.operator ?? 'noOp') as Operator,
      ...(condition.attributes.referencedObjective && { objective: condition.attributes.referencedObjective }),
      ...(condition.attributes.measureThreshold && { threshold: Number(condition.attributes.measureThreshold) }),
    })),
    action: childOf(node, 'ruleAction')?.attributes.action ?? '',
  }
}

function readRollup(node: XmlNode): RollupRule {
  const conditions = childOf(node, 'rollupConditions')
  return {
    children: (node.attributes.childActivitySet ?? 'all') as RollupRule['children'],
    minimumCount: number(node, 'minimumCount', 0),
    minimumPercent: number(node, 'minimumPercent', 0),
    combination: conditions?.attributes.conditionCombination === 'all' ? 'all' : 'any',
    conditions: childrenOf(conditions, 'rollupCondition').map((condition) => ({
      condition: condition.attributes.condition ?? '',
      operator: (condition.attributes.operator ?? 'noOp') as Operator,
    })),
    action: (childOf(node, 'rollupAction')?.attributes.action ?? 'completed') as RollupRule['action'],
  }
}

function readObjectives(node: XmlNode | undefined): SequencingObjective[] {
  return (node?.children ?? [])
    .filter(({ name }) => name === 'primaryObjective' || name === 'objective')
    .map((objective) => ({
      id: objective.attributes.objectiveID ?? '',
      primary: objective.name === 'primaryObjective',
      satisfiedByMeasure: flag(objective, 'satisfiedByMeasure', false),
      minMeasure: Number(childOf(objective, 'minNormalizedMeasure')?.text || 1),
      maps: childrenOf(objective, 'mapInfo').map(
        (map): ObjectiveMap => ({
          target: map.attributes.targetObjectiveID ?? '',
          readStatus: flag(map, 'readSatisfiedStatus', true),
          readMeasure: flag(map, 'readNormalizedMeasure', true),
          writeStatus: flag(map, 'writeSatisfiedStatus', false),
          writeMeasure: flag(map, 'writeNormalizedMeasure', false),
        }),
      ),
    }))
    .toSorted((a, b) => Number(b.primary) - Number(a.primary))
}
