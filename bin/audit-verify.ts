/** `npm run audit:verify -- trail.jsonl`: checks an exported copy of the trail offline and names the first broken row. */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { chainStart, checkLine, isFault } from '#modules/audit/trail.rules.ts'

const file = process.argv[2]
if (!file || !existsSync(file)) {
  console.error('usage: npm run audit:verify -- trail.jsonl\nThe copy is made at /office/audit (导出审计链).')
  process.exit(2)
}
const hash = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
let state = chainStart
let line = 0
for await (const raw of createInterface({
  input: createReadStream(file, 'utf8'),
  crlfDelay: Number.POSITIVE_INFINITY,
})) {
  if (raw === '') continue
  line++
  const next = checkLine(state, raw, line, hash)
  if (isFault(next)) {
    console.error(`BROKEN at line ${next.line}${next.seq ? ` (row ${next.seq})` : ''}: ${next.reason}`)
    process.exit(1)
  }
  state = next
}
console.log(`OK: ${state.seq} rows, unbroken. Last hash ${state.hash}`)
console.log(
  'Compare this hash with the one printed in the quarterly report: it also proves that no row is missing at the end.',
)
