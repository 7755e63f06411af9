import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export type Operator = { texts: { to: string; text: string }[]; close(): void }

/** A telephone operator on this machine: takes every text the site sends and keeps it, as a phone would. */
export async function startOperator(): Promise<Operator> {
  const texts: Operator['texts'] = []
  const server = createServer(async (request, response) => {
    texts.push(JSON.parse(await text(request)))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.env.SMS_GATEWAY_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/texts`
  return {
    texts,
    close: () => {
      delete process.env.SMS_GATEWAY_URL
      server.close()
    },
  }
}
