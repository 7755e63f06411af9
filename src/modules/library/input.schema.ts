import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'
import type { Day } from '#shared/units.ts'

export type ReasonTexts = Record<string, (facts: Refusal['facts']) => { message: string; remedy: string }>

/** Pieces of input: each takes what a form sends (texts) and what a program sends (numbers, booleans). */
export const idField = (what: string) => z.uuid(`请选择${what}`)

export const textField = (what: string, most: number, least = 1) =>
  z
    .string(`请填写${what}`)
    .trim()
    .min(least, least > 1 ? `请填写${what}，至少${least}个字` : `请填写${what}`)
    .max(most, `${what}不能超过${most}个字`)

export const optionalText = (what: string, most: number) =>
  z.string().trim().max(most, `${what}不能超过${most}个字`).default('')

const empty = (value: unknown) => typeof value === 'string' && value.trim() === ''

/** A field left empty on a form counts as not given. */
export const optional = <T extends z.ZodType>(inner: T) =>
  z.preprocess((value) => (empty(value) ? undefined : value), inner.optional())

export const numberField = (what: string, from: number, to: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && !empty(value) ? Number(value) : empty(value) ? undefined : value),
    z.number(`请填写${what}，用阿拉伯数字`).min(from, `${what}不能小于${from}`).max(to, `${what}不能大于${to}`),
  )

export const wholeField = (what: string, from: number, to: number) =>
  numberField(what, from, to).refine((value) => Number.isInteger(value), `${what}应为整数`)

export const dayField = (what: string) =>
  z.iso.date(`请填写${what}，例如 2021-09-15`).transform((text): Day => text as Day)

/** A ticked box; `words` say why it must be. */
export const agreed = (words: string) =>
  z.preprocess((value) => value === true || value === 'yes' || value === 'on', z.literal(true, words))

export const flag = z.preprocess((value) => value === true || value === 'yes' || value === 'on', z.boolean())

export const versionField = wholeField('版本', 1, 1_000_000)
export const reasonField = textField('理由', 500, 4)

/** Any number of something; a single value of a form becomes a list of one. */
export const listOf = <T extends z.ZodType>(inner: T, most = 500) =>
  z.preprocess(
    (value) => (value === undefined || value === '' ? [] : Array.isArray(value) ? value : [value]),
    z.array(inner).max(most),
  )

export const keysOf = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]
