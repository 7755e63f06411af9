import { redirect } from 'react-router'
import { resendJob } from '#modules/settings/queue.commands.ts'
import { deadLetters, installationNow, queueTasks } from '#modules/settings/queue.queries.ts'
import { taskAreas } from '#modules/settings/queue.schema.ts'
import { attempt, signedIn } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FigureCard, Figures } from '../../ui/figure-card.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/system.ts'

export const meta = () => title('系统运行')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'system.operate')
  const [tasks, letters, now] = await Promise.all([queueTasks(ctx), deadLetters(ctx), installationNow(ctx)])
  return { tasks, letters, now }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'system.operate')
  const form = await request.formData()
  const tried = await attempt(resendJob(ctx, Object.fromEntries(form)), form)
  return tried.ok ? redirect(done(paths.system(), 'job-again')) : tried.answer
}

const gigabytes = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GB`
const areaOf = (task: string) => taskAreas[task.split('.')[0] ?? ''] ?? '平台'
const waited = (seconds: number) => (seconds < 60 ? '不到 1 分钟' : `${Math.floor(seconds / 60)} 分钟`)

export default function System({ loaderData, actionData }: Route.ComponentProps) {
  const { tasks, letters, now } = loaderData
  const sum = (of: (task: (typeof tasks)[number]) => number) => tasks.reduce((all, task) => all + of(task), 0)
  const oldest = Math.max(0, ...tasks.map(({ oldestSeconds }) => oldestSeconds))
  const full = now.disk && now.disk.freeBytes < now.disk.totalBytes / 10
  return (
    <>
      <PageHeader title="系统运行" lead="后台任务、磁盘和版本。打开页面时现查，不保存。" />
      <div className="stack">
        {oldest >= 300 && (
          <Notice tone="bad" title="后台任务积压">
            最早的一项已等待 {waited(oldest)}。请检查后台进程是否在运行。
          </Notice>
        )}
        {full && (
          <Notice tone="bad" title="磁盘快满了">
            上传目录所在磁盘剩余不到十分之一，请尽快扩容，否则不能再上传文件。
          </Notice>
        )}
        <Figures>
          <FigureCard label="到时待办" value={String(sum(({ due }) => due))} unit="项" />
          <FigureCard label="正在办理" value={String(sum(({ running }) => running))} unit="项" />
          <FigureCard label="办理失败" value={String(sum(({ dead }) => dead))} unit="项" />
        </Figures>
        <Section
          title={`办理失败的任务（${letters.length}）`}
          description="多次重试仍失败、不会再自动办理的任务。排除原因后可以重新办理，操作记入审计日志。"
        >
          <Form failed={actionData}>
            <DataTable
              caption="办理失败的任务"
              rows={letters}
              rowKey={(row) => String(row.id)}
              columns={[
                { key: 'task', header: '任务', keep: true, cell: (row) => `${areaOf(row.task)}　${row.task}` },
                { key: 'error', header: '原因', cell: (row) => row.error || '没有留下原因' },
                { key: 'attempts', header: '已试', end: true, cell: (row) => `${row.attempts} 次` },
                { key: 'failed', header: '最后一次', cell: (row) => instantText(row.failedAt) },
                {
                  key: 'do',
                  header: '办理',
                  cell: (row) => (
                    <Button kind="plain" name="jobId" value={String(row.id)}>
                      重新办理<span className="sr-only">第 {row.id} 项</span>
                    </Button>
                  ),
                },
              ]}
              empty={
                <EmptyState icon="check" title="没有办理失败的任务">
                  任务失败后平台会自动重试，试完仍不成功的才列在这里。
                </EmptyState>
              }
            />
          </Form>
        </Section>
        <DataTable
          caption="后台任务"
          captionNote="按种类"
          rows={tasks}
          rowKey={(row) => row.task}
          columns={[
            { key: 'task', header: '任务', keep: true, cell: (row) => `${areaOf(row.task)}　${row.task}` },
            { key: 'due', header: '到时待办', end: true, cell: (row) => row.due },
            { key: 'running', header: '正在办理', end: true, cell: (row) => row.running },
            { key: 'later', header: '定时以后办', end: true, cell: (row) => row.later },
            { key: 'dead', header: '办理失败', end: true, cell: (row) => row.dead },
          ]}
          empty={
            <EmptyState icon="check" title="没有等待的任务">
              有新的任务时会列在这里。
            </EmptyState>
          }
        />
        <Section title="磁盘和版本">
          <SummaryList
            rows={[
              { label: '数据库大小', value: gigabytes(now.databaseBytes) },
              {
                label: '上传目录所在磁盘',
                value: now.disk
                  ? `剩余 ${gigabytes(now.disk.freeBytes)}，共 ${gigabytes(now.disk.totalBytes)}`
                  : '本进程没有文件目录',
              },
              { label: '数据库结构', value: now.upToDate ? now.migration : `${now.migration}，不是最新，请重启平台` },
              { label: 'PostgreSQL', value: now.postgres },
              { label: 'Node.js', value: now.node },
              { label: '未封存的审计记录', value: `${now.unsealed} 条（最近一天，正常情况下一两秒内封存）` },
              { label: '备份', value: '由运维单位在平台以外进行，平台不知道备份情况' },
            ]}
          />
        </Section>
      </div>
    </>
  )
}
