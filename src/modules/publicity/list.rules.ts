import { normalise } from '#shared/text.ts'
import { type ProofStep, type PublicRow, type RowReceipt, receiptMethod } from './list.schema.ts'

/** Digest of a text, in hex. Given from outside: the list must not care which hash function the district uses. */
type Digest = (text: string) => string

/**
 * What a row says about whose it is, without saying it: name and number of the document under the row's own salt.
 * Strangers have no salt, so trying all numbers behind a mask gets them nowhere.
 * @clause R37
 */
export function identityOf(digest: Digest, salt: string, realName: string, documentNumber: string): string {
  return digest(['identity', salt, realName, documentNumber].join('\n'))
}

/** A row as text, each part in its fixed place. Line breaks cannot occur inside a part. */
export function rowText(row: PublicRow): string {
  const { position, kind, unit, person, document, subsidy, persons, amountFen } = row
  return [position, kind, unit, person, document, subsidy, persons, amountFen]
    .map((part) => String(part).replace(/[\r\n]+/g, ' '))
    .join('\n')
}

/** The row's leaf: what is public, bound to whose it is. */
export function leafOf(digest: Digest, row: PublicRow, salt: string, identity: string): string {
  return digest(['row', salt, identity, rowText(row)].join('\n'))
}

const parentOf = (digest: Digest, left: string, right: string) => digest(['node', left, right].join('\n'))

/** Every level of the tree, leaves first. A hash without a partner is carried up as it is. */
function levels(digest: Digest, leaves: readonly string[]): string[][] {
  const all: string[][] = [[...leaves]]
  for (let level = all[0] as string[]; level.length > 1; ) {
    const above: string[] = []
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i] as string, level[i + 1]]
      above.push(right === undefined ? left : parentOf(digest, left, right))
    }
    all.push(above)
    level = above
  }
  return all
}

/** The one value that stands for the whole list: any change of any row changes it. */
export function rootOf(digest: Digest, leaves: readonly string[]): string {
  return levels(digest, leaves).at(-1)?.[0] ?? digest('empty')
}

/** The way from leaf `index` up to the root. */
export function pathOf(digest: Digest, leaves: readonly string[], index: number): ProofStep[] {
  const steps: ProofStep[] = []
  let at = index
  for (const level of levels(digest, leaves).slice(0, -1)) {
    const hash = level[at % 2 === 0 ? at + 1 : at - 1]
    if (hash !== undefined) steps.push({ side: at % 2 === 0 ? 'right' : 'left', hash })
    at = Math.floor(at / 2)
  }
  return steps
}

/**
 * Whether the receipt's row stood, exactly so, in the list with this root.
 * @clause R37
 */
export function proves(
  digest: Digest,
  receipt: Pick<RowReceipt, 'row' | 'salt' | 'identity' | 'path' | 'root'>,
): boolean {
  const leaf = leafOf(digest, receipt.row, receipt.salt, receipt.identity)
  const top = receipt.path.reduce(
    (hash, step) => (step.side === 'left' ? parentOf(digest, step.hash, hash) : parentOf(digest, hash, step.hash)),
    leaf,
  )
  return top === receipt.root
}

/**
 * What may be published of one claim: the unit's row, then one row for each person, masked.
 * @clause R37
 */
export function rowsOf(
  claim: {
    unit: string
    uscc: string
    subsidy: string
    lines: readonly { nameMasked: string; documentMasked: string; amountFen: number }[]
  },
  firstPosition: number,
): PublicRow[] {
  const { unit, uscc, subsidy, lines } = claim
  const common = { unit, subsidy }
  const amountFen = lines.reduce((sum, line) => sum + line.amountFen, 0)
  return [
    { ...common, position: firstPosition, kind: 'unit', person: '', document: uscc, persons: lines.length, amountFen },
    ...lines.map(
      (line, i): PublicRow => ({
        ...common,
        position: firstPosition + 1 + i,
        kind: 'person',
        person: line.nameMasked,
        document: line.documentMasked,
        persons: 1,
        amountFen: line.amountFen,
      }),
    ),
  ]
}

/** A name or number as it goes into the digest: half-width, upper case, without spaces. */
export const cleanIdentity = (typed: string): string => normalise(typed).replace(/\s/g, '').toUpperCase()

/** A list as it is published: the root over its rows, the file with `head` first, and the digest of the file. */
export function frozen(digest: Digest, head: object, rows: readonly { content: PublicRow; leaf: string }[]) {
  const root = rootOf(
    digest,
    rows.map((row) => row.leaf),
  )
  const snapshot = {
    ...head,
    root,
    method: receiptMethod,
    rows: rows.map((row) => ({ ...row.content, leaf: row.leaf })),
  }
  return { root, snapshot: JSON.stringify(snapshot), digest: digest(snapshotText(snapshot)) }
}

/** The published file: JSON with the keys of every object in order, so that the same content always has the same digest. */
export function snapshotText(snapshot: unknown): string {
  return `${JSON.stringify(snapshot, (_, value) => (isRecord(value) ? Object.fromEntries(Object.entries(value).sort(byKey)) : value), 1)}\n`
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1)
