import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { loadPlan } from '#policy/plan.ts'
import { trace, traceText } from '#policy/trace.ts'

/** Prints what carries each clause of the plan; exits 1 while a promise has no code or no test. */
const root = resolve(import.meta.dirname, '..')
const { values } = parseArgs({
  options: {
    clause: { type: 'string' },
    /** Only the gaps and a closing line, for the check list. */
    quiet: { type: 'boolean', default: false },
    plan: { type: 'string', default: join(root, 'plan/haizhu-2020') },
  },
})
const plan = loadPlan(resolve(values.plan))
if (values.clause && !plan.clauses.some((c) => c.id === values.clause)) {
  console.error(`no clause ${values.clause}; known: ${plan.clauses.map((c) => c.id).join(' ')}`)
  process.exit(2)
}
const folders = ['src', 'tests'].filter((folder) => existsSync(join(root, folder)))
const files = folders
  .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,sql}`, { cwd: root }))
  .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(root, path), 'utf8') }))

const found = trace(plan, files)
if (!values.quiet) console.log(traceText(found, values.clause))
const rulesOf = found.clauses.find((c) => c.id === values.clause)?.rules
const gaps = found.gaps.filter((gap) => {
  const id = gap.split(' ')[0] ?? ''
  return !values.clause || id === values.clause || rulesOf?.includes(id)
})
for (const gap of gaps) console.error(`gap: ${gap}`)
console.log(`${found.clauses.length} clauses, ${found.rules.length} rules, ${gaps.length} gaps`)
process.exitCode = gaps.length > 0 ? 1 : 0
