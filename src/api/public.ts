import { z } from 'zod'
import { verifyInPublic } from '#modules/assessment/verification.queries.ts'
import { planBoard } from '#modules/reports/board.queries.ts'
import { CatalogueFilter, catalogue, publicClass } from '#modules/training/catalogue.queries.ts'
import { missing } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { clauseOf } from '#policy/clauses.ts'
import { dayOf } from '#shared/dates.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { ClassParams, count, day, id, instant, listOf, paged, text, whole } from './shapes.ts'

const Clause = z.object({
  id: text,
  kind: z.enum(['preamble', 'goal', 'measure']),
  number: text.nullable(),
  part: text,
  heading: text,
  text,
  summary: text,
})

const Counts = z.object({
  value: count,
  amountFen: count.describe('分'),
  months: z.array(z.object({ month: text, n: count, cumulative: count }).loose()),
})

const Catalogue = z.object({
  id,
  number: text,
  title: text,
  organisation: text,
  programme: text.describe('培训项目代码，见 /plan'),
  occupationTitle: text.nullable(),
  level: text,
  mode: z.enum(['offline', 'online', 'mixed']),
  subdistrict: text.describe('街道代码'),
  venue: text.nullable(),
  startsOn: day,
  endsOn: day,
  classHours: count.describe('课时'),
  capacity: count,
  taken: count.describe('已占名额'),
})

export const publicEndpoints: Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/plan',
    tag: '计划',
    summary: '本平台落实的计划和它的培训项目',
    access: 'public',
    answer: z.object({
      id: text,
      docNo: text,
      title: text,
      issuer: text,
      issuedOn: day,
      startsOn: day,
      endsOn: day,
      district: z.object({ code: text, name: text }),
      programmes: z.array(z.object({ code: text, name: text, clause: text, openFrom: day, openTo: day.nullable() })),
      subdistricts: z.array(z.object({ code: text, name: text })),
      groups: z.array(z.object({ id: text, label: text })),
    }),
    handle: async ({ plan }) => plan,
  }),
  endpoint({
    method: 'get',
    path: '/clauses',
    tag: '计划',
    summary: '计划的全部条款，原文和大意',
    access: 'public',
    answer: listOf(Clause),
    handle: async ({ plan }) => whole(plan.clauses),
  }),
  endpoint({
    method: 'get',
    path: '/clauses/{clauseId}',
    tag: '计划',
    summary: '一条条款',
    access: 'public',
    params: z.object({ clauseId: z.string().max(40).describe('如 HZ4-M08') }),
    answer: Clause,
    async handle({ plan }, { params }) {
      const found = clauseOf(plan, params.clauseId)
      if (!found) throw missing('clause')
      return found
    },
  }),
  endpoint({
    method: 'get',
    path: '/figures',
    tag: '计划',
    summary: '参数（标准、上限、期限）在某一天的值和出处',
    description: 'value 为 null 表示区人社局尚未明确。',
    access: 'public',
    query: z.object({ on: day.optional().describe('哪一天；不填为今天') }),
    answer: listOf(
      z.object({
        id: text,
        label: text,
        unit: text,
        value: z.number().nullable(),
        decided: z.boolean(),
        from: day.nullable(),
        to: day.nullable(),
        source: text,
        origin: z.enum(['plan', 'bureau']),
      }),
    ),
    async handle(ctx, { query }) {
      const at = await figuresFor(ctx)
      const on = (query.on ?? dayOf(ctx.now)) as ReturnType<typeof dayOf>
      return whole(ctx.plan.figures.map((figure) => at(figure.id, on)))
    },
  }),
  endpoint({
    method: 'get',
    path: '/indicators',
    tag: '成效',
    summary: '各项指标的目标和进度，三种口径',
    description: '没有记录的为 null，从不估算。',
    access: 'public',
    query: z.object({ asOf: day.optional().describe('截至哪一天；不填为今天') }),
    answer: listOf(
      z.object({
        indicator: z.object({
          id: text,
          clause: text,
          title: text,
          target: z.number(),
          unit: text,
          deadlineText: text,
          countingRule: text,
        }),
        counts: z
          .object({ enrolled: Counts, completedAndPassed: Counts, subsidyPaid: Counts })
          .nullable()
          .describe('按报名、按结业合格、按补贴已发'),
        basis: text.nullable(),
        value: z.number().nullable(),
        percent: z.number().nullable(),
        reached: z.boolean(),
      }),
    ),
    async handle(ctx, { query }) {
      const asOf = query.asOf as ReturnType<typeof dayOf> | undefined
      return whole((await planBoard(ctx, asOf ? { asOf } : {})).rows)
    },
  }),
  endpoint({
    method: 'get',
    path: '/classes',
    tag: '找培训',
    summary: '正在报名的班级，开班早的在前',
    access: 'public',
    query: z.object({
      q: z.string().max(100).optional().describe('关键词'),
      subdistrict: z.string().max(9).optional().describe('街道代码'),
      occupation: z.string().max(40).optional().describe('职业，写作 版本:代码，如 2022:4-03-02-01'),
      programme: z.string().max(60).optional(),
      mode: z.enum(['offline', 'online', 'mixed']).optional(),
      month: z.string().max(7).optional().describe('开班月份，如 2021-09'),
      places: z.enum(['yes']).optional().describe('yes：只要有名额的'),
      cursor: z.string().max(2000).optional().describe('上一页的 next'),
    }),
    answer: listOf(Catalogue),
    handle: async (ctx, { query }) => paged(await catalogue(ctx, CatalogueFilter.parse(query))),
  }),
  endpoint({
    method: 'get',
    path: '/classes/{classId}',
    tag: '找培训',
    summary: '一个班级的公开信息：课表、教师、考核方案',
    access: 'public',
    params: ClassParams,
    answer: Catalogue.extend({
      planNumber: text.nullable(),
      address: text.nullable(),
      summary: text,
      industry: text,
      accessibility: text,
      assessmentPlan: text,
      resources: text,
      state: text,
      openEnrolment: z.boolean(),
      licence: z.object({ number: text, issuer: text }).nullable().describe('开班之日有效的办学证照'),
      trainers: z.array(z.object({ name: text, qualification: text })),
      sessions: z.array(
        z.object({ id, title: text, from: instant, to: instant, room: text.nullable(), trainer: text }),
      ),
    }),
    handle: (ctx, { params }) => publicClass(ctx, params.classId),
  }),
  endpoint({
    method: 'get',
    path: '/certificates/verification',
    tag: '证书',
    summary: '查验培训合格证书',
    description: '提供查验码，或者证书编号和姓名（更名前后的都可以）。查不到的一律为 unknown。',
    access: 'public',
    strict: { tries: 60, seconds: 3600 },
    query: z.object({
      code: z.string().max(40).optional().describe('查验码'),
      number: z.string().max(40).optional().describe('证书编号'),
      name: z.string().max(120).optional().describe('持证人姓名'),
    }),
    answer: z.object({
      state: z.enum(['issued', 'revoked', 'unknown']),
      number: text.optional(),
      holder: text.optional().describe('遮盖后的姓名'),
      document: text.optional().describe('遮盖后的证件号码'),
      programme: text.optional(),
      course: text.optional(),
      occupation: text.nullish(),
      level: text.nullish(),
      hours: count.optional(),
      from: day.optional(),
      to: day.optional(),
      issuer: text.optional(),
      issuedOn: day.optional(),
      revokedOn: day.nullish(),
      revokeReason: text.nullish(),
      digest: text.optional(),
      intact: z.boolean().optional().describe('记录与签发时一致'),
    }),
    handle: (ctx, { query: { code = '', number = '', name = '' } }) => verifyInPublic(ctx, { code, number, name }),
  }),
]
