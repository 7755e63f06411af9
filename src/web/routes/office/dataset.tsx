import { redirect } from 'react-router'
import { datasetKinds } from '#modules/subsidy/control.schema.ts'
import { withdrawDataset } from '#modules/subsidy/dataset.commands.ts'
import { datasetPage } from '#modules/subsidy/dataset.queries.ts'
import { datasetStates } from '#modules/subsidy/dataset.schema.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { bodyName, datasetTones } from '../../subsidy/data.ts'
import { subsidyWords } from '../../subsidy/desk.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/dataset.ts'

export const meta = () => title('核查数据')

export async function loader(args: Route.LoaderArgs) {
  const { ctx } = signedIn(args)
  const set = await datasetPage(ctx, isId(args.params.id)).catch(fail(args.request))
  return {
    set,
    body: bodyName(ctx.plan, set.providerBody),
    may: set.state === 'imported' && ctx.actor.can('dataset.import', { body: set.providerBody }),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx } = signedIn(args, 'dataset.import')
  const datasetId = isId(args.params.id)
  const form = await args.request.formData()
  const tried = await attempt(withdrawDataset(ctx, { datasetId, reason: form.get('reason') }), form, subsidyWords(ctx))
  return tried.ok ? redirect(done(paths.dataset(datasetId), 'dataset-withdrawn')) : tried.answer
}

export default function Dataset({ loaderData, actionData }: Route.ComponentProps) {
  const { set, body, may } = loaderData
  return (
    <>
      <PageHeader
        title={`${datasetKinds[set.kind]}数据`}
        caption={set.reference}
        crumbs={[{ label: '核查数据', href: paths.datasets() }]}
        tag={<StatusTag tone={datasetTones[set.state]}>{datasetStates[set.state]}</StatusTag>}
      />
      <div className="stack">
        {set.state === 'queued' && (
          <Notice tone="wait" title="正在读取，完成后所有未办结的申领会重新核查">
            <p>刷新本页查看进度。</p>
          </Notice>
        )}
        {set.message && <Notice tone="bad" title={set.message} />}
        <SummaryList
          rows={[
            { label: '提供单位', value: body },
            { label: '文号', value: set.reference },
            { label: '数据截止日期', value: set.asOf },
            { label: '覆盖日期', value: `${dayText(set.coversFrom)}至${dayText(set.coversTo)}` },
            { label: '文件', value: set.fileName },
            { label: '文件指纹', value: <Copyable>{set.fileSha256}</Copyable>, note: 'SHA-256，同一文件只导入一次' },
            { label: '读到的行', value: String(set.rowsTotal) },
            { label: '可用的行', value: String(set.rowsAccepted) },
            { label: '有错误的行', value: String(set.rowsRejected) },
            { label: '导入人', value: set.importedByName },
            { label: '导入时间', value: instantText(set.at) },
            { label: '读完时间', value: set.finishedAt ? instantText(set.finishedAt) : '尚未读完' },
            ...(set.withdrawReason ? [{ label: '停用原因', value: set.withdrawReason }] : []),
          ]}
        />
        {set.faults.length > 0 && (
          <Section title="有错误的行" description="列出前200处。更正后整份重新导入即可，相同的行不会重复计。">
            <DataTable
              caption={`错误，共 ${set.faults.length} 处`}
              rows={set.faults}
              rowKey={(fault) => `${fault.row} ${fault.column} ${fault.rule}`}
              columns={[
                { key: 'row', header: '行', end: true, cell: (fault) => fault.row },
                { key: 'column', header: '列', cell: (fault) => fault.column },
                { key: 'value', header: '内容', cell: (fault) => fault.value || '空' },
                { key: 'message', header: '问题', cell: (fault) => fault.message },
                { key: 'remedy', header: '改法', cell: (fault) => fault.remedy },
              ]}
              empty={null}
            />
          </Section>
        )}
        {may && (
          <Section title="停用" description="数据有误时停用。停用后不再用于核查，记录保留，未办结的申领重新核查。">
            <Form failed={actionData}>
              <TextArea name="reason" label="停用原因" rows={3} maxLength={500} />
              <Button kind="danger">停用这份数据</Button>
            </Form>
          </Section>
        )}
      </div>
    </>
  )
}
