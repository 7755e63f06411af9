import { z } from 'zod'
import { assessmentOf, partsOf } from '#modules/assessment/assessment.queries.ts'
import { resultsOf } from '#modules/assessment/result.queries.ts'
import { enterScores } from '#modules/assessment/score.commands.ts'
import { scoreSheet } from '#modules/assessment/score.queries.ts'
import { reasonText } from '#modules/assessment/score.schema.ts'
import { classPage } from '#modules/training/class.queries.ts'
import { missing } from '#platform/errors.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { ClassParams, count, day, id, listOf, text, whole } from './shapes.ts'

const Mark = z.object({ tenths: count.nullable().describe('十分之一分；缺考为 null'), absent: z.boolean() })

export const scoreEndpoints: Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organisation/classes/{classId}/assessment',
    tag: '考核',
    summary: '结业考核的安排和成绩表',
    access: 'organisation.read',
    params: ClassParams,
    answer: z.object({
      id,
      state: z.enum(['planned', 'scoring', 'confirmed', 'concluded']),
      version: count.describe('成绩表版本'),
      parts: z.array(
        z.object({ part: z.enum(['theory', 'practice']), weight: count, heldOn: day, place: text, examinerName: text }),
      ),
      sheet: z.array(
        z.object({
          enrolmentId: id,
          name: text,
          marks: z.object({ theory: Mark.optional(), practice: Mark.optional() }),
        }),
      ),
    }),
    async handle(ctx, { params }) {
      await classPage(ctx, params.classId)
      const assessment = await assessmentOf(ctx.db, params.classId)
      if (!assessment) throw missing('assessment')
      const [parts, sheet] = await Promise.all([partsOf(ctx.db, assessment), scoreSheet(ctx.db, assessment)])
      return { id: assessment.id, state: assessment.state, version: assessment.sheetVersion, parts, sheet }
    },
  }),
  endpoint({
    method: 'post',
    path: '/organisation/assessments/{assessmentId}/scores',
    tag: '考核',
    summary: '录入成绩；由另一名负责人在网页上确认后生效',
    access: 'score.enter',
    params: z.object({ assessmentId: id }),
    body: z.object({
      version: z.int().optional().describe('读到的成绩表版本；填了就防止覆盖他人的改动'),
      cells: z
        .record(z.string(), z.string())
        .describe('键为 学员编号.theory 或 学员编号.practice，值如 "87.5" 或 "缺考"'),
    }),
    answer: z.object({ assessmentId: id, state: text, version: count, changedCount: count }),
    words: reasonText,
    handle: (ctx, { params, body }) => enterScores(ctx, { ...body, ...params, source: 'api' }),
  }),
  endpoint({
    method: 'get',
    path: '/organisation/classes/{classId}/results',
    tag: '考核',
    summary: '考核结果，每人是否合格和原因',
    access: 'organisation.read',
    params: ClassParams,
    answer: listOf(
      z.object({
        enrolmentId: id,
        name: text,
        passed: z.boolean(),
        totalMillipoints: count.nullable().describe('千分之一分；有缺考为 null'),
        classHours: count,
        attendedMinutes: count,
        plannedMinutes: count,
        revision: count,
        checks: z.array(z.object({ check: text, ok: z.boolean(), clause: text }).loose()),
        certificateNumber: text.nullable(),
      }),
    ),
    async handle(ctx, { params }) {
      await classPage(ctx, params.classId)
      return whole(await resultsOf(ctx.db, params.classId))
    },
  }),
]
