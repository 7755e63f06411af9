import { z } from 'zod'
import type { PlanFault } from './plan.errors.ts'

const speak = z.locales.zhCN().localeError
const jsonPath = (path: readonly PropertyKey[]) =>
  path.reduce<string>((at, key) => at + (typeof key === 'number' ? `[${key}]` : `.${String(key)}`), '$')

/** A file's text in its shape; every fault is added with its path and a reason that its author understands. */
export function shaped<T extends z.ZodType>(
  file: string,
  source: string,
  shape: T,
  faults: PlanFault[],
): z.infer<T> | undefined {
  let json: unknown
  try {
    json = JSON.parse(source)
  } catch (error) {
    faults.push({ file, path: '$', reason: `不是有效的 JSON：${(error as Error).message}` })
    return undefined
  }
  const parsed = shape.safeParse(json, { error: speak })
  if (parsed.success) return parsed.data as z.infer<T>
  for (const issue of parsed.error.issues) faults.push({ file, path: jsonPath(issue.path), reason: issue.message })
  return undefined
}
