import { redirect } from 'react-router'
import { courseWork } from '#modules/library/course.queries.ts'
import { workable } from '#modules/library/course.rules.ts'
import { uploadWhole } from '#modules/library/media.commands.ts'
import { archivesOf } from '#modules/library/media.queries.ts'
import { mediaStates } from '#modules/library/media.schema.ts'
import { packagesOfCourse } from '#modules/packages/import.queries.ts'
import { packageStates } from '#modules/packages/import.schema.ts'
import { packageKinds } from '#modules/packages/package.schema.ts'
import { invalid } from '#platform/errors.ts'
import { filesOf } from '#platform/uploads.ts'
import { attempt, fail } from '../../ctx.ts'
import type { Handle } from '../../handle.ts'
import { packageWords } from '../../library/package-desk.ts'
import { Uploader } from '../../library/uploader.tsx'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Button } from '../../ui/button.tsx'
import { FileField } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { bytesText, instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/packages.ts'

export const meta = () => title('课件包')
export const handle = { script: true } satisfies Handle

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const course = await courseWork(ctx, isId(args.params.courseId)).catch(fail(args.request))
  const [rows, waiting] = await Promise.all([packagesOfCourse(ctx.db, course.id), archivesOf(ctx.db, course.id)])
  const { maxBytes, archive } = filesOf(ctx)
  return {
    area,
    course: { id: course.id, title: course.title, organisationId: course.organisationId },
    open: workable.includes(course.state),
    limits: { maxBytes, ...archive },
    rows,
    waiting: waiting.map(({ id, name, state, fault, createdAt }) => ({ id, name, state, fault, createdAt })),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, organisationId } = workOf(args, 'library.contribute')
  const courseId = isId(args.params.courseId)
  const form = await args.request.formData()
  const upload = await uploadOf(form, 'file')
  const work = upload
    ? uploadWhole(ctx, { organisationId, courseId, ...upload })
    : Promise.reject(invalid({ file: ['请选择要上传的 ZIP 压缩包'] }))
  const tried = await attempt(work, form, packageWords(ctx))
  return tried.ok ? redirect(done(paths.packages(area, courseId), 'file-received')) : tried.answer
}

export const packageTones = {
  checking: 'wait',
  checked: 'info',
  refused: 'bad',
  importing: 'wait',
  ready: 'good',
  discarded: 'neutral',
} as const
const fileTones = { uploading: 'neutral', checking: 'wait', ready: 'good', refused: 'bad' } as const

export default function Packages({ loaderData, actionData }: Route.ComponentProps) {
  const { area, course, open, limits, rows, waiting } = loaderData
  const here = paths.packages(area, course.id)
  return (
    <>
      <PageHeader
        title="课件包"
        crumbs={[
          { label: '线上课程', href: paths.courses(area) },
          { label: course.title, href: paths.course(area, course.id) },
        ]}
        lead="SCORM 1.2、SCORM 2004、cmi5 课件，QTI 试题，或一个文件夹的视频，打成 ZIP 上传。先检查、再由您确认、然后导入。"
      />
      <div className="stack">
        {open ? (
          <Section title="上传">
            <Uploader
              organisationId={course.organisationId}
              courseId={course.id}
              maxBytes={limits.maxBytes}
              accept=".zip,.xml"
              here={here}
            />
            <Notice title="检查什么">
              <p>
                解开后不超过 {bytesText(limits.totalBytes)}、单个文件不超过 {bytesText(limits.entryBytes)}、不超过{' '}
                {limits.entries} 个文件；不能加密，不能有程序、链接、重名文件和包中包。哪里不对、怎样改，逐条列出。
              </p>
            </Notice>
            <More label="不用脚本上传小文件" open={actionData !== undefined}>
              <Form failed={actionData} labels={{ file: '课件包' }} upload>
                <FileField
                  name="file"
                  label="课件包"
                  accept=".zip,.xml"
                  limit="ZIP，或单独的 cmi5.xml，不超过 20 MB。"
                />
                <Button kind="plain">上传</Button>
              </Form>
            </More>
          </Section>
        ) : (
          <Notice title="现在不能上传">
            <p>课程在草稿、退回修改或出新版本时可以导入课件包。</p>
          </Notice>
        )}
        {waiting.length > 0 && (
          <DataTable
            caption="还没有成为课件包的文件"
            rows={waiting}
            rowKey={(row) => row.id}
            columns={[
              { key: 'name', header: '文件', cell: (row) => <span className="break-all">{row.name}</span> },
              { key: 'at', header: '上传时间', cell: (row) => instantText(row.createdAt) },
              {
                key: 'state',
                header: '状态',
                cell: (row) => (
                  <>
                    <StatusTag tone={fileTones[row.state]}>{mediaStates[row.state]}</StatusTag>
                    {row.fault !== '' && <span className="small">　{row.fault}</span>}
                  </>
                ),
              },
            ]}
            empty={null}
          />
        )}
        <DataTable
          caption="本课程的课件包"
          captionNote="新的在前"
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'name',
              header: '课件包',
              cell: (row) => <a href={paths.package(area, course.id, row.id)}>{row.title || row.archiveName}</a>,
            },
            {
              key: 'kind',
              header: '类型',
              cell: (row) => (row.kind ? packageKinds[row.kind] : row.state === 'checking' ? '检查后显示' : '没有认出'),
            },
            { key: 'size', header: '大小', end: true, cell: (row) => bytesText(row.sizeBytes) },
            {
              key: 'found',
              header: '检查结果',
              cell: (row) =>
                row.errors > 0
                  ? `${row.errors} 处必须改正`
                  : row.warnings > 0
                    ? `${row.warnings} 处提示`
                    : row.state === 'checking'
                      ? '正在检查'
                      : '没有问题',
            },
            {
              key: 'used',
              header: '使用',
              cell: (row) =>
                row.used > 0 ? '已放进课程' : row.kind === 'qti' && row.state === 'ready' ? '题目在题库' : '没有使用',
            },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => <StatusTag tone={packageTones[row.state]}>{packageStates[row.state]}</StatusTag>,
            },
          ]}
          empty={
            <EmptyState icon="upload" title="还没有课件包">
              上传后几分钟内出检查结果。
            </EmptyState>
          }
        />
      </div>
    </>
  )
}
