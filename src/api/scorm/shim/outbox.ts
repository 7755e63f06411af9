import { sealOf } from './seal.ts'

/** Reports on their way to the server. They are kept until it has said that it has them, over reloads and lost networks. */
type Report = { seq: number; changes: [string, string][]; final: boolean }
type Way = { address: string } | { exception: string }
type Answer = { acknowledged?: number; ended?: boolean; expected?: number; reason?: string; next?: Way }

export type Outbox = {
  add(changes: [string, string][], final: boolean): void
  /** Sends what is waiting; resolves when there is nothing left or the network is gone. */
  send(): Promise<void>
  /** For the moment when the page goes away. */
  sendLast(): void
  waiting(): number
}

const most = 100

export type Mailing = { address: string; launchId: string; packageId: string; sealKey: string }

/** For somebody who only looks: nothing is kept and nothing sent. */
export const noOutbox: Outbox = { add() {}, send: async () => {}, sendLast() {}, waiting: () => 0 }

export function outboxOf(
  settings: Mailing,
  told: (state: 'saved' | 'waiting' | 'ended') => void,
  go: (way: Way) => void,
): Outbox {
  const store = storeOf(settings)
  let queue: Report[] = store.read()
  let last = Math.max(0, ...queue.map(({ seq }) => seq))
  let sending: Promise<void> | undefined
  let pause = 1000

  const settle = (answer: Answer) => {
    if (answer.acknowledged !== undefined) queue = queue.filter(({ seq }) => seq > (answer.acknowledged as number))
    if (answer.reason === 'launch-ended') queue = []
    store.write(queue)
    if (answer.next) go(answer.next)
    told(answer.reason === 'launch-ended' ? 'ended' : queue.length > 0 ? 'waiting' : 'saved')
  }
  const body = () => JSON.stringify({ entries: queue.slice(0, most) })

  async function work(): Promise<void> {
    while (queue.length > 0) {
      const before = queue.length
      try {
        const response = await post(settings.address, body())
        settle(response)
        if (response.reason === 'commit-gap') renumber(response.expected ?? 1)
        else if (queue.length === before) throw new Error('no progress')
        pause = 1000
      } catch {
        told('waiting')
        await new Promise((resolve) => setTimeout(resolve, pause))
        pause = Math.min(pause * 2, 30_000)
      }
    }
  }

  /** The server never saw these numbers, so whatever is waiting follows what it has. */
  function renumber(expected: number): void {
    queue = queue.map((report, i) => ({ ...report, seq: expected + i }))
    last = expected + queue.length - 1
    store.write(queue)
  }

  return {
    add(changes, final) {
      last += 1
      queue.push({ seq: last, changes, final })
      store.write(queue)
    },
    send() {
      sending ??= work().finally(() => {
        sending = undefined
      })
      return sending
    },
    sendLast() {
      if (queue.length > 0) navigator.sendBeacon(settings.address, new Blob([body()], { type: 'application/json' }))
    },
    waiting: () => queue.length,
  }
}

async function post(address: string, body: string): Promise<Answer> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    credentials: 'omit',
  })
  if (response.status >= 500) throw new Error('the server is not well')
  return (await response.json()) as Answer
}

/**
 * What lies in the browser carries no token: whoever else runs here could send nothing with it. It carries a seal that
 * only this learner's frames of this package can make: whoever else runs here could change nothing in it.
 */
type Kept = { packageId: string; body: string; seal: string }
const prefix = 'outbox:'

function sealed({ packageId, sealKey }: Mailing, name: string, reports: Report[]): string {
  const body = JSON.stringify(reports)
  return JSON.stringify({ packageId, body, seal: sealOf(sealKey, name + body) } satisfies Kept)
}

/** The reports under a name; none when somebody else's, or changed by somebody. */
function unsealed({ packageId, sealKey }: Mailing, name: string): Report[] | undefined {
  const kept = JSON.parse(localStorage.getItem(name) ?? '{}') as Partial<Kept>
  if (kept.packageId !== packageId || kept.body === undefined) return undefined
  return sealOf(sealKey, name + kept.body) === kept.seal ? (JSON.parse(kept.body) as Report[]) : undefined
}

/** The browser's own store; where it has none, reports live as long as the page. */
function storeOf(mailing: Mailing) {
  const name = `${prefix}${mailing.launchId}`
  return {
    read(): Report[] {
      try {
        return unsealed(mailing, name) ?? []
      } catch {
        return []
      }
    },
    write(reports: Report[]) {
      try {
        if (reports.length > 0) localStorage.setItem(name, sealed(mailing, name, reports))
        else localStorage.removeItem(name)
      } catch {
        // a full or forbidden store: the reports are still in memory
      }
    },
  }
}

/** Reports of earlier launches of this package that never got through, such as before a reload without a network. */
export async function sendForgotten(mailing: Mailing): Promise<void> {
  const { address, launchId } = mailing
  try {
    for (const name of Object.keys(localStorage).filter((key) => key.startsWith(prefix) && key !== prefix + launchId)) {
      const reports = unsealed(mailing, name)
      if (!reports) continue
      const earlier = name.slice(prefix.length)
      const answer = await post(address, JSON.stringify({ launchId: earlier, entries: reports.slice(0, most) }))
      const left = reports.filter(({ seq }) => seq > (answer.acknowledged ?? 0))
      if (left.length === 0 || answer.reason !== undefined) localStorage.removeItem(name)
      else localStorage.setItem(name, sealed(mailing, name, left))
    }
  } catch {
    // no store, or still no network: they wait for the next opening
  }
}
