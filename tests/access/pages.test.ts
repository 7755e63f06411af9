import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { creditCode } from '#demo/synthetic.ts'
import { grants, type Permission, type RoleCode, roles } from '#platform/permissions.ts'
import routes from '#web/routes.ts'
import { signInAs } from '../setup/accounts.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { officePages } from './pages.ts'

type Entry = { path?: string | undefined; index?: boolean | undefined; children?: Entry[] | undefined }

/** Every address of the site, as `/office/claims/:id`. */
function addresses(entries: readonly Entry[], above = ''): string[] {
  return entries.flatMap((entry) => {
    const here = entry.path ? `${above}/${entry.path}` : above
    if (entry.children?.length) return addresses(entry.children, here)
    return [here === '' ? '/' : here]
  })
}
const all = [...new Set(addresses((await routes) as Entry[]))].filter((path) => !path.includes('*')).toSorted()
const filled = (path: string) =>
  path
    .replace(/:(indicator)\b/g, 'K01')
    .replace(':clause', 'HZ4-M08')
    .replace(/\/:code\?/, '')
    .replace(':step', 'return')
    .replace(':kind/:from', 'quarter/2021-07-01')
    .replace(/:[a-zA-Z]+\??/g, '00000000-0000-4000-8000-00000000dead')

let site: TestSite
const cookies: Record<string, string> = {}

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const organisation = async (type: string, index: number) => {
    const row = await site.db
      .insertInto('people.organisations')
      .values({
        uscc: creditCode('91', index),
        name: `海珠区测试${type}`,
        type,
        address: '海珠区新港中路1号',
        subdistrict: '440105002',
        registered_on: '2015-01-01',
        created_at: new Date('2021-01-01'),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return row.id
  }
  const enterprise = await organisation('enterprise', 900)
  const provider = await organisation('provider', 901)
  for (const role of Object.keys(roles) as RoleCode[]) {
    const { held } = roles[role]
    const place =
      held === 'organisation'
        ? { role, organisationId: role.startsWith('enterprise') ? enterprise : provider }
        : held === 'body'
          ? { role, body: 'veteransBureau' }
          : held === 'subdistrict'
            ? { role, subdistrict: '440105007' }
            : { role }
    const { cookie } = await signInAs(site.db, site.url, { name: '测试人员', roles: role === 'trainee' ? [] : [place] })
    cookies[role] = cookie
  }
})
afterAll(() => site.close())

const open = async (path: string, cookie?: string) => {
  const answer = await fetch(site.address + filled(path), { redirect: 'manual', headers: cookie ? { cookie } : {} })
  await answer.arrayBuffer()
  return answer.status
}
const may = (role: RoleCode, wanted: (typeof officePages)[string]) =>
  wanted === 'signed-in' || [wanted].flat().some((permission) => grants[role].includes(permission as Permission))

describe('C25 every page × every role', () => {
  const office = all.filter((path) => path.startsWith('/office'))

  test.each(office)('%s', async (path) => {
    expect(await open(path)).toBe(302) // nobody in particular is asked to sign in
    const wanted = officePages[path] ?? officePages[path.replace(/\/(classes)\/:classId\/.*/, '/$1/:classId')]
    expect(wanted, `${path} is not in the table`).toBeDefined()
    for (const role of Object.keys(roles) as RoleCode[]) {
      const status = await open(path, cookies[role])
      const expected = may(role, wanted as Permission) ? [200, 302, 403, 404, 405] : [403, 404]
      expect(expected, `${role} gets ${status}`).toContain(status)
      // an expert of another organisation judges courses at the library's desk, and opens nothing else
      const expert = role === 'library-expert' && /^\/office(\/library.*)?$/.test(path)
      if ((roles[role].held === 'organisation' || role === 'trainee') && !expert)
        expect([302, 403, 404]).toContain(status)
    }
  })

  test.each(all.filter((path) => /^\/(provider|enterprise)(\/|$)/.test(path)))('%s', async (path) => {
    expect(await open(path)).toBe(302)
    for (const role of Object.keys(roles) as RoleCode[]) {
      const status = await open(path, cookies[role])
      const own = roles[role].held === 'organisation'
      expect(own ? [200, 302, 403, 404] : [302, 403, 404], `${role} gets ${status}`).toContain(status)
    }
  })

  test.each(all.filter((path) => /^\/my(\/|$)/.test(path)))('%s', async (path) => {
    expect(await open(path)).toBe(302)
    expect([200, 404]).toContain(await open(path, cookies.trainee))
  })

  test.each(all.filter((path) => !/^\/(office|provider|enterprise|my)(\/|$)/.test(path)))('%s', async (path) => {
    for (const role of [undefined, 'trainee', 'provider-admin', 'hr-leader', 'audit-reader'])
      expect([200, 302, 400, 403, 404], `${role}`).toContain(await open(path, role && cookies[role]))
  })

  test('the table names no page that is gone', () => {
    expect(Object.keys(officePages).filter((path) => !all.includes(path))).toEqual([])
  })
})
