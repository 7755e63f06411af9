import { type Agent, type Json, wrong } from './statement.schema.ts'
import { arrayOf, iriOf, isIri, objectOf, textOf } from './value.rules.ts'

const agentKeys = new Set(['objectType', 'name', 'mbox', 'mbox_sha1sum', 'openid', 'account'])
const groupKeys = new Set([...agentKeys, 'member'])
const accountKeys = new Set(['homePage', 'name'])
const identifiers = ['mbox', 'mbox_sha1sum', 'openid', 'account'] as const
const mailbox = /^mailto:[^\s@<>]+@[^\s@<>]+\.?[^\s@<>]*$/
const sha1 = /^[0-9a-f]{40}$/i

/** An agent has exactly one inverse functional identifier. xAPI Data 2.4.2.1. */
export function checkAgent(value: unknown, path: string): Agent {
  const agent = objectOf(value, path, agentKeys)
  if (agent.objectType !== undefined && agent.objectType !== 'Agent') wrong(`${path}.objectType`, 'must be Agent')
  const found = checkIdentifiers(agent, path)
  if (found !== 1) wrong(path, 'must have exactly one of mbox, mbox_sha1sum, openid, account')
  return agent as Agent
}

/** A group is identified by one identifier, or by its members, who are agents. xAPI Data 2.4.2.2. */
export function checkGroup(value: unknown, path: string): Agent {
  const group = objectOf(value, path, groupKeys)
  if (group.objectType !== 'Group') wrong(`${path}.objectType`, 'must be Group')
  const found = checkIdentifiers(group, path)
  if (found > 1) wrong(path, 'must have at most one of mbox, mbox_sha1sum, openid, account')
  if (group.member === undefined) {
    if (found === 0) wrong(path, 'an anonymous group must have members')
    return group as Agent
  }
  const members = arrayOf(group.member, `${path}.member`)
  if (found === 0 && members.length === 0) wrong(`${path}.member`, 'an anonymous group must have members')
  for (const [i, member] of members.entries()) checkAgent(member, `${path}.member[${i}]`)
  return group as Agent
}

export function checkActor(value: unknown, path: string): Agent {
  return (value as Agent | undefined)?.objectType === 'Group' ? checkGroup(value, path) : checkAgent(value, path)
}

/** An agent, or the group of two that stands for an application and its user. xAPI Data 2.4.9. */
export function checkAuthority(value: unknown, path: string): void {
  const authority = checkActor(value, path)
  if (authority.objectType !== 'Group') return
  if (identifierOf(authority)) wrong(path, 'an authority group must be anonymous')
  if (authority.member?.length !== 2) wrong(`${path}.member`, 'an authority group has exactly two members')
}

function checkIdentifiers(actor: Json, path: string): number {
  let found = 0
  if (actor.name !== undefined) textOf(actor.name, `${path}.name`)
  for (const kind of identifiers) {
    const value = actor[kind]
    if (value === undefined) continue
    found++
    const at = `${path}.${kind}`
    if (kind === 'mbox') {
      if (!isIri(value) || !mailbox.test(value)) wrong(at, 'must be mailto: and an address')
    } else if (kind === 'mbox_sha1sum') {
      if (!sha1.test(textOf(value, at))) wrong(at, 'must be a SHA-1 in hexadecimal')
    } else if (kind === 'openid') iriOf(value, at)
    else {
      const account = objectOf(value, at, accountKeys)
      iriOf(account.homePage, `${at}.homePage`)
      textOf(account.name, `${at}.name`)
    }
  }
  return found
}

/** The identifier as one text, the same for everybody who means the same agent. Null for an anonymous group. */
export function identifierOf(agent: Agent): string | null {
  if (agent.mbox !== undefined) return `mbox ${agent.mbox}`
  if (agent.mbox_sha1sum !== undefined) return `sha1 ${agent.mbox_sha1sum.toLowerCase()}`
  if (agent.openid !== undefined) return `openid ${agent.openid}`
  if (agent.account !== undefined) return `account ${agent.account.homePage} ${agent.account.name}`
  return null
}
