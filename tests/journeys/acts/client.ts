import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { TestSite } from '../../setup/site.ts'

type Json = Record<string, unknown>
type Answer = { status: number; type: string; json: Json }

/** A program with an organisation's key. Every write goes out twice under one idempotency key and must answer alike. */
export type Client = {
  get<T = Json>(path: string): Promise<T>
  file(path: string): Promise<Uint8Array>
  post<T = Json>(path: string, body: unknown, status: number): Promise<T>
  /** Asked once; whatever comes back. */
  refused(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>
}

export function keyTo(site: TestSite, key: string): Client {
  const call = (method: string, path: string, body?: unknown, once: string = randomUUID()) =>
    fetch(`${site.address}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(method === 'POST' && { 'idempotency-key': once }),
        ...(body !== undefined && { 'content-type': body instanceof Blob ? body.type : 'application/json' }),
      },
      ...(body !== undefined && { body: body instanceof Blob ? body : JSON.stringify(body) }),
    })
  const answerOf = async (response: Response): Promise<Answer> => ({
    status: response.status,
    type: (response.headers.get('content-type') ?? '').split(';', 1)[0] ?? '',
    json: (await response.json()) as Json,
  })
  return {
    async get<T>(path: string) {
      const { status, json } = await answerOf(await call('GET', path))
      expect(status, `${path} ${JSON.stringify(json)}`).toBe(200)
      return json as T
    },
    async file(path) {
      const response = await call('GET', path)
      expect(response.status, path).toBe(200)
      return new Uint8Array(await response.arrayBuffer())
    },
    async post<T>(path: string, body: unknown, wanted: number) {
      const once = randomUUID()
      const first = await answerOf(await call('POST', path, body, once))
      expect(first.status, `${path} ${JSON.stringify(first.json)}`).toBe(wanted)
      expect(await answerOf(await call('POST', path, body, once)), `${path} sent twice`).toEqual(first)
      return first.json as T
    },
    refused: async (method, path, body) => answerOf(await call(method, path, body)),
  }
}
