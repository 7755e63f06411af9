import { z } from 'zod'
import { idField, type ReasonTexts, reasonField, wholeField } from '#modules/training/input.schema.ts'
import type { Dictionary } from '#shared/table.ts'
import { type ExamPart, examParts } from './assessor.schema.ts'
import { reasonText as batchReasons } from './batch.schema.ts'

export const EnterMarks = z.object({
  batchId: idField('批次'),
  version: wholeField('版本', 0, 1_000_000),
  source: z.enum(['form', 'import']).default('form'),
  /** `<candidate>.<part>` → what was typed; an empty cell is left as it is. */
  cells: z.record(
    z.string().regex(/^[0-9a-f-]{36}\.(theory|skill|review)$/, '成绩单元格编号不对'),
    z.string('请填写成绩').trim().max(20, '成绩太长'),
  ),
})
export const TakeClassMarks = z.object({ batchId: idField('批次') })
export const ConfirmMarks = z.object({ batchId: idField('批次'), version: wholeField('版本', 0, 1_000_000) })
export const ReopenMarks = z.object({ batchId: idField('批次'), reason: reasonField })

export type SheetKey = 'seq' | 'name' | ExamPart

export const sheetDictionary = (parts: readonly ExamPart[]): Dictionary<SheetKey> => [
  {
    key: 'seq',
    header: '考号',
    aliases: ['考生编号', '准考证号'],
    required: true,
    description: '模板里已经填好，请不要改动；成绩按它对应到人。',
    example: '0001',
    width: 10,
  },
  {
    key: 'name',
    header: '姓名',
    aliases: ['考生姓名'],
    required: false,
    description: '用来核对是否错行，可以是遮盖后的姓名。',
    example: '陈*明',
    width: 12,
  },
  ...parts.map((part) => ({
    key: part,
    header: `${examParts[part]}成绩`,
    aliases: [examParts[part], examParts[part].slice(0, 2), `${examParts[part].slice(0, 2)}成绩`],
    required: true,
    description: '0 至 100，最多一位小数；没有参加的填“缺考”。空着的单元格不改动。',
    example: '87.5',
    width: 14,
  })),
]

/** Reasons of `mark.rules.ts` and `mark.commands.ts` in words. */
export const reasonText: ReasonTexts = {
  ...batchReasons,
  'mark-format': () => ({ message: '成绩应为 0 至 100 的数字，最多一位小数，或者“缺考”', remedy: '例如 87.5。' }),
  'not-listed': () => ({ message: '这名考生不在本批次', remedy: '请核对考号。' }),
  'part-not-held': (f) => ({
    message: `${examParts[f.part as ExamPart]}还没有考`,
    remedy: '考试结束以后再录入。',
  }),
  'sheet-changed': () => ({ message: '打开页面以后，成绩表又有改动', remedy: '请刷新页面，看到最新成绩后再办理。' }),
  'sheet-empty': () => ({ message: '没有填写任何成绩', remedy: '请至少填写一个成绩。' }),
  'marks-missing': (f) => ({ message: `还有${f.count}个成绩没有录入`, remedy: '请补齐；没有参加的填“缺考”。' }),
  'four-eyes': () => ({ message: '录入成绩的人不能自己确认', remedy: '请由没有录入过本批次成绩的另一位负责人确认。' }),
  'pass-mark-undecided': () => ({
    message: '“职业技能等级认定合格分”区人社局尚未明确，暂不能判定结果',
    remedy: '已录入的成绩不受影响，请等待区人社局公布标准。',
  }),
  'no-class': () => ({ message: '本批次没有关联班级', remedy: '请录入或导入成绩。' }),
  'class-not-concluded': () => ({
    message: '班级的结业考核结果还没有确认',
    remedy: '先在班级里确认结果，成绩会原样带到本批次，不用再录。',
  }),
  'seq-unknown': () => ({ message: '考号不在本批次', remedy: '请重新下载模板，不要改动考号。' }),
  'name-differs-row': () => ({ message: '姓名与考号不对应，可能错行', remedy: '请核对这一行。' }),
}
