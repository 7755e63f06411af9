import Uppy, { type UppyFile } from '@uppy/core'
import Tus from '@uppy/tus'
import { useEffect, useRef, useState } from 'react'
import { libraryPaths } from '../library-paths.ts'
import { bytesText } from '../ui/format.ts'

type Meta = { organisation: string; filename: string; course: string }
type Line = {
  id: string
  name: string
  size: number
  sent: number
  state: 'waiting' | 'sending' | 'paused' | 'done' | 'failed'
  fault: string
}

/**
 * Sends files in pieces and goes on where it stopped: after a cut line by itself, after a reload or a restart when the
 * same file is chosen again. Works by keyboard; every change is said aloud.
 */
export function Uploader({
  organisationId,
  courseId,
  maxBytes,
  accept,
  here,
}: {
  organisationId: string
  /** Given: what is sent are packages for this course. */
  courseId?: string
  maxBytes: number
  accept: string
  /** The address of this page. */
  here: string
}) {
  const [lines, setLines] = useState<Line[]>([])
  const [ready, setReady] = useState(false)
  const uppy = useRef<Uppy<Meta, Record<string, never>> | null>(null)

  useEffect(() => {
    const made = new Uppy<Meta, Record<string, never>>({ autoProceed: true, restrictions: { maxFileSize: maxBytes } })
    made.use(Tus<Meta, Record<string, never>>, {
      endpoint: libraryPaths.libraryUploads(),
      chunkSize: 8 * 1024 * 1024,
      limit: 2,
      retryDelays: [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000],
      allowedMetaFields: courseId ? ['organisation', 'filename', 'course'] : ['organisation', 'filename'],
      removeFingerprintOnSuccess: true,
    })
    const change = (id: string, to: Partial<Line>) =>
      setLines((all) => all.map((line) => (line.id === id ? { ...line, ...to } : line)))
    made.on('file-added', (file: UppyFile<Meta, Record<string, never>>) => {
      setLines((all) => [
        ...all.filter(({ id }) => id !== file.id),
        { id: file.id, name: file.name ?? '', size: file.size ?? 0, sent: 0, state: 'waiting', fault: '' },
      ])
    })
    made.on('upload-progress', (file, progress) => {
      if (file) change(file.id, { sent: progress.bytesUploaded, state: 'sending' })
    })
    made.on('upload-success', (file) => {
      if (file) change(file.id, { sent: file.size ?? 0, state: 'done' })
    })
    made.on('upload-error', (file, error) => {
      if (file) change(file.id, { state: 'failed', fault: saidBy(error) })
    })
    made.on('restriction-failed', (file, error) => {
      if (file)
        setLines((all) => [
          ...all,
          {
            id: `${file.id}-refused`,
            name: file.name ?? '',
            size: file.size ?? 0,
            sent: 0,
            state: 'failed',
            fault: error.message,
          },
        ])
    })
    uppy.current = made
    setReady(true)
    return () => made.destroy()
  }, [maxBytes, courseId])

  const choose = (files: FileList | null) => {
    for (const file of files ?? []) {
      try {
        uppy.current?.addFile({
          name: file.name,
          type: file.type,
          data: file,
          meta: { organisation: organisationId, filename: file.name, course: courseId ?? '' },
        })
      } catch {
        // told through 'restriction-failed', or chosen twice
      }
    }
  }
  const pause = (line: Line) => {
    const paused = uppy.current?.pauseResume(line.id)
    setLines((all) => all.map((one) => (one.id === line.id ? { ...one, state: paused ? 'paused' : 'sending' } : one)))
  }
  const finished = lines.length > 0 && lines.every(({ state }) => state === 'done' || state === 'failed')

  return (
    <div className="uploader">
      <div className="field">
        <label htmlFor="upload-files">选择要上传的文件（可以多选）</label>
        <p className="hint">
          一次可以传 {bytesText(maxBytes)}。断网、关机后回到这一页，重新选择同一个文件，会从中断的地方接着传。
        </p>
        <input
          id="upload-files"
          className="file-input middle"
          type="file"
          multiple
          accept={accept}
          disabled={!ready}
          onChange={(event) => {
            choose(event.currentTarget.files)
            event.currentTarget.value = ''
          }}
        />
      </div>
      <ul className="upload-list">
        {lines.map((line) => (
          <li key={line.id}>
            <label htmlFor={`progress-${line.id}`}>{line.name}</label>
            <progress className="meter" id={`progress-${line.id}`} max={line.size || 1} value={line.sent} />
            <span>
              {words[line.state]}　{bytesText(line.sent)} / {bytesText(line.size)}
            </span>
            {(line.state === 'sending' || line.state === 'paused') && (
              <button type="button" className="btn" onClick={() => pause(line)}>
                {line.state === 'paused' ? '继续' : '暂停'}
                <span className="sr-only">：{line.name}</span>
              </button>
            )}
            {line.fault !== '' && <p className="field-error">{line.fault}</p>}
          </li>
        ))}
      </ul>
      <p role="status">
        {finished && (
          <>
            上传结束。<a href={here}>刷新列表看查验结果</a>
          </>
        )}
      </p>
    </div>
  )
}

const words = {
  waiting: '等待',
  sending: '正在上传',
  paused: '已暂停',
  done: '已上传，正在查验',
  failed: '没有传成',
} as const

/** The sentence that our server answered with, or a plain one. */
function saidBy(error: unknown): string {
  const answer = (error as { originalResponse?: { getBody(): string } }).originalResponse?.getBody()
  return answer && answer.length < 200 ? answer : '网络中断，请检查网络后重新选择这个文件，会接着传。'
}
