import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { Body, JobFunction, Verdict, VersionState } from './standard.schema.ts'

type Step = { from: readonly VersionState[]; to: VersionState; clause: string }

/** The life of one version: 立项 → 起草 → 征求意见 → 意见处理 → 审定 → 发布; revised by a further version. */
export const versionCycle: Record<
  'approve' | 'decline' | 'open' | 'close' | 'submit' | 'redo' | 'publish' | 'supersede' | 'abolish',
  Step
> = {
  approve: { from: ['proposed'], to: 'drafting', clause: 'N01' },
  decline: { from: ['proposed'], to: 'declined', clause: 'N01' },
  open: { from: ['drafting'], to: 'commenting', clause: 'N02' },
  close: { from: ['commenting'], to: 'answering', clause: 'N02' },
  submit: { from: ['answering'], to: 'reviewing', clause: 'N02' },
  redo: { from: ['reviewing'], to: 'answering', clause: 'N03' },
  publish: { from: ['reviewing'], to: 'published', clause: 'N03' },
  supersede: { from: ['published'], to: 'superseded', clause: 'N03' },
  abolish: { from: ['published'], to: 'abolished', clause: 'N03' },
}

/**
 * Whether a text is whole: its four parts, every function with contents, levels of the occupation's own scheme, and in
 * each level weights that sum to one hundred over the functions there are.
 * @clause N01
 */
export function checkBody(body: Body, levels: readonly { code: string; label: string }[]): Decision<null> {
  if (body.profile.trim() === '') return refuse('N01', 'part-empty', { part: '职业概况' })
  if (body.basics.trim() === '') return refuse('N01', 'part-empty', { part: '基本要求' })
  if (body.functions.length === 0) return refuse('N01', 'part-empty', { part: '工作要求' })
  const bare = body.functions.find((one) => one.contents.length === 0)
  if (bare) return refuse('N01', 'function-empty', { name: bare.name })
  if (body.levels.length === 0) return refuse('N01', 'part-empty', { part: '权重表' })
  const known = new Set(body.functions.map((one) => one.id))
  for (const level of body.levels) {
    const label = levels.find((one) => one.code === level.code)?.label
    if (label === undefined) return refuse('N01', 'level-unknown', { level: level.code })
    const weighed = Object.entries(level.weights).filter(([, weight]) => weight > 0)
    if (weighed.some(([id]) => !known.has(id))) return refuse('N01', 'weight-unknown')
    const sum = weighed.reduce((all, [, weight]) => all + weight, 0)
    if (sum !== 100) return refuse('N01', 'weights-not-hundred', { level: label, sum })
  }
  return allow(null)
}

/**
 * Whether a review may end in publication: enough opinions and none against.
 * @clause N03
 */
export function checkReview(verdicts: readonly Verdict[], least: number | null): Decision<null> {
  const needed = Math.max(1, least ?? 1)
  if (verdicts.length < needed) return refuse('N03', 'opinions-missing', { count: verdicts.length, least: needed })
  return verdicts.includes('fail') ? refuse('N03', 'opinion-fails') : allow(null)
}

/** 工作要求 as the lines people edit; `functionLines` reads them back. */
export const functionText = (functions: readonly JobFunction[]): string =>
  functions
    .map((one) => [`# ${one.name}`, ...one.contents.map((c) => `${c.name}｜${c.skills}｜${c.knowledge}`)].join('\n'))
    .join('\n')

/** The whole text as lines, for the redline and for those who read it as text. */
export function bodyText(body: Body, label: (code: string) => string): string {
  const names = new Map(body.functions.map((one) => [one.id, one.name]))
  return [
    '一、职业概况',
    body.profile,
    '二、基本要求',
    body.basics,
    '三、工作要求',
    functionText(body.functions),
    '四、权重表',
    ...body.levels.flatMap((level) => [
      `${label(level.code)}${level.hours === null ? '' : `，参考学时 ${level.hours}`}`,
      ...Object.entries(level.weights)
        .filter(([, weight]) => weight > 0)
        .map(([id, weight]) => `${names.get(id) ?? id} ${weight}%`),
      ...(level.conditions === '' ? [] : [`申报条件：${level.conditions}`]),
    ]),
  ].join('\n')
}
