import { redirect } from 'react-router'
import { importStates } from '#modules/training/enrolment.schema.ts'
import { applyImport, discardImport } from '#modules/training/import.commands.ts'
import { importPage } from '#modules/training/import.queries.ts'
import { rosterRules } from '#modules/training/roster.schema.ts'
import { ruleNames } from '#shared/table.ts'
import { attempt, fail } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { classOf } from '../../training/class-head.ts'
import { trainingWords } from '../../training/desk.ts'
import { Actions, Button, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Progress } from '../../ui/progress.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/import.ts'

export const meta = () => title('核对花名册')

/** So many faults are shown; the file has all of them. */
const shown = 200

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, head } = await classOf(args)
  const record = await importPage(ctx, isId(args.params.importId)).catch(fail(args.request))
  const { faults, ...rest } = record
  return {
    area,
    head,
    record: rest,
    faults: faults
      .slice(0, shown)
      .map((fault) => ({ ...fault, ruleName: rosterRules[fault.rule] ?? ruleNames[fault.rule] ?? fault.rule })),
    faultCount: faults.length,
    left: record.left,
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, cls } = await classOf(args)
  const importId = isId(args.params.importId)
  const form = await args.request.formData()
  const discard = form.get('intent') === 'discard'
  const tried = await attempt((discard ? discardImport : applyImport)(ctx, { importId }), form, trainingWords(ctx))
  if (!tried.ok) return tried.answer
  return redirect(
    discard
      ? done(paths.roster(area, cls.id), 'discarded')
      : done(paths.rosterImport(area, cls.id, importId), 'importing'),
  )
}

export default function ImportView({ loaderData, actionData }: Route.ComponentProps) {
  const { area, head, record, faults, faultCount } = loaderData
  const busy = record.state === 'checking' || record.state === 'applying'
  return (
    <>
      <PageHeader
        title="核对花名册"
        caption={`${record.fileName}　${head.title}`}
        crumbs={[{ label: '花名册', href: paths.roster(area, head.id) }]}
        tag={
          <StatusTag tone={record.state === 'applied' ? 'good' : record.state === 'failed' ? 'bad' : 'info'}>
            {importStates[record.state]}
          </StatusTag>
        }
      />
      <div className="stack">
        {busy && (
          <Actions>
            <LinkButton href={paths.rosterImport(area, head.id, record.id)}>刷新</LinkButton>
          </Actions>
        )}
        {record.state === 'checking' && (
          <Notice tone="wait" title="正在核对">
            <p>五千行大约要几秒钟，点“刷新”看结果。</p>
          </Notice>
        )}
        {record.state === 'applying' && (
          <Progress
            label="正在导入"
            value={record.rowsDone}
            max={record.rowsTotal}
            unit="行"
            note="中途断电、重启都会接着导，不会重复。"
          />
        )}
        {record.state === 'failed' && (
          <Notice tone="bad" title="文件无法读取">
            <p>{record.message}</p>
          </Notice>
        )}
        {record.state === 'applied' && (
          <Notice tone="good" title={`已导入 ${record.accepted} 人`}>
            <p>
              <a href={paths.roster(area, head.id)}>看花名册</a>
            </p>
          </Notice>
        )}
        {record.state === 'checked' && <Checked data={loaderData} failed={actionData} />}
        {record.message !== '' && record.state !== 'failed' && (
          <Notice title="有的列没有读取">
            <p>{record.message}</p>
          </Notice>
        )}
        {faultCount > 0 && (
          <>
            <Actions>
              <LinkButton href={paths.rosterErrors(area, head.id, record.id)} download>
                下载需要更正的行（Excel）
              </LinkButton>
            </Actions>
            <DataTable
              caption={`${record.rejected} 行有错，共 ${faultCount} 处`}
              captionNote={faultCount > shown ? `先显示前 ${shown} 处，全部在下载的文件里` : undefined}
              rows={faults}
              rowKey={(row) => `${row.row} ${row.column} ${row.rule}`}
              columns={[
                { key: 'row', header: '行', end: true, cell: (row) => row.row },
                { key: 'column', header: '列', keep: true, cell: (row) => row.column },
                { key: 'value', header: '填写的内容', cell: (row) => row.value || '空' },
                { key: 'message', header: '错误', cell: (row) => row.message },
                { key: 'rule', header: '规则', cell: (row) => row.ruleName },
                { key: 'remedy', header: '怎么改', cell: (row) => row.remedy },
              ]}
              empty={null}
            />
          </>
        )}
      </div>
    </>
  )
}

function Checked({
  data: { area, head, record, left },
  failed,
}: {
  data: Route.ComponentProps['loaderData']
  failed: Route.ComponentProps['actionData']
}) {
  const reason =
    record.accepted === 0
      ? '没有可以导入的行。请下载需要更正的行，改好后重新上传。'
      : record.accepted > left
        ? `可导入 ${record.accepted} 人，班级只剩 ${left} 个名额。请减少人数，或调高班级人数上限。`
        : null
  return (
    <>
      <Notice
        tone={record.rejected > 0 ? 'warn' : 'good'}
        title={`${record.accepted} 行可以导入，${record.rejected} 行有错`}
      >
        <p>现在导入的只是没有错的行；有错的行改好后可以再传一次。</p>
      </Notice>
      <Form failed={failed}>
        <Actions>
          {reason ? (
            <DisabledButton reason={reason}>导入 {record.accepted} 人</DisabledButton>
          ) : (
            <Button name="intent" value="apply">
              导入 {record.accepted} 人
            </Button>
          )}
          <Button kind="quiet" name="intent" value="discard">
            放弃这份文件
          </Button>
        </Actions>
      </Form>
      <p className="small soft">
        <a href={paths.roster(area, head.id)}>返回花名册</a>
      </p>
    </>
  )
}
