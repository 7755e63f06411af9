import { z } from 'zod'

/** Hands one text to the operator. Throws when it was not taken, so that the queue tries again. */
export type SmsGateway = { send(message: { id: string; to: string; text: string }): Promise<void> }

const Settings = z.object({ SMS_GATEWAY_URL: z.url().optional(), SMS_GATEWAY_TOKEN: z.string().optional() })

/**
 * The gateway named by `SMS_GATEWAY_URL`, or none. It gets `POST {id, to, text}` with the token as bearer; the id lets it
 * drop a repeat. Operators with another protocol stand behind a small bridge of their own.
 */
export function smsGatewayFrom(env: Record<string, string | undefined>): SmsGateway | undefined {
  const { SMS_GATEWAY_URL: url, SMS_GATEWAY_TOKEN: token } = Settings.parse(env)
  if (!url) return undefined
  return {
    async send(message) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
        body: JSON.stringify(message),
        signal: AbortSignal.timeout(10_000),
      })
      if (!answer.ok) throw new Error(`the SMS gateway answered ${answer.status}`)
    },
  }
}
