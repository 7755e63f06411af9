import { z } from 'zod'
import {
  idField,
  optionalText,
  type ReasonTexts,
  textField,
  versionField,
  wholeField,
} from '#modules/training/input.schema.ts'

export const standardKinds = {
  enterprise: '企业评价规范',
  industry: '行业评价规范',
  special: '专项职业能力考核规范',
} as const
export type StandardKind = keyof typeof standardKinds

export const versionStates = {
  proposed: '立项申请',
  declined: '不予立项',
  drafting: '起草',
  commenting: '征求意见',
  answering: '意见处理',
  reviewing: '审定',
  published: '已发布',
  superseded: '已被新版代替',
  abolished: '已废止',
} as const
export type VersionState = keyof typeof versionStates

export const outcomes = { adopted: '采纳', partly: '部分采纳', declined: '不采纳' } as const
export type Outcome = keyof typeof outcomes
export const verdicts = { pass: '同意发布', amend: '修改后发布', fail: '不同意发布' } as const
export type Verdict = keyof typeof verdicts

export type Content = { name: string; skills: string; knowledge: string }
export type JobFunction = { id: string; name: string; contents: Content[] }
export type LevelPart = { code: string; hours: number | null; conditions: string; weights: Record<string, number> }
/** The text of a version: 职业概况, 基本要求, 工作要求, 权重表. */
export type Body = { profile: string; basics: string; functions: JobFunction[]; levels: LevelPart[] }
export const emptyBody: Body = { profile: '', basics: '', functions: [], levels: [] }

export const ProposeStandard = z.object({
  organisationId: idField('单位'),
  title: textField('标准名称', 100, 4),
  kind: z.enum(Object.keys(standardKinds) as [StandardKind, ...StandardKind[]], '请选择标准类别'),
  occupation: z.string('请选择职业').min(3, '请选择职业'),
  purpose: textField('立项理由', 2000, 10),
})
const decision = z.enum(['approve', 'reject'], '请选择同意或不同意')
export const DecideProposal = z.object({ versionId: idField('标准'), decision, note: optionalText('意见', 500) })

/**
 * 职业功能 as lines: `# 功能` begins a function, each line below is `工作内容｜技能要求｜相关知识`. Ids are
 * those of a first text; `keepIds` gives each function its own again.
 */
export const functionLines = z
  .string('请填写工作要求')
  .max(20_000, '工作要求太长')
  .transform((text, ctx): JobFunction[] => {
    const functions: JobFunction[] = []
    for (const [at, raw] of text.split(/\r?\n/).entries()) {
      const line = raw.trim()
      if (line === '') continue
      const wrong = (message: string) => ctx.addIssue({ code: 'custom', message: `第${at + 1}行：${message}` })
      if (/^[#＃]/.test(line)) {
        const name = line.replace(/^[#＃]\s*/, '')
        if (name.length < 2) wrong('职业功能要有名称')
        functions.push({ id: `f${functions.length + 1}`, name, contents: [] })
        continue
      }
      const current = functions.at(-1)
      const [name = '', skills = '', knowledge = ''] = line.split(/[｜|]/).map((one) => one.trim())
      if (!current) wrong('先用“# 名称”写职业功能，再写它的工作内容')
      else if (name === '' || skills === '' || knowledge === '') wrong('应为“工作内容｜技能要求｜相关知识”三段')
      else current.contents.push({ name, skills, knowledge })
    }
    return functions
  })
const hundred = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() === '' ? 0 : Number(value)),
  z.number('权重应为数字').int('权重应为整数').min(0, '权重不能小于0').max(100, '权重不能大于100'),
)
export const SaveDraft = z.object({
  versionId: idField('标准'),
  edit: wholeField('版本', 0, 1_000_000),
  profile: optionalText('职业概况', 4000),
  basics: optionalText('基本要求', 4000),
  functions: functionLines,
  levels: z
    .array(
      z.object({
        code: z.string().min(1).max(40),
        hours: z.preprocess(
          (value) => (value === '' || value === undefined || value === null ? null : Number(value)),
          z
            .number('参考学时应为数字')
            .int('参考学时应为整数')
            .min(1, '参考学时不能小于1')
            .max(5000, '参考学时太大')
            .nullable(),
        ),
        conditions: optionalText('申报条件', 3000),
        weights: z.record(z.string().regex(/^f\d{1,2}$/), hundred).default({}),
      }),
    )
    .max(8)
    .default([]),
})
export const ChooseVersion = z.object({ versionId: idField('标准') })
export const OpenComments = z.object({ versionId: idField('标准'), workdays: wholeField('征求意见工作日', 1, 60) })
export const Comment = z.object({
  versionId: idField('标准'),
  part: textField('对哪一部分', 80),
  text: textField('意见', 2000, 4),
  contact: optionalText('联系方式', 120),
})
export const AnswerComment = z.object({
  commentId: idField('意见'),
  outcome: z.enum(['adopted', 'partly', 'declined'], '请选择采纳、部分采纳或不采纳'),
  reason: textField('理由', 1000, 4),
})
export const RecordOpinion = z.object({
  versionId: idField('标准'),
  expert: textField('专家姓名', 60, 2),
  unit: textField('专家单位', 120, 2),
  verdict: z.enum(['pass', 'amend', 'fail'], '请选择审定意见'),
  words: textField('意见', 1000, 4),
})
export const DecideReview = z.object({
  versionId: idField('标准'),
  outcome: z.enum(['publish', 'redo'], '请选择发布或退回修改'),
  note: optionalText('意见', 500),
})
export const Revise = z.object({ standardId: idField('标准'), purpose: textField('修订理由', 2000, 10) })
export const Abolish = z.object({ versionId: idField('标准'), note: textField('废止理由', 500, 4) })
export { versionField }

/** Reasons of `standard.rules.ts` and the commands in words. */
export const reasonText: ReasonTexts = {
  'wrong-state': (f) => ({
    message: `标准现在是“${versionStates[f.state as VersionState] ?? f.state}”，不能办这一步`,
    remedy: '请刷新页面，按最新状态办理。',
  }),
  'edited-elsewhere': () => ({ message: '打开页面以后，草案又有改动', remedy: '请刷新页面，在最新稿上修改。' }),
  'own-proposal': () => ({ message: '申请的人不能自己批准', remedy: '请由另一位有核准权限的人办理。' }),
  'part-empty': (f) => ({ message: `“${f.part}”还没有写`, remedy: '请补齐后再征求意见。' }),
  'function-empty': (f) => ({ message: `职业功能“${f.name}”没有工作内容`, remedy: '请至少写一项工作内容。' }),
  'level-unknown': (f) => ({ message: `该职业没有“${f.level}”这一等级`, remedy: '请按该职业的等级设置填写。' }),
  'weights-not-hundred': (f) => ({
    message: `${f.level}的权重合计为${f.sum}，应为100`,
    remedy: '请调整各职业功能的权重。',
  }),
  'weight-unknown': () => ({ message: '权重表里有已经删去的职业功能', remedy: '请保存工作要求后重新填写权重。' }),
  'comment-days-short': (f) => ({ message: `征求意见不少于${f.workdays}个工作日`, remedy: '请增加天数。' }),
  'comment-in-time': () => ({ message: '现在不征求意见', remedy: '征求意见期间才能提交。' }),
  'still-commenting': (f) => ({ message: `征求意见到${f.until}为止`, remedy: '期满后再处理意见。' }),
  'comments-open': () => ({ message: '还有意见没有答复', remedy: '逐条答复后再提交审定。' }),
  'answered-once': () => ({ message: '这条意见已经答复', remedy: '请刷新页面查看。' }),
  'opinion-known': () => ({ message: '这位专家的意见已经登记', remedy: '一位专家登记一次。' }),
  'opinions-missing': (f) => ({
    message: `专家审定意见只有${f.count}份，至少要${f.least}份`,
    remedy: '请登记后再决定。',
  }),
  'opinion-fails': () => ({ message: '有专家不同意发布', remedy: '请退回修改，或者说明情况后重新组织审定。' }),
  'decided-by-another': () => ({ message: '起草的人不能决定发布', remedy: '请由另一位有核准权限的人办理。' }),
  'version-open': () => ({ message: '这项标准已有一版正在办理', remedy: '办结以后再修订。' }),
  'not-published': () => ({ message: '还没有发布的版本，不能修订', remedy: '请先办结第一版。' }),
}
