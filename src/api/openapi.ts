import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { kinds } from './problem.ts'

type Json = Record<string, unknown>

const schemaOf = (shape: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any', target: 'draft-2020-12' }) as Json
  return schema
}

/** Problems that any answer may be. */
const always = (one: Endpoint): (keyof typeof kinds)[] => [
  'limited',
  'broken',
  ...(one.access === 'public' ? [] : (['needs-key', 'forbidden'] as const)),
  ...(one.params ? (['missing'] as const) : []),
  ...(one.method === 'get' ? [] : (['needs-idempotency-key', 'conflict', 'refused'] as const)),
  ...(one.body || one.file || one.query ? (['invalid'] as const) : []),
]

/** The OpenAPI 3.1 document, from the same shapes that check every request and answer. */
export function openapi(endpoints: readonly Endpoint[]): Json {
  const paths: Record<string, Json> = {}
  for (const one of endpoints) paths[one.path] = { ...paths[one.path], [one.method]: operation(one) }
  return {
    openapi: '3.1.0',
    info: {
      title: '海珠区职业培训云平台开放接口',
      version: '1.0.0',
      description:
        '公开数据不需要密钥。本单位的业务用接口密钥（Authorization: Bearer hsk_…）调用，与网页办理走同一套规则。' +
        '写操作须带 Idempotency-Key；列表用 cursor 翻页；拒绝时返回 application/problem+json，写明条款和改法。',
    },
    servers: [{ url: '/api/v1' }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: '本单位管理员在工作台中新建的接口密钥' } },
      schemas: { Problem: problemSchema },
    },
  }
}

function operation(one: Endpoint): Json {
  const byStatus = Map.groupBy(new Set(always(one)), (kind) => kinds[kind].status)
  const problems = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, list]) => [
      String(status),
      {
        description: list.map((kind) => kinds[kind].title).join('；'),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ])
  return {
    tags: [one.tag],
    operationId: operationId(one),
    summary: one.summary,
    ...(one.description && { description: one.description }),
    security: one.access === 'public' ? [] : [{ key: [] }],
    ...(one.access !== 'public' && { 'x-scope': one.access }),
    parameters: parameters(one),
    ...bodyOf(one),
    responses: {
      [String(one.status ?? 200)]: one.answer
        ? { description: '成功', content: { 'application/json': { schema: schemaOf(one.answer, 'output') } } }
        : { description: '文件', content: { 'application/octet-stream': {} } },
      ...Object.fromEntries(problems),
    },
  }
}

const operationId = (one: Endpoint): string =>
  one.method + one.path.replace(/[/{}-]+(\w)?/g, (_, letter?: string) => letter?.toUpperCase() ?? '')

function bodyOf(one: Endpoint): Json {
  if (one.file) {
    const binary = { schema: { type: 'string', format: 'binary' } }
    const form = {
      schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
    }
    const content = Object.fromEntries(one.file.mediaTypes.map((type) => [type, binary]))
    return {
      requestBody: {
        required: true,
        description: one.file.description,
        content: { 'multipart/form-data': form, ...content },
      },
    }
  }
  if (!one.body) return {}
  return { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(one.body, 'input') } } } }
}

function parameters(one: Endpoint): Json[] {
  const of = (shape: z.ZodObject | undefined, where: 'path' | 'query'): Json[] => {
    if (!shape) return []
    const { properties = {}, required = [] } = schemaOf(shape, 'input') as {
      properties?: Record<string, Json>
      required?: string[]
    }
    return Object.entries(properties).map(([name, schema]) => {
      const { description, ...rest } = schema
      return {
        name,
        in: where,
        required: where === 'path' || required.includes(name),
        ...(description !== undefined && { description }),
        schema: rest,
      }
    })
  }
  const idempotency = {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description: '每次新的操作换一个，重试时不换。同一个键只会办一次。',
    schema: { type: 'string', minLength: 1, maxLength: 200 },
  }
  return [...of(one.params, 'path'), ...of(one.query, 'query'), ...(one.method === 'get' ? [] : [idempotency])]
}

const text = { type: 'string' }
const problemSchema: Json = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'detail', 'instance'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' },
    detail: text,
    instance: text,
    fields: { type: 'object', additionalProperties: { type: 'array', items: text } },
    reason: text,
    clause: { type: 'object', required: ['id', 'title', 'href'], properties: { id: text, title: text, href: text } },
    remedy: text,
    facts: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
  },
}
