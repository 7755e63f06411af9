/**
 * `node bin/bench-batch.ts import COUNT CLASS|claims`: one long job in a process of its own, so that its memory is its own. Prints
 * JSON: seconds, the seconds of the bare work in it, the largest memory, and what was done.
 */

import { dice, syntheticPerson } from '#demo/synthetic.ts'
import { claimStates } from '#modules/subsidy/claim.schema.ts'
import { precheckAll } from '#modules/subsidy/control.commands.ts'
import { quote } from '#modules/subsidy/quote.commands.ts'
import { checkImport, startImport } from '#modules/training/import.commands.ts'
import { actorOf, system } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { readConfig } from '#platform/config.ts'
import { cryptoFrom, loadKeys } from '#platform/crypto.ts'
import { openDb } from '#platform/db.ts'
import { clockOf, installationFacts } from '#platform/installation.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { writeXlsx } from '#platform/workbook.ts'
import { loadPlan } from '#policy/plan.ts'

const [job, count = '5000', classId = ''] = process.argv.slice(2)
const config = readConfig()
const { db, pool } = openDb(config.appDatabaseUrl as string, 8)
const clock = clockOf(await installationFacts(config.databaseUrl as string))
const base = { db, plan: loadPlan(config.planFolder), crypto: cryptoFrom(loadKeys(config.dataDir, process.env)) }
const ctx = (actor = system('bench')): Ctx => ({ ...base, actor, now: clock.now(), requestId: 'bench' })
const time = async <T>(work: () => Promise<T>): Promise<[seconds: number, result: T]> => {
  const began = performance.now()
  const result = await work()
  return [(performance.now() - began) / 1000, result]
}

const done = job === 'import' ? await importRoster(Number(count)) : await checkClaims()
console.log(JSON.stringify({ ...done, memoryMb: Math.round(process.resourceUsage().maxRSS / 1024) }))
await db.destroy()
if (!pool.ended) await pool.end()

/** A roster of so many made-up people, read and checked as the job does it; bare: the file read into rows. */
async function importRoster(rows: number) {
  const cls = await db
    .selectFrom('training.classes')
    .select(['id', 'organisation_id'])
    .where('id', '=', classId)
    .executeTakeFirstOrThrow()
  const header = [
    '姓名',
    '证件类型',
    '证件号码',
    '手机号',
    '居住街道',
    '户籍地',
    '用工形式',
    '人员类别',
    '岗位或工种',
    '备注',
  ]
  const people = Array.from({ length: rows }, (_, i) => syntheticPerson(dice(i + 1), 210_000 + i))
  const cells = people.map((one) => [
    one.name,
    '居民身份证',
    one.documentNumber,
    one.phone,
    '赤岗街道',
    '广东省广州市海珠区',
    '',
    '',
    '服务员',
    '',
  ])
  const bytes = await writeXlsx([{ name: '花名册', header, rows: cells }])
  const limits = { maxBytes: 1e8, maxUnpackedBytes: 1e9, maxRows: 100_000, maxColumns: 60 }
  const [bare] = await time(() => readTable(bytes, 'roster.xlsx', limits, header))
  const place = [{ role: 'provider-academic' as const, organisationId: cls.organisation_id }]
  const academic = actorOf({ kind: 'user', id: 'bench', name: '测量', personId: null, holdings: place })
  const [seconds, state] = await time(async () => {
    const { importId } = await startImport(ctx(academic), { classId: cls.id, fileName: 'roster.xlsx', bytes })
    return (await checkImport(ctx(), { importId })).state
  })
  const last = await db
    .selectFrom('training.imports')
    .select(['accepted', 'rejected'])
    .orderBy('at', 'desc')
    .executeTakeFirstOrThrow()
  return { seconds, bare, what: `${state}: ${last.accepted} good, ${last.rejected} faulty` }
}

/** Every control over every claim, then a quote for each class, two at a time as the nightly run does; bare: the same lines and their hours read once. */
async function checkClaims() {
  const [bare] = await time(() =>
    pool.query(
      `select l.*, h.minutes as granted from subsidy.claim_lines l
       join lateral (select sum(minutes) as minutes from training.hour_entries e where e.enrolment_id = l.enrolment_id) h on true`,
    ),
  )
  const [checking, totals] = await time(() => precheckAll(ctx(), { states: Object.keys(claimStates) }))
  const claims = await db.selectFrom('subsidy.claims').select(['class_id', 'organisation_id']).execute()
  const waiting = claims.values()
  const quoteAll = async () => {
    for (const claim of waiting) {
      const place = [{ role: 'provider-finance' as const, organisationId: claim.organisation_id }]
      const finance = actorOf({ kind: 'user', id: 'bench', name: '测量', personId: null, holdings: place })
      await quote(ctx(finance), { classId: claim.class_id })
    }
  }
  const [quoting] = await time(() => Promise.all([quoteAll(), quoteAll()]))
  return {
    seconds: checking + quoting,
    bare,
    what: `${totals.claimsCount} claims, ${totals.linesCount} lines: controls ${checking.toFixed(1)} s, quotes ${quoting.toFixed(1)} s`,
  }
}
