import { z } from 'zod'
import type { DocumentKind } from '#modules/people/identity.schema.ts'
import { idField, type ReasonTexts, textField } from '#modules/training/input.schema.ts'
import type { Day } from '#shared/units.ts'
import type { ExamPart } from './assessor.schema.ts'
import { reasonText as markReasons } from './mark.schema.ts'

export const certificateStates = { issued: '有效', revoked: '已撤销' } as const
export type CertificateState = keyof typeof certificateStates

/** Everything printed but the holder's name, which is sealed beside it. */
export type LevelCertificateRecord = {
  version: 1
  kind: '职业技能等级证书'
  number: string
  document: { kind: DocumentKind; masked: string }
  occupation: { edition: string; code: string; title: string }
  levelScheme: string
  level: { code: string; label: string }
  parts: { part: ExamPart; tenths: number }[]
  batch: string
  site: string
  examinedOn: Day
  issuer: { name: string; uscc: string; filingNo: string }
  basis: string
  issuedOn: Day
}

export const IssueBatch = z.object({ batchId: idField('批次') })
export const RevokeLevelCertificate = z.object({ certificateId: idField('证书'), note: textField('撤销原因', 500, 4) })

export const ProposeLift = z.object({ stopId: idField('暂停'), reason: textField('解除理由', 1000, 10) })
export const DecideLift = z.object({
  stopId: idField('暂停'),
  outcome: z.enum(['lift', 'keep'], '请选择解除或不解除'),
  note: textField('核实情况', 1000, 4),
})

export type LevelVerification =
  | { state: 'unknown' }
  | {
      state: CertificateState
      number: string
      holder: string
      document: string
      occupation: string
      level: string
      issuer: string
      examinedOn: Day
      issuedOn: Day
      revokedOn: Day | null
      digest: string
      intact: boolean
    }

/** Reasons of `certificate.commands.ts` and `stop.commands.ts` in words. */
export const reasonText: ReasonTexts = {
  ...markReasons,
  'level-not-coded': () => ({
    message: '这一等级不在22位证书编码的五个等级里',
    remedy: '特级技师、首席技师、学徒工等按另外的规定发证。',
  }),
  'digit-undecided': () => ({
    message: '专业技术三个等级的证书编号等级位区人社局尚未明确，暂不能发证',
    remedy: '结果已经保留；编码明确后再发证。',
  }),
  'scope-ended': () => ({
    message: '考试当天不在备案范围内，不能发证',
    remedy: '请联系区人社局核对范围的起止日期。',
  }),
  'serials-used-up': () => ({ message: '本机构今年的证书流水号已用完', remedy: '请联系平台管理人员。' }),
  'already-revoked': () => ({ message: '这张证书已经撤销', remedy: '请刷新页面查看。' }),
  'stop-not-standing': () => ({ message: '这项暂停已经有人提出解除，或者已经解除', remedy: '请刷新页面查看。' }),
  'no-lift': () => ({ message: '还没有人提出解除', remedy: '请先由经办人写明理由提出。' }),
  'own-lift': () => ({ message: '提出解除的人不能自己决定', remedy: '请由另一位有核准权限的人办理。' }),
}
