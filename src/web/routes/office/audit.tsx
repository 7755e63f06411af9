import { chainStatus, trailFor } from '#modules/audit/trail.queries.ts'
import { TrailFilter } from '#modules/audit/trail.schema.ts'
import { commandText, wordedCommands } from '../../command-words.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subjectText } from '../../subject-words.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DateField, SelectField, TextArea, TextField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { Copyable, Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/audit.ts'

export const meta = () => title('操作留痕')

const fields = ['subject', 'actor', 'command', 'from', 'to'] as const

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'audit.read')
  const asked = new URL(request.url).searchParams
  const given = [...asked].filter(([, value]) => value !== '')
  // a day that cannot be read is left out, the rest of the question still gets its answer
  const parsed = TrailFilter.safeParse(Object.fromEntries(given))
  const filter = parsed.success ? parsed.data : {}
  const [page, chain] = await Promise.all([trailFor(ctx.db, filter), chainStatus(ctx.db)])
  const { cursor, ...values } = filter
  return {
    rows: page.rows.map(({ input: _, outcome: __, ...row }) => row),
    values: Object.fromEntries(fields.map((name) => [name, values[name] ?? ''])),
    unread: parsed.success ? null : parsed.error.issues.map((issue) => issue.message).join('；'),
    first: cursor ? paths.audit(values) : null,
    next: page.next && paths.audit({ ...values, cursor: page.next }),
    chain,
    commands: wordedCommands.map((value) => ({ value, label: commandText(value) })),
    mayExport: ctx.actor.can('audit.export'),
    refused: asked.get('refused') === 'reason',
  }
}

export default function AuditTrail({ loaderData }: Route.ComponentProps) {
  const { rows, values, unread, first, next, chain, mayExport } = loaderData
  return (
    <>
      <PageHeader
        title="操作留痕"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
        lead="每一次写入都在这里：谁、什么时候、做了什么。只增不改，证件号码等个人信息不进留痕。"
      />
      <div className="stack">
        <SummaryList
          rows={[
            {
              label: '留痕链',
              value: `已入链 ${chain.sealed} 条`,
              note: chain.tail > 0 ? `另有 ${chain.tail} 条等待入链，一般在几秒内` : '没有等待入链的记录',
            },
            { label: '链尾摘要', value: chain.hash ? <Copyable>{chain.hash}</Copyable> : '还没有记录' },
          ]}
        />
        <FilterBar label="查留痕" action={paths.audit()} values={values}>
          <TextField name="subject" label="对象" hint="从一条留痕点开对象，这里会自动填好" />
          <TextField name="actor" label="经办人" hint="姓名或账号编号" />
          <SelectField name="command" label="操作" placeholder="全部" options={loaderData.commands} />
          <DateField name="from" label="从" />
          <DateField name="to" label="到" />
        </FilterBar>
        {unread && <p role="status">条件没有看懂，列出的是全部记录：{unread}</p>}
        <DataTable
          caption="留痕"
          captionNote="新的在前，每页 50 条"
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'at',
              header: '时间',
              keep: true,
              cell: (row) => <a href={paths.auditEntry(row.id)}>{instantText(row.at)}</a>,
            },
            { key: 'who', header: '经办', cell: (row) => row.actor_name },
            { key: 'what', header: '操作', cell: (row) => commandText(row.command) },
            {
              key: 'about',
              header: '对象',
              cell: (row) => <Copyable>{row.subjects[0] ? subjectText(row.subjects[0]) : '—'}</Copyable>,
            },
            { key: 'seq', header: '链上序号', end: true, cell: (row) => row.seq ?? '待入链' },
          ]}
          empty={
            <EmptyState icon="shield" title="没有符合条件的留痕">
              可以清除条件再查。
            </EmptyState>
          }
        />
        {(first || next) && <Pagination previous={first} next={next} shown={rows.length} />}
        <Section
          title="导出核验副本"
          description="导出已入链的全部留痕，每行一条。可以在任何电脑上用 npm run audit:verify 离线核验：改一字、少一条都会指出来。"
        >
          {loaderData.refused && <Notice tone="bad" live title="没有导出：请写明导出理由，至少 4 个字" />}
          {mayExport ? (
            <Form action={paths.auditExport()} labels={{ reason: '导出理由' }}>
              <TextArea name="reason" label="导出理由" rows={2} maxLength={500} hint="导出本身也会留痕。" />
              <Button>导出</Button>
            </Form>
          ) : (
            <DisabledButton reason="由审计岗位导出。您可以查看，不能导出。">导出</DisabledButton>
          )}
        </Section>
      </div>
    </>
  )
}
