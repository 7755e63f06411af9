import type pg from 'pg'
import { type Actor, actorOf, type Holding, system } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import type { RoleCode } from '#platform/permissions.ts'
import { startOfDay } from '#shared/dates.ts'
import { day } from '#shared/units.ts'
import { opening } from './cast.ts'
import { queueRunner } from './queue.ts'
import type { Taught } from './teach.ts'

export type Base = Pick<Ctx, 'db' | 'plan' | 'crypto' | 'files'>

/** Somebody who can act in the stories. */
export type Player = { accountId: string; personId: string; name: string; holdings: Holding[] }

/** The district as the stories find it: who is there, what time it is. */
export type World = Base & {
  now: Date
  /** By the name of the cast. */
  players: Map<string, Player>
  /** By the key of the cast. */
  organisations: Map<string, string>
  /** The accepted plan of each undertaker. */
  plans: Map<string, string>
  planOf(key: string): string
  /** Claims by the name of their class. */
  claims: Map<string, { claimId: string; taught: Taught }>
  /** Where each undertaker teaches and who teaches there. */
  places: Record<
    string,
    { organisationId: string; venueId: string; rooms: string[]; trainers: { name: string; id: string }[] }
  >
  /** A request of this person at the story's present instant. */
  as(name: string): Ctx
  asSystem(job?: string): Ctx
  /** Somebody of an undertaker who is not of the cast. */
  asSomebody(one: { id: string; name: string; role: RoleCode; organisationId: string }): Ctx
  /** Somebody of the staff of an undertaker, by role. */
  actorOf(name: string): Actor
  runJobs(): Promise<void>
}

/** A story yields the instants at which it goes on; in between, other stories have their turn. */
export type Story = (world: World) => AsyncGenerator<Date, void, void>

export async function makeWorld(base: Base, owner: pg.Pool): Promise<World> {
  let requests = 0
  const ctx = (actor: Actor): Ctx => ({
    ...base,
    actor,
    now: world.now,
    requestId: `story-${String(++requests).padStart(6, '0')}`,
  })
  const world: World = {
    ...base,
    now: opening,
    players: new Map(),
    organisations: new Map(),
    places: {},
    plans: new Map(),
    claims: new Map(),
    planOf(key) {
      const planId = world.plans.get(key)
      if (!planId) throw new RangeError(`the plan of ${key} has not been accepted`)
      return planId
    },
    as: (name) => ctx(world.actorOf(name)),
    asSystem: (job = 'install') => ctx(system(job)),
    asSomebody: ({ id, name, role, organisationId }) =>
      ctx(actorOf({ kind: 'user', id, name, personId: null, holdings: [{ role, organisationId }] })),
    actorOf(name) {
      const player = world.players.get(name)
      if (!player) throw new RangeError(`nobody of the cast is called ${name}`)
      const { accountId, personId, holdings } = player
      // a trainee is kept under his document number, and acts under his masked name
      return actorOf({ kind: 'user', id: accountId, name: player.name, personId, holdings })
    },
    runJobs: async () => {},
  }
  world.runJobs = await queueRunner(owner, base, () => world.now)
  return world
}

/** Tells stories together, always going on with the one whose instant comes first; then runs what was queued. `reached` hears each instant. */
export async function tell(
  world: World,
  stories: readonly Story[],
  reached: (at: Date) => void = () => {},
): Promise<void> {
  const open = stories.map((story, order) => ({ order, going: story(world), next: new Date(0) }))
  while (open.length > 0) {
    open.sort((a, b) => a.next.getTime() - b.next.getTime() || a.order - b.order)
    const story = open[0] as (typeof open)[number]
    if (story.next.getTime() > 0) {
      world.now = story.next
      reached(story.next)
    }
    const step = await story.going.next()
    await world.runJobs()
    if (step.done) open.shift()
    else if (step.value < story.next) throw new RangeError(`story ${story.order} goes back in time to ${step.value}`)
    else story.next = step.value
  }
}

/** `at('2021-03-01', '09:30')`, in Guangzhou. */
export function at(on: string, time: string): Date {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return new Date(startOfDay(day(on)).getTime() + (hours * 60 + minutes) * 60_000)
}
