import type pg from 'pg'
import { tallyFaults, uncounted } from '#modules/reports/count.queries.ts'
import { ledgerFaults } from '#modules/subsidy/ledger.queries.ts'
import { officials } from '../cast.ts'
import { relaxed, seal } from '../seed.ts'
import { type Base, makeWorld, tell, type World } from '../world.ts'
import { type LoadOptions, loadStory } from './story.ts'

/** Adds a load to a district that is there, then holds the books against each other. Returns the number of faults. */
export async function loadDistrict(base: Base, owner: pg.Pool, options: LoadOptions): Promise<number> {
  const { say } = options
  const began = Date.now()
  const since = () => `${((Date.now() - began) / 1000).toFixed(0).padStart(4)} s`
  const world = await makeWorld(base, owner)
  await recallOfficials(world)
  await owner.query('analyze')
  await tell(world, [
    loadStory({ ...options, ownerUrl: relaxed(options.ownerUrl), say: (line) => say(`${since()}${line}`) }),
  ])
  await seal(base)
  await owner.query('analyze')
  say(`loaded ${options.passed} person-times in ${((Date.now() - began) / 1000).toFixed(1)} s`)
  for (const line of await sizes(owner)) say(`  ${line}`)
  const checks = [
    { what: 'ledger faults', found: await ledgerFaults(base.db) },
    { what: 'tally faults', found: await tallyFaults(base.db) },
    { what: 'records not counted', found: await uncounted(base.db) },
  ]
  for (const { what, found } of checks) {
    say(`${what}: ${found.length}`)
    for (const fault of found.slice(0, 10)) say(`  ${JSON.stringify(fault)}`)
  }
  return checks.reduce((sum, { found }) => sum + found.length, 0)
}

/** The bureau's people as the records have them. */
async function recallOfficials(world: World): Promise<void> {
  for (const one of officials) {
    const account = await world.db
      .selectFrom('auth.users')
      .select(['id', 'person_id'])
      .where('username', '=', one.username)
      .executeTakeFirst()
    if (!account) throw new Error(`the demonstration's ${one.username} is not there`)
    const place = {
      role: one.role,
      ...('body' in one ? { body: one.body } : {}),
      ...('subdistrict' in one ? { subdistrict: one.subdistrict } : {}),
    }
    const player = { accountId: account.id, personId: account.person_id ?? '', name: one.name, holdings: [place] }
    world.players.set(one.name, player)
  }
}

async function sizes(owner: pg.Pool): Promise<string[]> {
  const { rows } = await owner.query<{ line: string }>(
    `select format('%s %s rows, %s', relid::regclass, n_live_tup, pg_size_pretty(pg_total_relation_size(relid))) as line
     from pg_stat_user_tables where n_live_tup > 1000 order by pg_total_relation_size(relid) desc limit 12`,
  )
  return rows.map((row) => row.line)
}
