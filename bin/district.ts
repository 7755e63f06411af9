/**
 * `npm run district -- --events 60000 [--seed 1] [--into DIR]`: a full plan's load in the database of DATA_DIR or
 * DATABASE_URL, or in a fresh folder. Run again, it goes on where it stopped; run once more, it adds nothing.
 * `npm run district -- --accounts`: who can sign in to the demonstration, and the one-time password of this moment.
 */
import { parseArgs } from 'node:util'
import { accountsText } from '#demo/accounts.ts'
import { loadDistrict } from '#demo/load/district.ts'
import { openBase, ownerPool, seedWhenEmpty } from '#demo/seed.ts'
import { readConfig } from '#platform/config.ts'
import { install, installationFacts, setInstallationFact } from '#platform/installation.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '60000' },
    seed: { type: 'string', default: '2021' },
    into: { type: 'string' },
    accounts: { type: 'boolean', default: false },
  },
})
if (values.accounts) {
  console.log(accountsText())
  process.exit(0)
}
const passed = Number(values.events)
const seed = Number(values.seed)
if (!Number.isInteger(passed) || passed < 100 || passed > 200_000 || !Number.isInteger(seed)) {
  console.error('--events is a whole number from 100 to 200000, --seed a whole number')
  process.exit(2)
}
/** Apart from the demonstration's own people and undertakers. */
const apart = { firstPerson: 20_000, firstOrganisation: 100 }
const say = (line: string) => console.log(line)
const config = readConfig(values.into ? { ...process.env, DATA_DIR: values.into } : process.env)
const installation = await install(config, say)
let faults = 0
try {
  await seedWhenEmpty(config, installation, say)
  if ((await installationFacts(installation.ownerUrl)).demo !== true) {
    throw new Error('this installation holds real data: a load is only added to a demonstration district')
  }
  const { load } = await installationFacts(installation.ownerUrl)
  const wanted = JSON.stringify({ passed, seed })
  if (load !== undefined && load !== wanted) throw new Error(`this district already holds another load: ${load}`)
  await setInstallationFact(installation.ownerUrl, 'load', wanted)
  const owner = ownerPool(installation.ownerUrl)
  const base = openBase(config, installation.appUrl)
  try {
    faults = await loadDistrict(base, owner, { passed, seed, ...apart, ownerUrl: installation.ownerUrl, say })
  } finally {
    await base.pool.end()
    await owner.end()
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  faults = 1
} finally {
  await installation.stop()
}
process.exit(faults === 0 ? 0 : 1)
