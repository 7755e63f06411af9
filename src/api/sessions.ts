import { z } from 'zod'
import { witnessList } from '#modules/training/attendance.queries.ts'
import { classPage } from '#modules/training/class.queries.ts'
import { closeSession } from '#modules/training/hours.commands.ts'
import { hoursSheet } from '#modules/training/roster.queries.ts'
import { cancelSession, openSession, planSessions } from '#modules/training/session.commands.ts'
import { sessionPage, sessionsOf } from '#modules/training/session.queries.ts'
import { reasonText } from '#modules/training/session.schema.ts'
import { excuse, markByStaff, markManually, voidMark } from '#modules/training/witness.commands.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { ClassParams, count, id, instant, listOf, SessionParams, text, time, whole } from './shapes.ts'

const Session = z.object({
  id,
  classId: id,
  title: text,
  courseKind: z.enum(['common', 'professional']),
  from: instant,
  to: instant,
  breakMinutes: count,
  trainerId: id,
  trainer: text,
  roomId: id.nullable(),
  room: text.nullable(),
  makeupOf: id.nullable(),
  state: z.enum(['planned', 'open', 'closed', 'cancelled']),
  enrolled: count,
  marked: count.describe('有签到的人数'),
  credited: count.describe('已记课时的人数'),
  grantedMinutes: count,
})
const Marked = z.object({ sessionId: id, count, elsewhere: z.array(id).describe('同一时间在别处上课、没有记的学员') })
const span = { from: time.optional(), to: time.optional() }
const reason = z.string().describe('理由，至少 4 个字')

export const sessionEndpoints: Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organisation/classes/{classId}/sessions',
    tag: '课次',
    summary: '班级的课表',
    access: 'organisation.read',
    params: ClassParams,
    answer: listOf(Session),
    async handle(ctx, { params }) {
      await classPage(ctx, params.classId)
      return whole(await sessionsOf(ctx.db, params.classId))
    },
  }),
  endpoint({
    method: 'post',
    path: '/organisation/classes/{classId}/sessions',
    tag: '课次',
    summary: '排课，可以按周重复',
    access: 'session.edit',
    status: 201,
    params: ClassParams,
    body: z.object({
      title: z.string().describe('课题'),
      courseKind: z.enum(['common', 'professional']),
      day: z.iso.date().describe('第一次上课的日期'),
      from: time,
      to: time,
      breakMinutes: z.int().default(0),
      trainerId: id,
      roomId: id.optional().describe('不填为线上课'),
      weeks: z.int().default(1).describe('连续几周'),
      makeupOf: id.optional().describe('补哪一次课'),
    }),
    answer: z.object({ sessionIds: z.array(id) }),
    words: reasonText,
    handle: (ctx, { params, body }) => planSessions(ctx, { ...body, classId: params.classId }),
  }),
  endpoint({
    method: 'post',
    path: '/organisation/sessions/{sessionId}/opening',
    tag: '课次',
    summary: '开始上课，学员可以签到',
    access: 'session.run',
    params: SessionParams,
    answer: z.object({ sessionId: id, state: text }),
    words: reasonText,
    handle: (ctx, { params }) => openSession(ctx, params),
  }),
  endpoint({
    method: 'post',
    path: '/organisation/sessions/{sessionId}/closing',
    tag: '课次',
    summary: '结束上课并记课时',
    access: 'session.run',
    params: SessionParams,
    answer: z.object({ sessionId: id, state: text }).loose(),
    words: reasonText,
    handle: (ctx, { params }) => closeSession(ctx, params),
  }),
  endpoint({
    method: 'post',
    path: '/organisation/sessions/{sessionId}/cancellation',
    tag: '课次',
    summary: '取消一次课',
    access: 'session.edit',
    params: SessionParams,
    body: z.object({ reason }),
    answer: z.object({ sessionId: id, state: text }),
    words: reasonText,
    handle: (ctx, { params, body }) => cancelSession(ctx, { ...body, ...params }),
  }),
  endpoint({
    method: 'get',
    path: '/organisation/sessions/{sessionId}/attendance',
    tag: '考勤',
    summary: '一次课每名学员的签到和所记课时',
    access: 'organisation.read',
    params: SessionParams,
    answer: listOf(
      z.object({
        enrolmentId: id,
        name: text,
        state: text,
        marks: z.array(
          z.object({ id, kind: text, from: instant, to: instant, at: instant, reason: text, voided: z.boolean() }),
        ),
        minutes: count.nullable(),
        grade: z.enum(['A', 'B', 'C', 'D']).nullable().describe('证据等级'),
      }),
    ),
    async handle(ctx, { params }) {
      await sessionPage(ctx, params.sessionId)
      return whole(await witnessList(ctx.db, params.sessionId))
    },
  }),
  endpoint({
    method: 'post',
    path: '/organisation/sessions/{sessionId}/marks',
    tag: '考勤',
    summary: '教务当场确认学员到课',
    description: '只有一方确认的为 C 级证据；学员扫码或教师确认后升级。',
    access: 'session.edit',
    status: 201,
    params: SessionParams,
    body: z.object({ enrolmentIds: z.array(id).min(1).max(500), ...span }),
    answer: Marked,
    words: reasonText,
    handle: (ctx, { params, body }) => markByStaff(ctx, { ...body, ...params }),
  }),
  endpoint({
    method: 'post',
    path: '/organisation/sessions/{sessionId}/manual-marks',
    tag: '考勤',
    summary: '人工补录一名学员（D 级证据），须写明理由',
    access: 'session.edit',
    status: 201,
    params: SessionParams,
    body: z.object({ enrolmentId: id, reason, ...span }),
    answer: Marked,
    words: reasonText,
    handle: (ctx, { params, body }) => markManually(ctx, { ...body, ...params }),
  }),
  endpoint({
    method: 'post',
    path: '/organisation/sessions/{sessionId}/excuses',
    tag: '考勤',
    summary: '登记一名学员请假，不记课时',
    access: 'session.edit',
    status: 201,
    params: SessionParams,
    body: z.object({ enrolmentId: id, reason }),
    answer: Marked,
    words: reasonText,
    handle: (ctx, { params, body }) => excuse(ctx, { ...body, ...params }),
  }),
  endpoint({
    method: 'post',
    path: '/organisation/marks/{markId}/voiding',
    tag: '考勤',
    summary: '作废一条错误的签到，原记录保留',
    access: 'session.edit',
    params: z.object({ markId: id }),
    body: z.object({ reason }),
    answer: z.object({ markId: id, sessionId: id }),
    words: reasonText,
    handle: (ctx, { params, body }) => voidMark(ctx, { ...body, ...params }),
  }),
  endpoint({
    method: 'get',
    path: '/organisation/classes/{classId}/hours',
    tag: '课时',
    summary: '班级每名学员的课时，由台账现算',
    access: 'organisation.read',
    params: ClassParams,
    answer: listOf(
      z.object({
        enrolmentId: id,
        name: text,
        state: text,
        hours: z.object({
          ledgerMinutes: count.describe('台账分钟'),
          minutes: count.describe('按每日上限计入的分钟'),
          hours: count.describe('课时'),
          attendancePercent: count,
          freeMinutes: count.describe('还没有用于申领的分钟'),
          grades: z.object({ A: count, B: count, C: count, D: count }).describe('按证据等级的分钟'),
        }),
      }),
    ),
    async handle(ctx, { params }) {
      await classPage(ctx, params.classId)
      return whole(await hoursSheet(ctx, params.classId))
    },
  }),
]
