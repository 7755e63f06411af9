import { sql } from 'kysely'
import pg from 'pg'
import type { Config } from '#platform/config.ts'
import { cryptoFrom, loadKeys } from '#platform/crypto.ts'
import { openDb } from '#platform/db.ts'
import { type Installation, installationFacts, setInstallationFact } from '#platform/installation.ts'
import { filesFrom } from '#platform/uploads.ts'
import { loadPlan } from '#policy/plan.ts'
import { dayOf } from '#shared/dates.ts'
import { opening } from './cast.ts'
import { type LoadOptions, loadStory } from './load/story.ts'
import { claimAfterwards } from './story-claims.ts'
import { carersStory, cookingStory, filingsStory, shopsStory } from './story-competitions.ts'
import { endedStory, protestStory } from './story-competitions-ended.ts'
import { connectStory } from './story-connect.ts'
import { assistedStory, grantsStory, namesStory, reportsStory } from './story-counter.ts'
import { cuisineStory } from './story-cuisine.ts'
import { autumnDeskStory, letPassStory, overrideStory, springDeskStory, summerDeskStory } from './story-desk.ts'
import { datasetsStory, groupsStory, otherDatasetsStory } from './story-groups.ts'
import { heldStories } from './story-held.ts'
import { levelsStory } from './story-levels.ts'
import { libraryStories } from './story-library.ts'
import { feedbackStory, nightStory } from './story-night.ts'
import { officesStory, undertakersStory } from './story-offices.ts'
import { onlineStories } from './story-online.ts'
import { paymentStory } from './story-payment.ts'
import { otherPlansStory, planStories } from './story-plans.ts'
import { recoveryStories } from './story-recovery.ts'
import { rostersStory } from './story-rosters.ts'
import { budgetStory, settingsStory, statisticsStory } from './story-settings.ts'
import { sharingStory } from './story-sharing.ts'
import { standardStory } from './story-standard.ts'
import { basesStory, mentorsStory, titlesStory } from './story-titles.ts'
import { assessedClassStory, openClassStory, sheetStories, suspendedClassStory, waitingStories } from './story-today.ts'
import { type Base, makeWorld, type Story, tell } from './world.ts'

/** Person-times beside the told stories, so that the board has a line to show. */
export const besideStories = { passed: 1_200, seed: 2020, firstPerson: 2_000, firstOrganisation: 0 }

/** Tells every story of the demonstration district, in the order of their time, through the real commands. */
export async function seedDistrict(
  base: Base,
  owner: pg.Pool,
  load: LoadOptions | null,
  say: (line: string) => void = () => {},
): Promise<void> {
  const world = await makeWorld(base, owner)
  const stories: Story[] = [
    officesStory,
    settingsStory,
    undertakersStory,
    ...(load ? [loadStory(load)] : []),
    budgetStory,
    statisticsStory,
    groupsStory,
    datasetsStory,
    otherDatasetsStory,
    ...planStories,
    otherPlansStory,
    ...libraryStories,
    connectStory,
    ...onlineStories,
    ...heldStories(claimAfterwards),
    cuisineStory,
    springDeskStory,
    summerDeskStory,
    autumnDeskStory,
    overrideStory,
    letPassStory,
    paymentStory,
    ...recoveryStories,
    suspendedClassStory,
    assessedClassStory,
    ...sheetStories,
    ...waitingStories,
    rostersStory,
    openClassStory,
    assistedStory,
    namesStory,
    grantsStory,
    titlesStory,
    basesStory,
    mentorsStory,
    cookingStory,
    shopsStory,
    carersStory,
    filingsStory,
    endedStory,
    protestStory,
    levelsStory,
    sharingStory,
    standardStory,
    reportsStory,
    nightStory,
    feedbackStory,
  ]
  await tell(world, stories, everyMonth(say))
  await seal(base)
}

/** One line for each month that the stories have come to: nobody waits in silence. */
function everyMonth(say: (line: string) => void): (at: Date) => void {
  let last = ''
  return (at) => {
    const month = dayOf(at).slice(0, 7)
    if (month === last) return
    last = month
    say(`  … ${month}`)
  }
}

/** Links the trail to its end, as the server does every second. */
export async function seal({ db }: Pick<Base, 'db'>): Promise<void> {
  let linked = 0
  do {
    const { rows } = await sql<{ linked: number }>`select audit.seal() as linked`.execute(db)
    linked = rows[0]?.linked ?? 0
  } while (linked >= 5_000)
}

/**
 * Fills an empty installation with the demonstration district, whose clock then stands at its opening. One that was cut
 * off in the middle is cleared and made again; one that holds anything else is left alone.
 */
export async function seedWhenEmpty(
  config: Config,
  installation: Pick<Installation, 'ownerUrl' | 'appUrl'>,
  say: (line: string) => void,
): Promise<void> {
  const { ownerUrl } = installation
  const facts = await installationFacts(ownerUrl)
  if (facts.demo === true) return
  const owner = ownerPool(ownerUrl)
  try {
    if (facts.demoBegun === true) await clear(owner)
    else if (await holdsAnything(owner)) return
    say('Making the demonstration district, December 2020 to September 2021 (up to a minute, once) …')
    const began = Date.now()
    await setInstallationFact(ownerUrl, 'demoBegun', true)
    const base = openBase(config, installation.appUrl)
    try {
      await seedDistrict(base, owner, { ...besideStories, ownerUrl: relaxed(ownerUrl), say: () => {} }, say)
    } finally {
      await base.pool.end()
    }
    await owner.query('analyze')
    await setInstallationFact(ownerUrl, 'demo', true)
    await setInstallationFact(ownerUrl, 'clockOffsetMs', opening.getTime() - Date.now())
    say(`  made in ${((Date.now() - began) / 1000).toFixed(1)} s`)
  } finally {
    await owner.end()
  }
}

/** A crash while the district is being made is answered by making it again: no commit need wait for the disk. */
export function relaxed(url: string): string {
  const at = new URL(url)
  at.searchParams.set('options', '-c synchronous_commit=off')
  return at.href
}

export function ownerPool(ownerUrl: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: relaxed(ownerUrl), max: 3 })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

export function openBase(config: Config, appUrl: string): Base & { pool: pg.Pool } {
  const { db, pool } = openDb(relaxed(appUrl), 4)
  return {
    db,
    pool,
    plan: loadPlan(config.planFolder),
    crypto: cryptoFrom(loadKeys(config.dataDir, process.env)),
    files: filesFrom(config),
  }
}

async function holdsAnything(owner: pg.Pool): Promise<boolean> {
  const { rows } = await owner.query<{ any: boolean }>(
    'select exists (select from auth.users) or exists (select from people.organisations) or exists (select from audit.entries) as any',
  )
  return rows[0]?.any ?? true
}

/** Tables that the migrations themselves have filled, and what is known of the installation. */
const given = ['auth.roles', 'auth.incompatible_roles', 'auth.session_life', 'platform.installation']
const notOurs = ['pg_catalog', 'information_schema', 'graphile_worker', 'public']

/** Empties everything that a half-made district has left, queue included. */
async function clear(owner: pg.Pool): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname <> all ($1) and schemaname || '.' || tablename <> all ($2)`,
    [notOurs, given],
  )
  await owner.query(`truncate ${rows.map(({ name }) => name).join(', ')} restart identity cascade`)
  await owner.query('delete from graphile_worker._private_jobs')
}
