import { realTime } from '#platform/clock.ts'
import { roles } from '#platform/permissions.ts'
import { base32Of, stepAt, totp } from '#platform/totp.ts'
import { officials, told, undertakers } from './cast.ts'
import { castPerson } from './people.ts'

/** How everybody of the offices signs in; a demonstration has no secrets. */
export const officialPassword = 'haizhu-demo-2021'
export const officialTotpSecret = 'haizhu-demo-district'

/** The six digits that a validator app would show now; good for every office account of the demonstration. */
export const currentCode = (at: Date = realTime()): string => totp(officialTotpSecret, stepAt(at))

const width = (text: string): number => [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 255 ? 2 : 1), 0)
const pad = (text: string, to: number): string => text + ' '.repeat(Math.max(1, to - width(text)))

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))) + 2)
  return rows.map((row) => `  ${row.map((cell, column) => pad(cell, widths[column] ?? 0)).join('')}`.trimEnd())
}

/** Who can sign in to the demonstration, and how. Printed at the start. */
export function accountsText(at: Date = realTime()): string {
  const phones = [
    ...Object.values(told).map(({ name, does }) => [castPerson(name).phone, name, does]),
    ...undertakers.flatMap(({ name: unit, staff, trainers }) => [
      ...Object.entries(staff).map(([role, name]) => [castPerson(name).phone, name, `${labelOf(role)}，${unit}`]),
      ...trainers.slice(0, 1).map(({ name }) => [castPerson(name).phone, name, `授课教师，${unit}`]),
    ]),
  ]
  const offices = officials.map(({ username, name, role, does }) => [username, name, labelOf(role), does])
  return [
    '演示账号（人员、单位均为虚构）',
    '',
    '用手机号登录：验证码不发短信，显示在 /dev/outbox',
    ...table(phones),
    '',
    `工作人员登录：密码都是 ${officialPassword}，然后输入动态口令`,
    `  动态口令：现在是 ${currentCode(at)}（每30秒一变；再看：npm run district -- --accounts）`,
    `  或在验证器应用中手工添加密钥 ${base32Of(officialTotpSecret)}`,
    ...table(offices),
  ].join('\n')
}

const labelOf = (role: string): string => roles[role as keyof typeof roles]?.label ?? role
