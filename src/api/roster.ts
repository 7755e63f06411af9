import { z } from 'zod'
import { documentKinds } from '#modules/people/identity.schema.ts'
import { classPage } from '#modules/training/class.queries.ts'
import { enrolPerson, withdrawEnrolment } from '#modules/training/enrolment.commands.ts'
import { reasonText } from '#modules/training/enrolment.schema.ts'
import { applyImport, discardImport, startImport } from '#modules/training/import.commands.ts'
import { importErrorFile, importPage, rosterLists } from '#modules/training/import.queries.ts'
import { rosterOf } from '#modules/training/roster.queries.ts'
import { employments, rosterDictionary } from '#modules/training/roster.schema.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { ClassParams, count, id, instant, listOf, text, whole } from './shapes.ts'

const keysOf = <T extends Record<string, string>>(list: T) =>
  Object.keys(list) as [keyof T & string, ...(keyof T & string)[]]
const ImportParams = z.object({ importId: id })
const Moved = z.object({ importId: id, state: text })

export const rosterEndpoints: Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organisation/roster-dictionary',
    tag: '花名册',
    summary: '花名册的列：名称、别名、是否必填、可选值',
    description: '模板、校验和本说明出自同一份字典。',
    access: 'organisation.read',
    answer: listOf(
      z.object({
        key: text,
        header: text,
        aliases: z.array(text),
        required: z.boolean(),
        description: text,
        example: text,
        values: z.record(text, text).optional().describe('代码 → 写法'),
      }),
    ),
    handle: async ({ plan }) => whole(rosterDictionary(rosterLists(plan))),
  }),
  endpoint({
    method: 'get',
    path: '/organisation/classes/{classId}/roster',
    tag: '花名册',
    summary: '班级的花名册（遮盖后的姓名和号码）',
    access: 'organisation.read',
    params: ClassParams,
    answer: listOf(
      z.object({
        enrolmentId: id,
        name: text,
        document: text,
        phone: text.nullable(),
        employment: text,
        groupCode: text.nullable(),
        groupVerified: z.boolean(),
        job: text,
        source: text,
        state: z.enum(['enrolled', 'withdrawn', 'passed', 'failed']),
        commitmentAt: instant.nullable(),
        enrolledAt: instant,
      }),
    ),
    async handle(ctx, { params }) {
      await classPage(ctx, params.classId)
      return whole(await rosterOf(ctx, params.classId))
    },
  }),
  endpoint({
    method: 'post',
    path: '/organisation/classes/{classId}/roster',
    tag: '花名册',
    summary: '登记一名学员',
    access: 'roster.edit',
    status: 201,
    params: ClassParams,
    body: z.object({
      name: z.string().describe('与证件一致的姓名'),
      documentKind: z.enum(keysOf(documentKinds)).default('resident-id'),
      documentNumber: z.string().describe('证件号码'),
      phone: z.string().describe('本人 11 位手机号'),
      employment: z
        .enum(['', ...keysOf(employments)])
        .default('')
        .describe('用工形式'),
      groupCode: z.string().default('').describe('人员类别代码，见 /plan 的 groups；须由主管部门核实'),
      subdistrict: z.string().optional().describe('居住街道代码'),
      job: z.string().default(''),
      remarks: z.string().default(''),
    }),
    answer: z.object({ enrolmentId: id, classId: id }),
    words: reasonText,
    handle: (ctx, { params, body }) => enrolPerson(ctx, { ...body, classId: params.classId }),
  }),
  endpoint({
    method: 'post',
    path: '/organisation/enrolments/{enrolmentId}/withdrawal',
    tag: '花名册',
    summary: '为一名学员办理退班',
    access: 'roster.edit',
    params: z.object({ enrolmentId: id }),
    body: z.object({ reason: z.string().describe('理由，至少 4 个字') }),
    answer: z.object({ enrolmentId: id, classId: id }),
    words: reasonText,
    handle: (ctx, { params, body }) => withdrawEnrolment(ctx, { ...body, enrolmentId: params.enrolmentId }),
  }),
  endpoint({
    method: 'post',
    path: '/organisation/classes/{classId}/roster-imports',
    tag: '花名册',
    summary: '上传花名册文件，先核对后导入',
    description: '核对在后台进行，用返回的编号读取结果；核对完成后再调用 application。',
    access: 'roster.edit',
    status: 202,
    params: ClassParams,
    file: {
      mediaTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'text/csv'],
      description: '.xlsx 或 .csv，列见 roster-dictionary',
    },
    answer: z.object({ importId: id }),
    words: reasonText,
    handle: (ctx, { params, file }) =>
      startImport(ctx, { classId: params.classId, fileName: file?.name, bytes: file?.bytes }),
  }),
  endpoint({
    method: 'get',
    path: '/organisation/roster-imports/{importId}',
    tag: '花名册',
    summary: '核对和导入的进度，每一处错误和改法',
    access: 'roster.edit',
    params: ImportParams,
    answer: z.object({
      id,
      classId: id,
      state: z.enum(['checking', 'checked', 'applying', 'applied', 'failed', 'discarded']),
      rowsTotal: count,
      rowsDone: count,
      accepted: count,
      rejected: count,
      faults: z.array(z.object({ row: count, column: text, rule: text, value: text, message: text, remedy: text })),
      message: text,
      at: instant,
      appliedAt: instant.nullable(),
    }),
    handle: (ctx, { params }) => importPage(ctx, params.importId),
  }),
  endpoint({
    method: 'get',
    path: '/organisation/roster-imports/{importId}/errors',
    tag: '花名册',
    summary: '需要更正的行（.xlsx），改好后可以直接再上传',
    access: 'roster.edit',
    params: ImportParams,
    async handle(ctx, { params }) {
      const { name, bytes } = await importErrorFile(ctx, params.importId)
      const mediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
      return { name, mediaType, bytes: new Uint8Array(bytes) }
    },
  }),
  endpoint({
    method: 'post',
    path: '/organisation/roster-imports/{importId}/application',
    tag: '花名册',
    summary: '导入核对通过的行',
    access: 'roster.edit',
    status: 202,
    params: ImportParams,
    answer: Moved,
    words: reasonText,
    handle: (ctx, { params }) => applyImport(ctx, { importId: params.importId }),
  }),
  endpoint({
    method: 'post',
    path: '/organisation/roster-imports/{importId}/discarding',
    tag: '花名册',
    summary: '放弃这次导入',
    access: 'roster.edit',
    params: ImportParams,
    answer: Moved,
    words: reasonText,
    handle: (ctx, { params }) => discardImport(ctx, { importId: params.importId }),
  }),
]
