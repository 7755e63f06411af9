/** What a phone keeps of a visit until it has been sent: what was chosen and written, photos, and the signatures. */
export type KeptVisit = {
  fields: Record<string, string>
  files: { name: string; file: Blob; fileName: string }[]
  /** Handed in on the spot; to be sent as soon as there is a network. */
  ready: boolean
}

function shelf(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open('site-visits', 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore('visits')
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error)
  })
}

async function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const place = await shelf()
  try {
    return await new Promise<T>((resolve, reject) => {
      const asked = work(place.transaction('visits', mode).objectStore('visits'))
      asked.onsuccess = () => resolve(asked.result)
      asked.onerror = () => reject(asked.error)
    })
  } finally {
    place.close()
  }
}

export const keptVisit = (id: string): Promise<KeptVisit | undefined> => within('readonly', (store) => store.get(id))
export const keepVisit = (id: string, visit: KeptVisit): Promise<unknown> =>
  within('readwrite', (store) => store.put(visit, id))
export const dropVisit = (id: string): Promise<unknown> => within('readwrite', (store) => store.delete(id))

/** Lets the page of a visit open without a network; false where the browser has no such thing. */
export async function keepVisitPage(path: string): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false
  await navigator.serviceWorker.register('/office/titles/visits/offline-worker.js', { scope: '/office/titles/visits/' })
  const ready = await navigator.serviceWorker.ready
  ready.active?.postMessage({ keep: path })
  return true
}

export async function dropVisitPage(path: string): Promise<void> {
  const registered = await navigator.serviceWorker?.getRegistration('/office/titles/visits/')
  registered?.active?.postMessage({ drop: path })
}
