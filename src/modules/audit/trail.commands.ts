import { command } from '#platform/command.ts'
import { chainStatus } from './trail.queries.ts'
import { ExportTrail } from './trail.schema.ts'

/**
 * Asks for a copy of the sealed trail. The copy itself is streamed by the page; this row says who took it, why, and how
 * far it reaches.
 * @clause HZ4-M16 专项审计
 */
export const exportTrail = command({
  name: 'audit.exportTrail',
  permission: 'audit.export',
  input: ExportTrail,
  async run(tx) {
    const { sealed, hash } = await chainStatus(tx.db)
    tx.about('trail', String(sealed))
    return { sealed, hash }
  },
  outcome: ({ sealed, hash }) => ({ sealed, hash }),
})
