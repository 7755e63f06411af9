import { z } from 'zod'
import { upload, type Words } from './application.schema.ts'

export const CheckSheetFile = z.object({ panelId: z.uuid('编号不对'), file: upload })
export const TakeSheetFile = z.object({ fileId: z.uuid('编号不对') })

export const reasonText: Words = {
  'file-taken': () => ({ message: '这份文件的评分已经提交', remedy: '请刷新页面。' }),
  'sheets-moved': ({ count }) => ({
    message: `检查以后，其中${count}份已经打过分或者不再评审`,
    remedy: '请下载新的空白评分表，重新检查文件。',
  }),
}
