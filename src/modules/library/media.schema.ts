import { z } from 'zod'
import { reasonText as courseReasons } from './course-reasons.schema.ts'
import { idField, keysOf, optional, type ReasonTexts, textField } from './input.schema.ts'

export const mediaStates = { uploading: '上传中', checking: '查验中', ready: '可用', refused: '未通过' } as const
export type MediaState = keyof typeof mediaStates

export const malwareWords = {
  'not-configured': '未配置病毒查验',
  clean: '病毒查验通过',
  infected: '发现病毒',
  failed: '病毒查验没有完成',
} as const
export type MalwareCheck = keyof typeof malwareWords

/** What may be kept, by its first bytes, and what it is called. */
export const mediaTypes: Record<string, string> = {
  'video/mp4': 'MP4 视频',
  'video/webm': 'WebM 视频',
  'video/x-m4v': 'MP4 视频',
  'audio/mpeg': 'MP3 音频',
  'audio/x-m4a': 'M4A 音频',
  'audio/mp4': 'M4A 音频',
  'audio/wav': 'WAV 音频',
  'audio/ogg': 'OGG 音频',
  'application/pdf': 'PDF 文档',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'PPTX 幻灯片',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'DOCX 文档',
  'image/png': 'PNG 图片',
  'image/jpeg': 'JPG 图片',
}

export const BeginUpload = z.object({
  organisationId: idField('单位'),
  name: textField('文件名', 200),
  sizeBytes: z.number('文件大小不明').int().min(1, '文件是空的'),
  /** Given: the file is a package (SCORM, cmi5, QTI, a folder of videos) for this course. */
  courseId: optional(idField('课程')),
})
export const MediaStep = z.object({ mediaId: idField('文件') })
export const SettleMedia = z.object({
  mediaId: idField('文件'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  mediaType: z.string().nullable(),
  durationSeconds: z.number().min(0).nullable(),
  storageKey: z.string().nullable(),
  malware: z.enum(keysOf(malwareWords)),
  engine: z.string().max(300),
  fault: z.string().max(500),
})

export const captionSources = {
  human: '人工制作',
  machine: '机器识别',
  'machine-corrected': '机器识别，人工校对',
} as const
export const captionLanguages: Record<string, string> = { 'zh-CN': '普通话字幕', yue: '粤语字幕', en: 'English' }
export const AddCaptions = z.object({
  mediaId: idField('文件'),
  language: z.enum(keysOf(captionLanguages), '请选择语言'),
  source: z.enum(keysOf(captionSources), '请选择来源'),
  bytes: z.instanceof(Uint8Array, { message: '请选择 .vtt 字幕文件' }),
})
export const RemoveCaptions = z.object({ captionId: idField('字幕') })

export const reasonText: ReasonTexts = {
  ...courseReasons,
  'too-large': (f) => ({ message: `文件超过 ${f.mb} MB`, remedy: '请压缩后再传，或分成几个文件。' }),
  'too-many-uploads': (f) => ({ message: `已有 ${f.count} 个文件正在上传或查验`, remedy: '请等一部分完成后再传。' }),
  'media-state': (f) => ({
    message: `文件的状态是“${mediaStates[f.state as MediaState] ?? f.state}”，不能办这一步`,
    remedy: '请刷新页面。',
  }),
}
