import { createRequestHandler, type RouterContextProvider, type ServerBuild } from 'react-router'

type Routes = ServerBuild['routes']
type Handler = (request: Request, context: RouterContextProvider) => Promise<Response>

/** How many words of an address choose its part: `office/claims/…` and `office/classes/…` are different parts. */
const depth = 2

const isOpen = (word: string) => word.startsWith(':') || word === '*'
const split = (path: string) => path.split('/').filter(Boolean)

/** The words of a route's whole pattern, ancestors included. */
function patternOf(routes: Routes, id: string): string[] {
  const route = routes[id]
  if (!route) return []
  const above = route.parentId ? patternOf(routes, route.parentId) : []
  return route.path ? [...above, ...split(route.path)] : above
}

function leavesOf(routes: Routes): { id: string; words: string[] }[] {
  const parents = new Set(Object.values(routes).flatMap((route) => (route?.parentId ? [route.parentId] : [])))
  return Object.keys(routes)
    .filter((id) => !parents.has(id))
    .map((id) => ({ id, words: patternOf(routes, id) }))
}

function fits(pattern: string[], words: string[]): boolean {
  for (let place = 0; place < depth; place += 1) {
    const want = pattern[place]
    const have = words[place]
    if (want === '*') return true
    if (want === undefined) return have === undefined
    if (have === undefined) return want.endsWith('?')
    if (!isOpen(want) && want.toLowerCase() !== have) return false
  }
  return true
}

/**
 * The routes that an address with these first words can reach: leaves that fit, and what they stand in.
 * `words` are lower-cased; `*` stands for a word that no pattern names.
 */
export function partOf(routes: Routes, words: string[]): Routes {
  const part: Routes = {}
  for (const { id, words: pattern } of leavesOf(routes)) {
    if (!fits(pattern, words)) continue
    for (let at: string | undefined = id; at && !part[at]; at = routes[at]?.parentId) part[at] = routes[at]
  }
  return part
}

/** The words that patterns name at each place; other words of an address are all alike. */
export function knownWords(routes: Routes): Set<string>[] {
  const leaves = leavesOf(routes)
  return Array.from({ length: depth }, (_, place) => {
    const words = leaves.flatMap(({ words }) => words[place] ?? [])
    return new Set(words.filter((word) => !isOpen(word)).map((word) => word.toLowerCase()))
  })
}

/** The first words of an address, as `partOf` takes them. */
export function wordsOf(pathname: string, known: Set<string>[]): string[] {
  const page = pathname.replace(/\.data$/, '')
  return split(page === '/_root' || page === '/_' ? '/' : page)
    .slice(0, depth)
    .map((word, place) => (known[place]?.has(word.toLowerCase()) ? word.toLowerCase() : '*'))
}

/** The drawing walks the manifest as the matching walks the routes: both are cut to the same part. */
function buildOf(build: ServerBuild, routes: Routes): ServerBuild {
  const kept = Object.entries(build.assets.routes).filter(([id]) => routes[id])
  return { ...build, routes, assets: { ...build.assets, routes: Object.fromEntries(kept) } }
}

/**
 * Answers pages. The router walks every route it has several times a request, and the site has hundreds: so each part
 * of the site has a router of its own, made when first asked for.
 */
export function pagesOf(build: ServerBuild | (() => Promise<ServerBuild>), dev: boolean): Handler {
  const mode = dev ? 'development' : 'production'
  const whole = createRequestHandler(build, mode)
  if (typeof build === 'function') return whole
  const known = knownWords(build.routes)
  const parts = new Map<string, Handler>()
  return (request, context) => {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/__')) return whole(request, context)
    const words = wordsOf(pathname, known)
    const key = words.join('/')
    let handler = parts.get(key)
    if (!handler) {
      handler = createRequestHandler(buildOf(build, partOf(build.routes, words)), mode)
      parts.set(key, handler)
    }
    return handler(request, context)
  }
}
