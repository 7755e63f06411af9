import { redirect } from 'react-router'
import { addCaptions, removeCaptions } from '#modules/library/media.commands.ts'
import { mediaPage } from '#modules/library/media.queries.ts'
import {
  captionLanguages,
  captionSources,
  malwareWords,
  mediaStates,
  mediaTypes,
} from '#modules/library/media.schema.ts'
import { attempt, fail } from '../../ctx.ts'
import { libraryWords, secondsText } from '../../library/desk.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Button } from '../../ui/button.tsx'
import { FileField, RadioGroup } from '../../ui/choices.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { bytesText, instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import { uploadOf } from '../../upload.ts'
import type { Route } from './+types/file.ts'

export const meta = () => title('课程文件')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const {
    storageKey: _,
    captionList,
    ...file
  } = await mediaPage(ctx, isId(args.params.mediaId)).catch(fail(args.request))
  return {
    area,
    file: {
      ...file,
      sizeBytes: Number(file.sizeBytes),
      durationSeconds: file.durationSeconds === null ? null : Number(file.durationSeconds),
    },
    captions: captionList.map(({ id, label, source, cues, transcript, language }) => ({
      id,
      label,
      source,
      cues,
      transcript,
      language,
    })),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const mediaId = isId(args.params.mediaId)
  const form = await args.request.formData()
  if (form.get('intent') === 'remove') {
    const tried = await attempt(removeCaptions(ctx, { captionId: form.get('captionId') }), form, libraryWords(ctx))
    return tried.ok ? redirect(done(paths.courseMedia(area, mediaId), 'removed')) : tried.answer
  }
  const upload = await uploadOf(form, 'file')
  const input = { mediaId, language: form.get('language'), source: form.get('source'), bytes: upload?.bytes }
  const tried = await attempt(addCaptions(ctx, input), form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.courseMedia(area, mediaId), 'captions-added')) : tried.answer
}

export default function FilePage({ loaderData: { area, file, captions }, actionData }: Route.ComponentProps) {
  const playable = file.state === 'ready' && /^(video|audio)\//.test(file.mediaType ?? '')
  return (
    <>
      <PageHeader title={file.name} crumbs={[{ label: '课程文件', href: paths.courseFiles(area) }]} />
      <div className="stack">
        {file.fault !== '' && <Notice tone="bad" title={file.fault} />}
        <SummaryList
          rows={[
            { label: '状态', value: mediaStates[file.state] },
            { label: '类型', value: file.mediaType ? (mediaTypes[file.mediaType] ?? file.mediaType) : '查验后显示' },
            { label: '大小', value: bytesText(file.sizeBytes) },
            ...(file.durationSeconds === null ? [] : [{ label: '时长', value: secondsText(file.durationSeconds) }]),
            {
              label: '病毒查验',
              value:
                file.state === 'checking' || file.state === 'uploading' ? '还没有查' : malwareWords[file.malwareCheck],
            },
            { label: '上传', value: instantText(file.createdAt) },
            ...(file.sha256
              ? [{ label: '摘要（SHA-256）', value: <span className="long-text">{file.sha256}</span> }]
              : []),
          ]}
        />
        {playable && <Player file={file} captions={captions} />}
        {file.state === 'ready' && !playable && (
          <p>
            <a href={paths.libraryMedia(file.id)}>打开文件</a>
          </p>
        )}
        {/^(video|audio)\//.test(file.mediaType ?? 'video/') && file.state !== 'refused' && (
          <Section title="字幕和文字稿" description="WebVTT 格式（.vtt），UTF-8 编码。逐行检查，哪一行有错会告诉您。">
            {captions.map((track) => (
              <More
                key={track.id}
                label={`${track.label}，${track.cues} 条，${captionSources[track.source as keyof typeof captionSources]}`}
              >
                <p className="prose-zh">{track.transcript}</p>
                <form method="post">
                  <input type="hidden" name="captionId" value={track.id} />
                  <Button kind="danger" name="intent" value="remove">
                    删除{track.label}
                  </Button>
                </form>
              </More>
            ))}
            <Form failed={actionData} labels={{ language: '语言', source: '来源', file: '字幕文件' }} upload>
              <SelectField
                name="language"
                label="语言"
                options={Object.entries(captionLanguages).map(([value, label]) => ({ value, label }))}
                value="zh-CN"
              />
              <RadioGroup
                name="source"
                label="怎么做的"
                options={Object.entries(captionSources).map(([value, label]) => ({ value, label }))}
                value="human"
              />
              <FileField name="file" label="字幕文件" accept=".vtt" limit="不超过 2 MB。同一语言再传会替换。" />
              <Button kind="plain">添加字幕</Button>
            </Form>
          </Section>
        )}
      </div>
    </>
  )
}

type Data = Route.ComponentProps['loaderData']
function Player({ file, captions }: Pick<Data, 'file' | 'captions'>) {
  const tracks = captions.map((track) => (
    <track
      key={track.id}
      kind="captions"
      src={paths.libraryCaptions(track.id)}
      srcLang={track.language}
      label={track.label}
    />
  ))
  return file.mediaType?.startsWith('video/') ? (
    // biome-ignore lint/a11y/useMediaCaption: the tracks are those that were uploaded
    <video className="media-preview" controls preload="metadata" src={paths.libraryMedia(file.id)}>
      {tracks}
    </video>
  ) : (
    // biome-ignore lint/a11y/useMediaCaption: the tracks are those that were uploaded
    <audio controls preload="metadata" src={paths.libraryMedia(file.id)}>
      {tracks}
    </audio>
  )
}
