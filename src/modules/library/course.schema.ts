import { z } from 'zod'
import {
  agreed,
  idField,
  keysOf,
  listOf,
  optional,
  optionalText,
  reasonField,
  textField,
  versionField,
  wholeField,
} from './input.schema.ts'

export const courseStates = {
  draft: '草稿',
  submitted: '待评审',
  returned: '退回修改',
  'under-review': '评审中',
  trial: '试用',
  admitted: '已入库',
  suspended: '已暂停',
  withdrawn: '已退出',
  rejected: '不予入库',
} as const
export type CourseState = keyof typeof courseStates

export const rightsBases = {
  own: '全部由本单位原创',
  licensed: '使用了他人材料，已取得授权',
  'public-domain': '使用的是公有领域或开放许可材料',
  mixed: '以上几种都有',
} as const
export type RightsBasis = keyof typeof rightsBases

/** The words a contributor signs, for each version. */
export const rightsStatement =
  '本单位声明：对本课程的文字、图片、声音、视频和其他材料有权使用和公开，没有侵犯他人的著作权、肖像权和隐私；材料内容真实、合法，不含广告。如有不实，本单位承担责任，并同意课程立即暂停。'

const about = {
  title: textField('课程名称', 120, 2),
  summary: optionalText('课程简介', 4000),
  /** `edition:code` of the catalogue of occupations. */
  occupation: z.string().max(40).default(''),
  level: z.string().max(40).default(''),
  groups: listOf(z.string().max(40), 20),
  subdistrict: z.string().max(12).default(''),
}

export const CreateCourse = z.object({ organisationId: idField('单位'), ...about })
export const EditCourse = z.object({ courseId: idField('课程'), version: versionField, ...about })
export const PlanVersion = z.object({
  courseId: idField('课程'),
  plannedClassHours: wholeField('课时', 0, 2000),
  changeNote: optionalText('本版说明', 1000),
})
export const CourseStep = z.object({ courseId: idField('课程') })
export const CourseReason = z.object({ courseId: idField('课程'), reason: reasonField })

export const SubmitCourse = z
  .object({
    courseId: idField('课程'),
    version: versionField,
    basis: z.enum(keysOf(rightsBases), '请选择材料的来源'),
    rightsNote: optionalText('授权说明', 1000),
    signed: agreed('请勾选，表示已看过并签署权利声明'),
  })
  .refine((value) => !['licensed', 'mixed'].includes(value.basis) || value.rightsNote.length >= 4, {
    path: ['rightsNote'],
    message: '用了他人的材料，请写明授权人和授权范围',
  })

export const itemKinds = {
  video: '视频',
  audio: '音频',
  document: '文档（PDF、幻灯片）',
  text: '图文',
  exam: '考试或练习',
  assignment: '作业',
  case: '成果案例',
  package: '课件包（SCORM、cmi5）',
  lti: '外部工具（LTI）',
} as const
export type ItemKind = keyof typeof itemKinds

const rich = z.string().trim().min(1, '请填写内容').max(50_000, '内容不能超过50000个字')
const pool = z.object({ pool: textField('题库分组', 60), count: wholeField('抽题数', 1, 500) })

/** What stands in `items.body`, by kind. Texts are Markdown without HTML. */
export const itemBodies = {
  video: z.object({ note: optionalText('说明', 2000) }),
  audio: z.object({ note: optionalText('说明', 2000) }),
  document: z.object({ note: optionalText('说明', 2000) }),
  text: z.object({ text: rich }),
  exam: z.object({
    pools: z.preprocess(
      (value) => (Array.isArray(value) ? value.filter((one) => one?.pool) : value),
      z.array(pool).min(1, '请至少选择一组题'),
    ),
    /** Null: no limit. */
    minutes: optional(wholeField('考试时间', 1, 600)).transform((value) => value ?? null),
    /** Percent of the points. */
    passMark: wholeField('合格线', 0, 100),
    /** Null: as often as one likes. */
    resits: optional(wholeField('补考次数', 0, 100)).transform((value) => value ?? null),
  }),
  assignment: z.object({ task: rich, accepts: z.enum(['text', 'file', 'both'], '请选择交作业的方式') }),
  case: z.object({ story: rich, result: textField('成果', 2000), person: optionalText('当事人或单位', 120) }),
  package: z.object({ note: optionalText('说明', 2000) }),
  lti: z.object({
    linkId: idField('外部内容'),
    /** Percent of the tool's own maximum; null: having opened it is enough. */
    passMark: optional(wholeField('合格线', 0, 100)).transform((value) => value ?? null),
  }),
} as const
export type ExamBody = z.output<(typeof itemBodies)['exam']>

const itemAbout = {
  chapter: wholeField('章', 1, 200),
  chapterTitle: textField('章名', 120),
  title: textField('标题', 120),
  plannedMinutes: z.preprocess(
    (value) => (value === '' || value === undefined ? 0 : value),
    wholeField('计划时长', 0, 1440),
  ),
  mediaId: optional(idField('文件')),
  packageId: optional(idField('课件包')),
  required: z.preprocess((value) => value === undefined || value === true || value === 'yes', z.boolean()),
  /** Judged by the shape of its kind. */
  body: z.record(z.string(), z.unknown()).default({}),
}
export const AddItem = z.object({
  courseId: idField('课程'),
  kind: z.enum(keysOf(itemKinds), '请选择类型'),
  ...itemAbout,
})
export const EditItem = z.object({ itemId: idField('内容'), ...itemAbout })
export const MoveItem = z.object({ itemId: idField('内容'), to: z.enum(['up', 'down'], '请选择方向') })
export const RemoveItem = z.object({ itemId: idField('内容') })

export type ItemRow = {
  id: string
  versionId: string
  chapter: number
  chapterTitle: string
  position: number
  kind: ItemKind
  title: string
  plannedSeconds: number
  mediaId: string | null
  packageId: string | null
  body: Record<string, unknown>
  required: boolean
}
