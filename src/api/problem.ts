import { type AppError, type Fault, status } from '#platform/errors.ts'
import { clauseLabel } from '#policy/clauses.ts'
import type { Plan } from '#policy/plan.types.ts'
import type { Words } from './endpoint.ts'

/** RFC 9457, with the clause a refusal rests on and the way to mend it. */
export type Problem = {
  /** `/api/v1/#invalid` and so on: each kind is explained on the page of the API. */
  type: string
  title: string
  status: number
  detail: string
  instance: string
  /** Field → what is wrong with it. */
  fields?: Record<string, string[]>
  reason?: string
  clause?: { id: string; title: string; href: string }
  remedy?: string
  facts?: Record<string, string | number | boolean | null>
}

export type Kind = Fault['kind'] | 'needs-key' | 'needs-idempotency-key' | 'not-json' | 'no-such-address' | 'broken'

export const kinds: Record<Kind, { status: number; title: string; detail: string }> = {
  invalid: { status: status.invalid, title: '有几处没有填对', detail: '请按 fields 逐项改好后再提交。' },
  unauthenticated: {
    status: status.unauthenticated,
    title: '没有提供有效的接口密钥',
    detail: '请在 Authorization 头中提供有效的密钥。',
  },
  'needs-key': {
    status: 401,
    title: '没有提供有效的接口密钥',
    detail: '请在 Authorization 头中写 Bearer 和本单位的密钥；密钥可能已停用或过期。',
  },
  forbidden: {
    status: status.forbidden,
    title: '这把密钥没有此项权限',
    detail: '请由本单位管理员在密钥管理中新建包含此权限的密钥。',
  },
  missing: { status: status.missing, title: '没有这条记录', detail: '编号有误，或者这条记录不属于本单位。' },
  'no-such-address': { status: 404, title: '没有这个接口', detail: '请对照 /api/v1/openapi.json 核对地址和方法。' },
  conflict: {
    status: status.conflict,
    title: '记录已被他人改动',
    detail: '请重新读取后再提交；同一幂等键只能用于同一请求。',
  },
  refused: { status: status.refused, title: '按规定不能这样办', detail: '请看 clause 和 remedy。' },
  limited: { status: status.limited, title: '请求太频繁', detail: '请按 Retry-After 等待后再试。' },
  'needs-idempotency-key': {
    status: 400,
    title: '缺少幂等键',
    detail: '写操作须带 Idempotency-Key 头：1 至 200 个可见字符，每次新的操作换一个，重试时不换。',
  },
  'not-json': {
    status: 400,
    title: '请求正文不是 JSON',
    detail: '请把 Content-Type 设为 application/json，并提交有效的 JSON。',
  },
  broken: { status: 500, title: '系统出了问题', detail: '问题已经记下。请稍后再试；重试时使用同一个幂等键。' },
}

type Extra = Partial<Pick<Problem, 'detail' | 'fields' | 'reason' | 'clause' | 'remedy' | 'facts'>>

export const problem = (kind: Kind, requestId: string, extra: Extra = {}): Problem => ({
  type: `/api/v1/#${kind}`,
  title: kinds[kind].title,
  status: kinds[kind].status,
  detail: kinds[kind].detail,
  instance: `urn:uuid:${requestId}`,
  ...extra,
})

/** A fault in the words of the module it came from. */
export function problemOf(error: AppError, requestId: string, plan: Plan, words: Words | undefined): Problem {
  const { fault } = error
  switch (fault.kind) {
    case 'invalid':
      return problem('invalid', requestId, { fields: fault.fields })
    case 'refused': {
      const { clause, reason, facts } = fault.refusal
      const text = words?.[reason]?.(facts)
      return problem('refused', requestId, {
        detail: text?.message ?? kinds.refused.detail,
        reason,
        clause: { id: clause, title: clauseLabel(plan, clause), href: `/policy/${encodeURIComponent(clause)}` },
        ...(text && { remedy: text.remedy }),
        facts,
      })
    }
    case 'conflict':
      return problem('conflict', requestId, { reason: fault.what })
    default:
      return problem(fault.kind, requestId)
  }
}
