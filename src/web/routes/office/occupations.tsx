import { redirect } from 'react-router'
import { dictionaryFor, importOccupations } from '#modules/occupations/catalogue.commands.ts'
import { occupationList } from '#modules/occupations/catalogue.queries.ts'
import { ruleNames } from '#shared/table.ts'
import { attempt, signedIn } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { sourceText } from '../../plan/words.ts'
import { title } from '../../site.ts'
import { trainingWords } from '../../training/desk.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { FileField } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TextField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/occupations.ts'

export const meta = () => title('职业目录')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'board.read-internal')
  const q = (new URL(request.url).searchParams.get('q') ?? '').slice(0, 60)
  const schemes = new Map(ctx.plan.levelSchemes.map(({ id, label }) => [id, label]))
  const rows = await occupationList(ctx.db, q)
  return {
    q,
    rows: rows.map((row) => ({
      ...row,
      scheme: schemes.get(row.levelScheme) ?? row.levelScheme,
      source: sourceText(ctx.plan, row.source).text,
    })),
    columns: dictionaryFor(ctx.plan).map(({ header, required, description }) => ({ header, required, description })),
    mayImport: ctx.actor.can('setting.propose'),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'setting.propose')
  const form = await request.formData()
  const file = await uploadOf(form, 'file')
  const tried = await attempt(
    importOccupations(ctx, { fileName: file?.name, bytes: file?.bytes }),
    form,
    trainingWords(ctx),
  )
  if (!tried.ok) return tried.answer
  return tried.value.faults.length > 0 ? { imported: tried.value } : redirect(done(paths.occupations(), 'imported'))
}

export default function Occupations({ loaderData, actionData }: Route.ComponentProps) {
  const { rows, q, mayImport, columns } = loaderData
  const imported = actionData && 'imported' in actionData ? actionData.imported : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  return (
    <>
      <PageHeader
        title="职业目录"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
        lead="只收有来源、核对过的职业。目录由区人社局按职业分类大典导入，平台不自造编码。"
      />
      <div className="stack">
        {imported && (
          <Notice
            tone={imported.accepted > 0 ? 'warn' : 'bad'}
            live
            title={`导入 ${imported.accepted} 行，${imported.rejected} 行有错`}
          >
            <ul className="list-disc ps-5">
              {imported.faults.slice(0, 100).map((fault) => (
                <li key={`${fault.row} ${fault.column} ${fault.rule}`}>
                  第 {fault.row} 行“{fault.column}”（{ruleNames[fault.rule] ?? fault.rule}）：{fault.message}。
                  {fault.remedy}
                </li>
              ))}
            </ul>
          </Notice>
        )}
        <FilterBar label="查找职业" action={paths.occupations()} values={{ q }}>
          <TextField name="q" label="名称、编码或工种" optional width="full" maxLength={60} />
        </FilterBar>
        <DataTable
          caption={`共 ${rows.length} 个`}
          rows={rows}
          rowKey={(row) => `${row.edition}:${row.code}`}
          columns={[
            { key: 'title', header: '职业', cell: (row) => row.title },
            { key: 'code', header: '编码', keep: true, cell: (row) => row.code },
            { key: 'edition', header: '版本', keep: true, cell: (row) => `${row.edition}年版` },
            { key: 'scheme', header: '等级体系', cell: (row) => row.scheme },
            { key: 'types', header: '工种', cell: (row) => row.workTypes.join('、') || '无' },
            { key: 'source', header: '来源', cell: (row) => row.source },
            {
              key: 'verified',
              header: '核对',
              keep: true,
              cell: (row) => (
                <StatusTag tone={row.verified ? 'good' : 'wait'}>{row.verified ? '已核对' : '待核对'}</StatusTag>
              ),
            },
          ]}
          empty={
            <EmptyState icon="book" title="没有找到">
              换一个词，或从下面导入。
            </EmptyState>
          }
        />
        <Section
          title="导入"
          description={`表头：${columns.map((one) => (one.required ? `${one.header}（必填）` : one.header)).join('、')}。同一版本和编码的更新，其余的增加。`}
        >
          {mayImport ? (
            <Form
              failed={failed}
              upload
              labels={{ file: '职业目录文件', fileName: '职业目录文件', bytes: '职业目录文件' }}
            >
              <FileField
                name="file"
                label="职业目录文件"
                accept=".xlsx,.csv"
                limit="Excel（.xlsx）或 CSV，不超过 10 MB。"
              />
              <Button>导入</Button>
            </Form>
          ) : (
            <DisabledButton reason="导入由规则管理员办理。">导入</DisabledButton>
          )}
        </Section>
      </div>
    </>
  )
}
