import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { writeXlsx } from '#platform/workbook.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { ownExpert } from './panel.queries.ts'
import { schemeVersion } from './scheme.queries.ts'
import { type SheetRow, sheetColumns } from './sheet-file.rules.ts'

type Db = Ctx['db']
export type DuePanel = {
  scoring: NonNullable<Scheme['scoring']>
  open: Map<string, string>
  given: Set<string>
}

/** What an expert of an open panel may still mark, by code; null when nothing is marked there. */
export async function duePanel(db: Db, panelId: string, expertId: string): Promise<DuePanel | null> {
  const rows = await db
    .selectFrom('recognition.applications as a')
    .leftJoin('recognition.sheets as s', (join) =>
      join.onRef('s.application_id', '=', 'a.id').on('s.expert_id', '=', expertId),
    )
    .select(['a.id', 'a.blind_code as code', 'a.version_id as versionId', 's.id as sheetId'])
    .where('a.panel_id', '=', panelId)
    .where('a.state', '=', 'expert-review')
    .orderBy('a.blind_code')
    .execute()
  const scheme = rows[0] && (await schemeVersion(db, rows[0].versionId))
  if (!scheme?.scoring) return null
  const marked = rows.filter((one) => one.sheetId !== null)
  return {
    scoring: scheme.scoring,
    open: new Map(rows.flatMap((one) => (one.sheetId === null && one.code ? [[one.code, one.id]] : []))),
    given: new Set(marked.flatMap((one) => one.code ?? [])),
  }
}

async function ownDue(ctx: Ctx, panelId: string) {
  const expert = await ownExpert(ctx)
  const seat = await ctx.db
    .selectFrom('recognition.panel_seats as t')
    .innerJoin('recognition.panels as p', 'p.id', 't.panel_id')
    .select(['p.number', 'p.state'])
    .where('t.panel_id', '=', panelId)
    .where('t.expert_id', '=', expert.id)
    .where('t.state', '=', 'drawn')
    .executeTakeFirst()
  if (!seat) throw missing('panel')
  return { ...seat, expertId: expert.id, due: await duePanel(ctx.db, panelId, expert.id) }
}

/** The sheet to be filled in at one's own desk: the codes that are still to be marked, and what each column is for. */
export async function blankSheet(ctx: Ctx, panelId: string): Promise<{ name: string; bytes: Uint8Array }> {
  const { number, due } = await ownDue(ctx, panelId)
  if (!due) throw missing('panel')
  const columns = sheetColumns(due.scoring)
  const bytes = await writeXlsx([
    {
      name: '评分',
      header: columns.map((one) => one.header),
      widths: columns.map((one) => one.width),
      rows: [...due.open.keys()].map((code) => [code, ...columns.slice(1).map(() => '')]),
    },
    {
      name: '填写说明',
      header: ['列名', '怎样填写', '示例'],
      widths: [16, 60, 30],
      rows: columns.map((one) => [one.header, one.description, one.example]),
    },
  ])
  return { name: `第${number}评审组空白评分表.xlsx`, bytes }
}

export type CheckedFile = { id: string; name: string; count: number; checkedAt: Date; least: number; most: number }

/** The file that was looked through last and has not been taken. */
export async function checkedFile(ctx: Ctx, panelId: string): Promise<CheckedFile | null> {
  const { expertId, state } = await ownDue(ctx, panelId)
  if (state !== 'open') return null
  const row = await ctx.db
    .selectFrom('recognition.sheet_files')
    .select(['id', 'name', 'count', 'checked_at as checkedAt', 'taken_at as takenAt', 'rows'])
    .where('panel_id', '=', panelId)
    .where('expert_id', '=', expertId)
    .orderBy('checked_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row || row.takenAt) return null
  const { id, name, count, checkedAt } = row
  const totals = (row.rows as SheetRow[]).map((one) => one.total)
  return {
    ...{ id, name, count, checkedAt },
    least: totals.reduce((low, one) => Math.min(low, one), 100),
    most: totals.reduce((high, one) => Math.max(high, one), 0),
  }
}
