const marker = 'package'

/**
 * Before a lesson begins, what another package left in this browser is gone: its local and session storage, databases and
 * caches. Only reports that are still on their way stay. Where every package has a host of its own there is nothing to do.
 */
export async function sweepFor(packageId: string): Promise<void> {
  try {
    if (localStorage.getItem(marker) === packageId) return
    for (const name of Object.keys(localStorage)) if (!name.startsWith('outbox:')) localStorage.removeItem(name)
    sessionStorage.clear()
    for (const { name } of await databases()) if (name) await gone(name)
    for (const name of await cacheNames()) await caches.delete(name)
    localStorage.setItem(marker, packageId)
  } catch {
    // no store at all: nothing was left
  }
}

/** Some browsers do not tell which databases there are, and a page without TLS has no caches. */
const databases = async () => (typeof indexedDB.databases === 'function' ? indexedDB.databases() : [])
const cacheNames = async () => (typeof caches === 'undefined' ? [] : caches.keys())

const gone = (name: string) =>
  new Promise<void>((resolve) => {
    const request = indexedDB.deleteDatabase(name)
    for (const event of ['success', 'error', 'blocked']) request.addEventListener(event, () => resolve())
  })
