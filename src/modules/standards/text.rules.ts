import type { Body } from './standard.schema.ts'

/** A body in one way only: the same text always gives the same digest. */
export const canonicalBody = (body: Body): string =>
  JSON.stringify([
    body.profile,
    body.basics,
    body.functions.map((one) => [one.id, one.name, one.contents.map((c) => [c.name, c.skills, c.knowledge])]),
    body.levels.map((one) => [
      one.code,
      one.hours,
      one.conditions,
      Object.entries(one.weights).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ]),
  ])
