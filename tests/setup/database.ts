import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '#platform/migrate.ts'
import { startCluster } from '#platform/postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The throw-away cluster: `{database}` stands for the database's name. */
    ownerUrl: string
    appUrl: string
  }
}

/** One throw-away PostgreSQL for the run, with a migrated template that every test file clones. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'skills-test-'))
  const cluster = await startCluster(folder, {
    settings: [
      'fsync=off',
      'synchronous_commit=off',
      'full_page_writes=off',
      'max_connections=300',
      'shared_buffers=256MB',
    ],
  })
  const owner = cluster.urlFor('{database}')
  const url = new URL(cluster.urlFor('x'))
  await makeTemplate(cluster.urlFor('postgres'), cluster.urlFor('template_skills'))
  project.provide('ownerUrl', owner)
  project.provide('appUrl', `postgres://skills_app:app@${url.host}/{database}`)
  return async () => {
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function makeTemplate(adminUrl: string, url: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  await client.query('create database template_skills')
  await client.end()
  await migrate(url, { name: 'skills_app', password: 'app' })
}
