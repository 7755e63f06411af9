import { z } from 'zod'
import { idField, optional, optionalText, reasonField, textField } from '#modules/library/input.schema.ts'

/** A registration of something outside: by one person, decided by another, stopped by either side. */
export const registrationStates = {
  proposed: '待批准',
  active: '使用中',
  suspended: '已暂停',
  rejected: '未批准',
  ended: '已停用',
} as const
export type RegistrationState = keyof typeof registrationStates

export const Decide = z.object({ id: idField('登记'), note: optionalText('说明', 500) })
export const Stop = z.object({ id: idField('登记'), note: reasonField })

export const namedFields = {
  name: textField('名称', 80, 2),
  purpose: textField('用途', 500, 4),
}
export const addressField = (what: string) => textField(what, 1000, 8)
export const optionalAddress = (what: string) => optional(z.string().trim().max(1000, `${what}太长`))

/** Several values, one a line. */
export const linesField = (what: string, most: number) =>
  z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .split('\n')
            .map((line) => line.trim())
            .filter((line) => line !== '')
        : value,
    z.array(z.string().max(1000)).min(1, `请填写${what}`).max(most, `${what}最多${most}个`),
  )
