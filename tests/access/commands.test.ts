import { globSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Actor, actorOf, anonymous } from '#platform/actor.ts'
import { commands } from '#platform/command.ts'
import { AppError } from '#platform/errors.ts'
import { grants, incompatible, type Permission, type RoleCode, roles } from '#platform/permissions.ts'
import { ctxFor, freshDb, type TestDb } from '#platform/testing.ts'

const root = join(import.meta.dirname, '../..')
for (const file of globSync('src/modules/*/*.commands.ts', { cwd: root })) await import(join(root, file))

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 4)
})
afterAll(() => t.close())

const elsewhere = '00000000-0000-4000-8000-00000000dead'

function holder(role: RoleCode): Actor {
  const held = roles[role].held
  return actorOf({
    kind: 'user',
    id: `user:${role}`,
    name: roles[role].label,
    personId: held === 'person' ? elsewhere : null,
    holdings: [
      {
        role,
        ...(held === 'organisation' && { organisationId: elsewhere }),
        ...(held === 'body' && { body: 'nowhere' }),
        ...(held === 'subdistrict' && { subdistrict: '000000000' }),
      },
    ],
  })
}

/** Nothing is sent but an empty form, so whoever may pass is stopped by the form; nobody may get further by luck. */
async function verdict(name: string, actor: Actor): Promise<string> {
  try {
    await commands.get(name)?.(ctxFor(t.db, actor), {})
    return 'done'
  } catch (error) {
    return error instanceof AppError ? error.fault.kind : `bug: ${(error as Error).message}`
  }
}

describe('C25 every command × every role', () => {
  test.each([...commands.keys()].sort())('%s', async (name) => {
    const permission = commands.get(name)?.permission as Permission | 'public'
    const seen: Record<string, string> = {}
    const wanted: Record<string, unknown> = {}
    for (const role of Object.keys(roles) as RoleCode[]) {
      seen[role] = await verdict(name, holder(role))
      const may = permission === 'public' || grants[role].includes(permission)
      wanted[role] = may
        ? expect.stringMatching(/^(invalid|missing|refused|conflict|done|limited|unauthenticated)$/)
        : 'forbidden'
    }
    seen.anonymous = await verdict(name, anonymous)
    wanted.anonymous =
      permission === 'public'
        ? expect.stringMatching(/^(invalid|missing|refused|conflict|done|limited|unauthenticated)$/)
        : 'unauthenticated'
    expect(seen).toEqual(wanted)
  })

  test('every permission in the table is asked for by some command or page, and granted to some role', () => {
    const granted = new Set(Object.values(grants).flat())
    for (const command of commands.values())
      if (command.permission !== 'public') expect(granted).toContain(command.permission)
  })

  test('nobody may hold both sides of a four-eyes pair through one role', () => {
    const pairs: [Permission, Permission][] = [
      ['claim.first-review', 'claim.second-review'],
      ['claim.second-review', 'claim.approve'],
      ['claim.approve', 'payment.batch'],
      ['payment.batch', 'payment.confirm'],
      ['claim.first-review', 'payment.batch'],
      ['setting.propose', 'setting.approve'],
      ['control.override', 'control.approve-override'],
      ['recovery.open', 'recovery.decide'],
      ['payment.import', 'payment.confirm'],
      ['recovery.open', 'recovery.close'],
      ['audit.export', 'access.grant'],
      ['access.grant', 'system.operate'],
      ['credential.propose-key', 'credential.approve-key'],
      ['connect.register', 'connect.approve'],
    ]
    for (const [role, held] of Object.entries(grants))
      for (const [a, b] of pairs) expect([role, held.includes(a) && held.includes(b)]).toEqual([role, false])
    for (const [a, b] of incompatible) expect(a).not.toBe(b)
  })
})
