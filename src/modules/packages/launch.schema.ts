import { z } from 'zod'

export const OpenUnit = z.object({
  registrationId: z.uuid('请从课程里打开'),
  itemId: z.uuid('请从课程里打开'),
  /** Left out: the unit that the package itself comes to next. */
  unitId: z.string().max(4000).optional(),
  /** Every package runs on a host of its own, so none can look into another. */
  apart: z.boolean().default(false),
  /** The page around the lesson has made sure that no other lesson runs in its browser: whatever else is open ends. */
  alone: z.boolean().default(false),
})

const change = z.tuple([z.string().max(4300), z.string().max(700_000)])
export const Entry = z.object({
  /** Counted by the sender from 1. */
  seq: z.number().int().min(1).max(100_000),
  changes: z.array(change).max(5_000),
  /** The content has said goodbye. */
  final: z.boolean().default(false),
})
export type Entry = z.output<typeof Entry>

export const Commit = z.object({ launchId: z.uuid(), entries: z.array(Entry).min(1).max(200) })
export const LaunchStep = z.object({ launchId: z.uuid() })

export const endReasons = {
  terminated: '课件正常结束',
  elsewhere: '在别处重新打开',
  abandoned: '离开后没有再回来',
  displaced: '打开了另一个课件',
} as const
export type EndReason = keyof typeof endReasons

type Texts = Record<
  string,
  (f: Record<string, string | number | boolean | null>) => { message: string; remedy: string }
>

export const reasonText: Texts = {
  'package-not-ready': () => ({
    message: '课件还没有导入完成',
    remedy: '请过几分钟再打开；一直打不开的，请告诉课程的提供单位。',
  }),
  'package-elsewhere': () => ({
    message: '另一家机构的课件还开着，同时打开会互相看到对方保存的内容',
    remedy:
      '请先退出那个课件，再打开这一个；已经关掉页面的，过十分钟就能打开。换用新版浏览器、从 https 地址打开，就不用等。',
  }),
  'unit-unknown': () => ({ message: '课件里没有这一单元', remedy: '请回到课程目录重新打开。' }),
  'launch-ended': () => ({ message: '这次学习已经结束', remedy: '请回到课程重新打开课件，进度和时间都已保存。' }),
  'commit-gap': (f) => ({ message: `缺第 ${f.expected} 次提交`, remedy: '课件会自动从缺的那一次重新提交。' }),
  'package-state': () => ({ message: '这个课件包现在不能办这一步', remedy: '请刷新页面，按最新状态办理。' }),
  'package-faulty': () => ({ message: '课件包有必须改正的问题', remedy: '请按清单逐条改正后重新上传。' }),
  'cmi5-broken': (f) => ({
    message: `课件的上报不符合 cmi5 规范第 ${f.section} 节`,
    remedy: '请把这门课件告诉提供单位，由他们改正。',
  }),
  'unit-waived': () => ({ message: '这名学员已经免修这个单元', remedy: '不用再办。' }),
  'unit-closed': () => ({ message: '这一单元还没有开放', remedy: '请按课件要求，先学完前面的单元。' }),
}
