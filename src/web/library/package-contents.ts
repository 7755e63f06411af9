import { type Activity, type PackageFound, packageKinds, type Unit } from '#modules/packages/package.schema.ts'

/** A line of what a package holds. */
export type ContentsLine = {
  id: string
  title: string
  depth: number
  unit: { kind: Unit['kind']; href: string } | null
}

/** The tree of a package as the learner will see it, chapter by chapter. */
export function contentsOf(found: PackageFound): ContentsLine[] {
  const units = new Map(found.units.map((unit) => [unit.id, unit]))
  const lines: ContentsLine[] = []
  const walk = (activities: readonly Activity[], depth: number) => {
    for (const { id, title, unit, children } of activities) {
      const of = unit === null ? undefined : units.get(unit)
      lines.push({ id, title, depth, unit: of ? { kind: of.kind, href: of.href } : null })
      walk(children, depth + 1)
    }
  }
  walk(found.activities, 0)
  return lines
}

/** `SCORM 2004 第 4 版`, `IMS QTI 试题包 2.1`: the kind, with the edition where it says more. */
export function kindText({ kind, edition }: Pick<PackageFound, 'kind' | 'edition'>): string {
  const [, number] = /(\d)(?:st|nd|rd|th) Edition/i.exec(edition) ?? []
  if (number) return `${packageKinds[kind]} 第 ${number} 版`
  return edition === '' || packageKinds[kind].includes(edition)
    ? packageKinds[kind]
    : `${packageKinds[kind]} ${edition}`
}
