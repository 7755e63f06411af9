import { trailEntry } from '#modules/audit/trail.queries.ts'
import { commandText } from '../../command-words.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subjectText } from '../../subject-words.ts'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/audit-entry.ts'

export const meta = ({ loaderData }: Route.MetaArgs) =>
  title(loaderData && `留痕：${commandText(loaderData.row.command)}`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'audit.read')
  const row = await trailEntry(ctx.db, isId(params.id)).catch(fail(request))
  return { row, input: JSON.stringify(row.input, null, 2), outcome: JSON.stringify(row.outcome, null, 2) }
}

export default function AuditEntry({ loaderData: { row, input, outcome } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={commandText(row.command)}
        caption={`留痕　${row.command}`}
        crumbs={[{ label: '操作留痕', href: paths.audit() }]}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '时间', value: instantText(row.at) },
            {
              label: '经办',
              value: row.actor_name,
              note: <Copyable>{row.actor_id}</Copyable>,
              action: { href: paths.audit({ actor: row.actor_id }), label: '看他的全部留痕' },
            },
            ...(row.on_behalf_of ? [{ label: '代办对象', value: <Copyable>{row.on_behalf_of}</Copyable> }] : []),
            {
              label: '对象',
              value: (
                <>
                  {row.subjects.map((subject) => (
                    <p key={subject}>
                      <a href={paths.audit({ subject })}>{subjectText(subject)}</a>
                    </p>
                  ))}
                  {row.subjects.length === 0 && '没有写明'}
                </>
              ),
              note: '点开看同一对象的全部留痕',
            },
            { label: '请求编号', value: <Copyable>{row.request_id}</Copyable> },
            {
              label: '链上位置',
              value: row.seq === null ? '等待入链' : `第 ${row.seq} 条`,
              note: row.hash ? <Copyable>{row.hash}</Copyable> : undefined,
            },
          ]}
        />
        <Section title="提交的内容" description="个人信息已遮盖。">
          <pre className="panel wrap-any">{input}</pre>
        </Section>
        <Section title="结果">
          <pre className="panel wrap-any">{outcome}</pre>
        </Section>
      </div>
    </>
  )
}
