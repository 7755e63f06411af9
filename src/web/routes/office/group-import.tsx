import { importGroup } from '#modules/people/group.commands.ts'
import { reasonText } from '#modules/people/group.schema.ts'
import { attempt, signedIn, wordsOf } from '../../ctx.ts'
import { ownGroups } from '../../own-groups.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { FileField } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/group-import.ts'

export const meta = () => title('导入名单')

export function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'group.verify')
  const groups = ownGroups(ctx.plan, ctx.actor)
  return {
    groups: groups.map((g) => ({ value: g.id, label: g.label })),
    group: new URL(request.url).searchParams.get('group') ?? (groups.length === 1 ? (groups[0]?.id ?? '') : ''),
  }
}

const shown = 200

/** What came of it is in this answer: the faults are shown once and mended in the department's own file. */
export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'group.verify')
  const form = await request.formData()
  const file = await uploadOf(form, 'file')
  const { file: _file, ...typed } = Object.fromEntries(form)
  const input = { ...typed, fileName: file?.name ?? '', bytes: file?.bytes }
  const tried = await attempt(importGroup(ctx, input), form, (refusal) => wordsOf(ctx.plan, reasonText, refusal))
  if (!tried.ok) return tried.answer
  const { faults, ...counts } = tried.value
  return { done: { ...counts, faults: faults.slice(0, shown), more: Math.max(faults.length - shown, 0) } }
}

export default function GroupImportPage({ loaderData, actionData }: Route.ComponentProps) {
  const result = actionData && 'done' in actionData ? actionData.done : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  return (
    <>
      <PageHeader
        title="导入名单"
        crumbs={[{ label: '重点人群认定', href: paths.officeGroups() }]}
        actions={
          <LinkButton href={paths.officeGroupTemplate()} download>
            下载模板
          </LinkButton>
        }
      />
      {result && <Result {...result} />}
      <Form
        upload
        failed={failed}
        labels={{ groupCode: '人群', source: '名单来源', bytes: '文件', file: '文件', fileName: '文件' }}
      >
        <SelectField name="groupCode" label="人群" value={loaderData.group} options={loaderData.groups} />
        <TextField
          name="source"
          label="名单来源"
          width="full"
          hint="哪份名单、截至哪一天，例如：区退役军人事务局登记名单，截至2021年8月31日。"
        />
        <FileField name="file" label="文件" accept=".xlsx,.csv" limit="Excel（.xlsx）或 CSV，最多5000行、5 MB。" />
        <Button>导入</Button>
      </Form>
    </>
  )
}

type Outcome = Extract<NonNullable<Route.ComponentProps['actionData']>, { done: unknown }>['done']

function Result({ acceptedCount, knownCount, rejectedCount, faults, more }: Outcome) {
  return (
    <div className="stack">
      <Notice
        tone={rejectedCount > 0 ? 'warn' : 'good'}
        live
        title={`新认定 ${acceptedCount} 人，已有 ${knownCount} 人，退回 ${rejectedCount} 行`}
      >
        <p>{rejectedCount > 0 ? '退回的行没有导入。请按下表改好后，只把这些行重新导入。' : '名单已全部登记。'}</p>
      </Notice>
      {faults.length > 0 && (
        <DataTable
          caption="退回的行"
          captionNote={more > 0 ? `先列前 ${faults.length} 处，另有 ${more} 处` : `共 ${faults.length} 处`}
          rows={faults}
          rowKey={(row) => `${row.row}-${row.column}-${row.rule}`}
          columns={[
            { key: 'row', header: '行', end: true, cell: (row) => row.row },
            { key: 'column', header: '列', cell: (row) => row.column },
            { key: 'what', header: '问题', cell: (row) => row.message },
            { key: 'how', header: '怎么改', cell: (row) => row.remedy },
          ]}
          empty={null}
        />
      )}
    </div>
  )
}
