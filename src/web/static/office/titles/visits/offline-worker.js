/* Keeps the pages of site visits that an officer has opened, for where there is no network, until they are sent. Its scope is
   /office/titles/visits/. */
const shelf = 'site-visits-1'

async function keep(path) {
  const answer = await fetch(path, { cache: 'no-store' })
  // signed out, or no longer to be visited: nothing is kept in its place
  if (!answer.ok || answer.redirected) return
  const html = await answer.clone().text()
  const parts = [...new Set(html.match(/\/assets\/[A-Za-z0-9._-]+/g) ?? []), '/emblem.svg']
  const store = await caches.open(shelf)
  await Promise.all(parts.map(async (part) => (await store.match(part)) ?? (await store.add(part))))
  await store.put(path, answer)
}

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', (event) => {
  const { keep: wanted, drop } = event.data ?? {}
  if (wanted) event.waitUntil(keep(wanted).catch(() => {}))
  if (drop) event.waitUntil(caches.open(shelf).then((store) => store.delete(drop)))
})

const late = (seconds) => new Promise((_, reject) => setTimeout(() => reject(new Error('late')), seconds * 1000))
const kept = async (path) => (await caches.open(shelf)).match(path)

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== self.location.origin) return
  if (mode === 'navigate') {
    const online = Promise.race([fetch(event.request), late(6)])
    event.respondWith(online.catch(async () => (await kept(pathname)) ?? Response.error()))
  } else if (pathname.startsWith('/assets/') || pathname === '/emblem.svg') {
    event.respondWith(kept(pathname).then((found) => found ?? fetch(event.request)))
  }
})
