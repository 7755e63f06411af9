import { redirect } from 'react-router'
import { rosterOpen } from '#modules/training/class.rules.ts'
import { classStates } from '#modules/training/class.schema.ts'
import { enrolmentSources, enrolmentStates, importStates } from '#modules/training/enrolment.schema.ts'
import { startImport } from '#modules/training/import.commands.ts'
import { importsOf } from '#modules/training/import.queries.ts'
import { rosterOf } from '#modules/training/roster.queries.ts'
import { employments } from '#modules/training/roster.schema.ts'
import { attempt } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { ClassFrame } from '../../training/class-frame.tsx'
import { classOf } from '../../training/class-head.ts'
import { trainingWords } from '../../training/desk.ts'
import { Actions, Button, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { FileField } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { Instant } from '../../ui/time.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/roster.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`花名册　${loaderData?.head.title ?? ''}`)

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, cls, head } = await classOf(args)
  const mayEdit = ctx.actor.can('roster.edit', { organisationId: cls.organisationId })
  const [roster, imports] = await Promise.all([rosterOf(ctx, cls.id), mayEdit ? importsOf(ctx.db, cls.id) : []])
  const groups = new Map(ctx.plan.groups.map(({ id, label }) => [id, label]))
  return {
    area,
    head,
    capacity: cls.capacity,
    roster: roster.map((row) => ({
      ...row,
      group: row.groupCode ? (groups.get(row.groupCode) ?? row.groupCode) : null,
    })),
    imports: imports.map(({ id, fileName, state, accepted, rejected, at }) => ({
      id,
      fileName,
      state,
      accepted,
      rejected,
      at,
    })),
    mayEdit,
    open: rosterOpen.includes(cls.state),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, cls } = await classOf(args)
  const form = await args.request.formData()
  const file = await uploadOf(form, 'file')
  const input = { classId: cls.id, fileName: file?.name, bytes: file?.bytes }
  const tried = await attempt(startImport(ctx, input), form, trainingWords(ctx))
  return tried.ok ? redirect(done(paths.rosterImport(area, cls.id, tried.value.importId), 'uploaded')) : tried.answer
}

export default function Roster({ loaderData, actionData }: Route.ComponentProps) {
  const { area, head, roster, capacity, mayEdit, open } = loaderData
  const living = roster.filter((row) => row.state !== 'withdrawn').length
  const locked = `班级现在的状态是“${classStates[head.state]}”，不能增减学员。`
  return (
    <ClassFrame area={area} cls={head} tab="roster">
      {mayEdit && (
        <Actions>
          {open ? (
            <LinkButton kind="primary" href={paths.addLearner(area, head.id)}>
              登记一名学员
            </LinkButton>
          ) : (
            <DisabledButton reason={locked}>登记一名学员</DisabledButton>
          )}
        </Actions>
      )}
      <DataTable
        caption={`学员 ${living} 人，名额 ${capacity} 个`}
        rows={roster}
        rowKey={(row) => row.enrolmentId}
        columns={[
          { key: 'name', header: '姓名', keep: true, cell: (row) => row.name },
          { key: 'document', header: '证件号码', keep: true, cell: (row) => row.document },
          { key: 'phone', header: '手机号', keep: true, cell: (row) => row.phone ?? '未填' },
          { key: 'job', header: '用工和岗位', cell: (row) => jobText(row.employment, row.job) },
          {
            key: 'group',
            header: '人员类别',
            cell: (row) =>
              row.group ? (
                <>
                  {row.group}　
                  <StatusTag tone={row.groupVerified ? 'good' : 'wait'}>
                    {row.groupVerified ? '已核实' : '待主管部门核实'}
                  </StatusTag>
                </>
              ) : (
                '无'
              ),
          },
          {
            key: 'commitment',
            header: '本人承诺',
            keep: true,
            cell: (row) => (
              <StatusTag tone={row.commitmentAt ? 'good' : 'wait'}>{row.commitmentAt ? '已签' : '未签'}</StatusTag>
            ),
          },
          {
            key: 'source',
            header: '来源',
            keep: true,
            cell: (row) => enrolmentSources[row.source as keyof typeof enrolmentSources],
          },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) => <StatusTag tone={stateTones[row.state]}>{enrolmentStates[row.state]}</StatusTag>,
          },
          {
            key: 'do',
            header: '办理',
            cell: (row) =>
              mayEdit && open && row.state === 'enrolled' ? (
                <a href={paths.dropLearner(area, head.id, row.enrolmentId)} aria-label={`为${row.name}办理退班`}>
                  退班
                </a>
              ) : (
                <span className="soft">{row.remarks || '无'}</span>
              ),
          },
        ]}
        empty={
          <EmptyState icon="people" title="花名册还是空的">
            {mayEdit ? '可以逐个登记，也可以上传花名册文件。' : '承办单位登记后会列在这里。'}
          </EmptyState>
        }
      />
      {mayEdit && <Import data={loaderData} failed={actionData} locked={open ? null : locked} />}
    </ClassFrame>
  )
}

const stateTones = { enrolled: 'info', withdrawn: 'neutral', passed: 'good', failed: 'warn' } as const

const jobText = (employment: string, job: string) =>
  [employments[employment as keyof typeof employments], job].filter(Boolean).join('，') || '未填'

function Import(props: {
  data: Route.ComponentProps['loaderData']
  failed: Route.ComponentProps['actionData']
  locked: string | null
}) {
  const { area, head, imports } = props.data
  return (
    <Section
      title="上传花名册"
      description="先核对、后导入：有错的行逐条说明哪一行、哪一列、哪条规则、怎么改，其余的行照常导入。"
    >
      {props.locked ? (
        <DisabledButton reason={props.locked}>上传并核对</DisabledButton>
      ) : (
        <Form failed={props.failed} upload labels={{ file: '花名册文件', fileName: '花名册文件', bytes: '花名册文件' }}>
          <FileField
            name="file"
            label="花名册文件"
            accept=".xlsx,.csv"
            limit="Excel（.xlsx）或 CSV，不超过 10 MB、10,000 行。"
            hint={
              <>
                请用<a href={paths.rosterTemplate()}>花名册模板</a>填写。
              </>
            }
          />
          <Button kind="plain">上传并核对</Button>
        </Form>
      )}
      {imports.length > 0 && (
        <DataTable
          caption="上传记录"
          rows={imports}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'file',
              header: '文件',
              cell: (row) => <a href={paths.rosterImport(area, head.id, row.id)}>{row.fileName}</a>,
            },
            { key: 'at', header: '时间', cell: (row) => <Instant at={row.at} /> },
            { key: 'ok', header: '可导入', end: true, cell: (row) => row.accepted },
            { key: 'bad', header: '有错', end: true, cell: (row) => row.rejected },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => <StatusTag tone={importTones[row.state]}>{importStates[row.state]}</StatusTag>,
            },
          ]}
          empty={null}
        />
      )}
    </Section>
  )
}

const importTones = {
  checking: 'wait',
  checked: 'info',
  applying: 'wait',
  applied: 'good',
  failed: 'bad',
  discarded: 'neutral',
} as const
