import type { Activity, PackageFound } from './package.schema.ts'

/**
 * The tree as one learner has it: where a cluster draws some of its children, or shuffles them, the draw is made from the
 * seed alone, so that it is the same each time and another for somebody else (SR.1, SR.2 of the SN book).
 * @clause HZ4-M13
 */
export function arranged(found: PackageFound, seed: string): PackageFound {
  if (found.kind !== 'scorm2004') return found
  return { ...found, activities: found.activities.map((activity) => arrange(activity, seed)) }
}

function arrange(activity: Activity, seed: string): Activity {
  const { select = null, shuffle = false } = activity.sequencing ?? {}
  const draw = numbersFrom(`${seed} ${activity.id}`)
  let children = activity.children
  if (select !== null && select < children.length) {
    const drawn = new Set(shuffled(children, draw).slice(0, select))
    children = children.filter((child) => drawn.has(child))
  }
  if (shuffle) children = shuffled(children, draw)
  return { ...activity, children: children.map((child) => arrange(child, seed)) }
}

function shuffled<T>(items: readonly T[], draw: () => number): T[] {
  const found = [...items]
  for (let i = found.length - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1))
    const kept = found[i] as T
    found[i] = found[j] as T
    found[j] = kept
  }
  return found
}

/** Numbers from 0 up to 1 that a text fixes. They decide an order, nothing that anybody could gain from guessing. */
function numbersFrom(text: string): () => number {
  let state = 2_166_136_261
  for (const letter of text) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 16_777_619)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
