/**
 * `node bin/bootstrap.js first-admins --admin 姓名,登录名,身份证号 --admin 姓名,登录名,身份证号`: the first two security
 * administrators of a new installation. Prints their first passwords, once.
 */
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { appointFirstAdmins } from '#modules/access/install.commands.ts'
import { system } from '#platform/actor.ts'
import { readConfig } from '#platform/config.ts'
import { cryptoFrom, loadKeys } from '#platform/crypto.ts'
import { openDb } from '#platform/db.ts'
import { AppError } from '#platform/errors.ts'
import { clockOf, install, installationFacts } from '#platform/installation.ts'
import { loadPlan } from '#policy/plan.ts'

const { values } = parseArgs({ options: { admin: { type: 'string', multiple: true, default: [] } } })
const admins = values.admin.map((text) => {
  const [name = '', username = '', documentNumber = ''] = text.split(/[,，]/).map((part) => part.trim())
  return { name, username, documentKind: 'resident-id', documentNumber }
})
const config = readConfig()
const installation = await install(config, (line) => console.log(`  ${line}`))
const { db, pool } = openDb(installation.appUrl, 2)
let failed = false
try {
  const facts = await installationFacts(installation.ownerUrl)
  const { made } = await appointFirstAdmins(
    {
      db,
      actor: system('first-admins'),
      now: clockOf(facts).now(),
      requestId: randomUUID(),
      plan: loadPlan(config.planFolder),
      crypto: cryptoFrom(loadKeys(config.dataDir, process.env)),
    },
    { admins },
  )
  for (const { username, password } of made) console.log(`登录名 ${username}　初始密码 ${password}`)
  console.log('请分别交给本人。首次登录须更换密码并启用动态口令。')
} catch (error) {
  failed = true
  if (!(error instanceof AppError)) throw error
  const { fault } = error
  if (fault.kind === 'invalid') {
    for (const [field, words] of Object.entries(fault.fields)) console.error(`${field}：${words.join('；')}`)
  } else if (fault.kind === 'conflict') console.error('已经有安全管理员了，请由他们在平台上授权。')
  else console.error(error.message)
} finally {
  await pool.end()
  await installation.stop()
}
process.exit(failed ? 1 : 0)
