import { type Command, command, type Tx } from '#platform/command.ts'
import { refused } from '#platform/errors.ts'
import { ProposePlatform } from './platform.schema.ts'
import { lockRegistrant, type Moved, step } from './registration.commands.ts'
import { mustBeOutward } from './registration.queries.ts'

const clause = 'HZ4-M13'
const most = 20

/**
 * Registers the platform of a school that will open our courses. It opens nothing until a security administrator has
 * approved it.
 * @clause HZ4-M13 C25
 */
export const proposePlatform: Command<typeof ProposePlatform, Moved> = command({
  name: 'connect.proposePlatform',
  permission: 'connect.register',
  input: ProposePlatform,
  async run(tx, input) {
    await lockRegistrant(tx, input.organisationId)
    const { n } = await tx.db
      .selectFrom('connect.platforms')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('organisation_id', '=', input.organisationId)
      .where('state', 'in', ['proposed', 'active', 'suspended'])
      .executeTakeFirstOrThrow()
    if (n >= most) throw refused({ clause, reason: 'connect-many', facts: { most } })
    const id = await insert(tx, input)
    tx.about('lti-platform', id)
    tx.about('organisation', input.organisationId)
    return { id, state: 'proposed' }
  },
})

async function insert(tx: Tx, input: ProposePlatform): Promise<string> {
  const made = await tx.db
    .insertInto('connect.platforms')
    .values({
      organisation_id: input.organisationId,
      name: input.name,
      purpose: input.purpose,
      issuer: input.issuer,
      client_id: input.clientId,
      deployment_ids: [...new Set(input.deploymentIds)],
      auth_url: mustBeOutward('认证地址', input.authUrl),
      token_url: mustBeOutward('令牌地址', input.tokenUrl),
      token_audience: input.tokenAudience ?? null,
      jwks_url: mustBeOutward('公钥地址', input.jwksUrl),
      proposed_by: tx.actor.hand.id,
      proposed_by_name: tx.actor.name,
      proposed_at: tx.now,
    })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) throw refused({ clause, reason: 'connect-registered', facts: {} })
  return made.id
}

/** @clause C25 */
export const approvePlatform = step(
  'platform',
  { name: 'connect.approvePlatform', permission: 'connect.approve' },
  'approve',
)
export const rejectPlatform = step(
  'platform',
  { name: 'connect.rejectPlatform', permission: 'connect.approve' },
  'reject',
)
export const suspendPlatform = step(
  'platform',
  { name: 'connect.suspendPlatform', permission: 'connect.approve' },
  'suspend',
)
export const resumePlatform = step(
  'platform',
  { name: 'connect.resumePlatform', permission: 'connect.approve' },
  'resume',
)
export const endPlatform = step('platform', { name: 'connect.endPlatform', permission: 'connect.register' }, 'end')
