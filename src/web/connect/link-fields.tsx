import { Checkbox } from '../ui/choices.tsx'
import { TextField } from '../ui/fields.tsx'

export const linkLabels: Record<string, string> = {
  title: '标题',
  url: '内容地址',
  chapter: '第几章',
  chapterTitle: '章名',
  passMark: '合格线',
  maximum: '满分',
  custom: '自定义参数',
  chosen: '要加入的内容',
}

/** Where in the course it goes, and what has to be reached there. */
export function LinkFields({ start, scores }: { start: { chapter: number; chapterTitle: string }; scores: boolean }) {
  return (
    <>
      <TextField name="chapter" label="第几章" inputMode="numeric" width="short" value={String(start.chapter)} />
      <TextField name="chapterTitle" label="章名" maxLength={120} value={start.chapterTitle} />
      {scores && (
        <TextField
          name="passMark"
          label="合格线"
          unit="%"
          optional
          inputMode="numeric"
          width="short"
          hint="按得分占满分的比例。不填表示打开过就算完成。"
        />
      )}
      <Checkbox name="required" label="必学（学完课程必须完成）" checked />
    </>
  )
}
