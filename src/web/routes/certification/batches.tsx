import { redirect } from 'react-router'
import { assessorPage } from '#modules/certification/assessor.queries.ts'
import { newBatch } from '#modules/certification/batch.commands.ts'
import { batchesOf, classesFor } from '#modules/certification/batch.queries.ts'
import { batchStates } from '#modules/certification/batch.schema.ts'
import { batchTones, certificationWords } from '../../certification/desk.ts'
import { attempt, fail } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { levelLabel, workOf } from '../../training/desk.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/batches.ts'

export const meta = () => title('认定批次')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf(args, 'certification.plan')
  const [page, batches, classes] = await Promise.all([
    assessorPage(ctx, organisationId).catch(fail(args.request)),
    batchesOf(ctx.db, organisationId),
    classesFor(ctx.db, organisationId),
  ])
  return {
    area,
    batches: batches.map((one) => ({ ...one, levelLabel: levelLabel(ctx.plan, one.level, one.levelScheme) })),
    ready: page.assessor?.state === 'in-force' && page.assessor.titled,
    stopped: page.stops.some((one) => one.state !== 'lifted'),
    scopes: page.scopes
      .filter((one) => one.state === 'in-force')
      .map((one) => ({ value: one.id, label: `${one.title} ${levelLabel(ctx.plan, one.level, one.levelScheme)}` })),
    sites: page.sites.filter((one) => one.state === 'in-force').map((one) => ({ value: one.id, label: one.name })),
    classes,
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, organisationId } = workOf(args, 'certification.plan')
  const form = await args.request.formData()
  const work = newBatch(ctx, { ...Object.fromEntries(form), organisationId })
  const tried = await attempt(work, form, certificationWords(ctx))
  return tried.ok ? redirect(paths.assessmentBatch(area, tried.value.batchId)) : tried.answer
}

export default function Batches({ loaderData, actionData }: Route.ComponentProps) {
  const { area, batches, ready, stopped, scopes, sites, classes } = loaderData
  return (
    <>
      <PageHeader title="认定批次" lead="先编制和提交计划，受理后考试；成绩两人确认、公示期满以后发证。" />
      <div className="stack">
        {stopped && (
          <Notice tone="bad" title="本机构有异常没有解除">
            <p>
              新的批次暂不能提交。原因和办理情况见<a href={paths.ownAssessor(area)}>范围、考点和考评员</a>。
            </p>
          </Notice>
        )}
        <DataTable
          caption="批次"
          rows={batches}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'title',
              header: '名称',
              cell: (row) => <a href={paths.assessmentBatch(area, row.id)}>{row.title}</a>,
            },
            { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
            { key: 'level', header: '职业和等级', cell: (row) => `${row.occupation} ${row.levelLabel}` },
            { key: 'on', header: '首场', keep: true, cell: (row) => (row.firstOn ? dayText(row.firstOn) : '未排') },
            { key: 'listed', header: '考生', end: true, cell: (row) => row.listed },
            { key: 'certificates', header: '证书', end: true, cell: (row) => row.certificates },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => <StatusTag tone={batchTones[row.state]}>{batchStates[row.state]}</StatusTag>,
            },
          ]}
          empty={<EmptyState title="还没有批次">从下面新建。</EmptyState>}
        />
        <Section title="新建批次">
          {ready && scopes.length > 0 && sites.length > 0 ? (
            <Form failed={actionData}>
              <TextField
                name="title"
                label="批次名称"
                width="full"
                maxLength={100}
                hint="如 2021年10月人工智能训练师四级认定"
              />
              <SelectField name="scopeId" label="职业和等级" options={scopes} />
              <SelectField name="siteId" label="考点" options={sites} />
              <SelectField
                name="classId"
                label="关联班级"
                optional
                options={classes}
                placeholder="不关联"
                hint="本单位同一职业的班级。关联以后，结业考核成绩直接带过来，不用再录。"
              />
              <Button>新建</Button>
            </Form>
          ) : (
            <EmptyState icon="lock" title="现在不能新建批次">
              要有区人社局核准的机构信息、认定范围和考点。请到“范围、考点和考评员”查看。
            </EmptyState>
          )}
        </Section>
      </div>
    </>
  )
}
