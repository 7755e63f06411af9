import { randomBytes } from 'node:crypto'
import type { Current } from './ctx.ts'

const name = 'device'

/** The key of this device: a number only this browser knows, kept on our side as a blind index (C15). */
export function deviceOf(request: Request): string {
  return request.headers.get('cookie')?.match(/(?:^|;\s*)device=([A-Za-z0-9_-]{22})(?:;|$)/)?.[1] ?? ''
}

export const newDevice = (): string => randomBytes(16).toString('base64url')

export function deviceCookie(device: string, { sessions }: Pick<Current, 'sessions'>): string {
  const secure = sessions.secure ? '; Secure' : ''
  return `${name}=${device}; Path=/; Max-Age=34560000; SameSite=Lax; HttpOnly${secure}`
}
