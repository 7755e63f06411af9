import { randomUUID } from 'node:crypto'
import { type Command, command, type Tx } from '#platform/command.ts'
import { refused } from '#platform/errors.ts'
import { lockRegistrant, step } from './registration.commands.ts'
import { mustBeOutward } from './registration.queries.ts'
import { publicKeysOf, readCustom } from './registration.rules.ts'
import type { RegistrationState } from './registration.schema.ts'
import { ProposeTool } from './tool.schema.ts'

const clause = 'HZ4-M13'
const most = 20

/**
 * Registers a tool of somebody else. It opens nowhere until a security administrator has approved it.
 * @clause HZ4-M13 C25
 */
export const proposeTool: Command<typeof ProposeTool, { id: string; clientId: string; state: RegistrationState }> =
  command({
    name: 'connect.proposeTool',
    permission: 'connect.register',
    input: ProposeTool,
    told: ({ organisationId, name, targetUrl, scopes, tells, opens }) => ({
      ...{ organisationId: organisationId ?? null, name, targetUrl, scopes, tells, opens },
    }),
    async run(tx, input) {
      await lockRegistrant(tx, input.organisationId)
      await mustHaveRoom(tx, input.organisationId)
      const custom = readCustom(input.custom)
      if (!custom) throw refused({ clause, reason: 'connect-custom', facts: {} })
      const jwks = input.jwks ? publicKeysOf(input.jwks) : null
      if (jwks === undefined) throw refused({ clause, reason: 'connect-keys', facts: {} })
      const { id, clientId } = await tx.db
        .insertInto('connect.tools')
        .values({
          organisation_id: input.organisationId ?? null,
          name: input.name,
          purpose: input.purpose,
          client_id: `hz-${randomUUID()}`,
          deployment_id: randomUUID(),
          login_url: mustBeOutward('登录发起地址', input.loginUrl),
          target_url: mustBeOutward('打开地址', input.targetUrl),
          deep_link_url: input.deepLinkUrl ? mustBeOutward('选内容地址', input.deepLinkUrl) : null,
          redirect_uris: input.redirectUris.map((one) => mustBeOutward('回跳地址', one)),
          jwks_url: input.jwksUrl ? mustBeOutward('公钥地址', input.jwksUrl) : null,
          public_jwks: jwks && JSON.stringify(jwks),
          scopes: [...new Set(input.scopes)],
          tells: [...new Set(input.tells)],
          custom: JSON.stringify(custom),
          opens: input.opens,
          proposed_by: tx.actor.hand.id,
          proposed_by_name: tx.actor.name,
          proposed_at: tx.now,
        })
        .returning(['id', 'client_id as clientId'])
        .executeTakeFirstOrThrow()
      tx.about('lti-tool', id)
      if (input.organisationId) tx.about('organisation', input.organisationId)
      return { id, clientId, state: 'proposed' }
    },
  })

async function mustHaveRoom(tx: Tx, organisationId: string | undefined): Promise<void> {
  const { n } = await tx.db
    .selectFrom('connect.tools')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where((eb) => (organisationId ? eb('organisation_id', '=', organisationId) : eb('organisation_id', 'is', null)))
    .where('state', 'in', ['proposed', 'active', 'suspended'])
    .executeTakeFirstOrThrow()
  if (n >= most) throw refused({ clause, reason: 'connect-many', facts: { most } })
}

/** @clause C25 */
export const approveTool = step('tool', { name: 'connect.approveTool', permission: 'connect.approve' }, 'approve')
export const rejectTool = step('tool', { name: 'connect.rejectTool', permission: 'connect.approve' }, 'reject')
/** Stops every launch and every token of the tool at once. */
export const suspendTool = step('tool', { name: 'connect.suspendTool', permission: 'connect.approve' }, 'suspend')
export const resumeTool = step('tool', { name: 'connect.resumeTool', permission: 'connect.approve' }, 'resume')
export const endTool = step('tool', { name: 'connect.endTool', permission: 'connect.register' }, 'end')
