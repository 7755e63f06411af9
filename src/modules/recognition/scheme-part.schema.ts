import type { stages } from '#policy/scheme.schema.ts'

/** Where a box gets its choices from: the plan, the title itself, or words that stand here. */
export type Source =
  | 'figures'
  | 'clauses'
  | 'rules'
  | 'sources'
  | 'bodies'
  | 'orgTypes'
  | 'schemes'
  | 'indicators'
  | 'fields'
  | 'numbers'
  | 'tables'
  | 'choices'
  | 'answers'
  | 'materials'
  | Readonly<Record<string, string>>

/**
 * One box of a form and the place of its value within the entry. `labels`: choices, one a line, whose values stay what they
 * were. `answers`: some answers of one question, kept as the field and a list.
 */
export type Cell = {
  name: string
  label: string
  kind: 'text' | 'long' | 'number' | 'flag' | 'choice' | 'ticks' | 'lines' | 'labels' | 'answers'
  hint?: string
  /** Left out of the file when empty; `null` is written instead where the file wants one. */
  optional?: 'absent' | 'null'
  source?: Source
  /** For `answers`: where the question and the list of answers are written. */
  into?: readonly [field: string, list: string]
}

type Common = { id: string; label: string; note: string; cells(entry: unknown): readonly Cell[] }
/** One part of a title as the desk changes it. */
export type Part = Common &
  (
    | { shape: 'one'; path: readonly string[]; nullable?: boolean }
    | {
        shape: 'list'
        path: readonly string[]
        /** The list belongs to an entry of another part: the columns of a table. */
        within?: { part: string; key: string }
        /** What an entry is called by. */
        named: string
        /** New entries get a number under this word. */
        numbered?: string
        /** Asked first when an entry is added; the rest of its form depends on it. */
        kinds?: { path: string; words: Readonly<Record<string, string>> }
      }
  )

export const plainKinds = {
  text: '短文字',
  long: '长文字',
  number: '数字',
  day: '日期',
  choice: '选择题',
  yes: '勾选',
} as const
const tableKind = { table: '表格（可填多行）' } as const
const origins = { upload: '申报人上传', platform: '平台已有', department: '其他部门核查' } as const
const checks = { 'dishonest-organisations': '失信单位名单', 'social-insurance': '参保名单' } as const
const scopes = {
  total: '在任总数',
  year: '每年',
  organisation: '每家单位在任',
  'call-organisation': '每家单位在一次通知里的申报',
} as const
const holds = { 'in-term': '退出后空出名额', ever: '退出后不空出' } as const
const exitKinds = { warn: '警告', revoke: '撤销', withdraw: '退出' } as const
const perWords = { holder: '按持有人', organisation: '按单位' } as const
export const stageLabels: Record<(typeof stages)[number], string> = {
  formal: '形式审查',
  recommendation: '推荐',
  expert: '专家评审',
  visit: '现场核查',
  shortlist: '确定名单',
  publicity: '公示',
  designation: '认定',
}
export const testKinds = {
  'organisation-active': '单位正常经营',
  'organisation-months': '单位登记满若干个月',
  'age-most': '年龄不超过',
  'number-least': '某一项数字不少于',
  'rows-least': '某张表格的行数不少于',
  'one-of': '某道选择题须选',
  holds: '已持有另一称号',
  'not-holding': '尚未持有某称号',
  'grade-step': '每次升级不超过',
} as const

const box = (kind: Cell['kind'], name: string, label: string, more: Partial<Cell> = {}): Cell => ({
  ...{ kind, name, label },
  ...more,
})
const absent = { optional: 'absent' } as const
const figure = (name: string, label: string, more: Partial<Cell> = {}) =>
  box('choice', name, label, { source: 'figures', ...more })
const label = box('text', 'label', '名称')
const note = box('text', 'note', '说明')
const when = box('answers', 'when', '只在这样回答时要填', {
  ...{ into: ['when.field', 'when.is'], source: 'answers', optional: 'absent' },
  hint: '都不勾：总是要填；只能勾同一道题的答案',
})
const identifies = box('flag', 'identifies', '会看出申报人是谁，专家评审时不给看', absent)
const choices = box('labels', 'options', '选项', { ...absent, hint: '选择题才填，一行一个' })
const plain = [
  label,
  box('choice', 'kind', '填什么', { source: plainKinds }),
  box('flag', 'required', '必填'),
  box('text', 'hint', '提示', absent),
  box('text', 'unit', '单位', { ...absent, hint: '如：人、年、平方米' }),
  box('number', 'max', '最多字数或者最大数字', absent),
  choices,
]

const kindOf = (entry: unknown, key: 'kind' | 'test'): string => {
  const found = (entry as Record<string, unknown> | null | undefined)?.[key]
  return key === 'kind' ? String(found ?? '') : String((found as { kind?: unknown } | undefined)?.kind ?? '')
}
const testCells: Record<string, readonly Cell[]> = {
  'organisation-months': [figure('test.figure', '月数')],
  'age-most': [figure('test.figure', '年龄上限')],
  'number-least': [box('choice', 'test.field', '看哪一项数字', { source: 'numbers' }), figure('test.figure', '不少于')],
  'rows-least': [box('choice', 'test.field', '看哪张表格', { source: 'tables' }), figure('test.figure', '行数不少于')],
  'one-of': [box('answers', 'test.values', '须选', { source: 'answers', into: ['test.field', 'test.values'] })],
  holds: [box('choice', 'test.scheme', '哪个称号', { source: 'schemes' })],
  'not-holding': [box('choice', 'test.scheme', '哪个称号', { source: 'schemes' })],
  'grade-step': [
    box('choice', 'test.field', '等级填在哪一项', { source: 'choices' }),
    figure('test.figure', '每次最多升几级'),
  ],
}
const fixed =
  (...cells: Cell[]) =>
  () =>
    cells
const named = (path: readonly string[], numbered: string, name = 'label') =>
  ({ shape: 'list', path, named: name, numbered }) as const

/** The one description of a title's shape that the forms of its editor are made from. */
export const parts: readonly Part[] = [
  {
    ...{ id: 'basic', label: '基本信息', note: '名称、版本号、谁来申报', shape: 'one', path: [] },
    cells: fixed(
      box('text', 'name', '称号名称'),
      box('text', 'edition', '版本号', { hint: '第一次修改时自动加一；发布时要和现行版本不同' }),
      box('choice', 'clause', '依据条款', { source: 'clauses' }),
      box('long', 'summary', '简介'),
      box('ticks', 'applicants.orgTypes', '哪些单位可以申报', { source: 'orgTypes', hint: '个人申报的不勾' }),
      box('text', 'applicants.description', '申报人说明'),
      box('text', 'numbering', '证书编号规则', { hint: '形如 HZ{year}-SX，{year} 会换成年份' }),
      box('long', 'commitment', '承诺书'),
      box('lines', 'undecided', '区里尚未明确的事项', { hint: '一行一项；没有就留空' }),
    ),
  },
  {
    ...{ id: 'fields', label: '填报项', note: '申报表上的每一项', ...named(['fields'], 'item') },
    kinds: { path: 'kind', words: { ...plainKinds, ...tableKind } },
    cells: (entry) =>
      kindOf(entry, 'kind') === 'table'
        ? [
            label,
            box('flag', 'required', '至少填一行'),
            box('text', 'hint', '提示', absent),
            box('number', 'rowsMost', '最多几行'),
            when,
            identifies,
          ]
        : [...plain, when, identifies],
  },
  {
    ...{ id: 'columns', label: '表格的列', note: '表格里每一行要填的', ...named([], 'column') },
    within: { part: 'fields', key: 'columns' },
    kinds: { path: 'kind', words: plainKinds },
    cells: fixed(...plain, identifies),
  },
  {
    ...{ id: 'materials', label: '材料', note: '要交的材料和从哪里来', ...named(['materials'], 'paper') },
    cells: fixed(
      label,
      note,
      box('choice', 'origin', '从哪里来', { source: origins }),
      box('flag', 'required', '必须有'),
      box('choice', 'check', '用哪份名单核查', { ...absent, source: checks, hint: '其他部门核查的才选' }),
      when,
      identifies,
    ),
  },
  {
    ...{ id: 'eligibility', label: '申报条件', note: '每一条连同依据', ...named(['eligibility'], 'rule', 'statement') },
    kinds: { path: 'test.kind', words: testKinds },
    cells: (entry) => [
      box('text', 'statement', '条件'),
      box('choice', 'clause', '依据', { source: 'rules' }),
      ...(testCells[kindOf(entry, 'test')] ?? []),
    ],
  },
  {
    ...{ id: 'quotas', label: '名额', note: '总数、每家单位、每年', ...named(['quotas'], 'quota') },
    cells: fixed(
      label,
      box('choice', 'scope', '怎样计算', { source: scopes }),
      figure('figure', '名额数'),
      box('choice', 'holds', '有人退出时', { source: holds }),
    ),
  },
  {
    ...{ id: 'paths', label: '申报方式和环节', note: '每种方式经过哪些环节', ...named(['paths'], 'way') },
    cells: fixed(
      label,
      note,
      box('ticks', 'stages', '环节', { source: stageLabels, hint: '按这里的次序办理' }),
      box('ticks', 'requires', '这种方式另外必须有的材料', { source: 'materials', hint: '没有就不勾' }),
    ),
  },
  {
    ...{ id: 'recommendation', label: '推荐单位', note: '有“推荐”环节的才填', shape: 'one', path: ['recommendation'] },
    nullable: true,
    cells: fixed(box('choice', 'body', '单位', { source: 'bodies' }), box('text', 'label', '页面上的称呼')),
  },
  {
    ...{ id: 'dimensions', label: '评分表', note: '项目和权重，权重合计100' },
    ...named(['scoring', 'dimensions'], 'mark', 'title'),
    cells: fixed(
      box('text', 'title', '项目'),
      box('number', 'weight', '权重', { hint: '整数，各项合计100' }),
      box('long', 'statement', '看什么'),
    ),
  },
  {
    ...{
      id: 'scoring',
      label: '评审规则',
      note: '评审组人数、去掉几个高低分、合格分',
      shape: 'one',
      path: ['scoring'],
    },
    nullable: true,
    cells: fixed(
      box('choice', 'source', '评分表的来源', { source: 'sources' }),
      figure('panelFigure', '评审组人数'),
      figure('passMarkFigure', '合格分'),
      box('number', 'drop.highest', '去掉几个最高分'),
      box('number', 'drop.lowest', '去掉几个最低分'),
      box('number', 'drop.dropFrom', '评分满几份才去掉'),
    ),
  },
  {
    ...{ id: 'checklist', label: '现场核查表', note: '到现场逐条核对的事项', ...named(['checklist'], 'check') },
    cells: fixed(box('text', 'label', '核对什么')),
  },
  {
    ...{ id: 'clocks', label: '时限和任期', note: '各环节几天、任期几个月', shape: 'one', path: [] },
    cells: fixed(
      figure('clocks.formal', '形式审查时限'),
      figure('clocks.correction', '补正时限'),
      figure('publicityFigure', '公示天数'),
      figure('clocks.objection', '异议办理时限'),
      figure('term.monthsFigure', '任期'),
      figure('failsFigure', '连续几年不合格提请撤销', { optional: 'null' }),
    ),
  },
  {
    ...{ id: 'yearGrades', label: '年度考核等次', note: '没有年度考核就空着', ...named(['yearGrades'], 'grade') },
    cells: fixed(label, box('flag', 'fails', '算不合格')),
  },
  {
    ...{ id: 'benefits', label: '待遇', note: '持有人可以享受的，由谁办理', ...named(['benefits'], '') },
    cells: fixed(label, box('choice', 'body', '办理单位', { source: 'bodies', optional: 'null' }), note),
  },
  {
    ...{ id: 'exits', label: '退出事由', note: '警告、撤销、退出的情形', ...named(['exits'], 'exit') },
    cells: fixed(
      box('text', 'label', '情形'),
      box('choice', 'kind', '结果', { source: exitKinds }),
      box('choice', 'source', '来源', { source: 'sources' }),
      box('choice', 'auto', '由系统提请', { ...absent, source: { fails: '连续不合格满规定年数时' } }),
    ),
  },
  {
    ...{ id: 'upward', label: '向上推荐', note: '可以推荐到哪里', ...named(['upward'], 'up') },
    cells: fixed(label),
  },
  {
    ...{ id: 'counts', label: '计入指标', note: '计入计划的哪个指标', ...named(['counts'], '', 'indicator') },
    cells: fixed(
      box('choice', 'indicator', '指标', { source: 'indicators' }),
      box('choice', 'per', '怎样计数', { source: perWords }),
    ),
  },
]

export const partOf = (id: string): Part | undefined => parts.find((one) => one.id === id)
