import { z } from 'zod'
import type { DocumentKind } from '#modules/people/identity.schema.ts'
import { idField, optionalText, type ReasonTexts, textField } from '#modules/training/input.schema.ts'
import type { Day } from '#shared/units.ts'
import type { Part } from './assessment.schema.ts'
import { type Check, reasonText as resultReasons } from './result.schema.ts'

export const certificateStates = { issued: '有效', revoked: '已撤销' } as const
export type CertificateState = keyof typeof certificateStates

export const revokeCodes = {
  'false-identity': '冒名参训或身份不实',
  'false-hours': '课时不实',
  'false-score': '考核成绩不实',
  'result-changed': '成绩更正后不合格',
  misprint: '证书信息有误，更正后换发',
} as const
export type RevokeCode = keyof typeof revokeCodes

export const issueStates = { queued: '排队中', running: '制证中', done: '已完成', failed: '未完成' } as const
export type IssueState = keyof typeof issueStates

/**
 * Everything printed on a certificate but the holder's name, which is sealed beside it. Nothing is looked up again:
 * the record stays whole when class, institution or plan are gone.
 */
export type CertificateRecord = {
  version: 1
  kind: '培训合格证书'
  number: string
  document: { kind: DocumentKind; masked: string }
  programme: { code: string; name: string }
  course: string
  classNumber: string
  occupation: { edition: string; code: string; title: string } | null
  level: string | null
  plannedHours: number
  hours: number
  from: Day
  to: Day
  assessedOn: Day
  totalMillipoints: number
  parts: { part: Part; weight: number; tenths: number }[]
  basis: string
  issuer: { name: string; uscc: string }
  seal: string
  issuedOn: Day
}

export const IssueCertificates = z.object({ classId: idField('班级') })
export const IssueChunk = z.object({ runId: z.uuid(), size: z.int().min(1).max(500).default(100) })
export const FailRun = z.object({ runId: z.uuid(), message: z.string().max(500) })

export const RevokeCertificate = z.object({
  certificateId: idField('证书'),
  code: z.enum(Object.keys(revokeCodes) as [RevokeCode, ...RevokeCode[]], '请选择撤销原因'),
  note: textField('撤销说明', 1000, 4),
})

/** The public form: a number with the holder's name, or the code alone. */
export const VerifyCertificate = z
  .object({
    number: optionalText('证书编号', 40),
    name: optionalText('姓名', 120),
    code: optionalText('查验码', 40),
  })
  .refine((input) => input.code !== '' || input.number !== '', {
    path: ['number'],
    message: '请填写证书编号和姓名，或查验码',
  })
  .refine((input) => input.code !== '' || input.number === '' || input.name !== '', {
    path: ['name'],
    message: '请填写证书上的姓名（更名前后的都可以）',
  })

export type Verification =
  | { state: 'unknown' }
  | {
      state: CertificateState
      number: string
      holder: string
      document: string
      programme: string
      course: string
      occupation: string | null
      level: string | null
      hours: number
      from: Day
      to: Day
      issuer: string
      issuedOn: Day
      revokedOn: Day | null
      revokeReason: string | null
      digest: string
      /** The record still gives the digest under which it was issued. */
      intact: boolean
    }

/** One class of a person's learning record. */
export type RecordClass = {
  classId: string
  title: string
  programme: string
  organisation: string
  state: string
  startsOn: Day
  endsOn: Day
  plannedHours: number
  minutes: number
  hours: number
  remainingHours: number
  /** Null while nobody has decided it: then only minutes are counted. */
  minutesPerHour: number | null
  result: 'passed' | 'failed' | null
  checks: Check[]
}

/** Reasons of `certificate.commands.ts` in words. */
export const reasonText: ReasonTexts = {
  ...resultReasons,
  'results-not-out': () => ({ message: '班级的考核结果还没有确认', remedy: '请先确认结果，再制作证书。' }),
  'nothing-to-issue': () => ({ message: '没有可以制证的学员', remedy: '合格的学员都已有证书；不合格的不制证。' }),
  'issue-running': () => ({ message: '本班正在制证', remedy: '请稍候刷新页面查看进度。' }),
  'already-revoked': () => ({ message: '这张证书已经撤销', remedy: '请刷新页面查看。' }),
  'serials-used-up': (f) => ({ message: `${f.year}年的证书流水号已用完`, remedy: '请联系平台管理人员。' }),
}
