import { groupImports, membershipsForBody } from '#modules/people/group.queries.ts'
import { findByDocument } from '#modules/people/person.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { signedIn } from '../../ctx.ts'
import { ownGroups } from '../../own-groups.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { DayText, Instant } from '../../ui/time.tsx'
import type { Route } from './+types/groups.ts'

export const meta = () => title('重点人群认定')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'group.verify')
  const groups = ownGroups(ctx.plan, ctx.actor)
  const asked = new URL(request.url).searchParams
  const group = groups.find((g) => g.id === asked.get('group'))
  const codes = group ? [group.id] : groups.map((g) => g.id)
  const today = dayOf(ctx.now)
  const number = (asked.get('document') ?? '').slice(0, 60)
  const person = number ? await findByDocument(ctx.db, ctx.crypto, { kind: 'resident-id', number }, today) : undefined
  const nobody = number !== '' && !person
  const [page, imports] = await Promise.all([
    nobody
      ? { rows: [], next: null }
      : membershipsForBody(ctx.db, codes, { personId: person?.id, cursor: asked.get('cursor') ?? undefined }),
    groupImports(ctx.db, codes),
  ])
  const label = (code: string) => ctx.plan.groups.find((g) => g.id === code)?.label ?? code
  return {
    groups: groups.map((g) => ({ value: g.id, label: g.label })),
    group: group?.id ?? '',
    today,
    rows: page.rows.map((row) => ({ ...row, group: label(row.groupCode) })),
    imports: imports.map((row) => ({ ...row, group: label(row.groupCode), faults: row.faults.length })),
    next: page.next && paths.officeGroups({ group: group?.id, cursor: page.next }),
  }
}

export default function Groups({ loaderData }: Route.ComponentProps) {
  const { rows, groups, group, today } = loaderData
  if (groups.length === 0) {
    return (
      <>
        <PageHeader title="重点人群认定" />
        <EmptyState title="贵部门不负责认定任何一类重点人群">由哪个部门认定哪类人群，按实施方案的分工确定。</EmptyState>
      </>
    )
  }
  return (
    <>
      <PageHeader
        title="重点人群认定"
        lead="只有贵部门负责的人群。认定有依据、有起止日期；培训报名时的自称不算数，以这里的认定为准。"
        actions={
          <>
            <LinkButton href={paths.officeNewMembership(group)} kind="primary">
              认定一人
            </LinkButton>
            <LinkButton href={paths.officeGroupImport(group)}>导入名单</LinkButton>
          </>
        }
      />
      <FilterBar label="查找认定" action={paths.officeGroups()} values={{ group }}>
        <SelectField name="group" label="人群" options={groups} placeholder="全部" />
        <TextField name="document" label="居民身份证号码" hint="号码不会留在页面上。" />
      </FilterBar>
      <div className="stack">
        <div>
          <DataTable
            caption="认定记录"
            rows={rows}
            rowKey={(row) => row.id}
            columns={[
              { key: 'name', header: '姓名', cell: (row) => <a href={paths.officeMembership(row.id)}>{row.name}</a> },
              { key: 'document', header: '证件号码', keep: true, cell: (row) => row.document },
              { key: 'group', header: '人群', cell: (row) => row.group },
              { key: 'from', header: '起', keep: true, cell: (row) => <DayText day={row.from} /> },
              {
                key: 'to',
                header: '止',
                keep: true,
                cell: (row) => (row.to ? <DayText day={row.to} /> : '长期'),
              },
              { key: 'state', header: '状态', cell: (row) => <State row={row} today={today} /> },
            ]}
            empty={<EmptyState title="没有认定记录">可以逐人认定，也可以导入贵部门的登记名单。</EmptyState>}
          />
          <Pagination shown={rows.length} next={loaderData.next} />
        </div>
        <Imports imports={loaderData.imports} />
      </div>
    </>
  )
}

function State({ row, today }: { row: { revokedAt: Date | null; from: string; to: string | null }; today: string }) {
  if (row.revokedAt) return <StatusTag tone="neutral">已撤销</StatusTag>
  const now = row.from <= today && (!row.to || row.to >= today)
  return now ? <StatusTag tone="good">有效</StatusTag> : <StatusTag tone="neutral">不在有效期</StatusTag>
}

function Imports({ imports }: Pick<Route.ComponentProps['loaderData'], 'imports'>) {
  if (imports.length === 0) return <Notice tone="info" title="还没有导入过名单" />
  return (
    <Section title="导入记录">
      <DataTable
        caption="导入记录"
        rows={imports}
        rowKey={(row) => row.id}
        columns={[
          { key: 'at', header: '时间', cell: (row) => <Instant at={row.at} /> },
          { key: 'group', header: '人群', cell: (row) => row.group },
          { key: 'source', header: '来源', cell: (row) => row.source },
          { key: 'by', header: '经办', cell: (row) => row.byName },
          { key: 'total', header: '总行数', end: true, cell: (row) => row.total },
          { key: 'accepted', header: '新认定', end: true, cell: (row) => row.accepted },
          { key: 'known', header: '已有', end: true, cell: (row) => row.known },
          { key: 'rejected', header: '退回', end: true, cell: (row) => row.rejected },
        ]}
        empty={null}
      />
    </Section>
  )
}
