import type { Ctx } from '#platform/command.ts'
import type { LetterBlock } from '#platform/pdf.templates.ts'
import { compile } from '#platform/pdf.ts'
import { dayOf, formatDay } from '#shared/dates.ts'
import { publicVersion } from './standard.queries.ts'
import { versionStates } from './standard.schema.ts'

/** The text as a paper, with its state and digest: what is not published says so. */
export async function standardPaper(ctx: Ctx, id: string): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
  const { version } = await publicVersion(ctx, id)
  const { body } = version
  const levels = ctx.plan.levelSchemes.find((one) => one.id === version.levelScheme)?.levels ?? []
  const on = version.publishedOn ?? dayOf(ctx.now)
  const p = (text: string): LetterBlock => ({ kind: 'p', text })
  const h = (kind: 'h1' | 'h2', text: string): LetterBlock => ({ kind, text })
  const state = version.publishedOn
    ? `${formatDay(version.publishedOn)}发布，${versionStates[version.state]}`
    : `草案，${versionStates[version.state]}，不作为评价依据`
  const blocks: LetterBlock[] = [
    p(
      `${version.number}第${version.seq}版。职业：${version.occupation}（${version.edition}年版 ${version.code}）。${state}。`,
    ),
    h('h1', '一、职业概况'),
    ...body.profile.split('\n').filter(Boolean).map(p),
    h('h1', '二、基本要求'),
    ...body.basics.split('\n').filter(Boolean).map(p),
    h('h1', '三、工作要求'),
    ...body.functions.flatMap((one, at): LetterBlock[] => [
      h('h2', `（${at + 1}）${one.name}`),
      {
        kind: 'table',
        head: ['工作内容', '技能要求', '相关知识'],
        widths: [1, 2, 2],
        align: ['left', 'left', 'left'],
        rows: one.contents.map((c) => [c.name, c.skills, c.knowledge]),
      },
    ]),
    h('h1', '四、权重表'),
    {
      kind: 'table',
      head: ['等级', ...body.functions.map((one) => one.name), '参考学时'],
      widths: [2, ...body.functions.map(() => 1), 1],
      align: ['left', ...body.functions.map(() => 'right' as const), 'right'],
      rows: body.levels.map((level) => [
        levels.find((one) => one.code === level.code)?.label ?? level.code,
        ...body.functions.map((one) => `${level.weights[one.id] ?? 0}%`),
        level.hours === null ? '—' : String(level.hours),
      ]),
    },
    ...body.levels
      .filter((one) => one.conditions !== '')
      .map((level) =>
        p(`${levels.find((one) => one.code === level.code)?.label ?? level.code}申报条件：${level.conditions}`),
      ),
    ...(version.digest ? [p(`数据摘要 SHA-256：${version.digest}`)] : []),
  ]
  const bytes = compile('letter', {
    ...{
      on,
      mark: '',
      docNo: '',
      title: version.title,
      to: '',
      blocks,
      attachments: [],
      signature: version.organisation,
    },
    ...{ date: formatDay(on), note: '', cc: '', printed: '' },
  })
  return { name: `${version.number}-${version.title}.pdf`, bytes }
}
