import { z } from 'zod'
import type { Dictionary } from '#shared/table.ts'

/** An occupation is known by its edition and code together: codes were used again between editions. */
export type OccupationKey = { edition: string; code: string }

/** `2015:4-04-05-05` */
export const keyText = ({ edition, code }: OccupationKey): string => `${edition}:${code}`

export function parseKey(text: string): OccupationKey | null {
  const [edition, code, rest] = text.split(':')
  return edition && code && rest === undefined ? { edition, code } : null
}

export type Occupation = OccupationKey & {
  title: string
  levelScheme: string
  workTypes: string[]
  /** Somebody compared it with the official classification. */
  verified: boolean
  source: string
}

export const codePattern = /^\d-\d{2}-\d{2}-\d{2}$/

export type OccupationColumn = 'edition' | 'code' | 'title' | 'levelScheme' | 'workTypes' | 'source'

/** The import format. `editions` and `schemes` are the plan's: id → label. */
export function occupationDictionary(
  editions: Readonly<Record<string, string>>,
  schemes: Readonly<Record<string, string>>,
): Dictionary<OccupationColumn> {
  return [
    {
      key: 'edition',
      header: '版本',
      aliases: ['大典版本'],
      required: true,
      description: '职业分类大典的版本。同一编码在不同版本中可能是不同的职业。',
      example: Object.keys(editions)[0] ?? '2022',
      width: 26,
      values: editions,
    },
    {
      key: 'code',
      header: '职业编码',
      aliases: ['编码', '职业代码'],
      required: true,
      description: '形如 4-04-05-05。',
      example: '4-04-05-05',
      width: 16,
    },
    {
      key: 'title',
      header: '职业名称',
      aliases: ['名称', '职业'],
      required: true,
      description: '与职业分类大典一致。',
      example: '人工智能训练师',
      width: 24,
    },
    {
      key: 'levelScheme',
      header: '等级体系',
      aliases: ['等级'],
      required: true,
      description: '该职业的等级设置。',
      example: Object.values(schemes)[0] ?? '',
      width: 26,
      values: schemes,
    },
    {
      key: 'workTypes',
      header: '工种',
      aliases: ['所含工种'],
      required: false,
      description: '多个工种用顿号分开。',
      example: '数据标注员、人工智能算法测试员',
      width: 40,
    },
    {
      key: 'source',
      header: '来源',
      aliases: ['依据', '文号'],
      required: true,
      description: '核对所依据的文件名称或文号。',
      example: '职业分类大典（2022年版）',
      width: 30,
    },
  ]
}

export const ImportOccupations = z.object({
  fileName: z.string().min(1, '请选择文件').max(200, '文件名太长'),
  bytes: z.instanceof(Uint8Array, { message: '请选择文件' }),
})
