import { checkActor, identifierOf } from '#modules/records/actor.rules.ts'
import type { Client } from '#modules/records/client.schema.ts'
import type { Batch } from '#modules/records/statement.commands.ts'
import { type Agent, type Version, wrong } from '#modules/records/statement.schema.ts'
import { instantOf, iriOf, isUuid } from '#modules/records/value.rules.ts'
import type { Ctx } from '#platform/command.ts'

/** A request as it is meant, however it was written. */
export type Ask = {
  method: string
  /** Below the mount point: `/statements`. */
  resource: string
  params: Map<string, string>
  header(name: string): string | undefined
  body(): Promise<Uint8Array<ArrayBuffer>>
  /** The body as text, which is cheaper to have where the server has it. */
  text(): Promise<string>
}

/** A request whose sender is known. */
export type Known = Ask & {
  ctx: Ctx
  client: Client
  version: Version
  /** Who stores the statements, where it is not the store itself. */
  keep?: (batch: Batch) => Promise<{ ids: string[] }>
}

/** Parameters that the resource does not have, or that are written otherwise, are refused. */
export function onlyParams(ask: Ask, ...known: string[]): void {
  for (const name of ask.params.keys()) if (!known.includes(name)) wrong(name, 'is not a parameter of this resource')
}

export function neededParam(ask: Ask, name: string): string {
  return ask.params.get(name) ?? wrong(name, 'is missing')
}

export function iriParam(ask: Ask, name: string): string {
  return iriOf(neededParam(ask, name), name)
}

export function uuidParam(ask: Ask, name: string): string | undefined {
  const value = ask.params.get(name)
  if (value !== undefined && !isUuid(value)) wrong(name, 'must be a UUID')
  return value?.toLowerCase()
}

export function booleanParam(ask: Ask, name: string): boolean {
  const value = ask.params.get(name)
  if (value !== undefined && value !== 'true' && value !== 'false') wrong(name, 'must be true or false')
  return value === 'true'
}

export function instantParam(ask: Ask, name: string, version: Version): Date | undefined {
  const value = ask.params.get(name)
  if (value === undefined) return undefined
  const at = instantOf(value, version)
  return at === null ? wrong(name, 'must be a timestamp with its time zone') : new Date(at)
}

/** An agent or an identified group, as JSON. */
export function agentParam(ask: Ask, name = 'agent'): Agent {
  let value: unknown
  try {
    value = JSON.parse(neededParam(ask, name))
  } catch {
    wrong(name, 'must be JSON')
  }
  const agent = checkActor(value, name)
  if (identifierOf(agent) === null) wrong(name, 'must have an identifier')
  return agent
}
