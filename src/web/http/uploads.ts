import { mkdirSync } from 'node:fs'
import { FileStore } from '@tus/file-store'
import { type Lock, type Locker, Server } from '@tus/server'
import {
  beginUpload,
  dropMedia,
  finishUpload,
  leaseUpload,
  newWriter,
  ownUpload,
  releaseUpload,
} from '#modules/library/media.commands.ts'
import { reasonText } from '#modules/library/media.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { AppError, status } from '#platform/errors.ts'
import type { Files } from '#platform/uploads.ts'
import { libraryPaths } from '../library-paths.ts'

/** As long as whoever goes on after a crash has to wait at most. */
const leaseSeconds = 12

/**
 * Uploads in pieces (tus 1.0): what has arrived is on disk and survives a cut line and a restart. Who may write is asked
 * with every piece; a second tab that writes to the same upload is told to wait.
 */
export function uploadServer(files: Files, contextFor: (request: Request) => Promise<Ctx>) {
  mkdirSync(files.uploadFolder, { recursive: true })
  const known = new WeakMap<object, Ctx>()
  const ctxOf = async (request: Request): Promise<Ctx> => {
    const there = known.get(request)
    if (there) return there
    const ctx = await contextFor(request)
    known.set(request, ctx)
    return ctx
  }
  let db: Ctx['db'] | undefined
  const server = new Server({
    path: libraryPaths.libraryUploads(),
    datastore: new FileStore({ directory: files.uploadFolder }),
    maxSize: files.maxBytes,
    relativeLocation: true,
    disableTerminationForFinishedUploads: true,
    locker: leases(() => {
      if (!db) throw new Error('a lock was asked for before a request')
      return db
    }),
    async namingFunction(request, metadata) {
      const ctx = await ctxOf(request)
      const made = await told(
        beginUpload(ctx, {
          organisationId: metadata?.organisation ?? '',
          name: (metadata?.filename ?? '').slice(-200),
          courseId: metadata?.course ?? undefined,
          sizeBytes: Number(request.headers.get('upload-length') ?? 0),
        }),
      )
      return made.mediaId
    },
    async onIncomingRequest(request, id) {
      const ctx = await ctxOf(request)
      db = ctx.db
      if (request.method === 'DELETE') await told(dropMedia(ctx, { mediaId: id }))
      else if (request.method !== 'POST' && request.method !== 'OPTIONS') await told(ownUpload(ctx, id))
    },
    async onUploadFinish(request, upload) {
      await told(finishUpload(await ctxOf(request), { mediaId: upload.id }))
      return {}
    },
  })
  return (request: Request): Promise<Response> => server.handleWeb(request)
}

/** A refusal as the upload protocol says it: a status and a sentence. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { fault } = error
    const words = fault.kind === 'refused' ? reasonText[fault.refusal.reason]?.(fault.refusal.facts) : undefined
    throw {
      status_code: status[fault.kind],
      body: words ? `${words.message}。${words.remedy}` : '不能上传，请重新登录后再试。',
    }
  }
}

/** Locks kept in the database, so that all processes share them; a process that dies loses its lock by itself. */
function leases(db: () => Ctx['db']): Locker {
  return {
    newLock(id: string): Lock {
      const token = newWriter()
      let timer: NodeJS.Timeout | undefined
      return {
        async lock(signal) {
          // a new upload has no rival, and its row is made in the same request
          for (let tries = 0; !(await leaseUpload(db(), id, token, leaseSeconds)); tries++) {
            if (tries >= 20 || signal.aborted) throw { status_code: 423, body: '这个文件正在另一个页面上传。' }
            await new Promise((go) => setTimeout(go, 250))
          }
          timer = setInterval(
            () => void leaseUpload(db(), id, token, leaseSeconds).catch(() => {}),
            (leaseSeconds * 1000) / 4,
          )
        },
        async unlock() {
          clearInterval(timer)
          await releaseUpload(db(), id, token)
        },
      }
    },
  }
}
