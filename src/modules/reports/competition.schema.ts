/** What is counted of competitions. */
export const countedThings = {
  event: '举办竞赛',
  entrant: '参赛选手（通过资格审核）',
  prize: '获奖',
  upward: '向上推荐',
} as const
export type Counted = keyof typeof countedThings
export const countedUnits: Record<Counted, string> = {
  event: '场',
  entrant: '人次',
  prize: '人次',
  upward: '人（队）次',
}
