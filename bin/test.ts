/** `npm test`: everything. With names, only those: `npm test -- database journeys`. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWeb } from '#platform/build.ts'
import { step } from '#platform/run.ts'

const only = process.argv.slice(2)
const wanted = (name: string) => only.length === 0 || only.includes(name)
const folder = mkdtempSync(join(tmpdir(), 'skills-results-'))
const failed: string[] = []
const sum = { passed: 0, failed: 0 }

async function must(name: string, title: string, file: string, ...args: string[]): Promise<void> {
  if (wanted(name) && !(await step(title, file, args))) failed.push(title)
}

/** A project whose run leaves no result, or no test, has failed: silence is not success. */
async function vitest(project: string, title: string): Promise<void> {
  if (!wanted(project)) return
  const output = join(folder, `${project}.json`)
  const ok = await step(title, 'vitest', [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${output}`,
  ])
  try {
    const result: { numPassedTests: number; numFailedTests: number } = JSON.parse(readFileSync(output, 'utf8'))
    sum.passed += result.numPassedTests
    sum.failed += result.numFailedTests
    if (!ok || result.numPassedTests === 0) failed.push(title)
  } catch {
    failed.push(`${title} (no result)`)
  }
}

await must('check', 'format and lint', 'biome', 'ci', '--error-on-warnings', '.')
await must('check', 'route types', 'react-router', 'typegen')
await must('check', 'types', 'tsc', '--noEmit')
await must('check', 'clause → code → tests', 'node', 'bin/trace.ts', '--quiet')
await vitest('rules', 'rules and house')
await vitest('database', 'commands and queries on PostgreSQL')
await vitest('conformance', 'standards, requirement by requirement')
if (wanted('access') || wanted('journeys')) await buildWeb((line) => console.log(`\n${line}`))
await vitest('access', 'who may do what')
await vitest('journeys', 'journeys in a browser')
rmSync(folder, { recursive: true, force: true })

if (failed.length > 0) console.error(`\nfailed: ${failed.join(', ')}`)
console.log(`\n${sum.passed} passed, ${sum.failed} failed`)
process.exit(failed.length === 0 ? 0 : 1)
