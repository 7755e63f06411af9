import { z } from 'zod'
import { publicList, publicLists, publishedFile } from '#modules/publicity/list.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { count, day, id, listOf, PageQuery, text, whole } from './shapes.ts'

const List = z.object({
  id,
  number: text,
  title: text,
  openedOn: day,
  closesOn: day,
  workdays: count.describe('公示期，工作日'),
  decided: z.boolean().describe('false：公示期由区人社局尚未明确，暂按此办理'),
  claims: count,
  rows: count,
  totalFen: z.int().describe('合计，分'),
  digest: text.describe('公示文件的 SHA-256'),
  root: text.describe('逐行证明的根'),
  public: z.boolean().describe('公示期内，可以看名单'),
})
const ListParams = z.object({ listId: id })

export const publicityEndpoints: Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/publicity',
    tag: '公示',
    summary: '公示名单：正在公示的在前，其后是已结束的（不含名单）',
    access: 'public',
    answer: listOf(List),
    async handle(ctx) {
      const { open, ended } = await publicLists(ctx.db, dayOf(ctx.now))
      return whole([...open, ...ended])
    },
  }),
  endpoint({
    method: 'get',
    path: '/publicity/{listId}',
    tag: '公示',
    summary: '一份名单，姓名和号码已遮盖；公示期满后只留合计和摘要',
    access: 'public',
    params: ListParams,
    query: PageQuery.extend({ unit: z.string().max(100).optional().describe('单位名称的一部分') }),
    answer: List.extend({
      items: z.array(
        z.object({
          id,
          position: count,
          kind: z.enum(['unit', 'person']),
          unit: text,
          person: text,
          document: text,
          subsidy: text,
          persons: count,
          amountFen: z.int(),
        }),
      ),
      next: text.nullable(),
    }),
    async handle(ctx, { params, query }) {
      const { page, ...list } = await publicList(ctx.db, params.listId, dayOf(ctx.now), query)
      return { ...list, items: page.rows, next: page.next }
    },
  }),
  endpoint({
    method: 'get',
    path: '/publicity/{listId}/file',
    tag: '公示',
    summary: '公示文件原文，逐字节与摘要一致；只在公示期内提供',
    access: 'public',
    params: ListParams,
    async handle(ctx, { params }) {
      const { name, text: content } = await publishedFile(ctx.db, params.listId, dayOf(ctx.now))
      return {
        name,
        mediaType: 'application/json; charset=utf-8',
        bytes: new Uint8Array(new TextEncoder().encode(content)),
      }
    },
  }),
]
