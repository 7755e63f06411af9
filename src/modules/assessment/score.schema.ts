import { z } from 'zod'
import {
  idField,
  optional,
  optionalText,
  type ReasonTexts,
  reasonField,
  wholeField,
} from '#modules/training/input.schema.ts'
import type { Dictionary } from '#shared/table.ts'
import { reasonText as assessmentReasons, type Part, partNames } from './assessment.schema.ts'

/** A score on the sheet: tenths of a point, or absent. */
export type Mark = { tenths: number | null; absent: boolean }

export const absentWord = '缺考'

/** `875` → `87.5`; absent in words. */
export const markText = (mark: Mark | undefined): string =>
  mark === undefined ? '' : mark.tenths === null ? absentWord : pointsText(mark.tenths)

export const pointsText = (tenths: number): string =>
  tenths % 10 === 0 ? String(tenths / 10) : (tenths / 10).toFixed(1)

/** The name of one cell of the sheet, in forms and in faults. */
export const cellName = (enrolmentId: string, part: Part) => `cells.${enrolmentId}.${part}`

export const scoreSources = { form: '网页录入', import: '表格导入', api: '接口写入' } as const

export const EnterScores = z.object({
  assessmentId: idField('考核'),
  /** The sheet that the form was made from; left out, the newest is taken. */
  version: optional(wholeField('版本', 0, 1_000_000)),
  source: z.enum(['form', 'import', 'api']).default('form'),
  /** `<enrolment>.<part>` → what was typed; an empty cell is left as it is. */
  cells: z.record(
    z.string().regex(/^[0-9a-f-]{36}\.(theory|practice)$/, '成绩单元格编号不对'),
    z.string('请填写成绩').trim().max(20, '成绩太长'),
  ),
})

export const ConfirmScores = z.object({
  assessmentId: idField('考核'),
  version: wholeField('版本', 0, 1_000_000),
})

export const ProposeScoreChange = z.object({
  scoreId: idField('成绩'),
  to: z.string('请填写新成绩').trim().min(1, '请填写新成绩').max(20, '成绩太长'),
  reason: reasonField,
})

export const DecideScoreChange = z
  .object({
    changeId: idField('成绩更改'),
    decision: z.enum(['approve', 'reject'], '请选择同意或不同意'),
    note: optionalText('说明', 500),
  })
  .refine((input) => input.decision === 'approve' || input.note.length >= 4, {
    path: ['note'],
    message: '不同意时请写明理由，至少 4 个字',
  })

export type SheetKey = 'code' | 'name' | 'document' | Part

/** The score sheet as a table to fill in; made with the trainees of the class already in it. */
export function sheetDictionary(inUse: readonly Part[]): Dictionary<SheetKey> {
  const scores = inUse.map((part) => ({
    key: part,
    header: `${partNames[part]}成绩`,
    aliases: [partNames[part], `${partNames[part]}分数`, `${partNames[part]}得分`],
    required: true,
    description: `0 至 100，最多一位小数；没有参加的填“${absentWord}”。空着的单元格不改动。`,
    example: '87.5',
    width: 12,
  }))
  return [
    {
      key: 'code',
      header: '学员编号',
      aliases: ['编号', '考号'],
      required: true,
      description: '模板里已经填好，请不要改动；成绩按它对应到人。',
      example: '3F2A-90C4-11DE',
      width: 20,
    },
    {
      key: 'name',
      header: '姓名',
      aliases: ['学员姓名'],
      required: false,
      description: '用来核对是否错行，可以是遮盖后的姓名。',
      example: '陈*明',
      width: 12,
    },
    ...scores,
  ]
}

/** Reasons of `score.rules.ts` and `score.commands.ts` in words. */
export const reasonText: ReasonTexts = {
  ...assessmentReasons,
  'score-format': () => ({
    message: `成绩应为 0 至 100 的数字，最多一位小数，或者“${absentWord}”`,
    remedy: `例如 87.5；没有参加的填“${absentWord}”。`,
  }),
  'score-range': () => ({ message: '成绩应在 0 至 100 之间', remedy: '按百分制填写。' }),
  'not-in-class': () => ({ message: '这名学员不在本班，或者已退班', remedy: '请核对班级花名册。' }),
  'part-not-held': (f) => ({
    message: `${partNames[f.part as Part]}考核日期是${f.heldOn}，还没有到`,
    remedy: '请在考核当天或以后录入成绩。',
  }),
  'part-not-needed': (f) => ({
    message: `本项目的考核不包括${partNames[f.part as Part]}`,
    remedy: '请不要填写这一列。',
  }),
  'sheet-changed': () => ({
    message: '打开页面以后，成绩表又有改动',
    remedy: '请刷新页面，看到最新成绩后再办理。',
  }),
  'sheet-empty': () => ({ message: '没有填写任何成绩', remedy: '请至少填写一个成绩。' }),
  'scores-missing': (f) => ({
    message: `还有${f.count}个成绩没有录入`,
    remedy: `请补齐；没有参加的填“${absentWord}”。`,
  }),
  'four-eyes': () => ({
    message: '录入成绩的人不能自己确认',
    remedy: '请由没有录入过本班成绩的另一位负责人确认。',
  }),
  'change-four-eyes': () => ({
    message: '提出更改的人不能自己批准',
    remedy: '请由另一位负责人审批。',
  }),
  'change-same': () => ({ message: '新成绩与现在的成绩相同', remedy: '请核对后填写要改成的成绩。' }),
  'change-open': () => ({ message: '这个成绩已有一项更改等待审批', remedy: '请先办理完那一项。' }),
  'change-decided': () => ({ message: '这项更改已经办理', remedy: '请刷新页面查看结果。' }),
  'not-confirmed': () => ({ message: '成绩还没有确认', remedy: '确认以前请直接在成绩表中修改。' }),
  'class-closed': () => ({
    message: '班级已经结业归档，成绩不能再改',
    remedy: '确有错误的，请联系区人社局，由其撤销证书并办理更正。',
  }),
  'certificate-issued': () => ({
    message: '该学员的合格证书有效，更改后将不合格',
    remedy: '请先由区人社局撤销证书，再批准这项更改。',
  }),
  'code-unknown': () => ({ message: '学员编号不在本班', remedy: '请重新下载模板，不要改动学员编号。' }),
  'name-differs': () => ({
    message: '姓名与该学员编号不对应，可能错行',
    remedy: '请核对这一行的编号、姓名和成绩。',
  }),
}
