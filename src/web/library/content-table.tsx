import { type ItemKind, itemKinds } from '#modules/library/course.schema.ts'
import { type MediaState, mediaStates } from '#modules/library/media.schema.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { secondsText } from './desk.ts'

export type ContentLine = {
  id: string
  chapter: number
  chapterTitle: string
  kind: ItemKind
  title: string
  plannedSeconds: number
  required: boolean
  mediaState: string | null
  captions: number
}

/** What a version holds, chapter by chapter; with `edit` each line can be opened, moved and taken out. */
export function ContentTable({
  items,
  edit,
  open,
}: {
  items: readonly ContentLine[]
  edit?: (id: string) => string
  open?: (id: string) => string | null
}) {
  return (
    <DataTable
      caption={`共 ${items.length} 项`}
      rows={items}
      rowKey={(item) => item.id}
      columns={[
        { key: 'chapter', header: '章', cell: (item) => `第${item.chapter}章　${item.chapterTitle}` },
        {
          key: 'title',
          header: '内容',
          keep: true,
          cell: (item) => {
            const href = edit?.(item.id) ?? open?.(item.id)
            return href ? <a href={href}>{item.title}</a> : item.title
          },
        },
        { key: 'kind', header: '类型', cell: (item) => itemKinds[item.kind] },
        {
          key: 'time',
          header: '计划时长',
          cell: (item) => (item.plannedSeconds > 0 ? secondsText(item.plannedSeconds) : '没有写明'),
        },
        {
          key: 'file',
          header: '文件',
          cell: (item) =>
            item.mediaState === null
              ? '不需要'
              : `${mediaStates[item.mediaState as MediaState]}${item.kind === 'video' || item.kind === 'audio' ? (item.captions > 0 ? '，有字幕' : '，没有字幕') : ''}`,
        },
        { key: 'required', header: '要求', cell: (item) => (item.required ? '必学' : '选学') },
        ...(edit
          ? [
              {
                key: 'do',
                header: '调整',
                cell: (item: ContentLine) => (
                  <form method="post" className="inline-actions">
                    <input type="hidden" name="itemId" value={item.id} />
                    <input type="hidden" name="to" value="up" />
                    <button className="link" type="submit" name="intent" value="move">
                      上移<span className="sr-only">：{item.title}</span>
                    </button>
                    <button className="link" type="submit" name="intent" value="remove">
                      移除<span className="sr-only">：{item.title}</span>
                    </button>
                  </form>
                ),
              },
            ]
          : []),
      ]}
      empty={
        <EmptyState icon="book" title="还没有内容">
          选一种内容，加到第一章。
        </EmptyState>
      }
    />
  )
}
