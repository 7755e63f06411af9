import { redirect } from 'react-router'
import { datasetKinds } from '#modules/subsidy/control.schema.ts'
import { importDataset } from '#modules/subsidy/dataset.commands.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, signedIn } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subsidyWords } from '../../subsidy/desk.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { FileField } from '../../ui/choices.tsx'
import { DateField, SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/new-dataset.ts'

export const meta = () => title('导入核查数据')

export async function loader(args: Route.LoaderArgs) {
  const { ctx } = signedIn(args, 'dataset.import')
  const own = ctx.actor.holdings.find((one) => one.body)?.body
  const bodies = ctx.plan.bodies.filter((body) => !own || body.id === own)
  return { bodies: bodies.map(({ id, name }) => ({ value: id, label: name })), free: !own, today: dayOf(ctx.now) }
}

export async function action(args: Route.ActionArgs) {
  const { ctx } = signedIn(args, 'dataset.import')
  const form = await args.request.formData()
  const file = await uploadOf(form, 'bytes')
  const text = (name: string) => String(form.get(name) ?? '')
  const input = {
    kind: text('kind'),
    providerBody: text('otherBody').trim() || text('providerBody'),
    reference: text('reference'),
    asOf: text('asOf'),
    coversFrom: text('coversFrom'),
    coversTo: text('coversTo'),
    fileName: file?.name ?? '',
    bytes: file?.bytes,
  }
  const tried = await attempt(importDataset(ctx, input), form, subsidyWords(ctx))
  if (!tried.ok) return tried.answer
  return redirect(done(paths.dataset(tried.value.datasetId), tried.value.known ? 'dataset-known' : 'dataset-queued'))
}

const labels = {
  kind: '数据种类',
  providerBody: '提供单位',
  reference: '文号',
  asOf: '数据截止日期',
  coversFrom: '覆盖起始日期',
  coversTo: '覆盖结束日期',
  bytes: '文件',
  fileName: '文件',
}

export default function NewDataset({ loaderData, actionData }: Route.ComponentProps) {
  const { bodies, free, today } = loaderData
  return (
    <>
      <PageHeader title="导入核查数据" crumbs={[{ label: '核查数据', href: paths.datasets() }]} />
      <Form failed={actionData} labels={labels} upload>
        <Notice title="号码只用来比对">
          <p>
            证件号码读入后换成不可还原的索引，只用索引与学员比对，任何页面都不显示名单中的号码；原文件加密封存备查。
          </p>
        </Notice>
        <SelectField
          name="kind"
          label={labels.kind}
          options={Object.entries(datasetKinds).map(([value, label]) => ({ value, label }))}
        />
        <SelectField name="providerBody" label={labels.providerBody} options={bodies} optional={free} />
        {free && (
          <TextField
            name="otherBody"
            label="其他提供单位"
            hint="不在上面名单中的，写单位全称"
            optional
            maxLength={120}
          />
        )}
        <TextField name="reference" label="来文文号或交接单号" maxLength={120} />
        <DateField name="asOf" label={labels.asOf} hint="数据反映的是哪一天的情况" max={today} />
        <DateField name="coversFrom" label={labels.coversFrom} hint="这份名单对哪一段日子说得清楚" max={today} />
        <DateField name="coversTo" label={labels.coversTo} max={today} />
        <FileField
          name="bytes"
          label={labels.bytes}
          accept=".xlsx,.csv"
          limit="XLSX 或 CSV，不超过 40 MB、30 万行"
          hint="列名和模板一致；每类数据的模板在“核查数据”页下载"
        />
        <Actions>
          <Button>导入</Button>
          <LinkButton kind="quiet" href={paths.datasets()}>
            返回
          </LinkButton>
        </Actions>
      </Form>
    </>
  )
}
