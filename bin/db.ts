/** `npm run db -- types`: writes src/db/types.ts from the migrations, by way of a throw-away database. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '#platform/migrate.ts'
import { startCluster } from '#platform/postgres.ts'

if (process.argv[2] !== 'types') {
  console.error('usage: npm run db -- types')
  process.exit(2)
}
const folder = mkdtempSync(join(tmpdir(), 'skills-types-'))
const cluster = await startCluster(folder, { settings: ['fsync=off'] })
try {
  const url = cluster.urlFor('postgres')
  await migrate(url, { name: 'skills_app', password: 'types' })
  execFileSync(
    'kysely-codegen',
    [
      '--dialect=postgres',
      `--url=${url}`,
      '--out-file=src/db/types.ts',
      '--default-schema=public',
      '--include-pattern=(platform|audit|people|occupations|auth|training|assessment|subsidy|publicity|reports|feedback|library|learning|records|packages|credentials|connect|recognition|competition|certification|exchange|standards).*',
      '--date-parser=string',
      '--numeric-parser=number',
      `--type-mapping=${JSON.stringify({ int8: 'ColumnType<number, number | bigint, number | bigint>', jsonb: 'ColumnType<unknown, string, string>', uuid: 'string' })}`,
    ],
    { stdio: 'inherit' },
  )
} finally {
  await cluster.stop()
  rmSync(folder, { recursive: true, force: true })
}
