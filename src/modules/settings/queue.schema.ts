import { z } from 'zod'

export const ResendJob = z.object({ jobId: z.coerce.number('请从列表里选一项').int().positive() })

/** Kinds of background jobs in words, by the module they belong to. */
export const taskAreas: Record<string, string> = {
  assessment: '考核和证书',
  connect: '外部平台互通',
  credentials: '数字凭证',
  learning: '线上学习',
  library: '资源库',
  packages: '课件包',
  people: '人员和单位',
  publicity: '公示',
  recognition: '称号认定',
  records: '学习记录',
  reports: '统计和报告',
  subsidy: '补贴',
  training: '培训',
}
