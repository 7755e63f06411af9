import type { Json } from '#modules/credentials/proof.rules.ts'
import { type Known, openJwt } from '#modules/credentials/verify.rules.ts'

/** What this browser keeps for the time without a network. */
export type Kept = Known & {
  /** Of the status list, by the platform's clock. */
  statusAt: string
  /** The platform's clock less this device's, in milliseconds: a wrong clock must not make an old list look new. */
  skewMs: number
}

const place = 'offline-verify'

export function readKept(): Kept | null {
  try {
    const text = localStorage.getItem(place)
    return text ? (JSON.parse(text) as Kept) : null
  } catch {
    return null
  }
}

/** Fetches the issuer's keys and every status list, checks the lists with the keys, and keeps them. Throws without a network. */
export async function refreshKept(signal: AbortSignal): Promise<Kept> {
  const get = async (url: string, accept: string) => {
    const answer = await fetch(url, { credentials: 'omit', cache: 'no-store', signal, headers: { accept } })
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
    return answer.text()
  }
  const document = JSON.parse(await get('/.well-known/did.json', 'application/did+ld+json')) as Json
  const known: Known = { did: String(document.id), document, lists: {} }
  let statusAt = ''
  for (const url of listUrls(document)) {
    const jwt = await get(new URL(url).pathname, 'application/vc+jwt')
    const opened = await openJwt(jwt, known)
    // Without Ed25519 nothing can be checked here, and nothing will be called valid either.
    if ('outcome' in opened && opened.outcome !== 'unsupported') throw new Error(`${url}: ${opened.outcome}`)
    known.lists[url] = jwt
    const at = 'outcome' in opened ? '' : String(opened.credential.validFrom)
    if (statusAt === '' || at < statusAt) statusAt = at
  }
  const kept = { ...known, statusAt, skewMs: statusAt ? Date.parse(statusAt) - Date.now() : 0 }
  localStorage.setItem(place, JSON.stringify(kept))
  return kept
}

function listUrls(document: Json): string[] {
  const services = (document.service ?? []) as { type: string; serviceEndpoint: string[] }[]
  return services.find(({ type }) => type === 'BitstringStatusLists')?.serviceEndpoint ?? []
}

/** Lets the page open without a network from now on. False when the browser has no such thing. */
export async function keepPage(): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false
  await navigator.serviceWorker.register('/verify/offline-worker.js', { scope: '/verify/' })
  const ready = await navigator.serviceWorker.ready
  ready.active?.postMessage('keep')
  return true
}
