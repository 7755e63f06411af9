import { redirect } from 'react-router'
import { uploadWhole } from '#modules/library/media.commands.ts'
import { ownMedia } from '#modules/library/media.queries.ts'
import { malwareWords, mediaStates, mediaTypes } from '#modules/library/media.schema.ts'
import { invalid } from '#platform/errors.ts'
import { filesOf } from '#platform/uploads.ts'
import { attempt } from '../../ctx.ts'
import type { Handle } from '../../handle.ts'
import { libraryWords, secondsText } from '../../library/desk.ts'
import { Uploader } from '../../library/uploader.tsx'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Button } from '../../ui/button.tsx'
import { FileField } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { bytesText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/files.ts'

export const meta = () => title('课程文件')
export const handle = { script: true } satisfies Handle

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf(args, 'library.contribute')
  const rows = await ownMedia(ctx.db, organisationId)
  const files = filesOf(ctx)
  return {
    area,
    organisationId,
    maxBytes: files.maxBytes,
    scanned: files.clamd !== undefined,
    rows: rows.map(
      ({ id, name, sizeBytes, mediaType, durationSeconds, state, fault, malwareCheck, captions, used }) => ({
        ...{ id, name, mediaType, state, fault, malwareCheck, captions, used },
        sizeBytes: Number(sizeBytes),
        durationSeconds: durationSeconds === null ? null : Number(durationSeconds),
      }),
    ),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, organisationId } = workOf(args, 'library.contribute')
  const form = await args.request.formData()
  const upload = await uploadOf(form, 'file')
  const work = upload
    ? uploadWhole(ctx, { organisationId, ...upload })
    : Promise.reject(invalid({ file: ['请选择要上传的文件'] }))
  const tried = await attempt(work, form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.courseFiles(area), 'file-received')) : tried.answer
}

const accept = '.mp4,.webm,.m4v,.mp3,.m4a,.wav,.ogg,.pdf,.pptx,.docx,.png,.jpg,.jpeg'
const tones = { uploading: 'neutral', checking: 'wait', ready: 'good', refused: 'bad' } as const

export default function FilesPage({ loaderData, actionData }: Route.ComponentProps) {
  const { area, rows, organisationId, maxBytes, scanned } = loaderData
  return (
    <>
      <PageHeader
        title="课程文件"
        crumbs={[{ label: '线上课程', href: paths.courses(area) }]}
        lead="先上传文件，再在课程里使用。文件类型按内容判断，与扩展名无关。"
      />
      <div className="stack">
        {!scanned && (
          <Notice tone="warn" title="未配置病毒查验">
            <p>本系统没有接入病毒查验服务，文件没有查过病毒。请上传前自行查毒。</p>
          </Notice>
        )}
        <Section title="上传">
          <Uploader
            organisationId={organisationId}
            maxBytes={maxBytes}
            accept={accept}
            here={paths.courseFiles(area)}
          />
          <More label="不用脚本上传小文件" open={actionData !== undefined}>
            <Form failed={actionData} labels={{ file: '文件' }} upload>
              <FileField name="file" label="文件" accept={accept} limit="一次一个，不超过 20 MB。" />
              <Button kind="plain">上传</Button>
            </Form>
          </More>
        </Section>
        <DataTable
          caption="本单位的文件"
          captionNote="新的在前"
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'name',
              header: '文件',
              keep: true,
              cell: (row) => <a href={paths.courseMedia(area, row.id)}>{row.name}</a>,
            },
            {
              key: 'type',
              header: '类型',
              cell: (row) => (row.mediaType ? (mediaTypes[row.mediaType] ?? row.mediaType) : '查验后显示'),
            },
            { key: 'size', header: '大小', end: true, cell: (row) => bytesText(row.sizeBytes) },
            {
              key: 'length',
              header: '时长',
              cell: (row) => (row.durationSeconds === null ? '不适用' : secondsText(row.durationSeconds)),
            },
            { key: 'captions', header: '字幕', cell: (row) => (row.captions > 0 ? `${row.captions} 种` : '没有') },
            { key: 'used', header: '使用', cell: (row) => (row.used > 0 ? '已用在课程中' : '没有使用') },
            {
              key: 'malware',
              header: '病毒',
              cell: (row) =>
                row.state === 'ready' || row.state === 'refused' ? malwareWords[row.malwareCheck] : '还没有查',
            },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => (
                <>
                  <StatusTag tone={tones[row.state]}>{mediaStates[row.state]}</StatusTag>
                  {row.fault !== '' && <span className="small">　{row.fault}</span>}
                </>
              ),
            },
          ]}
          empty={
            <EmptyState icon="upload" title="还没有上传过文件">
              上传后会查验类型、大小和播放时长。
            </EmptyState>
          }
        />
      </div>
    </>
  )
}
