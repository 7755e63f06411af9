import { z } from 'zod'
import { organisationCard } from '#modules/people/organisation.queries.ts'
import { classesOf, classPage } from '#modules/training/class.queries.ts'
import { reasonText as classReasons } from '#modules/training/class.schema.ts'
import { planPage, plansOf } from '#modules/training/plan.queries.ts'
import { reasonText as planReasons } from '#modules/training/plan.schema.ts'
import { type Endpoint, endpoint, ownOrganisation } from './endpoint.ts'
import { ClassParams, count, day, id, listOf, PageQuery, paged, text } from './shapes.ts'

const Plan = z.object({
  id,
  number: text.nullable().describe('列入计划后的编号'),
  programme: text,
  title: text,
  occupation: text.describe('版本:代码；空为不属于任何职业'),
  level: text,
  headcount: count,
  classHours: count,
  startsOn: day,
  endsOn: day,
  state: z.enum(['draft', 'filed', 'returned', 'accepted', 'rejected', 'withdrawn']),
})

const Class = z.object({
  id,
  number: text,
  planId: id,
  programme: text,
  title: text,
  occupation: text,
  level: text,
  mode: z.enum(['offline', 'online', 'mixed']),
  subdistrict: text,
  capacity: count,
  taken: count,
  classHours: count,
  startsOn: day,
  endsOn: day,
  openEnrolment: z.boolean(),
  state: z.enum([
    'draft',
    'applied',
    'returned',
    'approved',
    'in-session',
    'suspended',
    'assessed',
    'closed',
    'cancelled',
  ]),
  version: count,
})

export const organisationEndpoints: Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organisation',
    tag: '本单位',
    summary: '密钥所属的单位',
    access: 'organisation.read',
    answer: z.object({ id, uscc: text, name: text, type: text, subdistrict: text, industry: text, status: text }),
    handle: (ctx) => organisationCard(ctx.db, ownOrganisation(ctx)),
  }),
  endpoint({
    method: 'get',
    path: '/organisation/plans',
    tag: '培训计划',
    summary: '本单位备案的培训计划，新的在前',
    access: 'organisation.read',
    query: PageQuery.extend({
      state: z.enum(['draft', 'filed', 'returned', 'accepted', 'rejected', 'withdrawn']).optional(),
    }),
    answer: listOf(Plan),
    handle: async (ctx, { query }) => paged(await plansOf(ctx.db, ownOrganisation(ctx), query)),
  }),
  endpoint({
    method: 'get',
    path: '/organisation/plans/{planId}',
    tag: '培训计划',
    summary: '一份培训计划和它的班级',
    access: 'organisation.read',
    params: z.object({ planId: id }),
    answer: Plan.extend({
      courses: z.array(z.object({ title: text, kind: text, mode: text, classHours: count, trainer: text })),
      classes: z.array(z.object({ id, number: text, title: text, state: text })),
    }),
    words: planReasons,
    handle: (ctx, { params }) => planPage(ctx, params.planId),
  }),
  endpoint({
    method: 'get',
    path: '/organisation/classes',
    tag: '班级',
    summary: '本单位的班级，新的在前',
    access: 'organisation.read',
    query: PageQuery.extend({ state: Class.shape.state.optional(), planId: id.optional() }),
    answer: listOf(Class),
    handle: async (ctx, { query }) => paged(await classesOf(ctx.db, ownOrganisation(ctx), query)),
  }),
  endpoint({
    method: 'get',
    path: '/organisation/classes/{classId}',
    tag: '班级',
    summary: '一个班级：教师、地点、开班材料是否齐全',
    access: 'organisation.read',
    params: ClassParams,
    answer: Class.extend({
      venue: z.object({ name: text, address: text }).nullable(),
      trainers: z.array(z.object({ id, name: text, qualification: text, qualified: z.boolean() })),
      dossier: z.array(
        z.object({ id: text, done: z.boolean(), faults: z.array(z.object({ clause: text, reason: text })) }),
      ),
    }),
    words: classReasons,
    handle: (ctx, { params }) => classPage(ctx, params.classId),
  }),
]
