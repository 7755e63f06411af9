import type { z } from 'zod'
import type { Ctx } from '#platform/command.ts'
import type { Permission } from '#platform/permissions.ts'
import type { Decision } from '#policy/decision.ts'

/** Words of a module for its refusals. */
export type Words = Record<
  string,
  (facts: Extract<Decision<never>, { ok: false }>['refusal']['facts']) => { message: string; remedy: string }
>

export type Tag =
  | '计划'
  | '成效'
  | '找培训'
  | '公示'
  | '证书'
  | '本单位'
  | '培训计划'
  | '班级'
  | '花名册'
  | '课次'
  | '考勤'
  | '课时'
  | '考核'
  | '申领'

/** A document that is not JSON. */
export type Download = { name: string; mediaType: string; bytes: Uint8Array<ArrayBuffer> }

/** One answer of the API: what it takes, what it gives, who may ask. The document is made from the same lines. */
export type Endpoint = {
  method: 'get' | 'post'
  /** As in OpenAPI: `/classes/{classId}`. */
  path: string
  tag: Tag
  summary: string
  description?: string
  /** `public` needs no key; a permission needs an organisation's key with that scope. */
  access: 'public' | Permission
  params?: z.ZodObject
  query?: z.ZodObject
  /** JSON, or the bytes of one file. */
  body?: z.ZodType
  file?: { mediaTypes: string[]; description: string }
  /** Left out where the answer is a file. */
  answer?: z.ZodType
  /** The status of a good answer; 201 where something was made. */
  status?: 200 | 201 | 202
  words?: Words
  /** Only so many an hour for one caller, beside the general limit. */
  strict?: { tries: number; seconds: number }
  handle(ctx: Ctx, given: Given): Promise<unknown>
}

/** What a request gave, already checked against the shapes above. */
export type Given = {
  params: Record<string, string>
  query: Record<string, unknown>
  body: unknown
  file: { name: string; bytes: Uint8Array<ArrayBuffer> } | null
}

type Shape<T> = T extends z.ZodType ? z.output<T> : Record<string, never>
type Spec<P, Q, B> = Omit<Endpoint, 'params' | 'query' | 'body' | 'handle'> & {
  params?: P & z.ZodObject
  query?: Q & z.ZodObject
  body?: B & z.ZodType
  handle(ctx: Ctx, given: { params: Shape<P>; query: Shape<Q>; body: Shape<B>; file: Given['file'] }): Promise<unknown>
}

/** Gives the handler the types of its own shapes. */
export const endpoint = <P = undefined, Q = undefined, B = undefined>(spec: Spec<P, Q, B>): Endpoint =>
  spec as unknown as Endpoint

/** The organisation that the key belongs to. */
export function ownOrganisation(ctx: Pick<Ctx, 'actor'>): string {
  const own = ctx.actor.holdings.find((holding) => holding.organisationId)?.organisationId
  if (!own) throw new Error('an API key without an organisation')
  return own
}
