import { templateXlsx } from '#platform/workbook.ts'
import { questionDictionary } from './question.schema.ts'

/** The table of questions to fill in, made from the dictionary that also reads it. */
export async function questionTemplate(): Promise<{ name: string; bytes: Uint8Array }> {
  const notes = ['一行一题，不要合并单元格。', '有错的一行都不导入；改好后整张表再传一次，已导入的题不会重复。']
  return { name: '题库模板.xlsx', bytes: await templateXlsx(questionDictionary, { name: '题库', notes }) }
}
