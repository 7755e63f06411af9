/** `npm run check`: format, lint, types, and the rules of the house and of policy: everything that needs no database. */
import { step } from '#platform/run.ts'

const failed: string[] = []
const must = async (title: string, file: string, ...args: string[]) => {
  if (!(await step(title, file, args))) failed.push(title)
}
await must('format and lint', 'biome', 'ci', '--error-on-warnings', '.')
await must('route types', 'react-router', 'typegen')
await must('types', 'tsc', '--noEmit')
await must('clause → code → tests', 'node', 'bin/trace.ts', '--quiet')
await must('rules and house', 'vitest', 'run', '--project', 'rules')
if (failed.length > 0) console.error(`\nfailed: ${failed.join(', ')}`)
process.exit(failed.length === 0 ? 0 : 1)
