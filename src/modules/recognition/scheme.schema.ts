import { z } from 'zod'
import { note, type Words } from './application.schema.ts'

export const draftStates = { draft: '草稿，等待发布', released: '已发布', dropped: '已作废' } as const
export type DraftState = keyof typeof draftStates

export const WriteScheme = z.object({
  scheme: z.string('请选择认定项目').min(1, '请选择认定项目').max(60),
  /** 0 for the first writing. */
  version: z.coerce.number('请刷新页面后再试').int().min(0),
  text: z.string('请填写认定项目文件').min(2, '请填写认定项目文件').max(200_000, '文件不能超过20万个字符'),
  note: note(4, '修改说明'),
})
export const ChooseSchemeDraft = z.object({
  draftId: z.uuid('编号不对'),
  version: z.coerce.number('请刷新页面后再试').int(),
})

export const reasonText: Words = {
  'scheme-faulty': ({ count }) => ({
    message: `文件还有${count}处不对，不能发布`,
    remedy: '请按“检查结果”逐条改好，保存后再发布。',
  }),
  'own-wording': () => ({ message: '参与起草的人不能发布', remedy: '请由没有参与起草的局领导发布。' }),
  'folder-moved': () => ({
    message: '计划文件夹里的文件已经更新，这份草稿是按旧文件写的',
    remedy: '请作废这份草稿，按新的文件重新修改。',
  }),
  'edition-same': ({ edition }) => ({
    message: `版本号还是“${edition}”`,
    remedy: '请把 edition 改成新的版本号再发布，以便区分。',
  }),
  'draft-decided': () => ({ message: '这份草稿已经发布或者作废', remedy: '请刷新页面。' }),
}
