/* Keeps the page of offline verification and what it is made of, and nothing else. Its scope is /verify/. */
const shelf = 'offline-verify-1'
const page = '/verify/offline'

/** Fetched as a stranger, so that nobody's name stays on a shared device. */
async function keep() {
  const answer = await fetch(page, { credentials: 'omit', cache: 'no-store' })
  if (!answer.ok) return
  const html = await answer.clone().text()
  const parts = [...new Set(html.match(/\/assets\/[A-Za-z0-9._-]+/g) ?? []), '/emblem.svg']
  const store = await caches.open(shelf)
  await Promise.all(parts.map(async (part) => (await store.match(part)) ?? (await store.add(part))))
  await store.put(page, answer)
  for (const old of await store.keys()) {
    const { pathname } = new URL(old.url)
    if (pathname !== page && !parts.includes(pathname)) await store.delete(old)
  }
}

self.addEventListener('install', (event) => event.waitUntil(keep().then(() => self.skipWaiting())))
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', (event) => {
  if (event.data === 'keep') event.waitUntil(keep().catch(() => {}))
})

const late = (seconds) => new Promise((_, reject) => setTimeout(() => reject(new Error('late')), seconds * 1000))
const kept = async (path) => (await caches.open(shelf)).match(path)

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== self.location.origin) return
  if (mode === 'navigate' && pathname === page) {
    const online = Promise.race([fetch(event.request), late(4)])
    event.respondWith(online.catch(async () => (await kept(page)) ?? Response.error()))
  } else if (pathname.startsWith('/assets/') || pathname === '/emblem.svg') {
    event.respondWith(kept(pathname).then((found) => found ?? fetch(event.request)))
  }
})
