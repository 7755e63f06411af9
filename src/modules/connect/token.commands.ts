import { type Command, command } from '#platform/command.ts'
import { takeOnce } from './launch.commands.ts'
import { digestOf, inSeconds, newToken } from './launch.queries.ts'
import { GiveToken } from './token.schema.ts'

export const tokenSeconds = 3600

/** An access token for a tool that has just proved itself with a signed assertion, used once. @clause HZ4-M13 */
export const giveToken: Command<typeof GiveToken, { token: string; toolId: string }> = command({
  name: 'connect.giveToken',
  permission: 'system.operate',
  input: GiveToken,
  told: ({ toolId, scopes }) => ({ toolId, scopes }),
  async run(tx, { toolId, number, expiresAt, scopes }) {
    await takeOnce(tx, `assertion:${toolId}`, number, expiresAt)
    const token = newToken()
    await tx.db
      .insertInto('connect.tokens')
      .values({ digest: digestOf(token), tool_id: toolId, scopes, expires_at: inSeconds(tokenSeconds) })
      .execute()
    tx.about('lti-tool', toolId)
    return { token, toolId }
  },
  outcome: ({ toolId }) => ({ toolId }),
})
